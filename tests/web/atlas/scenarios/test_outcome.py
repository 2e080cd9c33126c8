"""What a plan changes, worked out by hand on eight communes in a line."""

import numpy as np
import pytest

from maillage.web.atlas.scenarios.language import read_plan
from maillage.web.atlas.scenarios.outcome import (
    commune_changes,
    contributions,
    outcome_of,
    published_at,
    sorted_rows,
    territory_changes,
)
from maillage.web.atlas.scenarios.presenting import (
    ERROR_SENTENCE,
    before_and_after,
    commune_row,
    error_text,
    listed,
    presented,
    signed,
)
from tests.studies.line_store import GAIN


@pytest.fixture
def outcome(line_store):
    def make(*tokens):
        return outcome_of(line_store, read_plan(line_store, tokens))

    return make


def codes(found, rows):
    return found.store.units["code"][rows].tolist()


def test_a_doctor_is_shared_by_those_who_reach_him(outcome):
    found = outcome("gp:20003:1")
    assert sorted(codes(found, found.touched)) == ["20002", "20003", "20004"]
    assert found.scenario.gain[found.touched] == pytest.approx([GAIN] * 3)
    assert found.acts == pytest.approx(5_400)
    assert found.gaining == 2_000 + 500 + 1_500


def test_those_who_pass_the_threshold_are_counted_in_plain_people(outcome):
    # 20002 goes from 2.4 to 3.75; 20003 from 1.0 to 2.35, still under; 20004 was above.
    found = outcome("gp:20003:1")
    assert (found.lifted, found.lifted_communes) == (2_000, 1)
    assert (found.dropped, found.dropped_communes) == (0, 0)


def test_the_error_of_the_model_widens_the_count(outcome):
    # With a gain 37 % higher, 20003 reaches 1.0 + 1.85 = 2.85; 37 % lower, 20002 is at 3.25.
    assert outcome("gp:20003:1").lifted_range == (2_000, 2_500)


def test_a_departure_takes_people_below(outcome):
    # Shared by 10 740 people: −0.50 each. 20101 stays at 3.0, 20102 was at 2.5, 20103 at 0.
    found = outcome("gp:20102:-1")
    assert (found.dropped, found.dropped_communes) == (4_000, 1)
    assert found.acts == pytest.approx(-5_400)
    assert found.losing == 6_000 + 4_000 + 700


def test_retirements_take_what_doctors_over_65_bring(outcome):
    found = outcome("retire:20001:1")
    change = commune_changes(found, found.touched)[0]
    assert (change.code, change.estimated) == ("20001", pytest.approx(4.0 * 0.8))


def test_moves_are_held_against_one_another(outcome):
    together = outcome("gp:20003:1", "gp:20003:0.2")
    first, second = contributions(together)
    assert first.acts == pytest.approx(5_400)
    assert (first.alone, second.alone) == (2_000, 2_000)
    assert (first.without, second.without) == (2_000, 2_000)
    assert together.lifted == 2_500  # 1.0 + 1.35 × 1.2 = 2.62: neither lifts 20003 alone


def test_one_move_is_compared_with_nothing(outcome):
    assert contributions(outcome("gp:20003:1")) == []


def test_the_acts_of_territories_add_up_to_all_acts(outcome):
    found = outcome("gp:20004:1")
    changes = territory_changes(found, "department")
    assert sum(change.acts for change in changes) == pytest.approx(found.acts)
    assert changes[0].holds_a_move


def test_a_territory_without_the_move_is_told_apart(outcome):
    found = outcome("gp:20101:1")
    by_code = {change.code: change for change in territory_changes(found, "epci")}
    assert by_code["200000002"].holds_a_move
    assert "200000001" not in by_code  # 20005, next door, belongs to no EPCI


def test_communes_are_sorted_by_any_column_with_the_unknown_last(outcome):
    found = outcome("gp:20004:1", "gp:20101:1")
    for sort in ("published", "-published", "estimated"):
        assert codes(found, sorted_rows(found, sort))[-1] == "20005"
    names = codes(found, sorted_rows(found, "name"))
    assert names == sorted(names)
    assert codes(found, sorted_rows(found, "-name")) == names[::-1]
    gains = found.scenario.gain[sorted_rows(found, "gain")]
    assert (np.diff(gains) >= 0).all()


def test_where_nothing_is_published_nothing_is_estimated(outcome):
    found = outcome("gp:20005:1")
    row = commune_row(
        next(one for one in commune_changes(found, found.touched) if one.code == "20005")
    )
    assert (row.published, row.estimated) == ("non disponible", "non disponible")
    assert any("ne publie pas" in line for line in presented(found).warnings)


def test_removing_more_than_there_is_is_told(outcome):
    warnings = presented(outcome("gp:20003:-5")).warnings
    assert any("ramenée à zéro" in line for line in warnings)


def test_every_headline_says_published_estimated_and_error(outcome):
    line = presented(outcome("gp:20003:1")).headlines[0]
    assert line.startswith("À Commune 20003 : publié 1,0 → estimé 2,4 ± 0,5")
    assert "37 %" in ERROR_SENTENCE
    assert "entre 0,19 et 0,41" in ERROR_SENTENCE


def test_a_city_shares_a_doctor_between_its_arrondissements(outcome):
    found = outcome("gp:20100:3")
    assert found.acts == pytest.approx(3 * 5_400)
    assert "Grandville (Commune 20101)" in presented(found).headlines[0]


def test_the_published_access_of_a_city_is_the_mean_of_its_people(line_store):
    published, people = published_at(line_store, "20100")
    expected = (3.5 * 5_900 + 2.5 * 4_050 + 0.0 * 790) / (5_900 + 4_050 + 790)
    assert published == pytest.approx(expected)
    assert people == 10_700


@pytest.mark.parametrize(
    ("published", "estimated", "words"),
    [
        (2.3, 2.6, ("2,3", "2,6")),
        (2.46, 2.53, ("2,46", "2,53")),
        (6.73, 6.74, ("6,73", "6,74")),
        (float("nan"), float("nan"), ("non disponible", "non disponible")),
    ],
)
def test_figures_have_the_decimals_that_tell_them_apart(published, estimated, words):
    assert before_and_after(published, estimated) == words


def test_small_figures_are_never_rounded_to_nothing():
    assert error_text(0.001) == "0,01"
    assert signed(0.001, decimals=2) == "moins de 0,01"
    assert signed(-1_234.0, decimals=0) == "−1\u202f234"
    assert signed(0.0, decimals=2) == "0"


def test_long_lists_of_names_are_cut():
    assert listed(["a"]) == "a"
    assert listed(["a", "b"]) == "a et b"
    assert listed(list("abcdefgh"), most=3) == "a, b, c et 5 autres"


def test_gains_and_losses_of_a_territory_do_not_hide_each_other(outcome):
    found = outcome("gp:20003:1", "gp:20001:-1")
    (department,) = territory_changes(found, "department")
    assert department.acts == pytest.approx(0.0, abs=1e-9)
    assert department.share == pytest.approx(1.0)
    assert department.gaining > 0
    assert department.losing > 0
