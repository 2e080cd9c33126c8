import csv

import pytest

from maillage.engines.textsearch.correction import correct
from maillage.engines.textsearch.spelling import vocabulary_of
from maillage.engines.textsearch.stems import stored_stems
from maillage.engines.textsearch.words import tokenise
from maillage.sources.synonyms import read_synonyms
from maillage.studies.french_analyser import french_analyser


def finds(query, text):
    asked = french_analyser().query_terms(query)
    terms = set(french_analyser().index_terms(text))
    return bool(asked) and all(each.is_in(terms) for each in asked)


def test_every_form_of_the_list_finds_every_other_form_of_its_concept():
    forms = {}
    for row in read_synonyms().rows():
        forms.setdefault(row["concept"], []).append(row["text"])
    missed = [
        (one, other)
        for texts in forms.values()
        for one in texts
        for other in texts
        if not finds(one, f"Un projet : {other}.")
    ]
    assert missed == []


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("depistage en milieu scolaire", "Dépister les enfants à l'école, en leur milieu"),
        ("maison de santé", "Ouverture d’une MSP"),
        ("hopital", "pratique hospitalière"),
        ("infirmiere", "une IDE en libéral"),
        ("désert médical", "les territoires sous-denses"),
        ("PMI", "protection maternelle et infantile"),
        ("aller vers", "une démarche d’aller-vers"),
    ],
)
def test_the_words_of_the_field_are_found_under_their_other_names(query, text):
    assert finds(query, text)


def test_no_family_shares_a_stem_with_another_family():
    owners = {}
    for row in read_synonyms().rows():
        words = [word.text for word in tokenise(row["text"])]
        if row["kind"] == "form" and len(words) == 1:
            for stem in stored_stems(words[0]):
                owners.setdefault(stem, set()).add(row["concept"])
    assert {stem: names for stem, names in owners.items() if len(names) > 1} == {}


def test_an_acronym_with_a_slip_is_proposed_in_capitals():
    lexicon = french_analyser().lexicon
    vocabulary = vocabulary_of({"santé": 10}, known=lexicon.words)
    assert correct("EPHAD", vocabulary, lexicon=lexicon).text == "EHPAD"
    assert correct("ehpad", vocabulary, lexicon=lexicon).text == "ehpad"


@pytest.mark.data
def test_every_aid_to_territories_is_found_by_its_own_name(data_dir):
    path = data_dir / "initiatives/aides-territoires_periurbain.csv"
    with path.open(encoding="utf-8", newline="") as file:
        names = [row["Nom"] for row in csv.DictReader(file) if row["Nom"]]
    assert len(names) > 100
    assert [name for name in names if not finds(name, name)] == []
