"""Which unit belongs to which territory, kind by kind."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from maillage.core.errors import InputError
from maillage.core.tables import Table
from maillage.studies.store.tables import FloatArray, IntArray, TextArray

NATION_CODE: Final = "FR"

KINDS: Final = (
    "commune",
    "epci",
    "department",
    "region",
    "living_zone",
    "employment_zone",
    "nation",
)

_COLUMN_OF: Final[Mapping[str, str]] = {
    "epci": "epci_code",
    "department": "department_code",
    "region": "region_code",
    "living_zone": "living_zone_code",
    "employment_zone": "employment_zone_code",
}


@dataclass(frozen=True, slots=True)
class Membership:
    """The units of each territory of one kind.

    kind     "commune", "epci"…
    codes    codes of the territories, sorted, shape (n_territories,)
    group    row of the territory in `codes` by unit, -1 for none, shape (n_units,)
    """

    kind: str
    codes: TextArray
    group: IntArray
    _order: IntArray = field(repr=False)
    _starts: IntArray = field(repr=False)
    _row: Mapping[str, int] = field(repr=False)

    def __len__(self) -> int:
        return int(self.codes.size)

    def __contains__(self, code: object) -> bool:
        return code in self._row

    def index(self, code: str) -> int:
        """Return the row of a territory in `codes`. Raises InputError when there is none."""
        row = self._row.get(code)
        if row is None:
            raise InputError(
                f"No territory of kind {self.kind} has the code {code!r}: "
                "check the code, or look for the name in the search.",
                french=f"aucun territoire de type {self.kind} n’a le code {code}. Vérifiez-le, "
                "ou cherchez le nom du territoire.",
            )
        return row

    def rows(self, code: str) -> IntArray:
        """Return the unit rows of a territory, sorted. Raises InputError when there is none."""
        row = self.index(code)
        return self._order[self._starts[row] : self._starts[row + 1]]

    def expanded(self, rows: IntArray) -> tuple[IntArray, IntArray]:
        """Return the units of several territories, given by their rows in `codes`, shape (n,).

        Two arrays of shape (n_pairs,): the rank in `rows` that a unit comes from, and its row.
        """
        first, sizes = self._starts[rows], self._starts[rows + 1] - self._starts[rows]
        ranks = np.repeat(np.arange(rows.size), sizes)
        before = np.cumsum(sizes) - sizes
        return ranks, self._order[np.arange(ranks.size) + (first - before)[ranks]]


def membership(kind: str, code_by_unit: TextArray) -> Membership:
    """Group units by the code each bears, shape (n_units,); "" belongs to no territory."""
    codes, inverse = np.unique(code_by_unit.astype(str), return_inverse=True)
    if codes.size and codes[0] == "":
        codes, group = codes[1:], inverse.astype(np.int64) - 1
    else:
        group = inverse.astype(np.int64)
    inside = np.flatnonzero(group >= 0)
    order = inside[np.argsort(group[inside], kind="stable")]
    starts = np.searchsorted(group[order], np.arange(codes.size + 1))
    named = codes.astype(object)
    row_of = {code: row for row, code in enumerate(named.tolist())}
    return Membership(kind, named, group, order, starts.astype(np.int64), row_of)


def memberships(units: Table) -> dict[str, Membership]:
    """Return the membership of every kind but the arrondissements (see `Store.rows`)."""
    made = {kind: membership(kind, units[column]) for kind, column in _COLUMN_OF.items()}
    parent = units["parent_code"]
    made["commune"] = membership("commune", np.where(parent != "", parent, units["code"]))
    made["nation"] = membership("nation", np.full(len(units), NATION_CODE, dtype=object))
    return made


def sums(group: IntArray, values: FloatArray, count: int) -> FloatArray:
    """Return the sum of `values` in each of `count` groups; both inputs have one shape (n,)."""
    return np.asarray(np.bincount(group, weights=values, minlength=count), dtype=np.float64)
