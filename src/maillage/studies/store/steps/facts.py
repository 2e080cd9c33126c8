"""Step "facts": figures that are true at a coarser level than the unit, with year and source."""

from pathlib import Path
from typing import Final

import numpy as np

from maillage.core.tables import Table
from maillage.sources import practitioner_counts
from maillage.sources.catalogue import year_in
from maillage.studies.store import layout
from maillage.studies.store.tables import FACTS, UNITS, read_table, write_table
from maillage.studies.store.workshop import Workshop

OUTPUTS: Final = (layout.FACTS,)
_SAME_ZONES: Final = 0.95

Fact = tuple[str, str, str, str, float, str]


def run(workshop: Workshop) -> None:
    """Write the facts."""
    facts = [*_departments(workshop), *_employment_zones(workshop), *_patients(workshop)]
    facts += _living_zones(workshop)
    kept = [fact for fact in facts if not np.isnan(fact[4])]
    columns = list(zip(*kept, strict=True)) or [()] * 6
    names = [column.name for column in FACTS.columns]
    table = {
        name: np.array(list(values), dtype=float if name == "value" else object)
        for name, values in zip(names, columns, strict=True)
    }
    write_table(workshop.out / layout.FACTS, Table(FACTS, table))


def _departments(workshop: Workshop) -> list[Fact]:
    pattern = "health_pros/insee_statloc_departements_bpe*.csv"
    table = workshop.read("practitioner_counts", pattern)
    if table is None:
        return []
    year = str(year_in(workshop.paths("practitioner_counts", pattern)[-1]) or "")
    names = {"gps": "gp_count", "nurses": "nurse_count", "dentists": "dentist_count"}
    return [
        (
            "department",
            row["department_code"],
            names[column],
            year,
            float(row[column]),
            "Insee, BPE",
        )
        for row in table.rows()
        for column, name in names.items()
    ]


def _employment_zones(workshop: Workshop) -> list[Fact]:
    """Return densities by zone d'emploi 2020, whose codes stand in a file beside."""
    pattern = "health_pros/cartosante_ze2020_densites_*.csv"
    found = workshop.paths("practitioner_counts", pattern)
    beside = sorted(Path(workshop.data_dir / "health_pros").glob("ze2020_codes*.csv"))
    if not found or not beside:
        return []
    table = workshop.attempt(
        "practitioner_counts",
        found[-1],
        lambda path: practitioner_counts.read_employment_zone_densities(path, beside[-1]),
    )
    if table is None:
        return []
    year = str(year_in(found[-1]) or "")
    names = {
        "gps_per_10k": ("gps_per_10k", 1.0),
        "nurses_per_10k": ("nurses_per_10k", 1.0),
        "share_75_plus_pct": ("share_75_plus", 0.01),
    }
    return [
        (
            "employment_zone",
            row["employment_zone_code"],
            name,
            year,
            float(row[column]) * factor,
            "CartoSanté",
        )
        for row in table.rows()
        for column, (name, factor) in names.items()
    ]


def _living_zones(workshop: Workshop) -> list[Fact]:
    """Return poverty by bassin de vie, when the units know theirs of the same year."""
    table = workshop.read("living_zones", "demand/insee_statloc_bv2022.csv")
    if table is None:
        return []
    units = read_table(workshop.out / layout.UNITS, UNITS)
    known = set(units["living_zone_code"].tolist()) - {""}
    told = set(table["living_zone_code"].tolist())
    if len(known & told) < _SAME_ZONES * len(known | told):
        workshop.note(
            "living_zones",
            f"{len(known & told)} of {len(known)} living zones of the communes are in the file: "
            "they are not of the same year, so that no figure is joined.",
        )
        return []
    return [
        (
            "living_zone",
            row["living_zone_code"],
            "poverty_rate",
            "2021",
            row["poverty_rate_pct"] / 100,
            "Insee",
        )
        for row in table.rows()
    ]


def _patients(workshop: Workshop) -> list[Fact]:
    table = workshop.read("medecin_traitant", "health_pros/medecin_traitant*.csv")
    if table is None:
        return []
    return [
        (
            row["territory_kind"],
            row["territory_code"],
            row["indicator"],
            str(row["year"]),
            row["value"],
            row["source"],
        )
        for row in table.rows()
    ]
