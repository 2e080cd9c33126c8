import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.engines.textsearch.stop_words import STOP_WORDS, is_stop_word
from maillage.engines.textsearch.words import MOST_LETTERS, compounds, fold, joined, tokenise


def texts(text):
    return [word.text for word in tokenise(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("L'hôpital d’Oloron", ["hôpital", "oloron"]),
        ("lorsqu'il qu’on jusqu'au", ["il", "on", "au"]),
        ("sans-abri, aller‑vers", ["sans", "abri", "aller", "vers"]),
        ("cœur et Œdème, ex æquo", ["coeur", "et", "oedème", "ex", "aequo"]),
        ("les C.P.T.S. du 64", ["les", "cpts", "du", "64"]),
        ("la C.P.T.S du Gers", ["la", "cpts", "du", "gers"]),
        ("infirmier·e·s et chirurgien.ne.s", ["infirmier", "et", "chirurgien"]),
        ("habitant(e)s, étudiant-e-s, commune(s)", ["habitant", "étudiant", "commune"]),
        ("en 2023 : 1,5 %, H24, COVID-19", ["en", "2023", "1", "5", "h24", "covid", "19"]),
        ("e\u0301te\u0301", ["été"]),
        ("co\u00adopé\u200bration", ["coopération"]),
        ("ﬁnancement", ["financement"]),
        ("nom_de_champ", ["nom", "de", "champ"]),
        ("Fin.Le début", ["fin", "le", "début"]),
        ("", []),
        ("… — !", []),
    ],
)
def test_a_text_is_cut_into_its_words(text, expected):
    assert texts(text) == expected


def test_each_word_knows_where_it_stands():
    text = "L’ÉCOLE de l'aide-soignant·e"
    assert [text[word.start : word.end] for word in tokenise(text)] == [
        "ÉCOLE",
        "de",
        "aide",
        "soignant·e",
    ]


def test_capitals_are_told_from_initials():
    assert [word.capitals for word in tokenise("La PMI d'Agen, A")] == [False, True, False, False]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("les sans-abri", ["sansabri"]),
        ("télé consultation", ["teleconsultation"]),
        ("médico-psycho-pédagogique", ["médicopsychopédagogique"]),
        ("aujourd'hui", ["aujourdhui"]),
        ("COVID-19", ["covid19"]),
        ("05-59-00-00-00 et 2022-2023", []),
        ("l'hôpital - le centre", []),
        ("pré 2023", []),
    ],
)
def test_linked_words_make_a_compound(text, expected):
    words = list(tokenise(text))
    assert [fold(joined(words[a:b])) for a, b in compounds(words)] == [fold(e) for e in expected]


def test_a_word_without_end_is_cut():
    (word,) = tokenise("a" * 10_000)
    assert word.text == "a" * MOST_LETTERS


def test_stop_words_are_known_with_or_without_accents():
    assert is_stop_word("être")
    assert is_stop_word("etre")
    assert not is_stop_word("été")
    assert not is_stop_word("sans")
    assert all(word == fold(word) for word in STOP_WORDS)


@given(st.text())
def test_folding_twice_changes_nothing_more(text):
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_words_stand_in_order_and_apart(text):
    end = 0
    for word in tokenise(text):
        assert end <= word.start < word.end <= len(text)
        assert word.text
        end = word.end
