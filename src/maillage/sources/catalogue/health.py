"""Data sets of health supply, schools, travel and aid."""

from typing import Final

from maillage.sources.catalogue.entry import (
    NO_LICENCE,
    NOT_USED_YET,
    OPEN_LICENCE,
    PROOFS_ONLY,
    DataFile,
    Source,
)

_INSEE: Final = "Insee"
_LOCAL_STATISTICS: Final = "https://statistiques-locales.insee.fr"
_CARTOSANTE: Final = "https://cartosante.atlasante.fr"
_DATA_GOUV: Final = "https://www.data.gouv.fr/api/1/datasets/r"
_DREES_APL: Final = (
    "https://data.drees.solidarites-sante.gouv.fr/api/datasets/1.0/"
    "530_l-accessibilite-potentielle-localisee-apl/attachments/"
    "indicateur_d_accessibilite_potentielle_localisee_apl_aux"
)

HEALTH: Final[tuple[Source, ...]] = (
    Source(
        name="apl_workbook",
        title="Accessibilité potentielle localisée (APL)",
        producer="DREES",
        vintage="2022 et 2023",
        page="https://www.data.gouv.fr/datasets/laccessibilite-potentielle-localisee-apl",
        required=True,
        enables=("l'APL publiée", "le simulateur", "les départs en retraite à venir"),
        files=(
            DataFile(
                "apl/apl_generalistes_*.xlsx",
                "maillage.sources.apl_workbook:read_apl",
                url=f"{_DREES_APL}_medecins_generalistes_xlsx/",
                saved_as="apl/apl_generalistes_2022_2023_drees.xlsx",
            ),
        ),
    ),
    Source(
        name="apl_professions",
        title="APL des infirmiers, dentistes, sages-femmes et kinésithérapeutes",
        producer="DREES",
        vintage="le plus récent publié",
        page="https://www.data.gouv.fr/datasets/laccessibilite-potentielle-localisee-apl",
        enables=(NOT_USED_YET,),
        verified=False,
        files=(
            DataFile(
                "apl/apl_infirmieres*.xlsx",
                "maillage.sources.apl_workbook:read_apl",
                url=f"{_DREES_APL}_infirmieres_xlsx/",
                saved_as="apl/apl_infirmieres.xlsx",
                required=False,
            ),
            DataFile(
                "apl/apl_chirurgiens_dentistes*.xlsx",
                "maillage.sources.apl_workbook:read_apl",
                url=f"{_DREES_APL}_chirurgiens_dentistes_xlsx/",
                saved_as="apl/apl_chirurgiens_dentistes.xlsx",
                required=False,
            ),
            DataFile(
                "apl/apl_sages_femmes*.xlsx",
                "maillage.sources.apl_workbook:read_apl",
                url=f"{_DREES_APL}_sages_femmes_xlsx/",
                saved_as="apl/apl_sages_femmes.xlsx",
                required=False,
            ),
            DataFile(
                "apl/apl_masseurs_kinesitherapeutes*.xlsx",
                "maillage.sources.apl_workbook:read_apl",
                url=f"{_DREES_APL}_masseurs_kinesitherapeutes_xlsx/",
                saved_as="apl/apl_masseurs_kinesitherapeutes.xlsx",
                required=False,
                inferred=True,
            ),
        ),
    ),
    Source(
        name="apl_tvs",
        title="APL par territoire de vie-santé",
        producer="CartoSanté",
        vintage="2023",
        licence=NO_LICENCE,
        page=_CARTOSANTE,
        enables=(NOT_USED_YET,),
        files=(
            DataFile("apl/cartosante_apl_mg_*_tvs.csv", "maillage.sources.apl_tvs:read_apl_tvs"),
        ),
    ),
    Source(
        name="bpe",
        title="Équipements de santé par commune (BPE)",
        producer=_INSEE,
        vintage="2020 (COG 2021)",
        page="https://www.insee.fr/fr/statistiques/3568614",
        enables=(
            "le temps vers les urgences, la maternité et la pharmacie",
            "les équipements de santé d'une commune",
        ),
        files=(
            DataFile("bpe/equip-serv-sante-com-*.xlsx", "maillage.sources.bpe:read_bpe_facilities"),
        ),
    ),
    Source(
        name="bpe_counts",
        title="Professionnels de santé par commune (BPE)",
        producer=_INSEE,
        vintage="2024",
        page="https://catalogue-donnees.insee.fr/fr/catalogue/recherche/DS_BPE",
        enables=(
            "la densité de médecins généralistes d'une commune ou d'une intercommunalité",
            "des équipements de santé plus récents",
        ),
        verified=False,
        files=(
            DataFile(
                "bpe/DS_BPE_*_data.csv",
                "maillage.sources.bpe_counts:read_bpe_counts",
                url="https://api.insee.fr/melodi/file/DS_BPE/DS_BPE_CSV_FR",
                saved_as="bpe/DS_BPE_2024_data.csv",
                member="DS_BPE_*_data.csv",
                inferred=True,
            ),
        ),
    ),
    Source(
        name="finess",
        title="Établissements sanitaires et sociaux (FINESS)",
        producer="Agence du numérique en santé",
        vintage="mars 2026 (Occitanie)",
        page="https://www.data.gouv.fr/fr/datasets/finess-extraction-du-fichier-des-etablissements/",
        enables=("les maisons et centres de santé, hôpitaux et EHPAD sur la carte",),
        files=(
            DataFile(
                "finess/finess_etablissements_*.csv",
                "maillage.sources.finess:read_finess",
                url=f"{_DATA_GOUV}/98f3161f-79ff-4f16-8f6a-6d571a80fea2",
                saved_as="finess/finess_etablissements_france.csv",
            ),
            DataFile(
                "finess/finess_activites_soin_france.csv",
                "maillage.sources.finess_activities:read_finess_activities",
                url=f"{_DATA_GOUV}/69cb3e2f-dc0a-4cee-800a-cf98901d257d",
                required=False,
            ),
            DataFile(
                "finess/finess_equipements_sociaux_*.csv",
                "maillage.sources.finess_activities:read_finess_capacities",
                url=f"{_DATA_GOUV}/5eb67ddc-b58c-4531-a3f2-2c2843cf3986",
                saved_as="finess/finess_equipements_sociaux_france.csv",
                required=False,
            ),
            DataFile(
                "finess/finess_soins_*.csv",
                "maillage.sources.finess_activities:read_finess_activities",
                required=False,
            ),
            DataFile(
                "finess/finess_materiels_lourds_france.csv",
                "maillage.sources.finess_activities:read_finess_equipment",
                required=False,
            ),
        ),
    ),
    Source(
        name="rpps",
        title="Annuaire santé, extraction en libre accès (RPPS)",
        producer="Agence du numérique en santé",
        vintage="jour du téléchargement",
        page=(
            "https://www.data.gouv.fr/fr/datasets/annuaire-sante-extractions-des-donnees-en-libre-"
            "acces-des-professionnels-intervenant-dans-le-systeme-de-sante-rpps/"
        ),
        enables=(NOT_USED_YET,),
        verified=False,
        on_request=True,
        files=(
            DataFile(
                "health_pros/PS_LibreAcces_Personne_activite*.txt",
                "maillage.sources.rpps:read_rpps",
                url=f"{_DATA_GOUV}/fffda7e9-0ea2-4c35-bba0-4496f3af935d",
                saved_as="health_pros/PS_LibreAcces_Personne_activite.txt",
                light_check="maillage.sources.rpps:check_rpps",
            ),
        ),
    ),
    Source(
        name="sirene_activity",
        title="Unités actives de santé (Sirene), pour la répartition seulement",
        producer=_INSEE,
        vintage="mars 2019",
        page="https://www.insee.fr/fr/information/3591226",
        enables=(NOT_USED_YET,),
        files=(
            DataFile(
                "health_pros/sirene*_ps_communes.csv",
                "maillage.sources.sirene_activity:read_sirene_activity",
            ),
        ),
    ),
    Source(
        name="practitioner_counts",
        title="Effectifs et densités de professionnels",
        producer="Insee (BPE) et CartoSanté",
        vintage="2024",
        licence=f"{OPEN_LICENCE} (Insee) ; CartoSanté : {NO_LICENCE}",
        page=_LOCAL_STATISTICS,
        enables=("la densité de médecins généralistes d'un département entier",),
        files=(
            DataFile(
                "health_pros/insee_statloc_departements_bpe*.csv",
                "maillage.sources.practitioner_counts:read_department_practitioners",
            ),
            DataFile(
                "health_pros/cartosante_bv2022_densites_*.csv",
                "maillage.sources.practitioner_counts:read_living_zone_densities",
                required=False,
            ),
            DataFile(
                "health_pros/cartosante_ze2020_densites_*.csv",
                "maillage.sources.practitioner_counts:read_employment_zone_densities",
                required=False,
            ),
        ),
    ),
    Source(
        name="maternities",
        title="Annuaire des maternités",
        producer="DREES",
        vintage="2013 – 2023",
        page="https://data.drees.solidarites-sante.gouv.fr",
        enables=("les maternités et leurs naissances depuis 2013",),
        files=(
            DataFile(
                "hospital/annuaire_maternites_DREES.csv",
                "maillage.sources.maternities:read_maternities",
            ),
        ),
    ),
    Source(
        name="emergency_distance",
        title="Distance aux urgences (Occitanie)",
        producer="FINESS et Insee, assemblés par un tiers",
        vintage="2026",
        enables=(NOT_USED_YET,),
        files=(
            DataFile(
                "finess/communes_occitanie_distance_urgences.csv",
                "maillage.sources.emergency_distance:read_emergency_distance",
            ),
        ),
    ),
    Source(
        name="schools",
        title="Annuaire de l'éducation",
        producer="Ministère de l'Éducation nationale",
        vintage="22 juin 2025",
        page="https://data.education.gouv.fr/explore/dataset/fr-en-annuaire-education/",
        enables=("les écoles et les élèves d'un territoire",),
        files=(
            DataFile(
                "schools/annuaire_ecoles_france*.parquet",
                "maillage.sources.schools:read_schools",
                url=(
                    "https://data.education.gouv.fr/api/explore/v2.1/catalog/datasets/"
                    "fr-en-annuaire-education/exports/parquet"
                ),
                saved_as="schools/annuaire_ecoles_france.parquet",
                inferred=True,
            ),
        ),
    ),
    Source(
        name="travel_sample",
        title="Temps de trajet de calage (Gironde)",
        producer="Insee (Metric) et OpenStreetMap",
        vintage="non datée",
        licence=NO_LICENCE,
        enables=(PROOFS_ONLY,),
        files=(
            DataFile(
                "travel/gironde_metric_vs_osrm_*.csv",
                "maillage.sources.travel_sample:read_travel_sample",
            ),
        ),
    ),
    Source(
        name="travel_times",
        title="Table de temps de trajet entre communes",
        producer="au choix : Metric, OSRM, Maillage",
        vintage="celui de la table",
        licence="celle de la table",
        page="https://metric-osrm.insee.fr",
        enables=("des temps de trajet par la route, à la place du vol d'oiseau",),
        verified=False,
        files=(
            DataFile("travel/travel_times*", "maillage.sources.travel_times:read_travel_times"),
        ),
    ),
    Source(
        name="osm_roads",
        title="Routes (extrait d'OpenStreetMap)",
        producer="OpenStreetMap, par Geofabrik",
        vintage="jour du téléchargement",
        licence="ODbL",
        page="https://download.geofabrik.de/europe/france.html",
        enables=(NOT_USED_YET,),
        on_request=True,
        files=(DataFile("travel/*-latest.osm.pbf", "maillage.sources.osm_roads:read_osm_roads"),),
    ),
    Source(
        name="medecin_traitant",
        title="Patients sans médecin traitant et renoncement aux soins",
        producer="Assurance maladie (à demander à la CPAM)",
        vintage="celui du fichier",
        licence="celle du fichier",
        page="https://data.ameli.fr",
        enables=("la part des patients sans médecin traitant", "le renoncement aux soins"),
        verified=False,
        files=(
            DataFile(
                "health_pros/medecin_traitant*.csv",
                "maillage.sources.medecin_traitant:read_medecin_traitant",
            ),
        ),
    ),
    Source(
        name="funding_sources",
        title="Aides aux territoires",
        producer="Aides-territoires",
        vintage="2022",
        page="https://aides-territoires.beta.gouv.fr",
        enables=(NOT_USED_YET,),
        files=(
            DataFile(
                "initiatives/aides-territoires_*.csv",
                "maillage.sources.funding_sources:read_funding_sources",
            ),
        ),
    ),
)
