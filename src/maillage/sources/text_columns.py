"""Columns of text as a file holds them, and the ways to make codes and numbers of them.

CSV files and workbooks end up here, in one shape, before any value is believed. Texts of Insee's
and CartoSanté's exports stand where a number is due and must stay apart: "N/A - résultat non
disponible" and "N/A - division par 0" (nobody knows), "N/A - secret statistique" (somebody knows
and may not say). None ever becomes 0.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from maillage.core.codes import parse_commune_code
from maillage.core.errors import InputError
from maillage.sources.names import TextArray, fold_header, text_array

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

# Codes of shape (n_rows,), and what was done to them, in words.
CheckedCodes = tuple[TextArray, tuple[str, ...]]

KNOWN, UNKNOWN, HIDDEN = "", "unknown", "hidden"

_UNKNOWN_TEXTS = frozenset(
    {"", "n/a - resultat non disponible", "n/a - division par 0", "n/a", "nd"}
)
_HIDDEN_TEXTS = frozenset({"n/a - secret statistique", "s"})
_MAX_SHOWN = 12


@dataclass(frozen=True, slots=True)
class TextColumns:
    """What was read, before it is checked.

    file     name of the file (and sheet), for messages
    columns  our name → stripped texts, object array of shape (n_rows,); "" where empty
    headers  our name → header found in the file, as written there
    notes    what the reading had to do: an encoding that is not UTF-8, a repaired code…
    """

    file: str
    columns: Mapping[str, TextArray]
    headers: Mapping[str, str]
    notes: tuple[str, ...] = field(default=())

    def __len__(self) -> int:
        return next(iter(self.columns.values())).size if self.columns else 0

    def __getitem__(self, name: str) -> TextArray:
        return self.columns[name]

    def __contains__(self, name: object) -> bool:
        return name in self.columns

    def where(self, mask: NDArray[np.bool_]) -> "TextColumns":
        """Return the rows for which `mask`, shape (n_rows,), is true."""
        kept = {name: values[mask] for name, values in self.columns.items()}
        return TextColumns(self.file, kept, self.headers, self.notes)


def match_headers(
    found: Sequence[str],
    wanted: Mapping[str, str],
    *,
    by_prefix: bool = False,
) -> dict[str, int]:
    """Return for each wanted column (our name → header) its position in `found`.

    Headers are compared folded (accents, spaces, case). With `by_prefix` a header that only
    begins with the wanted one will do; a header that begins with several goes to the longest, so
    "APL" and "APL des moins de 65 ans" do not compete. Wanted columns that no header answers to
    are absent from the result. Raises InputError when two headers answer to one column.
    """
    folded_wanted = {name: fold_header(header) for name, header in wanted.items()}
    candidates: dict[str, list[int]] = {}
    for position, header in enumerate(found):
        name = _best_match(fold_header(header), folded_wanted, by_prefix=by_prefix)
        if name is not None:
            candidates.setdefault(name, []).append(position)
    return {
        name: _only_position(positions, found, wanted[name], folded_wanted[name])
        for name, positions in candidates.items()
    }


def _best_match(header: str, wanted: Mapping[str, str], *, by_prefix: bool) -> str | None:
    exact = [name for name, text in wanted.items() if text == header]
    if exact or not by_prefix:
        return exact[0] if exact else None
    prefixes = [name for name, text in wanted.items() if header.startswith(text)]
    return max(prefixes, key=lambda name: len(wanted[name]), default=None)


def _only_position(positions: Sequence[int], found: Sequence[str], header: str, folded: str) -> int:
    exact = [position for position in positions if fold_header(found[position]) == folded]
    chosen = exact or positions
    if len(chosen) > 1:
        names = [found[position] for position in chosen]
        raise InputError(
            f"Several columns answer to {header!r}: {names}. Keep one of them, or correct the "
            "header that the reader looks for."
        )
    return chosen[0]


def find_header(
    lines: Sequence[Sequence[str]],
    wanted: Mapping[str, str],
    *,
    file: str,
    by_prefix: bool = False,
    optional: frozenset[str] = frozenset(),
) -> tuple[int, dict[str, int]]:
    """Return the row of the header among the first `lines` and the position of each column.

    The header is the first line that holds every wanted column but the `optional` ones, whatever
    junk stands above it. Raises InputError that names what was found and what is missing.
    """
    best: tuple[int, Sequence[str]] = (0, [])
    missing = set(wanted) - optional
    for row, cells in enumerate(lines):
        positions = match_headers(cells, wanted, by_prefix=by_prefix)
        lacking = set(wanted) - optional - set(positions)
        if not lacking:
            return row, positions
        if len(lacking) < len(missing) or not best[1]:
            best, missing = (row, cells), lacking
    raise InputError(
        f"{file}: columns missing: {[wanted[name] for name in wanted if name in missing]}. "
        f"Found: {_shown(best[1])}. The producer may have changed the file: compare it with the "
        "columns that this reader expects."
    )


def _shown(cells: Sequence[str]) -> str:
    names = [cell[:60] for cell in cells if cell]
    more = "" if len(names) <= _MAX_SHOWN else f" and {len(names) - _MAX_SHOWN} more"
    return f"{names[:_MAX_SHOWN]}{more}"


def status_of(texts: TextArray) -> TextArray:
    """Return for each text "", "unknown" or "hidden", shape (n_rows,); "" where a value stands."""
    status = {text: _status(text) for text in set(texts.tolist())}
    return text_array(status[text] for text in texts.tolist())


def _status(text: str) -> str:
    folded = fold_header(text)
    if folded in _UNKNOWN_TEXTS:
        return UNKNOWN
    return HIDDEN if folded in _HIDDEN_TEXTS else KNOWN


def numbers(columns: TextColumns, name: str) -> tuple[FloatArray, TextArray]:
    """Return the numbers of a column, nan where there is none, and why there is none.

    Both have shape (n_rows,). The second holds "" where a number stands, "unknown" for an empty
    cell or "N/A - résultat non disponible", "hidden" for "N/A - secret statistique". Raises
    InputError for any other text.
    """
    texts = columns[name]
    status = status_of(texts)
    known = status == KNOWN
    values = np.full(texts.size, np.nan)
    try:
        values[known] = texts[known].astype(np.float64)
    except ValueError:
        raise _not_a_number(columns, name, known) from None
    if np.isnan(values[known]).any() or np.isinf(values[known]).any():
        raise _not_a_number(columns, name, known)
    return values, status


def _not_a_number(columns: TextColumns, name: str, known: NDArray[np.bool_]) -> InputError:
    texts = columns[name]
    row = next(int(row) for row in np.flatnonzero(known) if not _is_finite_number(texts[row]))
    return InputError(
        f"{columns.file}, column {columns.headers[name]!r}, data row {row + 1}: {texts[row]!r} is "
        "not a number. Expected digits with a decimal point, or one of Insee's “N/A - …” texts."
    )


def _is_finite_number(text: str) -> bool:
    try:
        return bool(np.isfinite(float(text)))
    except ValueError:
        return False


def whole_numbers(columns: TextColumns, name: str) -> IntArray:
    """Return the whole numbers of a column, shape (n_rows,); raises InputError when one is not."""
    values, status = numbers(columns, name)
    wrong = np.flatnonzero((status != KNOWN) | (values != np.round(values)))
    if wrong.size:
        row = int(wrong[0])
        raise InputError(
            f"{columns.file}, column {columns.headers[name]!r}, data row {row + 1}: "
            f"{columns[name][row]!r} is not a whole number."
        )
    return values.astype(np.int64)


def codes(
    columns: TextColumns,
    name: str,
    *,
    parse: Callable[[str], str] = parse_commune_code,
    length: int = 5,
    may_be_empty: bool = False,
) -> CheckedCodes:
    """Return the codes of a column, each through `parse`, and a note for the repaired ones.

    Only one repair is certain and made: a spreadsheet took the leading zero (and perhaps wrote
    ".0" behind), so a code of digits is one short of `length`. Raises InputError otherwise.
    """
    repaired = 0
    parsed: dict[str, str] = {"": ""} if may_be_empty else {}
    result = []
    for row, text in enumerate(columns[name].tolist()):
        code, padded = parsed.get(text), _padded(text, length)
        if code is None:
            code = parsed[text] = _parse_or_explain(columns, name, row, padded, parse)
        repaired += padded != text
        result.append(code)
    header = columns.headers[name]
    note = f"{repaired} codes of column {header!r} had lost their leading zero: put back."
    return text_array(result), ((note,) if repaired else ())


def _padded(text: str, length: int) -> str:
    digits = text.removesuffix(".0")
    return "0" + digits if digits.isdigit() and len(digits) == length - 1 else digits


def _parse_or_explain(
    columns: TextColumns, name: str, row: int, text: str, parse: Callable[[str], str]
) -> str:
    try:
        return parse(text)
    except InputError as error:
        place = f"{columns.file}, column {columns.headers[name]!r}, data row {row + 1}"
        raise InputError(f"{place}: {error}") from error
