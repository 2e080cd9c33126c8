"""Data sets of geography, population and zoning."""

from typing import Final

from maillage.sources.catalogue.entry import (
    NO_LICENCE,
    NOT_USED_YET,
    PROOFS_ONLY,
    DataFile,
    Source,
)

_INSEE: Final = "Insee"
_INSEE_FILES: Final = "https://www.insee.fr/fr/statistiques/fichier"
_COG: Final = f"{_INSEE_FILES}/8740222"
_LOCAL_STATISTICS: Final = "https://statistiques-locales.insee.fr"
_CARTOSANTE: Final = "https://cartosante.atlasante.fr"
_CONTOURS: Final = "https://etalab-datasets.geo.data.gouv.fr/contours-administratifs/2024/geojson"

GEOGRAPHY: Final[tuple[Source, ...]] = (
    Source(
        name="cog",
        title="Code officiel géographique",
        producer=_INSEE,
        vintage="1er janvier 2026",
        page="https://www.insee.fr/fr/information/8740222",
        required=True,
        files=(
            DataFile(
                "cog/communes.csv",
                "maillage.sources.cog:read_communes",
                url=f"{_COG}/v_commune_2026.csv",
            ),
            DataFile(
                "cog/departements.csv",
                "maillage.sources.cog:read_departments",
                url=f"{_COG}/v_departement_2026.csv",
            ),
            DataFile(
                "cog/regions.csv",
                "maillage.sources.cog:read_regions",
                url=f"{_COG}/v_region_2026.csv",
            ),
            DataFile(
                "cog/arrondissements.csv",
                "maillage.sources.cog:read_arrondissements",
                url=f"{_COG}/v_arrondissement_2026.csv",
                required=False,
            ),
            DataFile(
                "cog/collectivites-outremer.csv",
                "maillage.sources.cog:read_overseas_collectivities",
                required=False,
            ),
        ),
    ),
    Source(
        name="cog_movements",
        title="Fusions, scissions et changements de code des communes",
        producer=_INSEE,
        vintage="1943 – 1er janvier 2026",
        page="https://www.insee.fr/fr/information/8740222",
        required=True,
        files=(
            DataFile(
                "cog/mouvements-communes.csv",
                "maillage.sources.cog_movements:read_movements",
                url=f"{_COG}/v_mvt_commune_2026.csv",
            ),
        ),
    ),
    Source(
        name="epci",
        title="Composition des intercommunalités",
        producer="Direction générale des collectivités locales",
        vintage="1er janvier 2026",
        page="https://www.collectivites-locales.gouv.fr",
        enables=("les fiches d'intercommunalité", "les intercommunalités semblables"),
        files=(
            DataFile(
                "cog/epcicom.xlsx",
                "maillage.sources.epci:read_epci",
                url=(
                    "https://www.collectivites-locales.gouv.fr/files/files/"
                    "Etudes-et-statistiques/DESL/2026/EPCI/epcicom2026.xlsx"
                ),
            ),
            DataFile("cog/ept.xlsx", "maillage.sources.epci:read_ept", required=False),
        ),
    ),
    Source(
        name="populations",
        title="Populations de référence",
        producer=_INSEE,
        vintage="recensement 2023 (Mayotte : 2017)",
        page="https://www.insee.fr/fr/statistiques/8680726",
        required=True,
        files=(
            DataFile(
                "cog/donnees_communes.csv",
                "maillage.sources.populations:read_legal_populations",
                url=f"{_INSEE_FILES}/8680726/ensemble.zip",
                member="donnees_communes.csv",
            ),
            DataFile(
                "cog/donnees_communes_mayotte.csv",
                "maillage.sources.populations:read_mayotte_populations",
                required=False,
            ),
            DataFile(
                "communes/odt_population_*.csv",
                "maillage.sources.populations:read_population_series",
                required=False,
            ),
        ),
    ),
    Source(
        name="age_shares",
        title="Population par âge",
        producer=_INSEE,
        vintage="recensement 2020 (parts), 2022 (âges détaillés)",
        page="https://www.insee.fr/fr/statistiques/8581696",
        enables=("la part des moins de 25 ans, des 65 ans et des 75 ans et plus",),
        files=(
            DataFile(
                "demand/insee_statloc_parts_age_communes_*.xlsx",
                "maillage.sources.age_shares:read_age_shares",
            ),
            DataFile(
                "demand/base-cc-evol-struct-pop-*.csv",
                "maillage.sources.age_groups:read_age_groups",
                url=f"{_INSEE_FILES}/8581696/base-cc-evol-struct-pop-2022_csv.zip",
                member="base-cc-evol-struct-pop-2022.CSV",
                saved_as="demand/base-cc-evol-struct-pop-2022.csv",
                required=False,
            ),
        ),
    ),
    Source(
        name="contours",
        title="Contours des communes, des départements et des régions",
        producer="IGN et Etalab",
        vintage="COG 2022 (repli : 2018)",
        page="https://www.data.gouv.fr/fr/datasets/contours-administratifs/",
        enables=("la carte", "les surfaces et les densités"),
        files=(
            DataFile(
                "geometry/communes-1000m-*.geojson.gz",
                "maillage.sources.contours:read_commune_contours",
                url=f"{_CONTOURS}/communes-1000m.geojson",
                saved_as="geometry/communes-1000m-2024.geojson.gz",
                compress=True,
            ),
            DataFile(
                "geometry/departements-1000m.geojson",
                "maillage.sources.contours:read_department_contours",
                url=f"{_CONTOURS}/departements-1000m.geojson",
                required=False,
            ),
            DataFile(
                "geometry/regions-1000m.geojson",
                "maillage.sources.contours:read_region_contours",
                url=f"{_CONTOURS}/regions-1000m.geojson",
                required=False,
                inferred=True,
            ),
            DataFile(
                "geometry/france-geojson-2018-communes-par-departement.tar.gz",
                "maillage.sources.contours:read_2018_contours",
                required=False,
            ),
        ),
    ),
    Source(
        name="centroids",
        title="Points de référence des communes",
        producer="IGN et Insee",
        vintage="COG 2025 (repli : 2022)",
        page="https://geo.api.gouv.fr/decoupage-administratif/communes",
        enables=("les temps de trajet calculés à vol d'oiseau", "le simulateur"),
        files=(
            DataFile(
                "communes/odis_centroides_communes_*.csv",
                "maillage.sources.centroids:read_centroids",
            ),
            DataFile(
                "geometry/communes_centroides_*.csv",
                "maillage.sources.centroids:read_derived_centroids",
                required=False,
            ),
        ),
    ),
    Source(
        name="postal_codes",
        title="Codes postaux",
        producer="La Poste",
        vintage="2025",
        page="https://datanova.laposte.fr/datasets/laposte-hexasmal",
        enables=("la recherche par code postal", "le zonage des médecins"),
        files=(
            DataFile(
                "communes/laposte_insee-coordonnees-communes.csv",
                "maillage.sources.postal_codes:read_postal_points",
            ),
            DataFile(
                "communes/odis_corresp_codes_communes.csv",
                "maillage.sources.postal_codes:read_postal_codes",
                url=(
                    "https://datanova.laposte.fr/data-fair/api/v1/datasets/laposte-hexasmal/"
                    "data-files/019HexaSmal.csv"
                ),
                required=False,
            ),
        ),
    ),
    Source(
        name="memberships",
        title="Table d'appartenance géographique (zones d'emploi, aires d'attraction, bassins)",
        producer=_INSEE,
        vintage="COG 2022",
        page="https://www.insee.fr/fr/information/2028028",
        enables=("les fiches de bassin de vie et de zone d'emploi", "les territoires semblables"),
        files=(
            DataFile(
                "zonages/table-appartenance-geo-communes-*.xlsx",
                "maillage.sources.memberships:read_memberships",
                url=f"{_INSEE_FILES}/2028028/table-appartenance-geo-communes-22.zip",
                member="table-appartenance-geo-communes-22*.xlsx",
                saved_as="zonages/table-appartenance-geo-communes-22.xlsx",
            ),
        ),
    ),
    Source(
        name="etalab_divisions",
        title="Découpage administratif (anciens codes)",
        producer="Etalab",
        vintage="6.0.0 (COG 2026)",
        page="https://github.com/datagouv/decoupage-administratif",
        enables=(PROOFS_ONLY,),
        files=(
            DataFile(
                "cog/decoupage-administratif-*/communes.json.gz",
                "maillage.sources.etalab_divisions:read_etalab_communes",
            ),
            DataFile(
                "cog/decoupage-administratif-*/epci.json.gz",
                "maillage.sources.etalab_divisions:read_etalab_epci",
                required=False,
            ),
        ),
    ),
    Source(
        name="zonage_gp",
        title="Zonage des médecins (ZIP, ZAC)",
        producer="Agences régionales de santé",
        vintage="vu en juin 2025",
        licence=NO_LICENCE,
        page=_CARTOSANTE,
        enables=("le zonage des médecins et les aides à l'installation",),
        files=(
            DataFile("zonages/zonmed_communes.csv", "maillage.sources.zonage_gp:read_zonage_gp"),
        ),
    ),
    Source(
        name="zonage_nurse",
        title="Zonage des infirmiers",
        producer="Agences régionales de santé, CartoSanté",
        vintage="2024",
        licence=NO_LICENCE,
        page=_CARTOSANTE,
        enables=("le zonage des infirmiers",),
        files=(
            DataFile(
                "zonages/zonage_infirmiers_cartosante.csv",
                "maillage.sources.zonage_nurse:read_zonage_nurse",
            ),
        ),
    ),
    Source(
        name="zrr",
        title="Zones de revitalisation rurale (jusqu'au 30 juin 2024)",
        producer="Agence nationale de la cohésion des territoires",
        vintage="9 novembre 2022",
        page="https://www.data.gouv.fr/fr/datasets/zones-de-revitalisation-rurale-zrr/",
        enables=("l'historique des zones de revitalisation rurale",),
        files=(DataFile("zonages/zrr_communes_*.csv", "maillage.sources.zrr:read_zrr"),),
    ),
    Source(
        name="facility_distance",
        title="Éloignement des équipements et services",
        producer=_INSEE,
        vintage="2021",
        page=_LOCAL_STATISTICS,
        enables=("l'éloignement des services de proximité, intermédiaires et supérieurs",),
        files=(
            DataFile(
                "demand/insee_statloc_eloignement_equipements_communes_*.xlsx",
                "maillage.sources.facility_distance:read_facility_distance",
            ),
        ),
    ),
    Source(
        name="living_zones",
        title="Portrait des bassins de vie",
        producer=_INSEE,
        vintage="2021 – 2024",
        page=_LOCAL_STATISTICS,
        enables=(NOT_USED_YET,),
        files=(
            DataFile(
                "demand/insee_statloc_bv2022.csv", "maillage.sources.living_zones:read_living_zones"
            ),
            DataFile(
                "demand/taux_pauvrete_*_tvs_ou_bv.csv",
                "maillage.sources.living_zones:read_poverty",
                required=False,
            ),
        ),
    ),
    Source(
        name="petites_villes",
        title="Petites villes de demain",
        producer="Agence nationale de la cohésion des territoires",
        vintage="22 janvier 2020 et suivantes",
        page="https://www.data.gouv.fr/fr/datasets/programme-petites-villes-de-demain/",
        enables=("la mention « Petite ville de demain »",),
        files=(
            DataFile(
                "initiatives/pvd_carte-interactive_*.csv",
                "maillage.sources.petites_villes:read_petites_villes",
            ),
        ),
    ),
)
