"""Step "geography": units, territories, postal codes, and the codes that ended."""

from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely

from maillage.core.errors import InputError
from maillage.core.tables import Table
from maillage.sources.catalogue import year_in
from maillage.sources.cog import arrondissement_at
from maillage.sources.contours import geometries
from maillage.sources.memberships import read_zones
from maillage.studies.store import layout
from maillage.studies.store.membership import NATION_CODE
from maillage.studies.store.steps.contours import area_km2, unit_points
from maillage.studies.store.tables import (
    CODE_CHANGES,
    POSTAL_CODES,
    UNITS,
    FloatArray,
    TextArray,
    read_contours,
    write_table,
)
from maillage.studies.store.territories import territories_of
from maillage.studies.store.workshop import Frame, Workshop

OUTPUTS: Final = (layout.UNITS, layout.TERRITORIES, layout.POSTAL_CODES, layout.CODE_CHANGES)
_ZONE_COLUMNS: Final = {
    "employment_zone_code": "employment_zone_code",
    "living_zone_code": "living_zone_2022_code",
    "aav_code": "aav_code",
    "aav_category": "aav_category",
    "urban_unit_code": "urban_unit_code",
}
_MOST_WITHOUT_PEOPLE: Final = 0.02
_NO_ZONE: Final = frozenset({"", "000", "0000", "00000"})


def run(workshop: Workshop) -> None:
    """Write the units and what hangs on them."""
    contours = read_contours(workshop.out / layout.CONTOURS)
    units, names = _units(workshop, contours)
    write_table(workshop.out / layout.UNITS, units)
    bounds = shapely.bounds(contours)
    at = np.column_stack((units["lon"], units["lat"], units["lon"], units["lat"]))
    bounds = np.where(np.isnan(bounds), at, bounds)
    write_table(
        workshop.out / layout.TERRITORIES, territories_of(units, names=names, bounds=bounds)
    )
    write_table(workshop.out / layout.POSTAL_CODES, _postal_codes(workshop))
    write_table(workshop.out / layout.CODE_CHANGES, _code_changes(workshop.frame))


def _units(workshop: Workshop, contours: Any) -> tuple[Table, dict[tuple[str, str], str]]:
    frame = workshop.frame
    names = _official_names(workshop)
    epci = _epci(workshop, names)
    zones = _zones(workshop, names)
    points = _points(workshop, contours)
    table = Table(
        UNITS,
        {
            "code": frame.codes,
            "name": frame.names,
            "department_code": frame.department_code,
            "region_code": frame.region_code,
            "epci_code": epci,
            "parent_code": frame.parent_code,
            **zones,
            "lon": points[:, 0],
            "lat": points[:, 1],
            "area_km2": _areas(workshop, contours),
            "population": _population(workshop),
        },
    )
    return table, names


def _official_names(workshop: Workshop) -> dict[tuple[str, str], str]:
    frame = workshop.frame
    departments = workshop.read("cog", "cog/departements.csv")
    regions = workshop.read("cog", "cog/regions.csv")
    whole = frame.communes.where(frame.communes["kind"] == "COM")
    names = {("nation", NATION_CODE): "France"}
    for kind, table, column in (
        ("commune", whole, "commune_code"),
        ("department", departments, "department_code"),
        ("region", regions, "region_code"),
    ):
        pairs = zip(table[column].tolist(), table["name"].tolist(), strict=True)
        names.update({(kind, code): name for code, name in pairs})
    return names


def _epci(workshop: Workshop, names: dict[tuple[str, str], str]) -> TextArray:
    frame = workshop.frame
    table = workshop.read("epci", "cog/epcicom.xlsx")
    if table is None:
        return np.full(frame.codes.size, "", dtype=object)
    pairs = zip(table["epci_code"].tolist(), table["epci_name"].tolist(), strict=True)
    names.update({("epci", code): name for code, name in pairs})
    passage = workshop.passage(
        "epci",
        table["commune_code"],
        what="Composition of the EPCI",
        otherwise=frame.cog_year,
    )
    return passage.first_to(table["epci_code"])


def _zones(workshop: Workshop, names: dict[tuple[str, str], str]) -> dict[str, TextArray]:
    frame = workshop.frame
    pattern = "zonages/table-appartenance-geo-communes-*.xlsx"
    table = workshop.read("memberships", pattern)
    if table is None:
        return {name: np.full(frame.codes.size, "", dtype=object) for name in _ZONE_COLUMNS}
    path = workshop.paths("memberships", pattern)[-1]
    passage = workshop.passage(
        "memberships", table["commune_code"], what="Memberships", otherwise=year_in(path)
    )
    living = "living_zone_2022_code"
    if not (table[living] != "").any():
        living = "living_zone_2012_code"
        workshop.note("memberships", "Living zones are those of 2012: the file has no others.")
    _name_zones(path, living, names)
    columns = {**_ZONE_COLUMNS, "living_zone_code": living}
    return {name: _real_zones(passage.first_to(table[column])) for name, column in columns.items()}


