"""What lists show of an initiative."""

import pytest

from maillage.studies.french_analyser import french_analyser
from maillage.web.register.finding.presenting import lines_of
from maillage.web.register.models import Initiative
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
