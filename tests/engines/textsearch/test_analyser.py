import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from maillage.core.errors import InputError
from maillage.engines.textsearch import analyser as analyser_module
from maillage.engines.textsearch import stems
from maillage.engines.textsearch.analyser import Analyser
from maillage.engines.textsearch.lexicon import Form, lexicon_of
from maillage.engines.textsearch.stop_words import is_stop_word
from maillage.engines.textsearch.words import ELIDED, fold, tokenise
from tests.engines.textsearch.french_words import WORDS

LEXICON = lexicon_of(
    [
        Form("cpts", "CPTS", is_acronym=True),
        Form("cpts", "communauté professionnelle territoriale de santé"),
        Form("msp", "maison de santé pluriprofessionnelle"),
        Form("msp", "maison de santé"),
        Form("msp", "MSP", is_acronym=True),
        Form("ami", "AMI", is_acronym=True, also_a_word=True),
        Form("ami", "appel à manifestation d'intérêt"),
        Form("des", "DES", is_acronym=True, also_a_word=True),
        Form("depister", "dépister"),
        Form("depister", "dépistage"),
        Form("hopital", "hôpital"),
        Form("hopital", "hospitalier"),
        Form("allervers", "aller-vers"),
        Form("dents", "chirurgien-dentiste"),
    ]
)
ANALYSER = Analyser(LEXICON)


def finds(query, text, analyser=ANALYSER):
    asked = analyser.query_terms(query)
    terms = set(analyser.index_terms(text))
    return bool(asked) and all(term.is_in(terms) for term in asked)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("sans-abri", "les sans abri"),
        ("sans abri", "les sans-abri"),
        ("sansabri", "les sans-abri"),
        ("sans-abri", "un lieu pour sansabri"),
        ("l hopital", "L’hôpital local"),
        ("l'hôpital", "hopital"),
        ("l’accès", "l'accès"),
        ("aujourdhui", "aujourd’hui"),
        ("coeur", "le cœur"),
        ("cœur", "COEUR"),
        ("oeil", "Œil"),
        ("téléconsultation", "la télé-consultation"),
        ("télé-consultation", "la téléconsultation"),
        ("tele consultation", "les téléconsultations"),
        ("pluri-professionnel", "maisons pluriprofessionnelles"),
        ("aller vers", "une démarche d'aller-vers"),
        ("aller-vers", "ALLER VERS les publics"),
        ("rendezvous", "sans rendez-vous"),
        ("infirmière", "infirmier·e·s libéraux"),
        ("infirmier·ère", "une infirmière"),
        ("hépatite c", "l'hépatite C"),
        ("COVID-19", "covid 19"),
        ("2023", "rapport 2023"),
    ],
)
def test_spelling_of_signs_does_not_matter(query, text):
    assert finds(query, text)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("CPTS", "les communautés professionnelles territoriales de santé"),
        ("cpts", "COMMUNAUTE PROFESSIONNELLE TERRITORIALE DE SANTE"),
        ("communaute professionnelle territoriale de sante", "Une C.P.T.S. rurale"),
        ("communautés professionnelles territoriales de santé", "des CPTSs"),
        ("maison de sante", "la MSP de Mauléon"),
        ("MSP", "maisons de santé pluriprofessionnelles"),
        ("AMI", "un appel à manifestations d’intérêt"),
        ("ami", "l'AMI santé"),
        ("DES", "le DES de médecine générale"),
        ("dépistages", "dépister tôt"),
        ("depister", "campagne de dépistage"),
        ("hôpitaux", "service hospitalier"),
        ("hospitalière", "l'hôpital"),
        ("CPTS HOPITAL", "hôpital et CPTS"),
        ("chirurgiens dentistes", "un chirurgien-dentiste"),
    ],
)
def test_acronyms_and_families_find_what_they_mean(query, text):
    assert finds(query, text)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("AMI", "un ami"),
        ("appel à manifestation d'intérêt", "mon ami"),
        ("DES", "des communes"),
        ("CPTS", "une communauté de communes"),
        ("hépatite c", "l'hépatite B"),
        ("télé", "la téléconsultation"),
        ("rendez-vous", "un lieu"),
    ],
)
def test_what_is_not_meant_is_not_found(query, text):
    assert not finds(query, text)


@pytest.mark.parametrize("query", ["", "de la", "et", "  ?!", "des"])
def test_a_query_of_common_words_asks_for_nothing(query):
    assert ANALYSER.query_terms(query) == []


def test_a_query_without_end_is_read_in_its_first_words_only():
    assert len(ANALYSER.query_terms("commun " * 10_000)) == 64


def test_a_phrase_of_the_lexicon_is_asked_for_as_one_thing_or_word_by_word():
    (asked,) = ANALYSER.query_terms("Maison de santé")
    assert asked.typed == "Maison de santé"
    assert [part.typed for part in asked.parts] == ["Maison", "santé"]
    assert asked.is_in({"00msp"})
    assert asked.is_in(set(ANALYSER.index_terms("la santé à la maison")))
    assert not asked.is_in(set(ANALYSER.index_terms("une maison")))
    assert {"00msp", "maison", "sant"} <= asked.all_terms()


