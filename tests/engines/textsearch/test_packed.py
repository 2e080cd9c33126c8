"""Packed texts are ranked as the plain ranking ranks them."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.core.errors import InputError
from maillage.engines.textsearch.analyser import Analyser
from maillage.engines.textsearch.lexicon import Form, lexicon_of
from maillage.engines.textsearch.packed import pack, rank_packed, read_packed
from maillage.engines.textsearch.ranking import index_text, rank, statistics_of

WEIGHTS = {"title": 4.0, "head": 2.0, "body": 1.0}
WORDS = ("bus", "dépistage", "école", "CPTS", "sans-abri", "santé", "infirmière", "isolé", "de")
ANALYSER = Analyser(
    lexicon_of(
        [
            Form("cpts", "CPTS", is_acronym=True),
            Form("cpts", "communauté professionnelle territoriale de santé"),
        ]
    )
)
texts = st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join)


@given(
    corpus=st.lists(st.tuples(texts, texts, texts), min_size=1, max_size=8),
    query=st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join),
)
def test_the_order_and_the_points_are_those_of_the_plain_ranking(
    corpus: list[tuple[str, str, str]], query: str
) -> None:
    terms = ANALYSER.query_terms(query)
    fields = [
        {name: ANALYSER.index_terms(text) for name, text in zip(WEIGHTS, each, strict=True)}
        for each in corpus
    ]
    plain_texts = [index_text(key, each) for key, each in enumerate(fields)]
    statistics = statistics_of(plain_texts)
    plain = rank(terms, plain_texts, statistics, field_weights=WEIGHTS)
    kept = sorted(each.id for each in plain)
    packed = [pack([Counter(fields[key][name]) for name in WEIGHTS]) for key in kept]
    found = rank_packed(terms, read_packed(kept, packed), statistics, field_weights=WEIGHTS)
    assert {each.id for each in found} == set(kept)
    points = {each.id: each.score for each in plain}
    assert all(abs(points[each.id] - each.score) <= len(terms) for each in found)
    assert found == sorted(found, key=lambda each: (-each.score, each.id))


def test_no_text_is_ranked_as_none() -> None:
    statistics = statistics_of([])
    assert rank_packed([], read_packed([], []), statistics, field_weights=WEIGHTS) == []


def test_a_count_above_255_is_kept_as_255_and_its_field_does_not_spill() -> None:
    packed = read_packed([7], [pack([Counter({"bus": 1_000}), Counter(), Counter({"bus": 2})])])
    assert packed.lengths(0).tolist() == [1_000.0]
    assert packed.lengths(1).tolist() == [0.0]
    assert int(packed.words[1]) & 0xFFFFFF == 2 << 16 | 255


def test_more_than_three_fields_are_refused() -> None:
    with pytest.raises(InputError, match="4 fields"):
        pack([{}, {}, {}, {}])
