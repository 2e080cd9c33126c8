"""What lists show of initiatives."""

import pytest
from pytest_django import DjangoAssertNumQueries

from maillage.studies.french_analyser import french_analyser
from maillage.web.register.finding.lines import lines_of
from tests.web.register.conftest import MakeInitiative


def test_a_list_is_read_in_four_queries_and_keeps_its_order(
    make: MakeInitiative, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    made = [make(title=f"Bus {rank}") for rank in range(12)]
    asked = [each.pk for each in reversed(made)]
    with django_assert_num_queries(4):
        lines = lines_of(asked, ())
    assert [line.title for line in lines] == [each.title for each in reversed(made)]
    assert [line.address for line in lines] == [each.get_absolute_url() for each in reversed(made)]


def test_what_is_public_no_more_has_no_line(make: MakeInitiative) -> None:
    made, hidden = make(), make()
    hidden.hidden_at = hidden.created_at
    hidden.save()
    assert [line.public_id for line in lines_of([hidden.pk, made.pk], ())] == [made.public_id]


def test_the_promise_is_shown_where_the_title_answers(make: MakeInitiative) -> None:
    made = make(title="Dépister", promise="Un bus vient.", description="Il dépiste le soir.")
    terms = french_analyser().query_terms("dépister")
    line = lines_of([made.pk], terms)[0]
    assert [piece.text for piece in line.marked_title if piece.is_mark] == ["Dépister"]
    assert [piece.text for piece in line.extract] == ["Un bus vient."]


def test_an_extract_of_a_description_shows_its_words_without_their_setting(
    make: MakeInitiative,
) -> None:
    made = make(
        title="Un bus",
        promise="Un bus vient.",
        description="## Le bus\n\n- Il **dépiste** avec [la CPTS](https://example.org/a) le soir.",
    )
    terms = french_analyser().query_terms("dépister")
    shown = "".join(piece.text for piece in lines_of([made.pk], terms)[0].extract)
    assert " ".join(shown.split()) == "Le bus Il dépiste avec la CPTS le soir."


def extract_of(description: str, make: MakeInitiative) -> str:
    made = make()
    made.promise, made.description = "", description
    made.save()
    return "".join(piece.text for piece in lines_of([made.pk], ())[0].extract)


def test_the_setting_of_a_line_is_looked_for_within_that_line(make: MakeInitiative) -> None:
    """Else thousands of empty lines are read again from each of them."""
    shown = extract_of("Le bus.\n\n\n \t- Il dépiste.", make)
    assert shown == "Le bus.\n\n\nIl dépiste."


@pytest.mark.parametrize("written", [f"[{'a' * 301}](b)", f"[a]({'b' * 501})"])
def test_a_link_is_looked_for_a_short_way(make: MakeInitiative, written: str) -> None:
    """Else thousands of opening brackets are each read to the end of the line."""
    assert extract_of(written, make).startswith(written[:20])
