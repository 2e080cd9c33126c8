"""Search finds what is public, in the order of the engine, on either database."""

import pytest
from django.db.models import ProtectedError

from maillage.engines.textsearch.ranking import index_text, rank, statistics_of
from maillage.studies.french_analyser import french_analyser
from maillage.web.register.finding.asking import answer
from maillage.web.register.finding.criteria import Criteria, criteria_of
from maillage.web.register.finding.indexing import catch_up, rebuild, refresh
from maillage.web.register.finding.texts import FIELD_WEIGHTS, searched_texts
from maillage.web.register.models import (
    Initiative,
    SearchColumns,
    SearchEntry,
    SearchPosting,
    SearchState,
    SearchWord,
)
from maillage.web.register.models.choices import State
from tests.web.register.conftest import MakeInitiative

INFLECTIONS = (
    ("infirmier", "Des infirmières au lycée"),
    ("infirmière", "Un infirmier de pratique avancée"),
    ("isolé", "Personnes isolées"),
    ("isolee", "Un hameau isolé"),
    ("précarité", "Public précaire"),
    ("precaire", "Lutte contre la précarité"),
    ("hôpital", "Une équipe hospitalière"),
    ("dépister", "Dépistage des cancers"),
    ("CPTS", "Une communauté professionnelle territoriale de santé"),
    ("sans-abri", "Soigner les sans abri"),
    ("sans abri", "Soigner les sans-abri"),
    ("soeur", "Sœurs hospitalières"),
    ("l’école", "A l'ecole de la santé"),
    ("médical", "Examens médicaux"),
)


@pytest.fixture
def titles_found(make: MakeInitiative):
    """Return the titles that answer a text."""

    def _titles(text: str, *, exact: bool = False) -> list[str]:
        return [each.title for each in answer(Criteria(text=text, exact=exact)).found[:]]

    return _titles


@pytest.mark.parametrize(("query", "title"), INFLECTIONS)
def test_a_query_finds_its_other_inflections(
    query: str, title: str, make: MakeInitiative, titles_found
) -> None:
    bare = {"promise": "Une phrase.", "description": "Un texte.", "sub_themes": []}
    make(title=title, **bare)
    make(title="Bourses d’études", **bare)
    assert titles_found(query, exact=True) == [title]


def test_the_order_is_that_of_the_plain_ranking(make: MakeInitiative) -> None:
    analyser = french_analyser()
    for rank_ in range(12):
        make(
            title=f"Équipe {'mobile' if rank_ % 3 else 'sage'} {rank_}",
            promise="mobile " * (rank_ % 4) + "en campagne",
            description="La prévention mobile. " * (rank_ % 5) + "Du texte. " * (rank_ + 1),
        )
    texts = []
    for each in Initiative.objects.all():
        fields = searched_texts(each)
        texts.append(index_text(each.pk, {f: analyser.index_terms(t) for f, t in fields.items()}))
    for query in ("mobile", "prévention mobile", "équipe mobile de prévention", "campagne"):
        plain = rank(
            analyser.query_terms(query), texts, statistics_of(texts), field_weights=FIELD_WEIGHTS
        )
        found = answer(Criteria(text=query, exact=True)).found.keys()
        assert found == [each.id for each in plain]
        assert found


@pytest.mark.parametrize("state", [state for state in State if state != State.PUBLISHED])
def test_what_is_not_public_leaves_nothing_in_the_index(state: State, make: MakeInitiative) -> None:
    hidden = make(state, title="Zythologie itinérante")
    assert not SearchEntry.objects.filter(pk=hidden.pk).exists()
    assert not SearchWord.objects.filter(word="zythologie").exists()
    assert not SearchPosting.objects.filter(term__startswith="zytholog").exists()
    assert answer(Criteria(text="zythologie", exact=True)).found.keys() == []


def test_a_typing_error_is_corrected_and_told(make: MakeInitiative, titles_found) -> None:
    make(title="Dépistage au lycée")
    found = answer(Criteria(text="dépitsage"))
    assert [each.title for each in found.found[:]] == ["Dépistage au lycée"]
    assert found.question.changes_to_tell
    assert found.question.correction is not None
    assert found.question.correction.text == "dépistage"
    assert titles_found("dépitsage", exact=True) == []


def test_words_that_every_text_has_ask_for_nothing(make: MakeInitiative) -> None:
    make()
    found = answer(Criteria(text="de la"))
    assert found.question.asks_nothing
    assert len(found.found) == 0


def test_refreshing_one_by_one_gives_what_a_rebuild_gives(make: MakeInitiative) -> None:
    kept = [make(title=f"Bus {place}") for place in ("du Levant", "du Couchant", "des écoles")]
    Initiative.objects.filter(pk=kept[1].pk).update(state=State.ARCHIVED)
    assert catch_up() == 1
    assert catch_up() == 0
    before = _index()
    assert rebuild() == 2
    assert _index() == before


def _index() -> tuple:
    state = SearchState.objects.get()
    postings = SearchPosting.objects.values_list("facet", "term", "block", "data")
    return (
        set(SearchEntry.objects.values_list("pk", "terms", "facets", "words", "indexed_version")),
        {(*name, bytes(data)) for *name, data in postings},
        {block: bytes(data) for block, data in SearchColumns.objects.values_list("block", "data")},
        set(SearchWord.objects.values_list("word", "count")),
        (state.n_texts, state.lengths),
    )


def test_what_is_in_the_index_is_taken_back_before_it_can_be_deleted(
    make: MakeInitiative, titles_found
) -> None:
    made = make(title="Bus du Levant")
    with pytest.raises(ProtectedError):
        made.delete()
    Initiative.objects.filter(pk=made.pk).update(state=State.DRAFT)
    refresh([made.pk])
    made.delete()
    assert titles_found("bus", exact=True) == []
    assert not SearchPosting.objects.exists()
    assert not SearchColumns.objects.exists()


@pytest.mark.parametrize(
    "text", ["'", '"', "' | 'x", '") OR ("x', "a:*", "\\", "00cpts & x", "NEAR(a b)", "é" * 300]
)
def test_no_sign_of_a_query_reaches_the_database_as_a_command(
    text: str, make: MakeInitiative
) -> None:
    make()
    answer(criteria_of("q=" + text))
    answer(Criteria(text=text, exact=True))
