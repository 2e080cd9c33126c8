"""BPE counts by commune and type, professionals included: how many GPs practise where.

Producer   Insee, Base permanente des équipements, `DS_BPE_*_data.csv` (inside DS_BPE_CSV_FR.zip);
           Licence Ouverte 2.0
Traps      all levels are mixed (COM, ARM, EPCI, DEP…): communes and arrondissements are kept, and
           the arrondissements take the place of Paris, Lyon and Marseille; totals (`_T`) stand
           beside the types they add up; a commune without a facility has no row (none, not
           unknown); the code of GPs is D265 since 2023, D201 before: see GP_TYPES
Unverified on a real file: tried on generated files with the columns that Insee publishes.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from maillage.core.codes import parse_commune_code
from maillage.core.errors import InputError
from maillage.core.tables import Column, Schema, Table
from maillage.sources.csv_files import refuse_web_page
from maillage.sources.names import TextArray, text_array
from maillage.sources.text_columns import IntArray

GP_TYPES: Final = ("D265", "D201")
HEALTH_TYPES: Final = r"D[1-3]\d\d"

_NEEDED: Final = ("GEO", "GEO_OBJECT", "FACILITY_TYPE", "BPE_MEASURE", "TIME_PERIOD", "OBS_VALUE")
_CITIES: Final = ("75056", "69123", "13055")

SCHEMA: Final = Schema(
    name="bpe_counts",
    columns=(
        Column("commune_code", "text", meaning="Commune or arrondissement"),
        Column("facility_type", "text", meaning="Insee's code: D265 GP, D281 nurse, D307 pharmacy"),
        Column("year", "int"),
        Column("count", "int"),
    ),
    key=("commune_code", "facility_type", "year"),
)


def read_bpe_counts(path: Path, *, types: str = HEALTH_TYPES) -> Table:
    """Return the counts of the types whose code matches the expression `types`, health by default.

    Raises InputError for a missing column, a code that is no commune's, or a count given twice.
    """
    rows = _kept_rows(_read(path), types)
    communes, kinds = _texts(rows.column("GEO")), _texts(rows.column("FACILITY_TYPE"))
    for code in set(communes.tolist()):
        parse_commune_code(code)
    if not rows.num_rows:
        raise InputError(
            f"{path.name} has no count of a type {types} in a commune. Expected rows such as "
            "01004;COM;D;D2;D265;FACILITIES;2024;14."
        )
    return Table(
        SCHEMA,
        {
            "commune_code": communes,
            "facility_type": kinds,
            "year": _whole(rows.column("TIME_PERIOD"), file=path.name),
            "count": _whole(rows.column("OBS_VALUE"), file=path.name),
        },
    )


def count_by_commune(
    counts: Table, types: Mapping[str, Sequence[str]]
) -> tuple[int, TextArray, dict[str, IntArray]]:
    """Return the latest year, the communes that have a count of any type, and those asked for.

    types  name → Insee's codes to add up under it

    The communes have shape (n,), sorted; so has each array of counts: 0 where a commune only has
    facilities of other types.
    """
    year = int(counts["year"].max())
    latest = counts.where(counts["year"] == year)
    codes, row = np.unique(latest["commune_code"].astype(str), return_inverse=True)
    found = {}
    for name, wanted in types.items():
        kept = np.isin(latest["facility_type"], list(wanted))
        total = np.bincount(row[kept], latest["count"][kept], minlength=codes.size)
        found[name] = total.astype(np.int64)
    return year, text_array(codes.tolist()), found


def _read(path: Path) -> pa.Table:
    with path.open("rb") as stream:
        refuse_web_page(stream.read(512), file=path.name)
    try:
        return pa_csv.read_csv(
            path,
            parse_options=pa_csv.ParseOptions(delimiter=";"),
            convert_options=pa_csv.ConvertOptions(
                include_columns=list(_NEEDED),
                column_types={name: pa.string() for name in _NEEDED},
            ),
        )
    except (pa.ArrowInvalid, KeyError) as error:
        raise InputError(
            f"{path.name} cannot be read ({error}). Expected Insee's DS_BPE_…_data.csv, with the "
            f"columns {list(_NEEDED)} separated by ';'."
        ) from error


def _kept_rows(table: pa.Table, types: str) -> pa.Table:
    """Return the rows that count one type in one commune; totals and larger territories go."""
    wanted: Any = pc.match_substring_regex(table.column("FACILITY_TYPE"), f"^(?:{types})$")
    for name, values in (
        ("GEO_OBJECT", ["COM", "ARM"]),
        ("BPE_MEASURE", ["FACILITIES"]),
    ):
        wanted = pc.and_(wanted, pc.is_in(table.column(name), value_set=pa.array(values)))
    cities = pc.is_in(table.column("GEO"), value_set=pa.array(_CITIES))
    return table.filter(pc.and_(wanted, pc.invert(cities)))


def _texts(column: Any) -> TextArray:
    return text_array(column.to_pylist())


def _whole(column: Any, *, file: str) -> Any:
    try:
        return column.cast(pa.float64()).cast(pa.int64()).to_numpy()
    except pa.ArrowInvalid as error:
        raise InputError(f"{file}: a count or a year is not a whole number ({error}).") from error
