"""Step "figures": every indicator by unit, and the weights that their means take."""

from collections.abc import Iterable, Mapping
from typing import Final

import numpy as np

from maillage.core.errors import InputError
from maillage.core.tables import Table
from maillage.sources import zonage_gp
from maillage.sources.age_groups import people_aged
from maillage.sources.apl_workbook import AplWorkbook, read_apl_workbook
from maillage.sources.bpe_counts import GP_TYPES, count_by_commune
from maillage.sources.catalogue import year_in
from maillage.sources.cog_movements import former_names
from maillage.studies.indicators import Indicator, indicators
from maillage.studies.store import layout
from maillage.studies.store.steps.facilities import MINUTES
from maillage.studies.store.tables import (
    POSTAL_CODES,
    UNITS,
    FloatArray,
    TextArray,
    read_columns,
    read_table,
    write_columns,
)
from maillage.studies.store.workshop import Workshop

OUTPUTS: Final = (layout.NUMBERS, layout.TEXTS)
BASES: Final = (
    "area_km2",
    "standardised_population",
    "standardised_population_previous",
    "gp_count",
    "gp_count_of_department",
)

_MOST_WITHOUT_APL: Final = 0.02

Numbers = dict[str, FloatArray]
Texts = dict[str, TextArray]
People = dict[str, float]


def run(workshop: Workshop) -> None:
    """Write the numbers and the classes of the units."""
    units = read_table(workshop.out / layout.UNITS, UNITS)
    unknown = np.full(len(units), np.nan)
    numbers: Numbers = {"population": units["population"], "area_km2": units["area_km2"]}
    numbers |= read_columns(workshop.out / MINUTES)
    workbook = _workbook(workshop)
    people = _people_by_code(workbook, units)
    numbers |= _apl(workshop, workbook) | _ages(workshop, people) | _distances(workshop, people)
    numbers |= _practitioners(workshop, units)
    texts = _zonings(workshop, units)
    reviewed = indicators().values()
    for name in (*BASES, *(item.id for item in reviewed if not item.is_class)):
        numbers.setdefault(name, unknown)
    for item in reviewed:
        _derive(item, numbers)
        if item.is_class:
            texts.setdefault(item.id, np.full(len(units), "", dtype=object))
    write_columns(workshop.out / layout.NUMBERS, numbers, name="numbers")
    write_columns(workshop.out / layout.TEXTS, texts, name="texts")


def _derive(item: Indicator, numbers: Numbers) -> None:
    if item.aggregate == "difference":
        later, earlier = (numbers[part] for part in item.parts)
        numbers[item.id] = later - earlier
    elif item.aggregate == "ratio":
        top, bottom = (numbers[part] for part in item.parts)
        out = np.full(top.shape, np.nan)
        numbers[item.id] = item.per * np.divide(top, bottom, out=out, where=bottom > 0)


def _workbook(workshop: Workshop) -> AplWorkbook:
    found = workshop.paths("apl_workbook", "apl/apl_generalistes_*.xlsx")
    if not found:
        workshop.read("apl_workbook", "apl/apl_generalistes_*.xlsx")
    workbook = read_apl_workbook(found[-1])
    workshop.check_stop()
    workshop.note("apl_workbook", *workbook.notes)
    return workbook


def _people_by_code(workbook: AplWorkbook, units: Table) -> People:
    """Return the inhabitants of each commune: of the oldest year that has it, before it merged."""
    tables = [workbook.years[year] for year in sorted(workbook.years)]
    pairs = [
        *((table["commune_code"], table["population"]) for table in tables),
        (units["code"], units["population"]),
    ]
    people: People = {}
    for codes, counts in reversed(pairs):
        people.update(zip(codes.tolist(), counts.tolist(), strict=True))
    return people


def _apl(workshop: Workshop, workbook: AplWorkbook) -> Numbers:
    """Return the APL of the latest two years, as published; a merger is a weighted mean."""
    years = sorted(workbook.years)
    _date_apl(workshop, years)
    numbers: Numbers = {}
    for suffix, year in zip(("", "_previous"), reversed(years), strict=False):
        numbers |= _apl_year(workshop, workbook.years[year], year, suffix)
    return numbers


def _date_apl(workshop: Workshop, years: list[int]) -> None:
    latest = str(years[-1])
    workshop.years |= dict.fromkeys(("apl_gp", "apl_gp_65", "apl_gp_over_65"), latest)
    if years[1:]:
        workshop.years["apl_gp_previous"] = str(years[-2])
        workshop.years["apl_gp_change"] = f"{years[-2]}–{latest}"


