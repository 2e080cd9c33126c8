"""The headers of the files of FINESS and of the yearbook of maternities, as they are."""

from typing import Final

ESTABLISHMENTS: Final = (
    "numero_finess_etablissement", "numero finess etablissement juridique", "raison_sociale",
    "rslongue", "complrs", "numvoie", "typvoie", "voie", "compvoie", "compldistrib", "lieuditbp",
    "code_commune", "ligneacheminement", "departement", "libelle_departement", "categetab",
    "categorie", "siret", "codeape", "coordxet", "coordyet", "dateouv", "dateautor", "longitude",
    "latitude", "type d etablissements", "code_insee",
)  # fmt: skip
ACTIVITIES: Final = (
    "nofinessej", "rsej", "activite", "libactivite", "modalite", "libmodalite", "forme",
    "libforme", "noautor", "dateautor", "nofinesset", "rset", "noligautor", "noligautoranc",
    "noautorarhgos", "noimplarhgos", "sectpsy", "libsectpsy", "datemeo", "datefin",
)  # fmt: skip
LOCATED_ACTIVITIES: Final = (
    "numero_finess_etablissement", "rsej", "activite", "libactivite", "forme", "libforme",
    "numero finess etablissement juridique", "raison_sociale", "rslongue", "code_commune",
    "departement", "libelle_departement", "categetab", "categorie", "coordyet", "coordxet",
    "longitude", "latitude", "groupe_activites", "code_insee",
)  # fmt: skip
SOCIAL_EQUIPMENT: Final = (
    "nofinessej", "nofinesset", "libde_equipement", "libta_equipement",
    "lib_categorie_etablissement", "coordyet", "coordxet", "raison_sociale",
    "raison_sociale_longue", "capinstot", "commune", "departement", "libdepartement", "client",
    "longitude", "latitude", "groupe", "groupe_equipement", "code_insee",
)  # fmt: skip
MATERNITIES: Final = (
    "ANNEE", "NOM_MAT", "TYPE", "STATUT", "FI_ET", "FI_EJ", "COM", "NOMCOM", "CPO", "ADRESSE",
    "LIT_OBS", "SALTRAV", "ACCTOT",
)  # fmt: skip
