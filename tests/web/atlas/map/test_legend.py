"""The legend counts every commune once, and has a colour for every class."""

from pathlib import Path

import pytest

import maillage
from maillage.studies.indicators import indicator, indicators
from maillage.web.atlas.map.legend import PALETTE_SIZES, legend_of, swatch

SHEET = Path(maillage.__file__).parents[2] / "front/scss/map.scss"


def test_every_commune_is_counted_once(tiny_store):
    for name in ("apl_gp", "zonage_gp"):
        legend = legend_of(tiny_store, indicator(name))
        assert sum(row.communes for row in legend.rows) + legend.missing == 8
        assert legend.missing == 1


def test_the_least_favourable_class_has_the_first_colour():
    assert swatch(indicator("apl_gp"), 0, 6) == "sequential-6-0"  # few consultations
    assert swatch(indicator("time_emergency_min"), 5, 6) == "sequential-6-0"  # many minutes
    assert swatch(indicator("apl_gp_change"), 0, 7) == "diverging-7-0"  # a fall
    assert swatch(indicator("population"), 6, 7) == "sequential-7-0"  # neither end is better
    assert swatch(indicator("zonage_gp"), 0, 4) == "categorical-4-0"  # most in need


SIZES = [
    (name, size) for name, item in indicators().items() for size in PALETTE_SIZES[item.palette]
]


@pytest.mark.parametrize(("name", "n_classes"), SIZES)
def test_every_class_has_a_colour_of_its_own(name, n_classes):
    named = [swatch(indicator(name), rank, n_classes) for rank in range(n_classes)]
    assert len(set(named)) == n_classes


def test_the_sheet_has_the_palettes_that_the_legend_names():
    text = SHEET.read_text(encoding="utf-8")
    for name, sizes in (("$picks", PALETTE_SIZES["sequential"]), ("$balanced", (3, 5, 7))):
        block = text.split(f"{name}: (")[1].split(");")[0]
        for size in sizes:
            assert f"{size}: (" in block
    for size in PALETTE_SIZES["categorical"]:
        assert text.count(f"  {size}: (#") == 2  # light and dark
