"""Every name of every territory, sorted and ready to be asked. Built once per version."""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from maillage.studies.store import Store
from maillage.web.territories.search.words import names_of

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]

KIND_HANDICAP = {
    "commune": 0.0,
    "epci": 3.0,
    "department": 0.0,
    "region": 0.0,
    "nation": 0.0,
    "living_zone": 14.0,
    "employment_zone": 16.0,
}
"""Taken off the rank of a territory: zones bear the name of their main commune, but come after."""

POINTS_PER_TENFOLD_POPULATION = 4.0
LAST = "\U0010ffff"


@dataclass(frozen=True)
class SortedTexts:
    """Texts in order, each with the entry it leads to, so that a prefix is a slice.

    texts    sorted, several times the same where several entries bear it
    entries  row of the index's territories, shape (n_texts,)
    marks    meaning set by the index: rank of the word in the name, or row of the former name
    """

    texts: list[str]
    entries: IntArray
    marks: IntArray

    @classmethod
    def of(cls, rows: Iterable[tuple[str, int, int]]) -> "SortedTexts":
        """Sort (text, entry, mark) rows."""
        ordered = sorted(rows)
        return cls(
            [row[0] for row in ordered],
            np.array([row[1] for row in ordered], dtype=np.int64),
            np.array([row[2] for row in ordered], dtype=np.int64),
        )

    def starting_with(self, prefix: str) -> slice:
        """Return where the texts that start with `prefix` stand."""
        return slice(bisect_left(self.texts, prefix), bisect_left(self.texts, prefix + LAST))

    def equal_to(self, text: str) -> slice:
        """Return where the texts equal to `text` stand."""
        return slice(bisect_left(self.texts, text), bisect_left(self.texts, text + "\0"))


@dataclass(frozen=True)
class TerritoryIndex:
    """What `search` reads.

    kinds, codes, names, departments  columns of the territories, one row per entry
    population  people, nan where unknown, shape (n_entries,)
    prior       points of an entry before any query: its size, less its kind's handicap
    keys        folded names; mark = row of `former_names`, -1 for a name of today
    words       words of the names of today; mark = rank in the name
    spellings   distinct names and words, what typing errors are held against
    postal      postal codes; mark unused
    """

    kinds: list[str]
    codes: list[str]
    names: list[str]
    departments: list[str]
    department_names: dict[str, str]
    population: FloatArray
    prior: FloatArray
    keys: SortedTexts
    words: SortedTexts
    name_spellings: list[str]
    word_spellings: list[str]
    postal: SortedTexts
    former_names: list[str]
    entry_of: dict[tuple[str, str], int] = field(repr=False)


def index_of(store: Store) -> TerritoryIndex:
    """Return the index of a store, made once per process and version."""
    return store.cached("territory_index", lambda: build_index(store))


def build_index(store: Store) -> TerritoryIndex:
    """Read the names of a store into an index."""
    table = store.territories
    kinds, codes, names = (table[column].tolist() for column in ("kind", "code", "name"))
    departments = table["department_code"].tolist()
    entry_of = {pair: row for row, pair in enumerate(zip(kinds, codes, strict=True))}
    population = table["population"]
    handicap = np.array([KIND_HANDICAP.get(kind, 20.0) for kind in kinds])
    size = np.log10(np.nan_to_num(population) + 1.0)
    former_names, former_keys = _former(store, entry_of)
    folded = [names_of(kind, name) for kind, name in zip(kinds, names, strict=True)]
    keys = [(key, row, -1) for row, row_keys in enumerate(folded) for key in row_keys]
    words = [
        (word, row, rank)
        for row, row_keys in enumerate(folded)
        for rank, word in enumerate(row_keys[0].split())
    ]
    return TerritoryIndex(
        kinds=kinds,
        codes=codes,
        names=names,
        departments=departments,
        department_names={
            code: name
            for kind, code, name in zip(kinds, codes, names, strict=True)
            if kind == "department"
        },
        population=population,
        prior=POINTS_PER_TENFOLD_POPULATION * size - handicap,
        keys=SortedTexts.of(keys + former_keys),
        words=SortedTexts.of(words),
        name_spellings=sorted({key for key, _, _ in keys + former_keys}),
        word_spellings=sorted({word for word, _, _ in words if len(word) > 3}),
        postal=_postal(store, entry_of),
        former_names=former_names,
        entry_of=entry_of,
    )


def _former(
    store: Store, entry_of: dict[tuple[str, str], int]
) -> tuple[list[str], list[tuple[str, int, int]]]:
    names: list[str] = []
    keys = []
    for row in store.code_changes.rows():
        entry = entry_of.get(("commune", row["successor_code"]))
        if entry is None or not row["name"]:
            continue
        names.append(row["name"])
        keys += [(key, entry, len(names) - 1) for key in names_of("commune", row["name"])]
    return names, keys


def _postal(store: Store, entry_of: dict[tuple[str, str], int]) -> SortedTexts:
    pairs = zip(
        store.postal_codes["postal_code"].tolist(),
        store.postal_codes["commune_code"].tolist(),
        strict=True,
    )
    return SortedTexts.of(
        (postal, entry_of["commune", code], 0)
        for postal, code in pairs
        if ("commune", code) in entry_of
    )
