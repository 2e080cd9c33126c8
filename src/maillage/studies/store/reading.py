"""Open a version of the store and read from it; nothing here writes."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from maillage.core.errors import InputError, NotEnoughDataError
from maillage.core.tables import Table
from maillage.engines.accessibility.catchment import PreparedCatchment
from maillage.studies.store import layout, tables
from maillage.studies.store.layout import Manifest, read_manifest
from maillage.studies.store.membership import Membership, memberships, sums
from maillage.studies.store.tables import FloatArray, IntArray, TextArray

Made = TypeVar("Made")
Scalar = TypeVar("Scalar", bound=np.generic)


@dataclass(frozen=True)
class Store:
    """One version of the store, opened. Every array "by unit" has shape (n_units,).

    path         version folder
    manifest     what the version is made of
    units        the finest geography, sorted by code: communes of one cog_year, with the
                 arrondissements in place of Paris, Lyon and Marseille
    territories  every territory of every kind, with name, population, point, bounding box
    row_of       unit code → row; also serves as the list of valid unit codes
    """

    path: Path
    manifest: Manifest
    units: Table
    territories: Table
    row_of: Mapping[str, int] = field(repr=False)
    _numbers: Mapping[str, FloatArray] = field(repr=False)
    _texts: Mapping[str, TextArray] = field(repr=False)
    _memberships: Mapping[str, Membership] = field(repr=False)
    _made: dict[Hashable, Any] = field(repr=False, default_factory=dict)

    @property
    def version(self) -> str:
        """Name of the version: time of the build and hash of its inputs."""
        return self.manifest.version

    @property
    def fictional(self) -> bool:
        """True when the figures describe the fictional department."""
        return self.manifest.fictional

    @property
    def cog_year(self) -> int:
        """Year of the official geographic code of every row."""
        return self.manifest.cog_year

    @property
    def n_units(self) -> int:
        """Number of units."""
        return len(self.units)

    def indicator(self, indicator_id: str) -> FloatArray:
        """Return a number by unit, nan where not available, shape (n_units,), read-only.

        Raises InputError for an indicator that the store does not know.
        """
        return _column(self._numbers, indicator_id)

    def text_indicator(self, indicator_id: str) -> TextArray:
        """Return a class by unit (zonings), "" where not available, shape (n_units,).

        Raises InputError for an indicator that the store does not know.
        """
        return _column(self._texts, indicator_id)

    def has(self, indicator_id: str) -> bool:
        """Say whether at least one unit has a value for that indicator."""
        return self.cached(("has", indicator_id), lambda: self._has(indicator_id))

    def _has(self, indicator_id: str) -> bool:
        if indicator_id in self._numbers:
            return bool(np.isfinite(self._numbers[indicator_id]).any())
        return bool((self._texts.get(indicator_id, np.empty(0)) != "").any())

    def membership(self, kind: str) -> Membership:
        """Return which units belong to which territory of a kind. Raises InputError otherwise."""
        found = self._memberships.get(kind)
        if found is None:
            known = ", ".join(sorted(self._memberships))
            raise InputError(
                f"{kind!r} is not a kind of territory: expected one of {known}.",
                french=f"type de territoire inconnu ; types possibles : {known}.",
            )
        return found

    def rows(self, kind: str, code: str) -> IntArray:
        """Return the unit rows of a territory, sorted.

        An arrondissement is a commune of one row; Paris, Lyon and Marseille have several.
        Raises InputError when no such territory exists.
        """
        if kind == "commune" and code in self.row_of:
            return np.array([self.row_of[code]], dtype=np.int64)
        return self.membership(kind).rows(code)

    def rows_of_codes(self, codes: list[str]) -> IntArray:
        """Return the unit rows of a list of communes, sorted, each once.

        Takes unit codes, Paris, Lyon, Marseille, and codes that ended (their successors).
        Raises InputError naming the codes that are none of these.
        """
        found: set[int] = set()
        unknown: list[str] = []
        for code in codes:
            rows = self._rows_of_code(code)
            if not rows:
                unknown.append(code)
            found.update(rows)
        if unknown:
            raise InputError(
                f"These are not commune codes of {self.cog_year}, nor earlier ones: "
                f"{', '.join(unknown)}. Check them, or look for the name in the search.",
                french=f"codes de communes inconnus, en {self.cog_year} comme avant : "
                f"{', '.join(unknown)}. Vérifiez-les, ou cherchez le nom de la commune.",
            )
        return np.array(sorted(found), dtype=np.int64)

    def territory_row(self, kind: str, code: str) -> int:
        """Return the row of a territory in `territories`. Raises InputError when there is none."""
        row = self._territory_rows.get((kind, code))
        if row is None:
            raise InputError(
                f"No territory of kind {kind!r} has the code {code!r}.",
                french=f"aucun territoire de type {kind} n’a le code {code}. Vérifiez-le, ou "
                "cherchez le nom du territoire.",
            )
        return row

    def territory_name(self, kind: str, code: str) -> str:
        """Return the name of a territory. Raises InputError when there is none."""
        return str(self.territories["name"][self.territory_row(kind, code)])

    def facilities(self, kind: str | None = None) -> Table:
        """Return the facilities of a kind ("pharmacy", "school"…), or all; maybe none."""
        if kind is None:
            return self._facilities
        return self.cached(
            ("facilities", kind), lambda: self._facilities.where(self._facilities["kind"] == kind)
        )

    @cached_property
    def facility_counts(self) -> Mapping[str, FloatArray]:
        """Number of facilities by unit, kind by kind, each of shape (n_units,)."""
        table = self._facilities
        return {
            kind: sums(
                table["unit_row"][table["kind"] == kind],
                table["count"][table["kind"] == kind],
                self.n_units,
            )
            for kind in np.unique(table["kind"].astype(str)).tolist()
        }

    @cached_property
    def postal_codes(self) -> Table:
        """Postal codes, n to n with units."""
        return self._optional(layout.POSTAL_CODES, tables.POSTAL_CODES)

    @cached_property
    def code_changes(self) -> Table:
        """Commune codes that ended, with their successors."""
        return self._optional(layout.CODE_CHANGES, tables.CODE_CHANGES)

    @cached_property
    def facts(self) -> Table:
        """Figures that are true at a coarser level only (counts of doctors by department…)."""
        return self._optional(layout.FACTS, tables.FACTS)

    @property
    def tiles_path(self) -> Path:
        """Path of the map tiles. Raises NotEnoughDataError when the build had no contours."""
        path = self.path / layout.TILES
        if not path.is_file():
            raise NotEnoughDataError("This store has no map: the build found no contours.")
        return path

    @property
    def overview_path(self) -> Path:
        """Path of the packed overview (see `overview`). Raises NotEnoughDataError without one."""
        path = self.path / layout.OVERVIEW
        if not path.is_file():
            raise NotEnoughDataError("This store has no map: the build found no contours.")
        return path

    @cached_property
    def map_order(self) -> IntArray:
        """Unit rows in map order, shape (n_units,): map feature k + 1 is unit map_order[k]."""
        path = self.path / layout.MAP_ORDER
        if not path.is_file():
            raise NotEnoughDataError("This store has no map: build it again.")
        return np.asarray(np.load(path), dtype=np.int64)

    @cached_property
    def contours(self) -> NDArray[Any]:
        """Contours of the units as shapely polygons, degrees, empty where there is none."""
        path = self.path / layout.CONTOURS
        if not path.is_file():
            raise NotEnoughDataError("This store has no map: the build found no contours.")
        return tables.read_contours(path)

    @cached_property
    def catchment(self) -> PreparedCatchment:
        """Weighted trips of at most 20 minutes between units; memory-mapped, shared by processes.

        Places and sites are both the units, in their order. Raises NotEnoughDataError when the
        build had neither travel times nor points.
        """
        folder = self.path / layout.CATCHMENT
        if not folder.is_dir():
            raise NotEnoughDataError(
                "This store has no prepared catchment: the build found no points of communes.",
                french="les trajets entre communes ne sont pas dans les données chargées.",
            )
        arrays = {path.stem: np.load(path, mmap_mode="r") for path in folder.glob("*.npy")}
        reach_min = float(arrays.pop("reach_min"))
        return PreparedCatchment(**arrays, reach_min=reach_min)

    def cached(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """Return what `make` gave the first time it was asked for under `key`.

        A version never changes, so what is derived from it may be kept as long as it is open.
        """
        if key not in self._made:
            self._made[key] = make()
        found: Made = self._made[key]
        return found

    @cached_property
    def _facilities(self) -> Table:
        return self._optional(layout.FACILITIES, tables.FACILITIES)

    @cached_property
    def _territory_rows(self) -> Mapping[tuple[str, str], int]:
        pairs = zip(
            self.territories["kind"].tolist(), self.territories["code"].tolist(), strict=True
        )
        return {pair: row for row, pair in enumerate(pairs)}

    @cached_property
    def _successors(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = {}
        changes = self.code_changes
        for code, successor in zip(
            changes["code"].tolist(), changes["successor_code"].tolist(), strict=True
        ):
            found.setdefault(code, []).append(successor)
        return found

    def _rows_of_code(self, code: str) -> list[int]:
        if code in self.row_of:
            return [self.row_of[code]]
        if code in self.membership("commune"):
            return [int(row) for row in self.membership("commune").rows(code)]
        return [
            self.row_of[successor]
            for successor in self._successors.get(code, [])
            if successor in self.row_of
        ]

    def _optional(self, name: str, schema: Any) -> Table:
        path = self.path / name
        return tables.read_table(path, schema) if path.is_file() else tables.empty_table(schema)


def _column(columns: Mapping[str, NDArray[Scalar]], indicator_id: str) -> NDArray[Scalar]:
    found = columns.get(indicator_id)
    if found is None:
        raise InputError(
            f"The store knows no indicator {indicator_id!r}: expected one of {sorted(columns)}.",
            french=f"l’entrepôt n’a pas l’indicateur {indicator_id}.",
        )
    return found


def open_store(path: Path) -> Store:
    """Open a version folder of the store for reading (see `layout.newest_version`).

    Raises InputError when the folder is not a version, or was written in another format.
    """
    manifest = read_manifest(path)
    units = tables.read_table(path / layout.UNITS, tables.UNITS)
    numbers = tables.read_columns(path / layout.NUMBERS)
    texts = tables.read_columns(path / layout.TEXTS)
    for array in (*numbers.values(), *texts.values()):
        array.flags.writeable = False
    return Store(
        path=path,
        manifest=manifest,
        units=units,
        territories=tables.read_table(path / layout.TERRITORIES, tables.TERRITORIES),
        row_of={code: row for row, code in enumerate(units["code"].tolist())},
        _numbers=numbers,
        _texts=texts,
        _memberships=memberships(units),
    )
