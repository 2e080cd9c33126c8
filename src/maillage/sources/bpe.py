"""BPE: health facilities by commune (pharmacies, hospitals, emergency departments, MSP…).

Producer   Insee, Base permanente des équipements 2020, geography of 1 January 2021; LO 2.0
Traps      labels on one row and codes (NB_D101…) on the next; sheet COM has Paris, Lyon and
           Marseille, sheet ARM their 45 arrondissements: never add them up. The arrondissements
           take the place of the three cities here. Facilities only, no professionals.
Verified on the real file.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from maillage.core.errors import InputError
from maillage.core.tables import Column, Schema, Table
from maillage.sources.names import text_array
from maillage.sources.text_columns import TextColumns, codes, whole_numbers
from maillage.sources.workbooks import read_sheet_columns

FACILITY_TYPES: Final[Mapping[str, str]] = {
    "D101": "short-stay hospital",
    "D102": "medium-stay hospital",
    "D103": "long-stay hospital",
    "D104": "psychiatric hospital",
    "D105": "cancer centre",
    "D106": "emergency department",
    "D107": "maternity",
    "D108": "centre de santé",
    "D109": "outpatient psychiatry",
    "D110": "preventive medicine centre",
    "D111": "dialysis",
    "D112": "hospital at home",
    "D113": "maison de santé pluridisciplinaire",
    "D302": "medical laboratory",
    "D303": "ambulance",
    "D304": "blood transfusion",
    "D305": "spa",
    "D307": "pharmacy",
}

SCHEMA: Final = Schema(
    name="bpe_facilities",
    columns=(
        Column("commune_code", "text", meaning="Commune or arrondissement, COG 2021"),
        Column("commune", "text"),
        *(Column(code, "int", "facilities", meaning=what) for code, what in FACILITY_TYPES.items()),
    ),
    key=("commune_code",),
)

# City → first characters of its arrondissements' codes.
_CITIES: Final = {"75056": "751", "69123": "6938", "13055": "132"}


def read_bpe_facilities(path: Path) -> Table:
    """Return the number of facilities of 18 types by commune, arrondissements in place of cities.

    Raises InputError when a column is missing, a count is not whole, or the arrondissements of a
    city do not add up to the city.
    """
    headers = {
        "commune_code": "CODGEO",
        "commune": "LIBGEO",
        **{code: f"NB_{code}" for code in FACILITY_TYPES},
    }
    communes = _counted(read_sheet_columns(path, headers, sheet="COM"))
    districts = _counted(read_sheet_columns(path, headers, sheet="ARM"))
    _check_cities(communes, districts, file=path.name)
    kept = ~np.isin(communes["commune_code"].astype(str), list(_CITIES))
    columns = {name: np.concatenate([communes[name][kept], districts[name]]) for name in communes}
    order = np.argsort(columns["commune_code"].astype(str), kind="stable")
    note = f"{districts['commune'].size} arrondissements stand in place of {(~kept).sum()} cities."
    return Table(SCHEMA, {name: values[order] for name, values in columns.items()}, (note,))


def _counted(columns: TextColumns) -> dict[str, NDArray[Any]]:
    commune_codes, _ = codes(columns, "commune_code")
    return {
        "commune_code": commune_codes,
        "commune": text_array(columns["commune"].tolist()),
        **{code: whole_numbers(columns, code) for code in FACILITY_TYPES},
    }


def _check_cities(
    communes: dict[str, NDArray[Any]], districts: dict[str, NDArray[Any]], *, file: str
) -> None:
    for city, start in _CITIES.items():
        here = communes["commune_code"] == city
        inside = np.array(
            [code.startswith(start) for code in districts["commune_code"]], dtype=bool
        )
        for kind in FACILITY_TYPES:
            whole, parts = int(communes[kind][here].sum()), int(districts[kind][inside].sum())
            if here.any() and whole != parts:
                raise InputError(
                    f"{file}: {kind} counts {whole} in {city} and {parts} in its arrondissements; "
                    "both sheets must be of the same year."
                )
