"""The words of the criteria in force."""

from urllib.parse import urlencode

import pytest
from pytest_django import DjangoAssertNumQueries

from maillage.web.register.finding.criteria import criteria_of
from maillage.web.register.finding.presenting import chips_of
from maillage.web.territories.models import Territory


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
