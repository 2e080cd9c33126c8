"""Lists of communes as people paste them."""

import pytest

from maillage.web.territories.commune_list import MOST_LINES, read_commune_list
from tests.web.territories.places import places_index

INDEX = places_index()


def codes(text):
    read = read_commune_list(INDEX, text)
    assert read.problems == ()
    return list(read.codes)


def advice(text):
    (problem,) = read_commune_list(INDEX, text).problems
    return problem.advice


@pytest.mark.parametrize(
    "text",
    ["64445", "Pau", "pau", "PAU\n", "64000", "64000 Pau", "Pau (64)", "Pau 64", "\tPau;"],
)
def test_one_commune_is_understood_however_it_is_written(text):
    assert codes(text) == ["64445"]


def test_lines_commas_and_tabs_separate_communes_and_each_counts_once():
    assert codes("Pau, Bidos;pau\nOloron Sainte Marie\t64445") == ["64129", "64422", "64445"]


def test_a_postal_code_stands_for_all_its_communes():
    assert codes("64400") == ["64129", "64422"]


def test_a_former_name_stands_for_the_commune_of_today():
    assert codes("Sainte-Marie-d'Aspe") == ["64422"]


def test_namesakes_are_never_guessed():
    assert "Plusieurs communes" in advice("Saint-Denis")
    assert codes("Saint-Denis 974") == ["97411"]
    assert codes("97400 Saint-Denis") == ["97411"]


def test_a_misspelt_name_is_not_taken_but_a_near_one_is_proposed():
    assert "Oloron-Sainte-Marie (64)" in advice("Olron Sainte Marie")


def test_digits_that_are_both_kinds_of_code_are_not_guessed():
    assert "Aix-en-Provence" in advice("13001")
    assert codes("13001 Aix-en-Provence") == ["13001"]


def test_unknown_words_and_codes_are_told_line_by_line():
    read = read_commune_list(INDEX, "Pau\n99999\n\nxyzzyqw")
    assert read.codes == ("64445",)
    assert [(problem.line, problem.text) for problem in read.problems] == [
        (2, "99999"),
        (3, "xyzzyqw"),
    ]


def test_a_list_without_end_is_not_read_to_the_end():
    read = read_commune_list(INDEX, "\n".join(["64445"] * (MOST_LINES + 5)))
    assert len(read.problems) == 1
    assert str(MOST_LINES) in read.problems[0].advice
