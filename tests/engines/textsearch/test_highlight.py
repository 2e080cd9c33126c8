from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.core.errors import InputError
from maillage.engines.textsearch.analyser import Analyser
from maillage.engines.textsearch.highlight import Piece, Span, extract, matches, pieces
from maillage.engines.textsearch.lexicon import Form, lexicon_of

ANALYSER = Analyser(
    lexicon_of(
        [
            Form("msp", "MSP", is_acronym=True),
            Form("msp", "maison de santé"),
        ]
    )
)


def marked(text, query):
    return [
        text[span.start : span.end] for span in matches(text, ANALYSER.query_terms(query), ANALYSER)
    ]


@pytest.mark.parametrize(
    ("text", "query", "expected"),
    [
        ("Les infirmières et l'infirmier.", "infirmier", ["infirmières", "infirmier"]),
        ("La MSP ouvre", "maison de santé", ["MSP"]),
        ("Une maison de santé ouvre", "msp", ["maison de santé"]),
        ("Pour les sans-abri", "sansabri", ["sans-abri"]),
        ("Pour les sans-abri", "abri", ["abri"]),
        ("Rien ici", "hôpital", []),
        ("Rien ici", "", []),
    ],
)
def test_what_answers_the_query_is_marked_where_it_stands(text, query, expected):
    assert marked(text, query) == expected


def test_an_extract_holds_the_fullest_part_of_the_text():
    text = "stage " + "x " * 50 + "un stage, puis un autre stage " + "y " * 50
    spans = matches(text, ANALYSER.query_terms("stage"), ANALYSER)
    shown = extract(text, spans, length=40)
    assert len(shown.marks) == 2
    assert "un stage, puis un autre stage" in text[shown.span.start : shown.span.end]
    assert shown.starts_later
    assert shown.ends_sooner


def test_an_extract_without_match_is_the_start_of_the_text_cut_between_words():
    shown = extract("Une maison pour tous", [], length=14)
    assert shown.span == Span(0, 10)
    assert not shown.starts_later
    assert extract("Unemaisonpourtous", [], length=5).span == Span(0, 5)


def test_a_text_short_enough_is_shown_whole():
    text = "Une maison"
    shown = extract(text, [Span(4, 10)], length=100)
    assert shown.span == Span(0, 10)
    assert not shown.ends_sooner
    assert not shown.starts_later


def test_a_mark_longer_than_the_extract_is_cut():
    shown = extract("a" * 50, [Span(0, 50)], length=10)
    assert shown.marks == (Span(0, 10),)


def test_an_extract_of_no_character_is_refused():
    with pytest.raises(InputError, match="expected 1 or more"):
        extract("texte", [], length=0)


def test_pieces_hold_the_text_as_written_and_no_markup():
    text = "<script>stage</script>"
    shown = extract(text, [Span(8, 13)], length=100)
    assert pieces(text, shown) == [
        Piece("<script>", False),
        Piece("stage", True),
        Piece("</script>", False),
    ]


@given(
    st.lists(st.sampled_from(["stage", "santé", "maison de santé", "MSP", "a", "<b>", "  "])),
    st.integers(1, 60),
)
def test_pieces_joined_are_the_extract_and_the_extract_is_no_longer_than_asked(words, length):
    text = " ".join(words)
    spans = matches(text, ANALYSER.query_terms("stage msp"), ANALYSER)
    shown = extract(text, spans, length=length)
    assert (
        "".join(piece.text for piece in pieces(text, shown))
        == (text[shown.span.start : shown.span.end])
    )
    assert 0 <= shown.span.start <= shown.span.end <= len(text)
    assert shown.span.end - shown.span.start <= length
    assert all(before.end < after.start for before, after in pairwise(spans))
    assert not spans or shown.marks
