import random
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from maillage.core.errors import InputError
from maillage.engines.textsearch.analyser import Analyser
from maillage.engines.textsearch.correction import Change, correct
from maillage.engines.textsearch.lexicon import Form, lexicon_of
from maillage.engines.textsearch.spelling import (
    MOST_EDITS,
    countable_words,
    edits_allowed,
    vocabulary_of,
)
from maillage.engines.textsearch.words import fold, tokenise
from tests.engines.textsearch.french_words import WORDS
from tests.engines.textsearch.known_items import (
    draw_corpus,
    draw_items,
    with_a_typo,
    without_accents,
)

LEXICON = lexicon_of(
    [
        Form("cpts", "CPTS", is_acronym=True),
        Form("cpts", "communauté professionnelle territoriale de santé"),
    ]
)
COUNTS = {
    "précarité": 40,
    "precarite": 3,
    "prévention": 90,
    "hôpital": 60,
    "dépistage": 30,
    "dépistages": 1,
    "médecin": 200,
    "médical": 120,
    "centre": 150,
    "médcin": 1,
    "porter": 5,
    "postes": 300,
    "dépister": 4,
    "habiter": 80,
    "eau": 9,
    "h24": 9,
}
VOCABULARY = vocabulary_of(COUNTS, known=LEXICON.words)


def corrected(query):
    return correct(query, VOCABULARY, lexicon=LEXICON)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("precarité", "precarité"),
        ("precarite", "précarité"),
        ("prevantion", "prévention"),
        ("Dépistge du médcein", "dépistage du médecin"),
        ("hopitall", "hôpital"),
        ("hoptial", "hôpital"),
        ("lhopital", "l'hôpital"),
        ("centremedical", "centre médical"),
        ("CTPS", "CPTS"),
        ("comunauté", "communauté"),
        ("CPTS", "CPTS"),
        ("cpts", "cpts"),
        ("dépistées", "dépistées"),
        ("xyzzyx", "xyzzyx"),
        ("eua", "eau"),
        ("ea", "ea"),
        ("H25 h24 2023", "H25 h24 2023"),
        ("de la", "de la"),
        ("", ""),
    ],
)
def test_a_query_is_read_as_it_was_meant(typed, meant):
    assert corrected(typed).text == meant


def test_each_change_is_told_with_its_place():
    answer = corrected("Prevantion et precarite, hôpital")
    assert answer.changes == (
        Change("Prevantion", "prévention", "spelling", 0, 10),
        Change("precarite", "précarité", "accents", 14, 23),
    )
    assert [change.typed for change in answer.to_tell] == ["Prevantion"]
    assert answer.typed == "Prevantion et precarite, hôpital"


def test_a_query_well_spelt_is_left_alone():
    answer = corrected("La prévention à l'hôpital")
    assert answer.changes == ()
    assert answer.text == answer.typed


def test_a_rare_word_beside_a_common_one_is_kept_and_widened():
    answer = corrected("médcin")
    assert answer.text == "médcin"
    assert answer.to_tell == (Change("médcin", "médcin", "widened", 0, 6, ("médecin",)),)
    (asked,) = answer.query_terms(Analyser())
    weights = {each.term: each.weight for each in asked.alternatives}
    assert weights["medecin"] < weights["medcin"]


def test_a_word_that_texts_have_in_another_inflection_only_is_kept_and_widened():
    answer = corrected("portes")
    assert answer.text == "portes"
    assert answer.to_tell[0].others == ("postes",)
    (asked,) = answer.query_terms(Analyser())
    assert asked.is_in({"port"})
    assert asked.is_in({"post"})


def test_words_nearly_as_likely_are_looked_for_too():
    vocabulary = vocabulary_of({"carton": 5, "canton": 6})
    (change,) = correct("caxton", vocabulary).changes
    assert (change.meant, change.others) == ("canton", ("carton",))


def test_a_word_cut_in_two_keeps_its_other_reading():
    vocabulary = vocabulary_of({"oral": 50, "dorsal": 50, "bilan": 9})
    answer = correct("doral bilan", vocabulary)
    assert answer.text == "d'oral bilan"
    oral, bilan = answer.query_terms(Analyser())
    assert oral.is_in({"dorsal"})
    assert not bilan.is_in({"dorsal"})


def test_a_common_word_far_away_does_not_beat_a_rare_one_nearby():
    vocabulary = vocabulary_of({"outre": 10_000, "montrer": 1})
    assert correct("ontrer", vocabulary).text == "montrer"


