"""Tables of travel times between communes, as CSV or Parquet: METRIC, OSRM, Valhalla, a study's.

Producer   whoever computed it; the licence is the producer's (an extract of OpenStreetMap: ODbL)
Format     one row per pair, three columns whose header tells the unit: an origin, a destination,
           and minutes or seconds (names in `_HEADERS`); CSV separated by `,` or `;`
Traps      9999, an empty cell or a negative number stand for "no way" in the field's files: an
           empty cell and 9999 minutes are dropped and counted, a negative number is an error; a
           pair given twice with one time counts once, with two times is an error; times of more
           than a day betray seconds under the name of minutes
Unverified on a real file: no national matrix is public; tried on generated files.

A national table has millions of rows, so the result is not a `Table` of texts but pairs of ranks.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
from numpy.typing import NDArray

from maillage.core.codes import parse_commune_code
from maillage.core.errors import InputError
from maillage.sources.csv_files import refuse_web_page
from maillage.sources.names import TextArray, fold_header, text_array

NO_WAY_MIN: Final = 9999.0
LONGEST_MIN: Final = 24 * 60.0

# header, folded → (what it is, minutes in one unit of it)
_HEADERS: Final[dict[str, tuple[str, float]]] = {
    "origin_code": ("origin", 1.0),
    "origin": ("origin", 1.0),
    "origine": ("origin", 1.0),
    "destination_code": ("destination", 1.0),
    "destination": ("destination", 1.0),
    "travel_time_min": ("time", 1.0),
    "minutes": ("time", 1.0),
    "duree_min": ("time", 1.0),
    "travel_time_s": ("time", 1 / 60),
    "seconds": ("time", 1 / 60),
    "duree_s": ("time", 1 / 60),
}


@dataclass(frozen=True, slots=True)
class TravelTimes:
    """Minutes between communes, one entry per ordered pair.

    codes            commune codes in order, shape (n_codes,)
    origin           rank in `codes`, shape (n_pairs,), int32; pairs are sorted by origin, then
                     by destination, and none stands twice
    destination      rank in `codes`, shape (n_pairs,), int32
    travel_time_min  shape (n_pairs,), float32
    notes            rows left out, with the reason
    """

    codes: TextArray
    origin: NDArray[np.int32]
    destination: NDArray[np.int32]
    travel_time_min: NDArray[np.float32]
    notes: tuple[str, ...] = field(default=())

    def __post_init__(self) -> None:
        shapes = {self.origin.shape, self.destination.shape, self.travel_time_min.shape}
        if len(shapes) > 1:
            raise InputError(f"Travel times: arrays of pairs have shapes {shapes}, expected one.")
        pair = self.origin.astype(np.int64) * max(self.codes.size, 1) + self.destination
        if (np.diff(pair) <= 0).any():
            raise InputError("Travel times: pairs are not in order, or one stands twice.")

    def __len__(self) -> int:
        return self.origin.size


def read_travel_times(path: Path) -> TravelTimes:
    """Return the pairs of a table of travel times, in minutes.

    Raises InputError for a missing column, a code that is no commune's, a time that is negative,
    not a number or longer than a day, and a pair given twice with two times.
    """
    table, unit = _three_columns(path)
    times = _minutes(table.column("time"), unit, file=path.name)
    origins, destinations = _encoded(table.column("origin")), _encoded(table.column("destination"))
    lost = np.isnan(times) | (times == NO_WAY_MIN)
    _check_times(times[~lost], file=path.name)
    codes = sorted({*origins[0], *destinations[0]})
    for code in codes:
        _check_code(code, file=path.name)
    ranks = {code: rank for rank, code in enumerate(codes)}
    origin, destination = (
        np.array([ranks[code] for code in texts], dtype=np.int32)[indices][~lost]
        for texts, indices in (origins, destinations)
    )
    notes = [f"{int(lost.sum())} pairs without a way: left out."] if lost.any() else []
    return _distinct(codes, origin, destination, times[~lost], notes, file=path.name)


def _three_columns(path: Path) -> tuple[pa.Table, float]:
    """Return origin, destination and time as they stand, and the minutes in one unit of time."""
    try:
        table = pq.read_table(path) if path.suffix == ".parquet" else _read_csv(path)
    except (pa.ArrowInvalid, OSError) as error:
        raise InputError(
            f"{path.name} cannot be read ({error}). Expected a CSV or Parquet table of an origin, "
            "a destination and minutes."
        ) from error
    chosen: dict[str, str] = {}
    unit = 1.0
    for name in table.column_names:
        kind, minutes = _HEADERS.get(fold_header(name), ("", 1.0))
        if kind in chosen:
            raise InputError(f"{path.name}: {chosen[kind]!r} and {name!r} both hold the {kind}.")
        if kind:
            chosen[kind] = name
        unit = minutes if kind == "time" else unit
    if len(chosen) < 3:
        raise InputError(
            f"{path.name}: found the columns {table.column_names}; expected an origin, a "
            f"destination and a time among {sorted(_HEADERS)}."
        )
    wanted = ("origin", "destination", "time")
    return table.select([chosen[kind] for kind in wanted]).rename_columns(list(wanted)), unit


def _read_csv(path: Path) -> pa.Table:
    with path.open("rb") as stream:
        first = stream.readline()
    refuse_web_page(first, file=path.name)
    delimiter = ";" if first.count(b";") > first.count(b",") else ","
    header = first.decode("utf-8-sig").strip().split(delimiter)
    names = [name.strip().strip('"') for name in header]
    text = {name: pa.string() for name in names if _HEADERS.get(fold_header(name), ("",))[0]}
    return pa_csv.read_csv(
        path,
        read_options=pa_csv.ReadOptions(column_names=names, skip_rows=1),
        parse_options=pa_csv.ParseOptions(delimiter=delimiter),
        convert_options=pa_csv.ConvertOptions(column_types=text, include_columns=list(text)),
    )


def _minutes(column: Any, unit: float, *, file: str) -> NDArray[np.float64]:
    """Return minutes, nan where the cell is empty, shape (n_rows,)."""
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        empty = pc.equal(column, pa.scalar("", column.type))
        column = pc.if_else(empty, pa.scalar(None, column.type), column)
    try:
        values: NDArray[np.float64] = column.cast(pa.float64()).to_numpy()
    except pa.ArrowInvalid as error:
        raise InputError(f"{file}: a travel time is not a number ({error}).") from error
    return np.where(values == NO_WAY_MIN, values, values * unit)


def _check_times(times: NDArray[np.float64], *, file: str) -> None:
    wrong = times[(times < 0) | (times > LONGEST_MIN) | ~np.isfinite(times)]
    if wrong.size:
        raise InputError(
            f"{file}: a travel time of {wrong[0]:g} minutes; expected 0 to {LONGEST_MIN:g}. If the "
            "file is in seconds, name the column travel_time_s."
        )


def _encoded(column: Any) -> tuple[list[str], NDArray[np.int64]]:
    if not pa.types.is_string(column.type) and not pa.types.is_large_string(column.type):
        column = column.cast(pa.string())
    encoded = column.fill_null("").combine_chunks().dictionary_encode()
    return encoded.dictionary.to_pylist(), encoded.indices.to_numpy(zero_copy_only=False).astype(
        np.int64
    )


def _check_code(code: str, *, file: str) -> None:
    try:
        parse_commune_code(code)
    except InputError as error:
        raise InputError(f"{file}: {error}") from error


def _distinct(
    codes: list[str],
    origin: NDArray[np.int32],
    destination: NDArray[np.int32],
    times: NDArray[np.float64],
    notes: list[str],
    *,
    file: str,
) -> TravelTimes:
    """Return the pairs in order, each once; raise InputError when one has two times."""
    order = np.lexsort((destination, origin))
    origin, destination, times = origin[order], destination[order], times[order]
    same = (np.diff(origin) == 0) & (np.diff(destination) == 0)
    conflict = np.flatnonzero(same & (np.diff(times) != 0))
    if conflict.size:
        row = int(conflict[0])
        raise InputError(
            f"{file}: {codes[origin[row]]} to {codes[destination[row]]} takes {times[row]:g} and "
            f"{times[row + 1]:g} minutes; expected one time for each pair."
        )
    if same.any():
        notes = [*notes, f"{int(same.sum())} pairs given again with the same time: left out."]
    kept = np.concatenate([[True], ~same]) if origin.size else np.zeros(0, dtype=bool)
    return TravelTimes(
        codes=text_array(codes),
        origin=origin[kept],
        destination=destination[kept],
        travel_time_min=times[kept].astype(np.float32),
        notes=tuple(notes),
    )