def test_what_was_typed_weighs_more_than_what_means_the_same():
    (asked,) = ANALYSER.query_terms("hospitalière")
    weights = {each.term: each.weight for each in asked.alternatives}
    assert weights["hospitali"] == 1.0
    assert weights["00hopital"] == 0.6


def test_terms_are_fit_for_any_database():
    text = "L’Œuvre des sans-abri : C.P.T.S., 2023, dépister été"
    assert all(term.isascii() and term.isalnum() for term in ANALYSER.index_terms(text))


def test_a_word_is_stored_under_both_orders_of_stemming_and_folding():
    assert Analyser().index_terms("isolée") == ["isole", "isol"]
    assert Analyser().index_terms("de la santé") == ["sant"]


def test_what_is_stored_changes_with_the_lexicon_and_its_fingerprint_too():
    other = Analyser(lexicon_of([*LEXICON.forms, Form("pmi", "PMI", is_acronym=True)]))
    assert other.fingerprint != ANALYSER.fingerprint
    assert Analyser(lexicon_of(reversed(LEXICON.forms))).fingerprint == ANALYSER.fingerprint


def test_the_memory_of_words_is_bounded(monkeypatch):
    monkeypatch.setattr(analyser_module, "LONGEST_KNOWN", 2)
    analyser = Analyser()
    assert len(analyser.index_terms("un deux trois quatre cinq")) == 4
    assert len(analyser._known) <= 2


def test_each_thread_has_its_own_stemmer():
    from concurrent.futures import ThreadPoolExecutor

    words = WORDS * 3
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(stems._stem, words))
    assert found == [stems._stem(word) for word in words]


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ({"concept": "Été", "text": "été"}, "is not the name of a concept"),
        ({"concept": "x", "text": "de la"}, "no word that can be searched"),
        ({"concept": "x", "text": "!", "is_acronym": True}, "no word that can be searched"),
        ({"concept": "x", "text": "A B", "is_acronym": True}, "is not an acronym"),
        ({"concept": "x", "text": "ami", "also_a_word": True}, "only an acronym"),
    ],
)
def test_a_form_with_a_fault_is_refused(form, message):
    with pytest.raises(InputError, match=message):
        Form(**form)


def test_a_form_given_twice_is_refused():
    with pytest.raises(InputError, match="twice"):
        lexicon_of([Form("sante", "santé"), Form("sante", "Sante")])


def test_the_words_of_the_lexicon_are_those_of_its_forms_but_common_words_in_capitals():
    assert {"CPTS", "MSP", "maison", "dépistage"} <= set(LEXICON.words)
    assert not {"AMI", "DES"} & set(LEXICON.words)


FRENCH = st.lists(
    st.one_of(
        st.sampled_from(WORDS),
        st.sampled_from([form.text for form in LEXICON.forms]),
        st.sampled_from(["l'eau", "télé-soin", "H24", "C", "de", "œuvre", "été·e·s", "2023"]),
        st.text(max_size=8),
    ),
    max_size=8,
)


@given(FRENCH, st.sampled_from([" ", "-", "’", ". ", "\n"]))
def test_a_text_is_found_by_each_of_its_own_words(words, between):
    text = between.join(words)
    terms = set(ANALYSER.index_terms(text))
    for word in tokenise(text):
        written = text[word.start : word.end]
        if is_stop_word(word.text):
            continue
        assert all(asked.is_in(terms) for asked in ANALYSER.query_terms(written)), written


@given(st.permutations(["dépistage", "CPTS", "infirmière", "sans", "hôpital", "2023"]))
def test_the_order_of_the_words_of_a_query_does_not_matter(words):
    asked = {term.all_terms() for term in ANALYSER.query_terms(" ".join(words))}
    assert asked == {term.all_terms() for term in ANALYSER.query_terms(" ".join(sorted(words)))}


@given(FRENCH)
def test_terms_and_their_places_are_the_same_terms(words):
    text = " ".join(words)
    places = ANALYSER.occurrences(text)
    assert sorted(place.term for place in places) == sorted(ANALYSER.index_terms(text))
    assert all(0 <= place.start < place.end <= len(text) for place in places)
    assert [place.start for place in places] == sorted(place.start for place in places)


@given(FRENCH, st.lists(st.sampled_from(WORDS), max_size=3))
def test_the_places_of_the_terms_wanted_are_those_of_all_terms(words, asked):
    text = " ".join(words)
    wanted = frozenset(ANALYSER.index_terms(" ".join([*asked, *words[:2]])))
    places = [
        (place.start, place.end) for place in ANALYSER.occurrences(text) if place.term in wanted
    ]
    assert set(ANALYSER.places(text, wanted)) == set(places)
    assert ANALYSER.places(text, wanted) == sorted(ANALYSER.places(text, wanted))


@given(st.sampled_from(WORDS), st.sampled_from(WORDS))
def test_a_text_of_two_words_is_found_by_the_words_without_accents(one, other):
    assume(one not in ELIDED)
    assert finds(fold(f"{one} {other}"), f"{other}, puis {one}")