def test_a_query_without_end_is_corrected_in_its_first_words_only():
    answer = corrected("prevantion " * 50)
    assert len(answer.changes) == 12


def test_a_word_is_known_without_its_accents_or_in_another_inflection():
    assert VOCABULARY.knows("precarite")
    assert VOCABULARY.knows("hôpitaux")
    assert not VOCABULARY.knows("hospice")


def test_an_empty_vocabulary_corrects_nothing():
    assert correct("prevantion", vocabulary_of({})).changes == ()
    assert vocabulary_of({}).closest("prévention") == []


def test_a_count_below_one_is_refused():
    with pytest.raises(InputError, match="counted 0 times"):
        vocabulary_of({"santé": 0})


def test_only_words_of_letters_are_counted():
    assert countable_words(tokenise("La santé en 2023, H24")) == ["santé"]
    assert len(VOCABULARY) == len(set(VOCABULARY.spellings))
    assert VOCABULARY.place("h24") == -1


def test_words_near_a_misspelling_are_those_that_comparing_with_every_word_finds():
    vocabulary = vocabulary_of(dict.fromkeys(WORDS, 1))
    chance = random.Random(7)
    for _ in range(300):
        typed = fold(with_a_typo(with_a_typo(chance.choice(WORDS), chance), chance))
        edits = edits_allowed(typed)
        expected = {
            spelling for spelling in vocabulary.spellings if OSA.distance(typed, spelling) <= edits
        }
        near = vocabulary.closest(typed, limit=10_000)
        assert {fold(word) for word, _ in near} == (expected if edits else set())
        merits = [merit for _, merit in near]
        assert merits == sorted(merits, reverse=True)


@given(st.text(max_size=30))
def test_correction_takes_any_text_and_tells_what_it_changes(query):
    answer = corrected(query)
    rebuilt = query
    for change in reversed(answer.changes):
        assert query[change.start : change.end] == change.typed
        rebuilt = rebuilt[: change.start] + change.meant + rebuilt[change.end :]
    assert rebuilt == answer.text
    assert all(change.others or change.meant != change.typed for change in answer.changes)


@given(st.lists(st.sampled_from(sorted(COUNTS)), max_size=4))
def test_what_was_corrected_needs_no_more_correction(words):
    once = corrected(" ".join(words))
    again = corrected(once.text)
    assert again.text == once.text


def share_recovered(corpus, items, spoil):
    """Return the share of known items found among the first ten, their query spoilt."""
    found = 0
    for text_id, words in items:
        answer = correct(" ".join(spoil(words)), corpus.vocabulary)
        found += text_id in corpus.search(answer.query_terms(corpus.analyser))
    return found / len(items)


@pytest.fixture(scope="module")
def corpus():
    return draw_corpus(n_texts=2_000, seed=11)


@pytest.fixture(scope="module")
def items(corpus):
    return draw_items(corpus, n_items=500, seed=12)


def test_known_items_are_found_as_typed(corpus, items):
    assert share_recovered(corpus, items, lambda words: words) >= 0.99
    assert share_recovered(corpus, items, without_accents) >= 0.99


def test_one_typo_is_recovered_98_times_in_a_hundred(corpus, items):
    chance = random.Random(13)

    def spoil(words):
        at = chance.randrange(len(words))
        return [
            with_a_typo(word, chance) if rank == at else word for rank, word in enumerate(words)
        ]

    assert share_recovered(corpus, items, spoil) >= 0.98


def test_a_typo_on_every_word_without_accents_is_recovered_94_times_in_a_hundred(corpus, items):
    chance = random.Random(14)

    def spoil(words):
        return [with_a_typo(word, chance) for word in without_accents(words)]

    assert share_recovered(corpus, items, spoil) >= 0.94


def test_without_correction_a_typo_loses_most_texts(corpus, items):
    chance = random.Random(15)
    found = sum(
        text_id
        in corpus.search(
            corpus.analyser.query_terms(" ".join(with_a_typo(word, chance) for word in words))
        )
        for text_id, words in items
    )
    assert found / len(items) < 0.3


def test_the_commonest_way_to_write_a_word_is_proposed():
    counts = Counter({"santé": 3, "Sante": 1, "sante": 2})
    assert vocabulary_of(counts).written == ("santé",)
    assert vocabulary_of(counts).counts.tolist() == [6]
    assert int(np.max(VOCABULARY.counts)) == 300
    assert edits_allowed("prévention") == MOST_EDITS
