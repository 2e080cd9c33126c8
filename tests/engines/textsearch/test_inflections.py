"""The table of what French inflection does to a search, family by family."""

import pytest

from maillage.engines.textsearch.analyser import Analyser
from maillage.engines.textsearch.stems import stored_stems
from maillage.engines.textsearch.words import fold
from tests.engines.textsearch.french_words import PAIRS

ANALYSER = Analyser()

# Least share of pairs that find each other. What is left (dense/densité, former/formation) is for
# the lexicon where it matters.
LEAST_SHARE = {
    "pluriel en -s": 0.99,
    "-al, -aux": 0.98,
    "-é, -ée": 1.0,
    "-é, -ées": 1.0,
    "-és, -ée": 1.0,
    "-ier, -ière": 0.99,
    "-e, -ité": 0.96,
    "-er, -ation": 0.95,
    "-if, -ive": 0.99,
    "-eur, -euse": 0.99,
    "-teur, -trice": 0.99,
}


def finds(query, text):
    terms = set(ANALYSER.index_terms(text))
    return all(asked.is_in(terms) for asked in ANALYSER.query_terms(query))


def share_found(pairs):
    found = [finds(one, other) for one, other in pairs]
    return sum(found) / len(found)


@pytest.mark.parametrize("family", LEAST_SHARE)
@pytest.mark.parametrize("typed", ["with accents", "without accents"])
@pytest.mark.parametrize("way", ["first finds second", "second finds first"])
def test_each_form_of_a_word_finds_the_other(family, typed, way):
    pairs = PAIRS[family] if way == "first finds second" else [pair[::-1] for pair in PAIRS[family]]
    if typed == "without accents":
        pairs = [(fold(query), text) for query, text in pairs]
    assert len(pairs) >= 60
    missed = [pair for pair in pairs if not finds(*pair)]
    assert share_found(pairs) >= LEAST_SHARE[family], missed


def test_gender_and_number_are_found_at_least_99_times_in_a_hundred():
    kinds = set(PAIRS) - {"-e, -ité", "-er, -ation"}
    pairs = [pair for kind in kinds for pair in PAIRS[kind]]
    both_ways = pairs + [pair[::-1] for pair in pairs]
    typed_in_haste = [(fold(query), text) for query, text in both_ways]
    assert share_found(both_ways) >= 0.99
    assert share_found(typed_in_haste) >= 0.99


def test_a_word_typed_without_accents_finds_its_accented_self():
    words = {word for pairs in PAIRS.values() for pair in pairs for word in pair}
    accented = [(fold(word), word) for word in words if fold(word) != word]
    assert len(accented) > 300
    assert share_found(accented) == 1.0


def test_a_word_typed_with_accents_finds_a_text_in_capitals_without_them():
    words = {word for pairs in PAIRS.values() for pair in pairs for word in pair}
    assert share_found([(word, fold(word).upper()) for word in words]) >= 0.99


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("maux", "mail"),
        ("pelle", "peau"),
        ("banc", "banque"),
        ("poste", "poêle"),
        ("santé", "saut"),
        ("cour", "courage"),
        ("an", "âne"),
    ],
)
def test_strangers_do_not_meet(one, other):
    assert not finds(one, other)
    assert not finds(other, one)


def test_the_usual_recipe_loses_what_ours_finds():
    def recipe(word):
        """What PostgreSQL's unaccent, then french_stem, store."""
        return stored_stems(fold(word))[0]

    pairs = PAIRS["-é, -ée"]
    assert sum(recipe(one) == recipe(other) for one, other in pairs) / len(pairs) < 0.1
