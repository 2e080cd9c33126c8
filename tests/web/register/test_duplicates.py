"""Likely duplicates are shown before sending: recall on pairs labelled by hand, and silence."""

from itertools import combinations
from pathlib import Path

import pytest

from maillage.studies.store import Store
from maillage.web.accounts.models import TerritoryRole, User
from maillage.web.register.content.fields import Content, empty_content
from maillage.web.register.content.storing import set_plain_fields, write_many_rows
from maillage.web.register.duplicates.blocks import write_blocks
from maillage.web.register.duplicates.likeness import LEAST_LIKENESS, fingerprint, likeness
from maillage.web.register.duplicates.suggesting import likely_duplicates
from maillage.web.register.life.actors import MACHINE
from maillage.web.register.life.editing import start_draft
from maillage.web.register.life.moving import move
from maillage.web.register.life.transitions import Action
from maillage.web.register.models import Block, Initiative
from maillage.web.register.models.choices import State
from maillage.web.territories.models import Territory
from tests.web.register.conftest import AT, MakeInitiative

_FIRST, _SECOND, _NEAR = "duplicate_pairs", "duplicate_pairs_second", "duplicate_near_misses"
_THIRD, _THIRD_NEAR = "duplicate_pairs_third", "duplicate_near_misses_third"


def sheet(line: str) -> Content:
    title, promise, holder, place = (part.strip() for part in line.split("|"))
    return empty_content() | {
        "title": title,
        "promise": promise,
        "description": promise,
        "themes": ["prevention"],
        "holders": [{"name": holder, "kind": "other", "role": "holds"}],
        "place_note": place,
    }


def pairs(name: str = _FIRST) -> list[tuple[Content, Content]]:
    text = Path(__file__).with_name(f"{name}.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [(sheet(one), sheet(other)) for one, other in zip(lines[::2], lines[1::2], strict=True)]


@pytest.fixture
def known(shown_store: Store) -> dict[int, str]:
    """The first sheet of each pair, published: its title by number."""
    for content, _ in pairs():
        initiative = start_draft(content=content, actor=MACHINE, at=AT)
        for action in (Action.SUBMIT, Action.PUBLISH):
            move(initiative=initiative, action=action, actor=MACHINE, at=AT)
    return dict(Initiative.objects.values_list("pk", "title"))


def test_there_are_sixty_labelled_pairs():
    assert len(pairs()) >= 60


def test_nine_duplicates_in_ten_are_among_three_suggestions(known: dict[int, str]):
    found = []
    for content, written in pairs():
        suggested = [one.initiative.title for one in likely_duplicates(written)]
        found.append(content["title"] in suggested)
        assert len(suggested) <= 3
    assert sum(found) / len(found) >= 0.9


def test_what_is_nobody_elses_is_seldom_said_to_be_a_duplicate(known: dict[int, str]):
    said = []
    for content, _ in pairs():
        itself = next(pk for pk, title in known.items() if title == content["title"])
        said.append(bool(likely_duplicates(content, but=itself)))
    assert sum(said) / len(said) <= 0.1


def submitted(*names: str) -> dict[str, list[int]]:
    """Put the first sheet of each pair of these files in the register: their numbers by file."""
    known = [sheet for name in names for sheet, _ in pairs(name)]
    records = [
        Initiative(state=State.SUBMITTED, version=1, created_at=AT, updated_at=AT) for _ in known
    ]
    for record, content in zip(records, known, strict=True):
        set_plain_fields(record, content)
    Initiative.objects.bulk_create(records)
    write_many_rows(list(zip(records, known, strict=True)))
    write_blocks([record.pk for record in records])
    numbers = iter(record.pk for record in records)
    return {name: [next(numbers) for _ in pairs(name)] for name in names}


def ranks(name: str, *, numbers: list[int], reader: User) -> list[int | None]:
    """Where the first sheet of each pair of a file is suggested for the second: 0, 1, 2, None."""
    shown = [
        [one.initiative.pk for one in likely_duplicates(written, reader=reader)]
        for _, written in pairs(name)
    ]
    return [
        suggested.index(number) if number in suggested else None
        for number, suggested in zip(numbers, shown, strict=True)
    ]


def test_twins_are_found_among_three_in_a_register_full_of_near_misses(administrator: User):
    numbers = submitted(_FIRST, _SECOND, _NEAR)
    found = ranks(_SECOND, numbers=numbers[_SECOND], reader=administrator)
    assert len(found) >= 60
    assert sum(rank is not None for rank in found) / len(found) >= 0.9


def test_three_twins_in_four_of_a_set_that_chose_nothing_are_among_three(administrator: User):
    """Measured once: 51 twins of 67 (0.76), 48 of them first; 62 near misses of 68 are shown too.

    The register asks for 0.9, which sets that served to choose the measure reach and this one
    does not. The bounds are what was measured, to the next twentieth: they hold it, not prove it.
    """
    numbers = submitted(_FIRST, _SECOND, _NEAR, _THIRD, _THIRD_NEAR)
    found = ranks(_THIRD, numbers=numbers[_THIRD], reader=administrator)
    wrong = ranks(_THIRD_NEAR, numbers=numbers[_THIRD_NEAR], reader=administrator)
    assert min(len(found), len(wrong)) >= 60
    assert sum(rank is not None for rank in found) / len(found) >= 0.75
    assert sum(rank == 0 for rank in found) / len(found) >= 0.7
    assert sum(rank is not None for rank in wrong) / len(wrong) <= 0.95


def test_different_sheets_are_seldom_alike():
    prints = [
        fingerprint(
            title=one["title"],
            promise=one["promise"],
            holders=[holder["name"] for holder in one["holders"]],
            place_note=one["place_note"],
        )
        for one, _ in pairs()
    ]
    alike = [likeness(a, b) >= LEAST_LIKENESS for a, b in combinations(prints, 2)]
    assert sum(alike) / len(alike) <= 0.005


def test_only_what_may_be_seen_is_suggested(
    make: MakeInitiative, administrator: User, author: User
):
    elsewhere = Territory.objects.get(kind="commune", code="20005")
    TerritoryRole.objects.create(user=author, territory=elsewhere, role="moderator", given_at=AT)
    waiting = make(State.SUBMITTED, title="Bus dentaire du Couchant")
    content = empty_content() | {"title": "Le bus dentaire du Couchant"}
    assert likely_duplicates(content) == []
    assert likely_duplicates(content, reader=author) == [], "it is on no territory of theirs"
    shown = likely_duplicates(content, reader=administrator)
    assert [one.initiative for one in shown] == [waiting]


def test_drafts_and_refused_records_have_no_keys(make: MakeInitiative):
    kept = {make(state).pk for state in (State.SUBMITTED, State.PUBLISHED, State.ARCHIVED)}
    for state in (State.DRAFT, State.REJECTED):
        make(state)
    assert kept <= set(Block.objects.values_list("initiative", flat=True))
    states = set(Block.objects.values_list("initiative__state", flat=True))
    assert states == {State.SUBMITTED, State.PUBLISHED, State.ARCHIVED}
