"""SIRENE: active health businesses by commune, March 2019.

Producer   Insee SIRENE (Licence Ouverte 2.0), counted by virgilus/desert-medicaux-global (MIT)
Traps      counts written as floats; communes with none are absent; 73 codes are stale. It
           over-counts (96,986 "generaliste" against 60,573 GPs in BPE 2024: locums, shell
           companies, second sites): a spatial pattern, never shown as a count of doctors
Verified on the real file.
"""

from pathlib import Path
from typing import Final

from maillage.core.tables import Column, Schema, Table
from maillage.sources.csv_files import read_csv_columns
from maillage.sources.text_columns import codes, whole_numbers

_ACTIVITIES: Final = {
    "ambulance": "ambulance",
    "laboratory": "analyse_medicale",
    "other": "autre",
    "other_specialist": "autre_specialiste",
    "surgeon": "chirurgien",
    "dentist": "dentiste",
    "gp": "generaliste",
    "hospital": "hopital",
    "nurse": "infirmiers",
    "organ_bank": "organe",
    "radiologist": "radiologiste",
    "physiotherapist_podiatrist": "reeducateur_podologue",
}

SCHEMA: Final = Schema(
    name="sirene_activity",
    columns=(
        Column("commune_code", "text", meaning="Codes of March 2019, some of them stale"),
        *(Column(name, "int", "businesses") for name in _ACTIVITIES),
    ),
    key=("commune_code",),
)


def read_sirene_activity(path: Path) -> Table:
    """Return active businesses by commune and activity; communes with none are absent."""
    headers = {"commune_code": "codecommuneetablissement", **_ACTIVITIES}
    columns = read_csv_columns(path, headers, delimiter=";")
    commune_codes, notes = codes(columns, "commune_code")
    counts = {name: whole_numbers(columns, name) for name in _ACTIVITIES}
    return Table(SCHEMA, {"commune_code": commune_codes, **counts}, columns.notes + notes)
