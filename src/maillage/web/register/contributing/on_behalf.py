"""On whose behalf a sheet is written: oneself, or an organisation in which one contributes.

The organisation's members then write it by their roles there (`models.visibility`), whoever began.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from maillage.web.accounts.journal.writing import record
from maillage.web.accounts.models import Organisation
from maillage.web.accounts.rights import Permission
from maillage.web.register.content.fields import Content
from maillage.web.register.life.actors import Actor
from maillage.web.register.life.errors import NotAllowed, StateChanged
from maillage.web.register.life.transitions import Action, Role, allowed
from maillage.web.register.models import Initiative
from maillage.web.register.models.choices import HolderKind


def organisations_of(user: Any) -> QuerySet[Organisation]:
    """Return the organisations for which this person may write; none for a visitor."""
    return Organisation.objects.of_member(user, Permission.CONTRIBUTE)


def organisation_asked(user: Any, public_id: str | None) -> Organisation | None:
    """Return the organisation that a form names, None for oneself.

    Without an answer, the only organisation for which one writes. Raises NotAllowed for one in
    whose name this person does not write.
    """
    mine = list(organisations_of(user))
    if public_id is None:
        return mine[0] if len(mine) == 1 else None
    if not public_id:
        return None
    found = next((one for one in mine if one.public_id == public_id), None)
    if found is None:
        raise NotAllowed("nobody writes in the name of an organisation without a role there")
    return found


def first_words(organisation: Organisation | None) -> Content:
    """Return what a sheet begun for an organisation says already: that it is the holder."""
    if organisation is None:
        return {}
    kind = organisation.kind if organisation.kind in HolderKind.values else HolderKind.OTHER
    return {"holders": [{"name": organisation.name, "kind": str(kind)}]}


def may_choose(initiative: Initiative, actor: Actor) -> bool:
    """Say whether this person chooses on whose behalf: who began the sheet and still writes it."""
    began = actor.user is not None and initiative.created_by_id == actor.user.pk
    writes = Role.AUTHOR in actor.roles and allowed(initiative.state, Action.EDIT, actor.roles)
    return began and writes


def write_for(
    *, initiative: Initiative, organisation: Organisation | None, actor: Actor, at: datetime
) -> bool:
    """Hand a sheet to an organisation, or take it back in one's own name; say if that changed it.

    Raises NotAllowed, StateChanged when somebody else did so meanwhile.
    """
    if not may_choose(initiative, actor):
        raise NotAllowed("on whose behalf a sheet is written is chosen by who began it")
    mine = organisations_of(actor.user)
    if organisation is not None and not mine.filter(pk=organisation.pk).exists():
        raise NotAllowed("nobody writes in the name of an organisation without a role there")
    before = initiative.organisation
    if before == organisation:
        return False
    with transaction.atomic():
        same = Initiative.objects.filter(pk=initiative.pk, organisation=before)
        if not same.update(organisation=organisation):
            raise StateChanged(f"initiative {initiative.public_id} was handed over meanwhile")
        fields = ("organisation",)
        record("initiative.handed_over", on=initiative, by=actor.user, at=at, fields=fields)
        if before is not None:
            record("organisation.initiative_left", on=before, by=actor.user, at=at)
    initiative.organisation = organisation
    return True
