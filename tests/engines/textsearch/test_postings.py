"""Postings give the answers and the points of the plain ranking."""

from collections import Counter, defaultdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.core.errors import InputError
from maillage.engines.textsearch import postings as subject
from maillage.engines.textsearch.analyser import Analyser
from maillage.engines.textsearch.lexicon import Form, lexicon_of
from maillage.engines.textsearch.postings import (
    BLOCK,
    Postings,
    block_of,
    in_order,
    matching,
    packed_counts,
    patched,
    posting,
    read_postings,
    scores,
    terms_of,
    texts_with,
)
from maillage.engines.textsearch.ranking import Statistics, index_text, rank, statistics_of

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
FIRST = BLOCK - 3
"""Texts are numbered from there, so that they lie in two blocks."""

texts = st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join)


def stored(corpus: list[dict[str, list[str]]]) -> tuple[dict[str, Postings], np.ndarray]:
    """Return the postings of texts numbered from FIRST, and the lengths of their fields."""
    blocks: dict[str, dict[int, bytes]] = defaultdict(dict)
    lengths = np.zeros((2 * BLOCK, 3), dtype=np.uint32)
    for key, fields in enumerate(corpus, start=FIRST):
        counts = [Counter(fields[name]) for name in WEIGHTS]
        lengths[key] = [each.total() for each in counts]
        block, place = block_of(key)
        for term, packed in packed_counts(counts).items():
            word = posting(place, packed)
            blocks[term][block] = patched(blocks[term].get(block, b""), added=[word])
    return {term: read_postings(sorted(each.items())) for term, each in blocks.items()}, lengths


@given(
    corpus=st.lists(st.tuples(texts, texts, texts), min_size=1, max_size=8),
    query=st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join),
)
def test_answers_points_and_order_are_those_of_the_plain_ranking(
    corpus: list[tuple[str, str, str]], query: str
) -> None:
    terms = ANALYSER.query_terms(query)
    fields = [
        {name: ANALYSER.index_terms(text) for name, text in zip(WEIGHTS, each, strict=True)}
        for each in corpus
    ]
    plain_texts = [index_text(key, each) for key, each in enumerate(fields, start=FIRST)]
    statistics = statistics_of(plain_texts)
    plain = rank(terms, plain_texts, statistics, field_weights=WEIGHTS)
    postings, lengths = stored(fields)
    known = Statistics(statistics.n_texts, statistics.mean_length, texts_with(postings))
    if not terms:
        return
    keys = np.flatnonzero(matching(terms, postings, size=lengths.shape[0]))
    found = in_order(terms, keys, postings, known, lengths=lengths, field_weights=WEIGHTS)
    assert found.tolist() == [each.id for each in plain]
    points = scores(terms, found, postings, known, lengths=lengths[found], field_weights=WEIGHTS)
    assert points.tolist() == [each.score for each in plain]


def test_beyond_the_ranked_ones_the_latest_come_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subject, "MOST_CANDIDATES", 2)
    often = [{"title": ["bus"] * (5 - n), "head": [], "body": []} for n in range(5)]
    postings, lengths = stored(often)
    terms = ANALYSER.query_terms("bus")
    keys = np.flatnonzero(matching(terms, postings, size=lengths.shape[0]))
    statistics = Statistics(5, {"title": 1.0}, texts_with(postings))
    found = in_order(terms, keys, postings, statistics, lengths=lengths, field_weights=WEIGHTS)
    assert (found - FIRST).tolist() == [3, 4, 2, 1, 0]


def test_no_text_is_put_in_order_as_none() -> None:
    terms = ANALYSER.query_terms("bus")
    nobody = np.flatnonzero(matching(terms, {}, size=10))
    found = in_order(
        terms,
        nobody,
        {},
        Statistics(0, {}, {}),
        lengths=np.zeros((10, 3), dtype=np.uint32),
        field_weights=WEIGHTS,
    )
    assert found.tolist() == []
    assert terms_of(terms) >= {"bus"}


def test_numbers_beyond_the_size_are_left_out() -> None:
    postings, _ = stored([{"title": ["bus"], "head": [], "body": []}] * 5)
    found = matching(ANALYSER.query_terms("bus"), postings, size=FIRST + 2)
    assert np.flatnonzero(found).tolist() == [FIRST, FIRST + 1]


places = st.sets(st.integers(0, BLOCK - 1), max_size=30)


@given(before=places, gone=places, added=places)
def test_a_patch_takes_out_and_puts_in(before: set[int], gone: set[int], added: set[int]) -> None:
    first = patched(b"", added=[posting(place, 1) for place in before])
    after = patched(first, gone=sorted(gone), added=[posting(place, 2) for place in added])
    found = read_postings([(0, after)]) if after else subject.NOBODY
    assert found.ids.tolist() == sorted((before - gone) | added)
    assert {int(word) & 31 for word in found.words} <= {1, 2}
    assert [int(i) for i, w in zip(found.ids, found.words, strict=True) if w & 31 == 2] == sorted(
        added
    )


def test_a_count_too_large_is_kept_as_the_largest_and_its_field_does_not_spill() -> None:
    assert packed_counts([{"bus": 1_000}, {}, {"bus": 1_000}]) == {"bus": 31 | 255 << 11}
    assert posting(1, packed_counts([{}, {"bus": 1_000}])["bus"]) == 1 << 19 | 63 << 5


def test_more_than_three_fields_are_refused() -> None:
    with pytest.raises(InputError, match="4 fields"):
        packed_counts([{}, {}, {}, {}])
