import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.core.errors import InputError
from maillage.engines.textsearch import ranking
from maillage.engines.textsearch.analyser import Analyser
from maillage.engines.textsearch.lexicon import Form, lexicon_of
from maillage.engines.textsearch.ranking import Ranked, index_text, rank, statistics_of

ANALYSER = Analyser(
    lexicon_of([Form("msp", "MSP", is_acronym=True), Form("msp", "maison de santé")])
)
WEIGHTS = {"title": 4.0, "body": 1.0}


def indexed(text_id, title, body=""):
    fields = {"title": title, "body": body}
    return index_text(text_id, {name: ANALYSER.index_terms(text) for name, text in fields.items()})


def found(query, texts, **options):
    asked = ANALYSER.query_terms(query)
    answer = rank(asked, texts, statistics_of(texts), field_weights=WEIGHTS, **options)
    return [each.id for each in answer]


def test_a_word_in_the_title_counts_more_than_in_the_body():
    texts = [indexed(1, "Bus", "un stage"), indexed(2, "Stage", "un bus")]
    assert found("stage", texts) == [2, 1]


def test_every_word_of_the_query_must_be_there_in_one_field_or_another():
    texts = [indexed(1, "Stage rural", "bus"), indexed(2, "Stage"), indexed(3, "Bus")]
    assert found("stage bus", texts) == [1]


def test_a_rare_word_counts_more_than_a_common_one():
    texts = [
        indexed(1, "santé santé santé", "bus"),
        indexed(2, "santé", "bus bus bus"),
        *(indexed(rank, "santé") for rank in range(3, 20)),
    ]
    assert found("santé bus", texts)[0] == 2


def test_a_short_text_counts_more_than_a_long_one():
    texts = [indexed(1, "stage et beaucoup d'autres choses encore"), indexed(2, "stage rural")]
    assert found("stage", texts) == [2, 1]


def test_equal_texts_are_ordered_by_id():
    texts = [indexed(rank, "Stage") for rank in (3, 1, 2)]
    assert found("stage", texts) == [1, 2, 3]
    assert found("stage", texts, limit=2) == [1, 2]


def test_the_phrase_comes_before_its_words_apart():
    texts = [indexed(1, "santé à la maison"), indexed(2, "maison de santé"), indexed(3, "MSP")]
    assert found("maison de santé", texts)[:2] != [1, 1]
    assert set(found("maison de santé", texts)) == {1, 2, 3}
    assert found("maison de santé", texts)[-1] == 1


def test_the_score_is_bm25_as_worked_by_hand():
    texts = [indexed(1, "stage"), indexed(2, "bus")]
    (answer,) = rank(
        ANALYSER.query_terms("stage"),
        texts,
        statistics_of(texts),
        field_weights={"title": 1.0},
    )
    # ln(1 + (2 - 1 + 0.5) / (1 + 0.5)) × 1 / (1.2 + 1) = 0.693147 / 2.2 = 0.315067
    assert answer == Ranked(1, 3150)


def test_an_empty_query_finds_nothing():
    assert found("de la", [indexed(1, "de la santé")]) == []


def test_a_field_without_weight_is_not_read():
    texts = [indexed(1, "bus", "stage")]
    asked = ANALYSER.query_terms("stage")
    assert rank(asked, texts, statistics_of(texts), field_weights={"title": 1.0}) == []


@pytest.mark.parametrize("weights", [{}, {"title": 0.0}, {"title": float("nan")}])
def test_weights_that_are_not_above_zero_are_refused(weights):
    with pytest.raises(InputError, match="above 0"):
        rank([], [], statistics_of([]), field_weights=weights)


def test_only_the_latest_candidates_are_ranked(monkeypatch):
    monkeypatch.setattr(ranking, "MOST_CANDIDATES", 2)
    assert found("stage", [indexed(rank, "Stage") for rank in range(5)]) == [3, 4]


WORDS = st.sampled_from(["stage", "bus", "santé", "maison", "MSP", "rural", "de"])
TEXTS = st.lists(st.lists(WORDS, max_size=6), min_size=1, max_size=6)


@given(TEXTS, st.permutations(["stage", "santé", "bus"]), st.randoms(use_true_random=False))
def test_neither_the_order_of_the_words_nor_that_of_the_texts_changes_the_answer(
    contents, words, random
):
    texts = [indexed(rank, " ".join(content)) for rank, content in enumerate(contents)]
    shuffled = random.sample(texts, len(texts))
    assert found(" ".join(words), shuffled) == found("stage santé bus", texts)


@given(TEXTS)
def test_one_more_occurrence_never_lowers_a_score_among_texts_of_one_length(contents):
    statistics = statistics_of([indexed(0, "stage bus bus bus")])
    asked = ANALYSER.query_terms("stage")
    fewer, more = indexed(1, "stage bus bus bus"), indexed(2, "stage stage bus bus")
    answer = rank(asked, [fewer, more], statistics, field_weights=WEIGHTS)
    assert [each.id for each in answer] == [2, 1]
