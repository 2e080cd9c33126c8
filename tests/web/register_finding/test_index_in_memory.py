"""What web processes keep of the index in memory is never behind what is public."""

import json
import os
import subprocess
import sys
from datetime import timedelta

import pytest
from django.db import transaction
from django.db.models import Count, F

from maillage.web.register.content.fields import Content
from maillage.web.register.finding import spelling
from maillage.web.register.finding.asking import answer
from maillage.web.register.finding.criteria import FILTERS, Criteria, criteria_of
from maillage.web.register.finding.facets import facets_of
from maillage.web.register.finding.indexing import catch_up, refresh
from maillage.web.register.finding.snapshot import current_snapshot
from maillage.web.register.life.actors import MACHINE
from maillage.web.register.life.editing import start_draft
from maillage.web.register.life.freshness import HIDE_AFTER, confirm_fresh, turn_clock
from maillage.web.register.life.moving import move
from maillage.web.register.life.transitions import Action
from maillage.web.register.models import Initiative, SearchState
from maillage.web.register.models.choices import Stage, State
from maillage.web.territories.models import StoreVersion
from tests.web.register.conftest import AT, MakeInitiative
from tests.web.runs.conftest import (  # noqa: F401  (fixtures: a database of its own per engine)
    database_templates,
    workshop,
)

BUS = Criteria(text="bus", exact=True)
SCRIPT = """
import json, sys, django
django.setup()
from maillage.web.register.finding.asking import answer
from maillage.web.register.finding.criteria import Criteria, criteria_of
from maillage.web.register.finding.facets import facets_of
for line in sys.stdin:
    said = []
    for criteria in (Criteria(text="bus", exact=True), Criteria(), criteria_of("theme=prevention")):
        found = answer(criteria)
        counts = [choice.count for facet in facets_of(found) for choice in facet.choices]
        said.append([found.found.keys(), max(counts, default=0)])
    print(json.dumps(said), flush=True)
"""


def published(content: Content) -> Initiative:
    made = start_draft(content=content, actor=MACHINE, at=AT)
    Initiative.objects.filter(pk=made.pk).update(state=State.PUBLISHED, published_at=AT)
    refresh([made.pk])
    return Initiative.objects.get(pk=made.pk)


def test_no_web_process_goes_on_with_what_was_taken_back(workshop) -> None:  # noqa: F811
    settings = {"MAILLAGE_DATABASE_URL": workshop.url, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", SCRIPT],
            env=os.environ | settings,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]

    def said_by_each() -> list[object]:
        for each in processes:
            each.stdin.write("say\n")
            each.stdin.flush()
        return [json.loads(each.stdout.readline()) for each in processes]

    try:
        assert said_by_each() == [[[[], 0]] * 3] * 2
        bus = published({"title": "Bus du Levant", "themes": ["prevention"]})
        other = published({"title": "Bus du Couchant", "themes": ["prevention"]})
        both = sorted([bus.pk, other.pk])
        for found in said_by_each():
            assert [[sorted(keys), most] for keys, most in found] == [[both, 2]] * 3
        move(initiative=bus, action=Action.ARCHIVE, actor=MACHINE, at=AT, reason="fini")
        assert said_by_each() == [[[[other.pk], 1]] * 3] * 2
    finally:
        for each in processes:
            each.kill()
            each.communicate()


def test_a_change_that_is_rolled_back_leaves_nothing_in_memory(make: MakeInitiative) -> None:
    bus = make(title="Bus du Levant", promise="Une phrase.", description="Un texte.")
    with transaction.atomic():
        Initiative.objects.filter(pk=bus.pk).update(title="Autocar")
        refresh([bus.pk])
        assert answer(BUS).found.keys() == []
        transaction.set_rollback(True)
    assert answer(BUS).found.keys() == [bus.pk]
    assert answer(criteria_of("avancement=deployed")).found.keys() == [bus.pk]


def test_two_changes_of_one_state_never_bear_one_revision(make: MakeInitiative) -> None:
    """One of them may have been rolled back, and remembered."""
    bus = make(title="Bus du Levant")
    drawn = set()
    for _ in range(5):
        with transaction.atomic():
            refresh([bus.pk])
            drawn.add(SearchState.objects.get().revision)
            transaction.set_rollback(True)
    assert len(drawn) == 5
    assert min(drawn) > SearchState.objects.get().revision


def test_whatever_makes_a_record_public_or_not_moves_the_revision(make: MakeInitiative) -> None:
    bus = make(title="Bus du Levant")
    seen = {SearchState.objects.get().revision}
    steps = [
        lambda: turn_clock(at=AT + timedelta(days=4_000)),
        lambda: turn_clock(at=AT + timedelta(days=5_000)),
        lambda: turn_clock(at=AT + timedelta(days=5_000) + HIDE_AFTER),
        lambda: confirm_fresh(initiative=bus, actor=MACHINE, at=AT),
        lambda: move(initiative=bus, action=Action.ARCHIVE, actor=MACHINE, at=AT, reason="fini"),
        lambda: move(initiative=bus, action=Action.RESTORE, actor=MACHINE, at=AT, reason="non"),
    ]
    shown = answer(BUS).found.keys()
    for step in steps:
        bus.refresh_from_db()
        step()
        public = list(Initiative.objects.public().values_list("pk", flat=True))
        assert answer(BUS).found.keys() == public
        revision = SearchState.objects.get().revision
        if public != shown:
            assert revision not in seen
        seen.add(revision)
        shown = public