def _date(workshop: Workshop, names: Iterable[str], year: int | None) -> None:
    """Keep the year of the indicators that one file gives, when its name says it."""
    if year is not None:
        workshop.years |= dict.fromkeys(names, str(year))


def _apl_year(workshop: Workshop, table: Table, year: int, suffix: str) -> Numbers:
    """Return one year of the APL; its communes are those of the following 1 January."""
    workshop.rows["apl_workbook"] = workshop.rows.get("apl_workbook", 0) + len(table)
    passage = workshop.passage(
        "apl_workbook", table["commune_code"], what=f"APL {year}", otherwise=year + 1
    )
    workshop.note("apl_workbook", *table.notes)
    bare = len(passage.without_source())
    if bare > _MOST_WITHOUT_APL * workshop.frame.codes.size:
        raise InputError(
            f"The APL {year} has no row for {bare} of {workshop.frame.codes.size} communes: the "
            "workbook was cut, or is not a national one. Fetch it again with `maillage data pull`."
        )
    weights = table["standardised_population"]
    new_people = read_table(workshop.out / layout.UNITS, UNITS)["population"]
    standardised = passage.sum_to(weights, new_weights=np.nan_to_num(new_people))
    numbers = {
        f"apl_gp{suffix}": passage.mean_to(table["apl"], weights=weights),
        f"standardised_population{suffix}": standardised,
    }
    if not suffix:
        numbers["apl_gp_65"] = passage.mean_to(table["apl_65"], weights=weights)
    return numbers


def _ages(workshop: Workshop, people: People) -> Numbers:
    numbers: Numbers = {}
    pattern = "demand/insee_statloc_parts_age_communes_*.xlsx"
    shares = workshop.read("age_shares", pattern)
    if shares is not None:
        communes = shares.where(shares["level"] == "commune")
        year = year_in(workshop.paths("age_shares", pattern)[-1])
        columns = {
            "share_under_25": communes["share_under_25_pct"] / 100,
            "share_65_plus": communes["share_65_plus_pct"] / 100,
        }
        from_year = None if year is None else year + 3
        _date(workshop, columns, year)
        numbers |= _rates(workshop, "age_shares", communes["code"], columns, people, from_year)
    groups = workshop.read("age_shares", "demand/base-cc-evol-struct-pop-*.csv")
    if groups is not None:
        everyone, old = people_aged(groups, first=0), people_aged(groups, first=75)
        share = np.divide(old, everyone, out=np.full(old.shape, np.nan), where=everyone > 0)
        codes = groups["commune_code"]
        detailed = workshop.paths("age_shares", "demand/base-cc-evol-struct-pop-*.csv")[-1]
        _date(workshop, ("share_75_plus",), year_in(detailed))
        own = dict(zip(codes.tolist(), everyone.tolist(), strict=True))
        numbers |= _rates(workshop, "age_shares", codes, {"share_75_plus": share}, own, None)
    return numbers


def _distances(workshop: Workshop, people: People) -> Numbers:
    pattern = "demand/insee_statloc_eloignement_equipements_communes_*.xlsx"
    table = workshop.read("facility_distance", pattern)
    if table is None:
        return {}
    year = year_in(workshop.paths("facility_distance", pattern)[-1])
    columns = {
        name: table[f"{name}_pct"] / 100
        for name in ("share_far_proximity", "share_far_intermediate", "share_far_superior")
    }
    from_year = None if year is None else year + 2
    _date(workshop, columns, year)
    return _rates(workshop, "facility_distance", table["commune_code"], columns, people, from_year)


def _rates(
    workshop: Workshop,
    source: str,
    codes: TextArray,
    columns: Mapping[str, FloatArray],
    people: People,
    from_year: int | None,
) -> Numbers:
    """Bring rates to the units; those of communes that merged are averaged by their people.

    A commune that no file counts weighs one inhabitant.
    """
    passage = workshop.passage(source, codes, what=f"Rates of {source}", otherwise=from_year)
    weights = np.array([people.get(code, 1.0) for code in codes.tolist()])
    return {name: passage.mean_to(values, weights=weights) for name, values in columns.items()}


