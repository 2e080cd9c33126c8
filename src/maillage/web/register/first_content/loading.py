"""Bring the first content into the register; calling it again changes only what it wrote.

The fictional department has invented sheets of its own, so that each page has something to show;
they leave with it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from maillage.web.register.content.fields import Content
from maillage.web.register.content.storing import content_of, territories_named
from maillage.web.register.first_content.reading import (
    EXAMPLES,
    SOURCE,
    FirstSheet,
    read_examples,
    read_first_content,
)
from maillage.web.register.life.actors import MACHINE
from maillage.web.register.life.editing import edit, start_draft
from maillage.web.register.life.locking import locked
from maillage.web.register.life.moving import move
from maillage.web.register.life.transitions import Action
from maillage.web.register.models import ImportedKey, Initiative
from maillage.web.register.models.choices import State
from maillage.web.territories.models import StoreVersion


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a loading did, by number of records.

    kept  records that somebody has changed since: left as they are
    """

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    kept: int = 0


def load_content(*, at: datetime) -> LoadReport:
    """Bring in what this site is to show: the first content, and the examples if it is fictional.

    Returns what was done with the first content.
    """
    report = load_first_content(at=at)
    if StoreVersion.objects.filter(active=True, fictional=True).exists():
        load_examples(at=at)
    else:
        withdraw_examples(at=at)
    return report


def load_first_content(*, at: datetime) -> LoadReport:
    """Publish the sheets that are not there, correct those that nobody else has changed."""
    return _load(read_first_content(), SOURCE, at)


def load_examples(*, at: datetime) -> LoadReport:
    """Publish the invented sheets of the fictional department, as `load_first_content` does."""
    with transaction.atomic():
        known = _brought(EXAMPLES)
        locked(one.pk for one in known.values())
        for initiative in known.values():
            if initiative.state == State.ARCHIVED and initiative.state_reason == EXAMPLES:
                _move(initiative, Action.RESTORE, EXAMPLES, at)
        return _load(read_examples(), EXAMPLES, at)


def withdraw_examples(*, at: datetime) -> int:
    """Archive the invented sheets still published; return how many there were."""
    shown = [one for one in _brought(EXAMPLES).values() if one.state == State.PUBLISHED]
    with transaction.atomic():
        locked(one.pk for one in shown)
        for initiative in shown:
            _move(initiative, Action.ARCHIVE, EXAMPLES, at)
    return len(shown)


def _load(sheets: Iterable[FirstSheet], source: str, at: datetime) -> LoadReport:
    outcomes = []
    with transaction.atomic():
        known = _brought(source)
        locked(one.pk for one in known.values())
        for sheet in sheets:
            content = _content_here(sheet, known)
            if sheet.key in known:
                outcomes.append(_correct(known[sheet.key], content, source, at))
            else:
                known[sheet.key] = _publish(sheet.key, content, source, at)
                outcomes.append("created")
    return LoadReport(**{name: outcomes.count(name) for name in set(outcomes)})


def _brought(source: str) -> dict[str, Initiative]:
    rows = ImportedKey.objects.filter(source_name=source).select_related("initiative")
    return {row.key: row.initiative for row in rows}


def _content_here(sheet: FirstSheet, known: dict[str, Initiative]) -> Content:
    """Return the sheet with the territories that this site knows, and addresses for relations."""
    territories = territories_named(sheet.content["territories"])
    relations = [
        {"kind": kind, "target": known[target].public_id} for kind, target in sheet.relations
    ]
    return sheet.content | {"territories": sorted(territories), "relations": relations}


def _publish(key: str, content: Content, source: str, at: datetime) -> Initiative:
    initiative = start_draft(content=content, actor=MACHINE, at=at)
    for action in (Action.SUBMIT, Action.PUBLISH):
        _move(initiative, action, source, at)
    ImportedKey.objects.create(source_name=source, key=key, initiative=initiative)
    return initiative


def _move(initiative: Initiative, action: Action, source: str, at: datetime) -> None:
    move(initiative=initiative, action=action, actor=MACHINE, at=at, reason=source)


def _correct(initiative: Initiative, content: Content, source: str, at: datetime) -> str:
    last = initiative.versions.first()
    if initiative.state != State.PUBLISHED or last is None or last.reason != source:
        return "kept"
    if content_of(initiative) == content:
        return "unchanged"
    edit(initiative=initiative, changes=content, actor=MACHINE, at=at, reason=source)
    return "updated"
