"""Figures of territories, checked with a pencil on eight communes."""

import math

import numpy as np
import pytest

from maillage.core.errors import InputError
from maillage.studies import figures
from maillage.studies.indicators import indicator
from tests.studies.tiny_store import APL, POPULATION, STANDARDISED


def test_a_mean_of_the_apl_weighs_by_standardised_population(tiny_store):
    rows = tiny_store.rows("epci", "200000001")
    expected = (APL[:4] * STANDARDISED[:4]).sum() / STANDARDISED[:4].sum()
    assert figures.value(tiny_store, indicator("apl_gp"), rows) == pytest.approx(expected)


def test_a_unit_without_a_figure_weighs_nothing(tiny_store):
    rows = tiny_store.rows("living_zone", "20001")
    without = tiny_store.rows("epci", "200000001")
    item = indicator("apl_gp")
    assert figures.value(tiny_store, item, rows) == figures.value(tiny_store, item, without)


def test_other_means_weigh_by_population_and_sums_add_up(tiny_store):
    rows = np.array([0, 1])
    share = figures.value(tiny_store, indicator("share_65_plus"), rows)
    assert share == pytest.approx((0.2 * 10_000 + 0.25 * 2_000) / 12_000)
    assert figures.value(tiny_store, indicator("population"), rows) == 12_000
    density = figures.value(tiny_store, indicator("population_density"), rows)
    assert density == pytest.approx(12_000 / 35)


def test_people_under_the_threshold_are_counted_in_plain_population(tiny_store):
    below = figures.people_beyond_threshold(
        tiny_store, indicator("apl_gp"), tiny_store.rows("nation", "FR")
    )
    assert below.people == 2_000 + 500 + 700  # 2,5 itself is not under 2,5
    assert below.total == POPULATION.sum() - 300
    assert below.units == 3
    assert below.share == pytest.approx(3_200 / 24_700)


def test_an_indicator_without_threshold_counts_nobody(tiny_store):
    with pytest.raises(InputError, match="no threshold"):
        figures.people_beyond_threshold(tiny_store, indicator("population"), np.array([0]))


@pytest.mark.parametrize("kind", ["commune", "epci", "department", "living_zone", "nation"])
@pytest.mark.parametrize("name", ["apl_gp", "apl_gp_over_65", "population", "population_density"])
def test_figures_of_all_territories_at_once_are_those_of_each(tiny_store, kind, name):
    item = indicator(name)
    together = figures.values_by_territory(tiny_store, item, kind)
    one_by_one = [
        figures.value(tiny_store, item, tiny_store.rows(kind, code))
        for code in tiny_store.membership(kind).codes
    ]
    assert together == pytest.approx(one_by_one, nan_ok=True)


def test_a_difference_is_taken_between_the_figures_of_the_territory(tiny_store):
    rows = tiny_store.rows("nation", "FR")
    difference = figures.value(tiny_store, indicator("apl_gp_over_65"), rows)
    later = figures.value(tiny_store, indicator("apl_gp"), rows)
    assert difference == pytest.approx(
        later - figures.value(tiny_store, indicator("apl_gp_65"), rows)
    )


def test_a_zoning_gives_shares_of_people_and_no_figure(tiny_store):
    rows = tiny_store.rows("epci", "200000001")
    shares = figures.class_shares(tiny_store, indicator("zonage_gp"), rows)
    assert shares == {"ZAC": pytest.approx(11_500 / 14_000), "ZIP": pytest.approx(2_500 / 14_000)}
    assert figures.units_by_class(tiny_store, indicator("zonage_gp"), rows) == {"ZAC": 2, "ZIP": 2}
    with pytest.raises(InputError, match="zoning"):
        figures.value(tiny_store, indicator("zonage_gp"), rows)


def test_a_territory_where_nothing_is_known_has_no_figure(tiny_store):
    rows = np.array([4])
    assert math.isnan(figures.value(tiny_store, indicator("apl_gp"), rows))
    below = figures.people_beyond_threshold(tiny_store, indicator("apl_gp"), rows)
    assert math.isnan(below.share)


def test_neutral_figures_are_neither_better_nor_worse():
    assert figures.is_favourable(indicator("share_65_plus"), 0.2, 0.3) is None
    assert figures.is_favourable(indicator("apl_gp"), 3.0, 2.0) is True
    assert figures.is_favourable(indicator("time_pharmacy_min"), 3.0, 2.0) is False
