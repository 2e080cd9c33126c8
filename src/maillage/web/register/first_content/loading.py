"""Bring the first content into the register; calling it again changes only what it wrote."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from maillage.web.register.content.fields import Content
from maillage.web.register.content.storing import content_of, territories_named
from maillage.web.register.first_content.reading import SOURCE, FirstSheet, read_first_content
from maillage.web.register.life.actors import MACHINE
from maillage.web.register.life.editing import edit, start_draft
from maillage.web.register.life.moving import move
from maillage.web.register.life.transitions import Action
from maillage.web.register.models import ImportedKey, Initiative
from maillage.web.register.models.choices import State


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a loading did, by number of records.

    kept  records that somebody has changed since: left as they are
    """

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    kept: int = 0


def load_first_content(*, at: datetime) -> LoadReport:
    """Publish the sheets that are not there, correct those that nobody else has changed."""
    outcomes = []
    with transaction.atomic():
        known: dict[str, Initiative] = {
            row.key: row.initiative
            for row in ImportedKey.objects.filter(source_name=SOURCE).select_related("initiative")
        }
        for sheet in read_first_content():
            content = _content_here(sheet, known)
            if sheet.key in known:
                outcomes.append(_correct(known[sheet.key], content, at))
            else:
                known[sheet.key] = _publish(sheet.key, content, at)
                outcomes.append("created")
    return LoadReport(**{name: outcomes.count(name) for name in set(outcomes)})


def _content_here(sheet: FirstSheet, known: dict[str, Initiative]) -> Content:
    """Return the sheet with the territories that this site knows, and addresses for relations."""
    territories = territories_named(sheet.content["territories"])
    relations = [
        {"kind": kind, "target": known[target].public_id} for kind, target in sheet.relations
    ]
    return sheet.content | {"territories": sorted(territories), "relations": relations}


def _publish(key: str, content: Content, at: datetime) -> Initiative:
    initiative = start_draft(content=content, actor=MACHINE, at=at)
    for action in (Action.SUBMIT, Action.PUBLISH):
        move(initiative=initiative, action=action, actor=MACHINE, at=at, reason=SOURCE)
    ImportedKey.objects.create(source_name=SOURCE, key=key, initiative=initiative)
    return initiative


def _correct(initiative: Initiative, content: Content, at: datetime) -> str:
    last = initiative.versions.first()
    if initiative.state != State.PUBLISHED or last is None or last.reason != SOURCE:
        return "kept"
    if content_of(initiative) == content:
        return "unchanged"
    edit(initiative=initiative, changes=content, actor=MACHINE, at=at, reason=SOURCE)
    return "updated"
