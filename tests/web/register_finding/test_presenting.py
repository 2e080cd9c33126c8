"""What lists show of an initiative, and the words of the criteria in force."""

from urllib.parse import urlencode

import pytest
from pytest_django import DjangoAssertNumQueries

from maillage.studies.french_analyser import french_analyser
from maillage.web.register.finding.criteria import criteria_of
from maillage.web.register.finding.presenting import chips_of, lines_of
from maillage.web.register.models import Initiative
from maillage.web.territories.models import Territory
from tests.web.register.conftest import MakeInitiative


def test_an_extract_of_a_description_shows_its_words_without_their_setting(
    make: MakeInitiative,
) -> None:
    made = make(
        promise="Un bus vient.",
        description="## Le bus\n\n- Il **dépiste** avec [la CPTS](https://example.org/a) le soir.",
    )
    terms = french_analyser().query_terms("dépister")
    shown = "".join(piece.text for piece in lines_of([made], terms)[0].extract)
    assert " ".join(shown.split()) == "Le bus Il dépiste avec la CPTS le soir."


def extract_of(made: Initiative, description: str) -> str:
    made.promise, made.description = "", description
    return "".join(piece.text for piece in lines_of([made], ())[0].extract)


def test_the_setting_of_a_line_is_looked_for_within_that_line(make: MakeInitiative) -> None:
    """Else thousands of empty lines are read again from each of them."""
    shown = extract_of(make(), "Le bus.\n\n\n \t- Il dépiste.")
    assert shown == "Le bus.\n\n\nIl dépiste."


@pytest.mark.parametrize("written", [f"[{'a' * 301}](b)", f"[a]({'b' * 501})"])
def test_a_link_is_looked_for_a_short_way(make: MakeInitiative, written: str) -> None:
    """Else thousands of opening brackets are each read to the end of the line."""
    assert extract_of(make(), written).startswith(written[:20])


def test_any_number_of_regions_is_named_by_one_query(
    db: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for code in ("11", "53"):
        Territory.objects.create(
            kind="region", code=code, name=f"Région {code}", slug=f"r{code}", cog_year=2026
        )
    many = criteria_of("&".join(f"region={number}" for number in range(10, 99)))
    with django_assert_num_queries(1):
        chips = chips_of(many)
    assert len(chips) == 89
    assert [chip.text for chip in chips if "Région 53" in chip.text] == ["Région : Région 53"]
    assert chips[0].text == "Région : 10"
    with django_assert_num_queries(0):
        chips_of(criteria_of("theme=prevention"))


@pytest.mark.parametrize("code", ["1", "111", "éa", "a-"])
def test_what_cannot_be_the_code_of_a_region_is_left_out(code: str) -> None:
    assert criteria_of(urlencode({"region": code})).is_empty
