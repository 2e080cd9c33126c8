"""Bring what is told of communes in one year to the communes of another year.

Communes merge (a figure is added up, or averaged), split (each part inherits, or gets its share),
change code and disappear; the changes of many years chain, and are many to many.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from maillage.core.errors import InputError
from maillage.sources.names import TextArray, text_array
from maillage.sources.text_columns import FloatArray, IntArray

Kind = Literal["same", "merged", "split", "renumbered", "gone", "unknown"]


@dataclass(frozen=True, slots=True)
class _Day:
    """What each code that changed on one day became: code → codes; () when it left."""

    date: str
    successors: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class CodeChanges:
    """The changes of commune codes, day by day, in order of time."""

    days: tuple[_Day, ...]
    _left_on: Mapping[str, int] = field(repr=False)
    _changed_on: Mapping[str, tuple[int, ...]] = field(repr=False)

    @classmethod
    def from_events(
        cls,
        *,
        effective_on: Sequence[str],
        phase: Sequence[int],
        before: Sequence[str],
        after: Sequence[str],
    ) -> "CodeChanges":
        """Build from pairs (before, after), "" where there is none; a lower phase goes first.

        On one day the pairs of a later phase start from what the earlier phase left: a commune
        takes a new code (phase 0), then merges under it (phase 2).
        """
        rows = sorted(zip(effective_on, phase, before, after, strict=True))
        days = tuple(
            _Day(date, _chained(pairs)) for date, pairs in groupby(rows, key=lambda row: row[0])
        )
        left_on = {
            code: rank
            for rank, day in enumerate(days)
            for code, successors in day.successors.items()
            if code not in successors
        }
        changed_on: dict[str, list[int]] = defaultdict(list)
        for rank, day in enumerate(days):
            for code in day.successors:
                changed_on[code].append(rank)
        return cls(days, left_on, {code: tuple(ranks) for code, ranks in changed_on.items()})

    def passage(
        self,
        old_codes: Iterable[str],
        new_codes: Iterable[str],
        *,
        from_year: int | None,
        to_year: int,
        divided: Mapping[str, Sequence[str]] | None = None,
    ) -> "Passage":
        """Return the passage of rows told of `old_codes` to the communes `new_codes`.

        from_year  year of the official geographic code (1 January) of the old codes; None when
                   codes of several years are mixed: each code out of use is then followed from
                   the day it was left
        to_year    year of the new codes
        divided    communes told as one in the old rows and by arrondissement in the new ones
                   (75056 → 75101…), see `cog.arrondissements_of`

        A code left before `from_year` is followed from the day it was left: such files exist.
        """
        old, new = text_array(old_codes), text_array(new_codes)
        if from_year is not None and from_year > to_year:
            raise InputError(
                f"Codes of {from_year} cannot be brought to {to_year}: only forward in time. Take "
                "a newer geographic code."
            )
        row_of_new = {code: row for row, code in enumerate(new.tolist())}
        span = self._span(from_year, to_year)
        reached = [
            _with_parts(self._reached(code, span, row_of_new), row_of_new, divided or {})
            for code in old.tolist()
        ]
        return _passage(old, new, reached, row_of_new)

    def _span(self, from_year: int | None, to_year: int) -> tuple[int, int]:
        """Return the first day to follow and the one after the last, as positions in `days`."""
        dates = [day.date for day in self.days]
        last = bisect_right(dates, f"{to_year}-01-01")
        first = last if from_year is None else bisect_right(dates, f"{from_year}-01-01")
        return first, last

    def _reached(
        self, code: str, span: tuple[int, int], current: Mapping[str, int]
    ) -> tuple[str, ...]:
        """Return the codes that `code` has become by the end of the span."""
        first, last = span
        left = self._left_on.get(code, last)
        if left < first and code not in current:
            first = left
        codes: tuple[str, ...] = (code,)
        while (rank := self._next_change(codes, first, last)) is not None:
            successors = self.days[rank].successors
            codes = tuple(
                dict.fromkeys(after for one in codes for after in successors.get(one, (one,)))
            )
            first = rank + 1
        return codes

    def _next_change(self, codes: Iterable[str], first: int, last: int) -> int | None:
        """Return the first day of the span on which one of the codes changes."""
        ranks = [
            rank
            for code in codes
            for rank in self._changed_on.get(code, ())
            if first <= rank < last
        ]
        return min(ranks, default=None)

    def communes_at(self, year: int, *, current: Iterable[str], current_year: int) -> set[str]:
        """Return the codes of the communes on 1 January of `year`, back from the current ones."""
        codes = set(current)
        for day in reversed(self.days):
            if day.date > f"{current_year}-01-01":
                continue
            if day.date <= f"{year}-01-01":
                break
            codes -= {successor for after in day.successors.values() for successor in after}
            codes |= set(day.successors) - {""}
        return codes


def _chained(rows: Iterable[tuple[str, int, str, str]]) -> dict[str, tuple[str, ...]]:
    """Return what each code in use in the morning has become in the evening of one day."""
    successors: dict[str, dict[str, None]] = {}
    made_today: set[str] = set()
    for _, pairs in groupby(rows, key=lambda row: row[1]):
        step: dict[str, dict[str, None]] = defaultdict(dict)
        for _, _, before, after in pairs:
            step[before].update({after: None} if after else {})
        for code, reached in successors.items():
            successors[code] = {end: None for one in reached for end in step.get(one, (one,))}
        for code, reached in step.items():
            if code not in made_today:
                successors.setdefault(code, dict(reached))
        made_today |= {after for reached in step.values() for after in reached} - set(step)
    return {code: tuple(reached) for code, reached in successors.items()}


def _with_parts(
    reached: tuple[str, ...], current: Mapping[str, int], divided: Mapping[str, Sequence[str]]
) -> tuple[str, ...]:
    return tuple(
        part
        for code in reached
        for part in (divided.get(code, (code,)) if code not in current else (code,))
    )


def _passage(
    old: TextArray,
    new: TextArray,
    reached: Sequence[tuple[str, ...]],
    row_of_new: Mapping[str, int],
) -> "Passage":
    pairs = [
        (old_row, row_of_new[code])
        for old_row, codes in enumerate(reached)
        for code in codes
        if code in row_of_new
    ]
    old_row = np.array([pair[0] for pair in pairs], dtype=np.int64)
    new_row = np.array([pair[1] for pair in pairs], dtype=np.int64)
    sources = np.bincount(new_row, minlength=new.size)
    kind = text_array(
        _kind(code, codes, row_of_new, sources) for code, codes in zip(old, reached, strict=True)
    )
    return Passage(old, new, old_row, new_row, kind)


def _kind(
    code: str, reached: tuple[str, ...], row_of_new: Mapping[str, int], sources: NDArray[np.int64]
) -> Kind:
    rows = [row_of_new[one] for one in reached if one in row_of_new]
    if not reached:
        return "gone"
    if not rows:
        return "unknown"
    if len(rows) > 1:
        return "split"
    if sources[rows[0]] > 1:
        return "merged"
    return "same" if reached == (code,) else "renumbered"


@dataclass(frozen=True, slots=True)
class Passage:
    """Which old rows make each new commune.

    old_codes  shape (n_old,)
    new_codes  shape (n_new,)
    old_row, new_row  one pair for each old row that is part of a new commune, shape (n_pairs,)
    kind       what became of each old row, shape (n_old,): "same", "merged", "split",
               "renumbered", "gone" (left the territory), "unknown" (reaches no new commune)
    """

    old_codes: TextArray
    new_codes: TextArray
    old_row: IntArray
    new_row: IntArray
    kind: TextArray

    def new_codes_of(self, old_code: str) -> tuple[str, ...]:
        """Return the new codes of an old one; () when it reaches none."""
        rows = np.flatnonzero(self.old_codes == old_code)
        return tuple(self.new_codes[self.new_row[np.isin(self.old_row, rows)]].tolist())

    def unmatched(self) -> tuple[str, ...]:
        """Return the old codes that reach no new commune."""
        return tuple(self.old_codes[np.isin(self.kind, ("gone", "unknown"))].tolist())

    def without_source(self) -> tuple[str, ...]:
        """Return the new codes that no old row reaches."""
        sources = np.bincount(self.new_row, minlength=self.new_codes.size)
        return tuple(self.new_codes[sources == 0].tolist())

    def notes(self, *, what: str) -> tuple[str, ...]:
        """Say in sentences what did not pass; `what` names the rows, as in "APL 2022"."""
        lost, bare = self.unmatched(), self.without_source()
        return (
            *([f"{what}: {len(lost)} rows reach no commune: {_some(lost)}."] if lost else []),
            *([f"{what}: {len(bare)} communes have no row: {_some(bare)}."] if bare else []),
        )

    def sum_to(self, values: FloatArray, *, new_weights: FloatArray | None = None) -> FloatArray:
        """Add up counts: values, shape (n_old,) → shape (n_new,).

        A count that splits is shared in proportion to `new_weights` (people in each new commune,
        shape (n_new,)); without them its parts are unknown. A sum with an unknown term is
        unknown; a commune with no source is too.
        """
        self._check(values, self.old_codes.size, "values")
        share = self._shares(new_weights)
        terms = values[self.old_row] * share
        total: FloatArray = np.zeros(self.new_codes.size)
        np.add.at(total, self.new_row, terms)
        total[np.bincount(self.new_row, minlength=total.size) == 0] = np.nan
        return total

    def _shares(self, new_weights: FloatArray | None) -> FloatArray:
        parts = np.bincount(self.old_row, minlength=self.old_codes.size)[self.old_row]
        if new_weights is None:
            return np.where(parts > 1, np.nan, 1.0)
        self._check(new_weights, self.new_codes.size, "new_weights")
        weight = new_weights[self.new_row]
        whole = np.bincount(self.old_row, weight, minlength=self.old_codes.size)[self.old_row]
        share = np.divide(weight, whole, out=np.full(weight.size, np.nan), where=whole > 0)
        return np.where(parts > 1, share, 1.0)

    def mean_to(self, values: FloatArray, *, weights: FloatArray) -> FloatArray:
        """Average rates: values and weights, shape (n_old,) → shape (n_new,).

        Merged communes get the mean weighted by `weights` (people) of the values that are known,
        the plain mean when nobody lives there; the parts of a split one inherit its value.
        """
        self._check(values, self.old_codes.size, "values")
        self._check(weights, self.old_codes.size, "weights")
        known = ~np.isnan(values[self.old_row])
        rows, old = self.new_row[known], self.old_row[known]
        size = self.new_codes.size
        weight = np.nan_to_num(weights)[old]
        people = np.bincount(rows, weight, minlength=size)
        weighted = np.bincount(rows, weight * values[old], minlength=size)
        count = np.bincount(rows, minlength=size)
        plain = np.bincount(rows, values[old], minlength=size)
        mean = np.divide(plain, count, out=np.full(size, np.nan), where=count > 0)
        result: FloatArray = np.divide(weighted, people, out=mean, where=people > 0)
        return result

    def first_to(self, texts: NDArray[Any], *, weights: FloatArray | None = None) -> TextArray:
        """Hand labels over: texts, shape (n_old,) → object array of shape (n_new,).

        Of several, the label of the heaviest old commune when `weights` (people, shape (n_old,))
        are given, else of the one that bears the new code, else the first. Empty labels never
        win over filled ones; "" where there is none.
        """
        self._check(texts, self.old_codes.size, "texts")
        result = text_array([""] * self.new_codes.size)
        rank = self._rank(weights)
        for pair in np.lexsort((-np.arange(rank.size), rank)).tolist():
            text = texts[self.old_row[pair]]
            if text:
                result[self.new_row[pair]] = text
        return result

    def _rank(self, weights: FloatArray | None) -> FloatArray:
        if weights is not None:
            self._check(weights, self.old_codes.size, "weights")
            return np.nan_to_num(weights)[self.old_row]
        bears_it = self.old_codes[self.old_row] == self.new_codes[self.new_row]
        return np.asarray(bears_it, dtype=np.float64)

    @staticmethod
    def _check(values: NDArray[Any], size: int, name: str) -> None:
        if values.shape != (size,):
            raise InputError(f"{name} has shape {values.shape}, expected ({size},).")


def _some(codes: Sequence[str]) -> str:
    return ", ".join(codes[:8]) + (", …" if len(codes) > 8 else "")