def _name_zones(path: Path, living: str, names: dict[tuple[str, str], str]) -> None:
    kinds = {
        "ZE2020": "employment_zone",
        "BV2022" if "2022" in living else "BV2012": "living_zone",
    }
    zones = read_zones(path)
    for level, code, name in zip(
        zones["level"].tolist(), zones["zone_code"].tolist(), zones["name"].tolist(), strict=True
    ):
        if level in kinds:
            names[kinds[level], code] = name


def _real_zones(codes: TextArray) -> TextArray:
    """Return zone codes, "" where the code stands for "in no zone"."""
    return np.where(np.isin(codes, list(_NO_ZONE)), "", codes).astype(object)


def _points(workshop: Workshop, contours: Any) -> FloatArray:
    points = unit_points(workshop)
    missing = np.isnan(points[:, 0]) & ~shapely.is_empty(contours)
    inner = shapely.point_on_surface(contours[missing])
    points[missing] = np.column_stack((shapely.get_x(inner), shapely.get_y(inner)))
    if missing.any():
        workshop.note(
            "centroids", f"{int(missing.sum())} communes have no point: one inside their contour."
        )
    return points


def _areas(workshop: Workshop, contours: Any) -> FloatArray:
    """Return areas from the finer contours of 2018 where they tell, else from the lighter ones.

    Contours made light for display are wrong by more than a third for one commune in twenty.
    """
    area = area_km2(contours)
    table = workshop.read(
        "contours", "geometry/france-geojson-2018-communes-par-departement.tar.gz"
    )
    if table is None:
        return area
    passage = workshop.passage(
        "contours", table["commune_code"], what="Contours 2018", otherwise=2018
    )
    finer = passage.sum_to(area_km2(geometries(table)))
    without = int(np.isnan(finer).sum())
    workshop.note("contours", f"Areas come from the contours of 2018, but for {without} communes.")
    return np.where(np.isnan(finer), area, finer)


def _population(workshop: Workshop) -> FloatArray:
    frame = workshop.frame
    population = np.full(frame.codes.size, np.nan)
    for pattern in ("cog/donnees_communes.csv", "cog/donnees_communes_mayotte.csv"):
        table = workshop.read("populations", pattern)
        if table is None:
            continue
        codes = table["commune_code"].tolist()
        passage = frame.passage(codes, from_year=frame.years.year_of(codes))
        found = passage.sum_to(table["population_municipal"].astype(np.float64))
        population = np.where(np.isnan(found), population, found)
    without = int(np.isnan(population).sum())
    if without > _MOST_WITHOUT_PEOPLE * population.size:
        raise InputError(
            f"{without} of {population.size} communes have no legal population in "
            "cog/donnees_communes.csv: the file was cut, or is not of the year of "
            "cog/communes.csv. Fetch both again with `maillage data pull`."
        )
    if without:
        workshop.note("populations", f"{without} communes have no legal population.")
    return population


def _postal_codes(workshop: Workshop) -> Table:
    frame = workshop.frame
    pairs: set[tuple[str, str]] = set()
    for pattern in (
        "communes/laposte_insee-coordonnees-communes.csv",
        "communes/odis_corresp_codes_communes.csv",
    ):
        table = workshop.read("postal_codes", pattern)
        if table is None:
            continue
        passage = frame.passage(table["commune_code"], from_year=None)
        postal = table["postal_code"][passage.old_row].tolist()
        pairs |= set(zip(postal, frame.codes[passage.new_row].tolist(), strict=True))
    kept = sorted(pair for pair in pairs if _serves(*pair, frame.divided))
    return Table(
        POSTAL_CODES,
        {
            "postal_code": np.array([postal for postal, _ in kept], dtype=object),
            "commune_code": np.array([code for _, code in kept], dtype=object),
        },
    )


def _serves(postal: str, code: str, divided: dict[str, tuple[str, ...]]) -> bool:
    """Say no to the 7th arrondissement of Lyon under the postal code of the 3rd."""
    parts = next((parts for parts in divided.values() if code in parts), ())
    return not parts or arrondissement_at(postal, parts) == code


def _code_changes(frame: Frame) -> Table:
    current = set(frame.codes.tolist()) | set(frame.divided)
    names: dict[str, tuple[str, str]] = {}
    moves = frame.movements
    for code, name, kind, day in zip(
        moves["code_before"].tolist(),
        moves["name_before"].tolist(),
        moves["kind_before"].tolist(),
        moves["effective_on"].tolist(),
        strict=True,
    ):
        if kind == "COM" and code and code not in current:
            names[code] = max(names.get(code, ("", "")), (day, name))
    ended = np.array(sorted(names), dtype=object)
    passage = frame.passage(ended, from_year=None)
    codes = ended[passage.old_row]
    return Table(
        CODE_CHANGES,
        {
            "code": codes,
            "name": np.array([names[code][1] for code in codes.tolist()], dtype=object),
            "successor_code": frame.codes[passage.new_row],
            "ended_on": np.array([names[code][0] for code in codes.tolist()], dtype=object),
        },
    )