def _practitioners(workshop: Workshop, units: Table) -> Numbers:
    """Return the GPs of each unit, and those of its department, shared by people.

    The second column only adds up to something true over whole departments.
    """
    numbers: Numbers = {}
    people = np.nan_to_num(units["population"])
    counts = workshop.read("bpe_counts", "bpe/DS_BPE_*_data.csv")
    if counts is not None:
        year, codes, found = count_by_commune(counts, {"gps": GP_TYPES})
        _date(workshop, ("gp_per_10000",), year)
        passage = workshop.passage("bpe_counts", codes, what="GPs", otherwise=year + 1)
        numbers["gp_count"] = np.nan_to_num(
            passage.sum_to(found["gps"].astype(np.float64), new_weights=people)
        )
    table = workshop.read("practitioner_counts", "health_pros/insee_statloc_departements_bpe*.csv")
    if table is not None:
        known = zip(table["department_code"].tolist(), table["gps"].tolist(), strict=True)
        gps_of = dict(known)
        total = np.array([gps_of.get(code, np.nan) for code in units["department_code"].tolist()])
        _, group = np.unique(units["department_code"].astype(str), return_inverse=True)
        numbers["gp_count_of_department"] = total * people / np.bincount(group, people)[group]
    return numbers


def _zonings(workshop: Workshop, units: Table) -> Texts:
    texts: Texts = {}
    zonage = workshop.read("zonage_gp", "zonages/zonmed_communes.csv")
    if zonage is not None:
        texts["zonage_gp"] = _zonage_gp(workshop, zonage, units)
    for source, pattern, column, name in (
        (
            "zonage_nurse",
            "zonages/zonage_infirmiers_cartosante.csv",
            "zoning",
            "zonage_nurse",
        ),
        ("zrr", "zonages/zrr_communes_*.csv", "zrr", "zrr"),
    ):
        table = workshop.read(source, pattern)
        if table is not None:
            year = year_in(workshop.paths(source, pattern)[-1])
            passage = workshop.passage(
                source, table["commune_code"], what=f"Rows of {source}", otherwise=year
            )
            texts[name] = passage.first_to(table[column])
    towns = workshop.read("petites_villes", "initiatives/pvd_carte-interactive_*.csv")
    if towns is not None:
        passage = workshop.frame.passage(towns["commune_code"], from_year=None)
        named = np.full(towns["commune_code"].size, "oui", dtype=object)
        texts["petite_ville"] = passage.first_to(named)
    return texts


def _zonage_gp(workshop: Workshop, zonage: Table, units: Table) -> TextArray:
    """Join the zoning of doctors by postal code and name, former names of communes included."""
    frame = workshop.frame
    current = zip(units["code"].tolist(), units["name"].tolist(), strict=True)
    cities = {
        (code, name)
        for code, name in zip(
            frame.communes["commune_code"].tolist(), frame.communes["name"].tolist(), strict=True
        )
    }
    postal = read_table(workshop.out / layout.POSTAL_CODES, POSTAL_CODES)
    pairs = list(zip(postal["commune_code"].tolist(), postal["postal_code"].tolist(), strict=True))
    spellings = sorted({*current, *cities, *former_names(frame.movements)})
    joined = zonage_gp.join_zonage_gp(
        zonage,
        communes=units["code"].tolist(),
        names=spellings,
        postal_codes=[*pairs, *_former_postal_codes(workshop, pairs, spellings)],
    )
    passage = frame.passage(joined.table["commune_code"], from_year=None)
    zoning = passage.first_to(joined.table["zoning"])
    bare = int((zoning == "").sum())
    workshop.note(
        "zonage_gp",
        f"{len(units) - bare} of {len(units)} communes joined by postal code and name; "
        f"{bare} have no zoning, {len(joined.lines_left)} lines of the file found no commune.",
    )
    return zoning


def _former_postal_codes(
    workshop: Workshop, pairs: list[tuple[str, str]], spellings: list[tuple[str, str]]
) -> list[tuple[str, str]]:
    """Give communes that ended the postal codes of their successors, so that their names join."""
    frame = workshop.frame
    current = set(frame.codes.tolist())
    ended = sorted({code for code, _ in spellings} - current)
    passage = frame.passage(ended, from_year=None)
    by_unit: dict[str, list[str]] = {}
    for code, postal in pairs:
        by_unit.setdefault(code, []).append(postal)
    return [
        (ended[old], postal)
        for old, new in zip(passage.old_row.tolist(), passage.new_row.tolist(), strict=True)
        for postal in by_unit.get(str(frame.codes[new]), [])
    ]
