"""Step "facilities": what stands where, and the minutes to the nearest of each kind."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from maillage.core.tables import Table
from maillage.engines.accessibility.crow_fly import METRIC_GIRONDE
from maillage.engines.accessibility.nearest import nearest_facility
from maillage.sources.cog import arrondissement_at
from maillage.studies.store import layout
from maillage.studies.store.steps.counted import counted
from maillage.studies.store.steps.land import UnitTrips, pieces_of_land, unit_trips
from maillage.studies.store.tables import (
    FACILITIES,
    UNITS,
    FloatArray,
    IntArray,
    TextArray,
    read_table,
    write_columns,
    write_table,
)
from maillage.studies.store.workshop import Workshop

MINUTES: Final = "minutes.parquet"
OUTPUTS: Final = (layout.FACILITIES, MINUTES)

TIMED: Final = {
    "time_emergency_min": "emergency",
    "time_maternity_min": "maternity",
    "time_pharmacy_min": "pharmacy",
}
_FINESS: Final = {
    "620": "pharmacy",
    "603": "health_house",
    "124": "health_centre",
    "500": "care_home",
    "604": "cpts",
    "611": "laboratory",
    "355": "hospital",
    "101": "hospital",
    "365": "hospital",
    "128": "hospital",
    "129": "hospital",
    "223": "child_protection",
    "156": "mental_health_centre",
}
_COVERED: Final = 0.5
_SCHOOLS: Final = {"Ecole": "primary_school", "Collège": "middle_school", "Lycée": "high_school"}


@dataclass(frozen=True, slots=True)
class _Rows:
    """Facilities of one data set, before they are put together; arrays of one length."""

    kind: TextArray
    facility_id: TextArray
    name: TextArray
    unit_row: IntArray
    lon: FloatArray
    lat: FloatArray
    count: FloatArray
    size: FloatArray
    source: str

    def where(self, kept: Any) -> "_Rows":
        """Return the rows for which `kept` is true."""
        arrays = {
            name: getattr(self, name)[kept]
            for name in ("kind", "facility_id", "name", "unit_row", "lon", "lat", "count", "size")
        }
        return _Rows(**arrays, source=self.source)


def run(workshop: Workshop) -> None:
    """Write the facilities and the minutes to the nearest."""
    units = read_table(workshop.out / layout.UNITS, UNITS)
    named = [_finess(workshop), _maternities(workshop), _schools(workshop)]
    found = [part for part in (*_counted(workshop, units, named), *named) if part is not None]
    table = _table(found, units)
    write_table(workshop.out / layout.FACILITIES, table)
    write_columns(workshop.out / MINUTES, _minutes(workshop, units, table), name="minutes")


def _counted(workshop: Workshop, units: Table, named: list[_Rows | None]) -> list[_Rows]:
    """Return the facilities that the BPE only counts, but where another set names the same."""
    parts = []
    for kind, found in counted(workshop, units).items():
        for indicator_id, timed in TIMED.items():
            if timed == kind and found.year is not None:
                workshop.years.setdefault(indicator_id, f"{found.year} (équipements)")
        rows = np.flatnonzero(found.count > 0)
        part = _anonymous(kind, rows, found.count[rows], units, found.source)
        parts.append(_not_named(part, units, named))
    return parts


def _anonymous(kind: str, rows: IntArray, count: FloatArray, units: Table, source: str) -> _Rows:
    empty = np.full(rows.size, "", dtype=object)
    return _Rows(
        kind=np.full(rows.size, kind, dtype=object),
        facility_id=empty,
        name=empty,
        unit_row=rows,
        lon=units["lon"][rows],
        lat=units["lat"][rows],
        count=count,
        size=np.full(rows.size, np.nan),
        source=source,
    )


def _not_named(part: _Rows, units: Table, named: list[_Rows | None]) -> _Rows:
    """Leave out the departments where a newer set names the facilities of that kind.

    It is believed where it names at least half of what the BPE counts: a stray establishment of a
    neighbouring department does not stand for all of that department's.
    """
    if not part.kind.size:
        return part
    _, department = np.unique(units["department_code"].astype(str), return_inverse=True)
    size = int(department.max()) + 1
    counted = np.bincount(department[part.unit_row], part.count, minlength=size)
    newer = np.zeros(size)
    for other in named:
        if other is not None:
            same = other.kind == part.kind[0]
            newer += np.bincount(department[other.unit_row[same]], minlength=size)
    if part.kind[0] == "maternity" and newer.any():
        return part.where(np.zeros(part.kind.size, dtype=bool))
    covered = (newer > 0) & (newer >= _COVERED * counted)
    return part.where(~covered[department[part.unit_row]])


def _finess(workshop: Workshop) -> _Rows | None:
    pattern = "finess/finess_etablissements_*.csv"
    tables = [
        workshop.read_path("finess", pattern, path) for path in workshop.paths("finess", pattern)
    ]
    tables = [table for table in tables if table is not None]
    if not tables:
        return None
    every = _latest_of_each(tables)
    kinds = np.array([_FINESS.get(code, "") for code in every["category_code"].tolist()], object)
    table = every.where(kinds != "")
    return _named(
        workshop,
        kind=kinds[kinds != ""],
        ids=table["finess_et"],
        names=table["name"],
        codes=table["commune_code"],
        lon=table["longitude"],
        lat=table["latitude"],
        size=np.full(len(table), np.nan),
        source="finess",
    )


def _latest_of_each(tables: list[Table]) -> Table:
    """Put extracts together, each establishment once, as the last extract to name it has it."""
    columns = {
        name: np.concatenate([table[name] for table in reversed(tables)])
        for name in tables[0].columns
    }
    _, first = np.unique(columns["finess_et"].astype(str), return_index=True)
    kept = np.sort(first)
    return Table(tables[0].schema, {name: values[kept] for name, values in columns.items()})


def _maternities(workshop: Workshop) -> _Rows | None:
    table = workshop.read("maternities", "hospital/annuaire_maternites_DREES.csv")
    if table is None or not len(table):
        return None
    year = int(table["year"].max())
    workshop.years["time_maternity_min"] = f"{year} (équipements)"
    table = table.where(table["year"] == year)
    unknown = np.full(len(table), np.nan)
    return _named(
        workshop,
        kind=np.full(len(table), "maternity", dtype=object),
        ids=table["finess_et"],
        names=table["name"],
        codes=table["commune_code"],
        lon=unknown,
        lat=unknown,
        size=table["births"].astype(np.float64),
        source="maternities",
        postal=table["postal_code"],
    )


def _schools(workshop: Workshop) -> _Rows | None:
    table = workshop.read("schools", "schools/annuaire_ecoles_france*.parquet")
    if table is None:
        return None
    kinds = np.array([_SCHOOLS.get(kind, "") for kind in table["kind"].tolist()], dtype=object)
    table, kinds = table.where(kinds != ""), kinds[kinds != ""]
    return _named(
        workshop,
        kind=kinds,
        ids=table["uai"],
        names=table["name"],
        codes=table["commune_code"],
        lon=table["longitude"],
        lat=table["latitude"],
        size=table["pupils"],
        source="schools",
    )


def _named(
    workshop: Workshop,
    *,
    kind: TextArray,
    ids: TextArray,
    names: TextArray,
    codes: TextArray,
    lon: FloatArray,
    lat: FloatArray,
    size: FloatArray,
    source: str,
    postal: TextArray | None = None,
) -> _Rows:
    """Put named facilities on their units; those of no unit are left out and counted."""
    passage = workshop.frame.passage(codes, from_year=None)
    unit = np.full(codes.size, -1, dtype=np.int64)
    unit[passage.old_row[::-1]] = passage.new_row[::-1]
    if postal is not None:
        unit = _in_arrondissement(workshop, codes, postal, unit)
    lost = int((unit < 0).sum())
    if lost:
        workshop.note(source, f"{lost} establishments stand in no unit and are left out.")
    rows = _Rows(kind, ids, names, unit, lon, lat, np.ones(codes.size), size, source)
    return rows.where(unit >= 0)


def _in_arrondissement(
    workshop: Workshop, codes: TextArray, postal: TextArray, unit: IntArray
) -> IntArray:
    """Place what is told of Paris, Lyon or Marseille by its postal code: 69003 → 69383."""
    row_of = {code: row for row, code in enumerate(workshop.frame.codes.tolist())}
    found = unit.copy()
    for row, (code, text) in enumerate(zip(codes.tolist(), postal.tolist(), strict=True)):
        part = arrondissement_at(text, workshop.frame.divided.get(code, ()))
        if part:
            found[row] = row_of[part]
    return found


def _table(parts: list[_Rows], units: Table) -> Table:
    if not parts:
        parts = [_anonymous("pharmacy", np.empty(0, np.int64), np.empty(0), units, "bpe")]
    joined = {
        name: np.concatenate([getattr(part, name) for part in parts])
        for name in ("kind", "facility_id", "name", "unit_row", "count", "size", "lon", "lat")
    }
    located = np.concatenate(
        [np.full(part.kind.size, part.source in ("finess", "schools")) for part in parts]
    ) & ~np.isnan(joined["lon"])
    row = joined["unit_row"]
    joined["lon"] = np.where(located, joined["lon"], units["lon"][row])
    joined["lat"] = np.where(located, joined["lat"], units["lat"][row])
    sources = [np.full(part.kind.size, part.source, dtype=object) for part in parts]
    return Table(FACILITIES, {**joined, "located": located, "source": np.concatenate(sources)})


def _minutes(workshop: Workshop, units: Table, table: Table) -> dict[str, FloatArray]:
    """Return the minutes from each unit to the nearest facility of each timed kind.

    By the table of travel times where it has the trip, else by the crow-fly model; nan where no
    road leads.
    """
    land = pieces_of_land(units["code"])
    trips = unit_trips(workshop, units)
    found = {}
    for name, kind in TIMED.items():
        sites = np.unique(table["unit_row"][(table["kind"] == kind)])
        sites = sites[~np.isnan(units["lon"][sites])]
        minutes = _crow_fly_minutes(units, sites, land)
        if trips is not None:
            minutes = _minutes_of_table(trips, sites, minutes)
        found[name] = minutes
        lost = int((np.isnan(minutes) & ~np.isnan(units["lon"])).sum())
        if lost and sites.size:
            workshop.note("bpe", f"{lost} communes have no road to a facility of kind {kind}.")
    return found


def _crow_fly_minutes(units: Table, sites: IntArray, land: IntArray) -> FloatArray:
    minutes = np.full(len(units), np.nan)
    placed = ~np.isnan(units["lon"])
    if not sites.size:
        return minutes
    nearest = nearest_facility(
        model=METRIC_GIRONDE,
        lon=units["lon"][placed],
        lat=units["lat"][placed],
        facility_lon=units["lon"][sites],
        facility_lat=units["lat"][sites],
        group=land[placed],
        facility_group=land[sites],
    )
    times = nearest.travel_time_min
    minutes[placed] = np.where(np.isfinite(times), times, np.nan)
    return minutes


def _minutes_of_table(trips: UnitTrips, sites: IntArray, otherwise: FloatArray) -> FloatArray:
    """Take the table's minutes where it has the trip; a unit that reaches no other has no road."""
    to_site = np.isin(trips.destination, sites)
    best = np.full(otherwise.size, np.inf)
    np.minimum.at(best, trips.origin[to_site], trips.travel_time_min[to_site])
    elsewhere = trips.origin != trips.destination
    reaches = np.bincount(trips.origin[elsewhere], minlength=otherwise.size) > 0
    return np.where(np.isfinite(best), best, np.where(reaches, otherwise, np.nan))
