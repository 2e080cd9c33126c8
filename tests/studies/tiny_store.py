"""A store of eight communes written by hand, small enough to check every figure with a pencil."""

from pathlib import Path

import numpy as np

from maillage.core.tables import Table
from maillage.studies.indicators import indicators
from maillage.studies.store import layout, tables
from maillage.studies.store.territories import territories_of

CODES = ["20001", "20002", "20003", "20004", "20005", "20101", "20102", "20103"]
POPULATION = np.array([10_000.0, 2_000.0, 500.0, 1_500.0, 300.0, 6_000.0, 4_000.0, 700.0])
STANDARDISED = np.array([10_100.0, 1_950.0, 550.0, 1_500.0, 360.0, 5_900.0, 4_050.0, 790.0])
APL = np.array([4.0, 2.4, 1.0, 3.0, np.nan, 3.5, 2.5, 0.0])
LONGITUDE = -6.0 + 0.05 * np.arange(8)
LATITUDE = 46.0 + 0.02 * np.array([0, 1, 0, 2, 3, 0, 1, 2])


def write_tiny_store(folder: Path, *, fictional: bool = True) -> Path:
    """Write the version folder of a store of eight units and return it."""
    folder.mkdir(parents=True)
    units = tiny_units()
    tables.write_table(folder / layout.UNITS, units)
    names = {
        ("department", "20"): "Vézillois (département fictif)",
        ("region", "99"): "Région fictive",
        ("epci", "200000001"): "Communauté de communes du Levant",
        ("epci", "200000002"): "Communauté de communes du Couchant",
        ("nation", "FR"): "Vézillois (fictif)",
        ("commune", "20100"): "Grandville",
        **{("commune", code): f"Commune {code}" for code in CODES},
    }
    tables.write_table(folder / layout.TERRITORIES, territories_of(units, names=names))
    tables.write_columns(folder / layout.NUMBERS, tiny_numbers(), name="numbers")
    tables.write_columns(folder / layout.TEXTS, tiny_texts(), name="texts")
    manifest = layout.Manifest(
        version="20261122T000000Z-00000000",
        built_at="2026-11-22T00:00:00+00:00",
        fictional=fictional,
        cog_year=2026,
    )
    (folder / layout.MANIFEST).write_text(manifest.to_json(), encoding="utf-8")
    return folder


def tiny_units() -> Table:
    """Return eight units: five communes, and a city of three arrondissements."""
    n_units = len(CODES)

    def text(*values: str) -> np.ndarray:
        return np.array(values if len(values) > 1 else list(values) * n_units, dtype=object)

    return Table(
        tables.UNITS,
        {
            "code": text(*CODES),
            "name": text(*(f"Commune {code}" for code in CODES)),
            "department_code": text("20"),
            "region_code": text("99"),
            "epci_code": text(*["200000001"] * 4, "", *["200000002"] * 3),
            "parent_code": text(*[""] * 5, *["20100"] * 3),
            "employment_zone_code": text("9901"),
            "living_zone_code": text(*["20001"] * 5, *["20101"] * 3),
            "aav_code": text(""),
            "aav_category": text(""),
            "urban_unit_code": text(""),
            "lon": LONGITUDE,
            "lat": LATITUDE,
            "area_km2": np.array([20.0, 15.0, 30.0, 12.0, 40.0, 5.0, 4.0, 3.0]),
            "population": POPULATION,
        },
    )


def tiny_numbers() -> dict[str, np.ndarray]:
    """Return the numbers of the eight units, and the weights that their means take."""
    unknown = np.full(len(CODES), np.nan)
    return {
        **{item.id: unknown for item in indicators().values() if not item.is_class},
        "standardised_population_previous": unknown,
        "population": POPULATION,
        "area_km2": np.array([20.0, 15.0, 30.0, 12.0, 40.0, 5.0, 4.0, 3.0]),
        "standardised_population": STANDARDISED,
        "apl_gp": APL,
        "apl_gp_65": APL * 0.8,
        "share_65_plus": np.array([0.2, 0.25, 0.3, 0.22, 0.4, 0.18, 0.19, 0.35]),
    }


def tiny_texts() -> dict[str, np.ndarray]:
    """Return the classes of the eight units."""
    return {
        "zonage_gp": np.array(["ZAC", "ZIP", "ZIP", "ZAC", "", "HZ", "HZ", "ZIP"], dtype=object)
    }
