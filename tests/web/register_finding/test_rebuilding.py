"""The index is built again while the site goes on, a block of numbers at a time."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import F

from maillage.engines.textsearch.postings import BLOCK
from maillage.web.register.finding import indexing
from maillage.web.register.finding.asking import answer
from maillage.web.register.finding.criteria import Criteria, criteria_of
from maillage.web.register.finding.indexing import catch_up, rebuild, refresh
from maillage.web.register.models import (
    Initiative,
    SearchColumns,
    SearchEntry,
    SearchPosting,
    SearchState,
    SearchWord,
)
from maillage.web.register.models.choices import State
from tests.web.register.conftest import AT

KEYS = (1, 2, 3, BLOCK, BLOCK + 1, 2 * BLOCK + 9)
"""Numbers of three blocks."""


@pytest.fixture
def spread(db: None) -> tuple[int, ...]:
    """Public initiatives, two by two about buses and about schools, not in the index yet."""
    Initiative.objects.bulk_create(
        Initiative(
            pk=key,
            title=f"{'Bus' if rank % 2 else 'École'} du Levant",
            state=State.PUBLISHED,
            start_year=2001,
            created_at=AT,
            updated_at=AT,
            published_at=AT,
        )
        for rank, key in enumerate(KEYS)
    )
    return KEYS


@pytest.fixture
def by_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Build a block again rather than mend it, however few its wrong entries are."""
    monkeypatch.setattr(indexing, "_FEW", 0)


def index() -> dict[str, list[Any]]:
    """Return all that the index holds, but the revision."""
    models = (SearchEntry, SearchPosting, SearchColumns, SearchWord, SearchState)
    held = {}
    for model in models:
        names = [each.name for each in model._meta.fields]
        names = [name for name in names if name not in ("id", "revision")]
        rows = model._default_manager.values_list(*names)
        plain = [
            tuple(bytes(each) if isinstance(each, bytes | memoryview) else each for each in row)
            for row in rows
        ]
        held[model.__name__] = sorted(plain, key=repr)
    return held


def test_blocks_built_again_are_what_one_change_after_the_other_gives(
    spread: tuple[int, ...], by_blocks: None
) -> None:
    for key in spread:
        refresh([key])
    plain = index()
    assert rebuild() == len(spread)
    assert index() == plain
    SearchEntry.objects.update(indexed_version="")
    assert catch_up() == len(spread)
    assert index() == plain
    assert catch_up() == 0


def test_what_strayed_into_a_block_leaves_it(spread: tuple[int, ...], by_blocks: None) -> None:
    catch_up()
    plain = index()
    SearchPosting.objects.filter(block=0, term="bus").update(term="autobus")
    SearchEntry.objects.filter(pk=2).update(indexed_version="", terms="rien")
    rebuild()
    assert index() == plain


def test_texts_are_read_and_cut_before_the_lock_is_taken(
    spread: tuple[int, ...], by_blocks: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []

    def told(name: str, step: str) -> None:
        work: Callable[..., Any] = getattr(indexing, name)
        monkeypatch.setattr(
            indexing, name, lambda *args, **kwargs: steps.append(step) or work(*args, **kwargs)
        )

    told("_analysed", "cut")
    told("locked_state", "lock")
    catch_up()
    assert steps == ["cut", "cut", "cut", "lock", "cut", "cut", "lock", "cut", "lock"]


def test_what_changes_while_its_block_is_built_is_seen_as_it_is_then(
    spread: tuple[int, ...], by_blocks: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    catch_up()
    analysed = indexing._analysed

    def disturbed(initiative: Initiative, made_by: str) -> object:
        found = analysed(initiative, made_by)
        if initiative.pk == 3 and not Initiative.objects.filter(pk=4).exists():
            Initiative.objects.filter(pk=1).update(title="Cabine", version=F("version") + 1)
            Initiative.objects.filter(pk=2).update(state=State.ARCHIVED)
            Initiative.objects.bulk_create(
                [
                    Initiative(
                        pk=4,
                        title="Cabine neuve",
                        state=State.PUBLISHED,
                        created_at=AT,
                        updated_at=AT,
                        published_at=AT,
                    )
                ]
            )
            refresh([1, 2, 4])
        return found

    monkeypatch.setattr(indexing, "_analysed", disturbed)
    rebuild()
    assert sorted(answer(Criteria(text="cabine", exact=True)).found.keys()) == [1, 4]
    assert sorted(answer(Criteria(text="bus", exact=True)).found.keys()) == [KEYS[3], KEYS[5]]
    assert sorted(answer(criteria_of("annee_de=2001")).found.keys()) == [1, 3, *KEYS[3:]]
    monkeypatch.undo()
    held = index()
    rebuild()
    assert index() == held


def test_what_was_interrupted_goes_on_where_it_stopped(
    spread: tuple[int, ...], by_blocks: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    catch_up()
    plain = index()
    monkeypatch.setattr(indexing, "TEXTS_VERSION", "another")
    built: list[int] = []
    build = indexing._rebuild_block

    def until_the_third(block: int) -> None:
        if len(built) == 2:
            raise KeyboardInterrupt
        built.append(block)
        build(block)

    monkeypatch.setattr(indexing, "_rebuild_block", until_the_third)
    with pytest.raises(KeyboardInterrupt):
        catch_up()
    assert len(answer(Criteria(text="levant", exact=True)).found) == len(spread)
    monkeypatch.setattr(
        indexing, "_rebuild_block", lambda block: built.append(block) or build(block)
    )
    assert catch_up() == 1
    assert built == [0, 1, 2]
    monkeypatch.undo()
    rebuild()
    assert index() == plain