def test_a_draft_that_changes_costs_readers_nothing(make: MakeInitiative) -> None:
    make(title="Bus du Levant")
    before = current_snapshot()
    draft = make(State.DRAFT, title="Bus du Couchant")
    refresh([draft.pk])
    assert current_snapshot() is before


@pytest.fixture
def various(make: MakeInitiative) -> list[Initiative]:
    """Return nine initiatives that differ by all that is counted and ordered."""
    made = [
        make(
            title=f"{'Bus' if rank % 2 else 'école'} {9 - rank}",
            description="Un bus de dépistage." if rank % 3 else "Rien.",
            themes=["prevention"] if rank % 2 else ["digital", "training"],
            sub_themes=[],
            stage=list(Stage)[rank % 4].value,
            start_year=2015 + rank % 4 if rank != 5 else None,
            territories=["commune:20001"] if rank < 3 else ["department:20"],
            holders=[{"name": "A", "kind": "company"}] * (rank % 3 + 1),
            at=AT + timedelta(minutes=rank * 7 % 9),
        )
        for rank in range(9)
    ]
    make(State.DRAFT, title="Bus caché", themes=["prevention"])
    return made


@pytest.mark.parametrize("query", ["", "q=bus&exact=1", "annee_de=2016", "theme=digital"])
def test_counts_are_those_of_a_plain_query(query: str, various: list[Initiative]) -> None:
    found = answer(criteria_of(query))
    public = Initiative.objects.public()
    kept = public.filter(pk__in=found.found.keys())
    facets = {each.filter.name: each for each in facets_of(found)}
    for each in FILTERS:
        among = public if each.name in found.criteria.values else kept
        if each.facet:
            rows = among.filter(tags__facet=each.facet).values_list("tags__value")
        else:
            rows = among.values_list(each.path)
        plain = dict(rows.annotate(n=Count("pk", distinct=True)).order_by())
        counted = (
            {choice.value: choice.count for choice in facets[each.name].choices}
            if (each.name in facets)
            else {}
        )
        assert counted == {value: count for value, count in plain.items() if value}


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("recent", ["-updated_at", "-pk"]),
        ("annee", [F("start_year").desc(nulls_last=True), "-pk"]),
    ],
)
def test_orders_are_those_of_a_plain_query(sort: str, order: list, various: list) -> None:
    for query in ("", "theme=prevention", "q=bus"):
        found = answer(criteria_of(f"{query}&tri={sort}"))
        plain = found.initiatives.order_by(*order).values_list("pk", flat=True)
        assert found.found.keys() == list(plain)
        assert found.found.keys(slice(1, 3)) == list(plain[1:3])


def test_what_is_taken_back_while_a_page_is_made_leaves_it_shorter(
    various: list[Initiative],
) -> None:
    found = answer(criteria_of("tri=titre")).found
    gone, *others = found[:3]
    move(initiative=gone, action=Action.ARCHIVE, actor=MACHINE, at=AT, reason="fini")
    assert found[:3] == others
    assert len(found) == len(various)


def test_initiatives_are_read_by_slices_alone(various: list[Initiative]) -> None:
    found = answer(criteria_of("")).found
    with pytest.raises(TypeError):
        found[0]
    with pytest.raises(TypeError):
        list(found)


def test_titles_are_in_the_order_of_a_dictionary_on_any_database(make: MakeInitiative) -> None:
    titles = [
        "« Allô docteur »",
        "Bus 1",
        "bus-2",
        "École de santé",
        "ecole du dos",
        "L’eau",
        "L’Œuvre",
        "Les gardes",
        "Zèbre",
    ]
    made = {title: make(title=title).pk for title in reversed(titles)}
    found = answer(criteria_of("tri=titre")).found
    assert found.keys() == [made[title] for title in titles]


def test_the_same_query_reads_the_state_the_postings_and_nothing_else(
    various: list[Initiative], django_assert_num_queries
) -> None:
    criteria = criteria_of("q=bus&theme=prevention")
    answer(criteria)
    with django_assert_num_queries(2):
        found = answer(criteria)
    with django_assert_num_queries(1):  # the names of the regions
        facets_of(found)


def test_what_is_kept_is_bounded_by_the_numbers_given(various: list[Initiative]) -> None:
    snapshot = current_snapshot()
    for order in (snapshot.by_change, snapshot.by_title, snapshot.by_year):
        order()
    n_values = len(snapshot.values)
    assert snapshot.nbytes <= snapshot.columns.size * (48 + n_values / 8)


def test_a_word_that_has_left_is_told_to_nobody_even_from_a_vocabulary_kept_for_a_while(
    make: MakeInitiative, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(title="Équipe mobile")
    bus = make(title="Xylophagie")
    assert answer(Criteria(text="xylofagie")).found.keys() == [bus.pk]
    monkeypatch.setattr(spelling, "FEW_WORDS", 0)
    move(initiative=bus, action=Action.ARCHIVE, actor=MACHINE, at=AT, reason="fini")
    correction = answer(Criteria(text="xylofagie")).question.correction
    assert correction is not None
    assert correction.text == "xylofagie"


def test_other_territories_ask_for_a_new_index(make: MakeInitiative) -> None:
    make(title="Bus du Levant")
    assert catch_up() == 0
    StoreVersion.objects.filter(active=True).update(version="another")
    assert catch_up() == 1
    assert catch_up() == 0


def test_an_index_that_was_never_built_answers_nothing(db: None) -> None:
    for query in ("", "q=bus", "theme=prevention&tri=titre", "annee_de=2001"):
        found = answer(criteria_of(query))
        assert found.found.keys() == []
        assert facets_of(found) == [] or not any(
            choice.count for facet in facets_of(found) for choice in facet.choices
        )
