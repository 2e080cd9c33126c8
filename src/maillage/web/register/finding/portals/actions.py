"""What is done to portals. Each action checks the right to do it, changes, and records.

The journal keeps it under the organisation, whose managers read it there.
"""

from datetime import datetime
from typing import Any, Final

from django.db import IntegrityError, transaction

from maillage.web.accounts.journal.writing import record
from maillage.web.accounts.models import Organisation
from maillage.web.accounts.organisations.actions import check_right
from maillage.web.accounts.organisations.errors import OrganisationError
from maillage.web.accounts.rights import Permission
from maillage.web.register.finding.criteria import KINDS_TO_LOOK_IN
from maillage.web.register.models import Initiative, Portal
from maillage.web.territories.models import Territory

MOST_HIGHLIGHTED: Final = 6


class PortalError(OrganisationError):
    """Something that cannot be done to a portal of an organisation."""


class AddressTaken(PortalError):
    """Another portal has this address."""

    in_french = "Un autre portail a déjà cette adresse."


class PortalIsOpen(PortalError):
    """The portal is open to visitors, so that this may not be done to it."""

    in_french = "Retirez d’abord le portail de la vue du public."


class SelectionTooLong(PortalError):
    """More filters than a portal keeps."""

    in_french = "Cette sélection est trop longue pour être gardée : retirez des filtres."


class TooManyHighlighted(PortalError):
    """So many initiatives in front that none is."""

    in_french = f"Au plus {MOST_HIGHLIGHTED} initiatives en avant : retirez-en une d’abord."


def create_portal(
    *, organisation: Organisation, values: dict[str, Any], by: Any, at: datetime
) -> Portal:
    """Write a portal, closed. It begins where its organisation works, when that is one place.

    Raises NotAllowed, AddressTaken.
    """
    check_right(by, Permission.EDIT_PORTAL, organisation)
    places = organisation.territories.all()[:2]
    query = f"territoire={_looked_in(places[0])}" if len(places) == 1 else ""
    try:
        with transaction.atomic():
            made = Portal.objects.create(organisation=organisation, query=query, **values)
            record("portal.created", on=organisation, by=by, at=at, fields=values)
    except IntegrityError as error:
        raise AddressTaken(values["slug"]) from error
    return made


def _looked_in(place: Territory) -> str:
    """Return the reference of a territory to look in: for a zone, that of its department."""
    if place.kind in KINDS_TO_LOOK_IN:
        return f"{place.kind}-{place.code}"
    return f"department-{place.department_code}"


def edit_portal(*, portal: Portal, values: dict[str, Any], by: Any, at: datetime) -> frozenset[str]:
    """Change a portal; return the names of what changed. Raises NotAllowed, AddressTaken,
    PortalIsOpen for another address of a portal that visitors know, SelectionTooLong.
    """
    check_right(by, Permission.EDIT_PORTAL, portal.organisation)
    if len(values.get("query", "")) > Portal._meta.get_field("query").max_length:
        raise SelectionTooLong("take filters away")
    try:
        with transaction.atomic():
            kept = Portal.objects.select_for_update().get(pk=portal.pk)
            changed = {name for name, value in values.items() if _differs(kept, name, value)}
            if "slug" in changed and kept.is_open:
                raise PortalIsOpen("visitors know its address")
            if changed:
                Portal.objects.filter(pk=kept.pk).update(**{one: values[one] for one in changed})
                record("portal.edited", on=kept.organisation, by=by, at=at, fields=changed)
    except IntegrityError as error:
        raise AddressTaken(values["slug"]) from error
    portal.refresh_from_db()
    return frozenset(changed)


def highlight(
    *, portal: Portal, initiative: Initiative, by: Any, at: datetime, shown: bool = True
) -> None:
    """Put a public initiative in front, or take it away. Raises NotAllowed, TooManyHighlighted."""
    check_right(by, Permission.EDIT_PORTAL, portal.organisation)
    with transaction.atomic():
        kept = Portal.objects.select_for_update().get(pk=portal.pk)
        there = kept.highlighted.filter(pk=initiative.pk).exists()
        if there == shown:
            return
        if not shown:
            kept.highlighted.remove(initiative)
        elif kept.highlighted.count() < MOST_HIGHLIGHTED:
            kept.highlighted.add(initiative)
        else:
            raise TooManyHighlighted("there are enough of them")
        fields = ("highlighted",)
        record("portal.edited", on=kept.organisation, by=by, at=at, fields=fields)


def show_portal(*, portal: Portal, by: Any, at: datetime, shown: bool = True) -> bool:
    """Open a portal to visitors, or close it; say whether that changed it. Raises NotAllowed."""
    check_right(by, Permission.EDIT_PORTAL, portal.organisation)
    with transaction.atomic():
        if not Portal.objects.filter(pk=portal.pk, is_open=not shown).update(is_open=shown):
            return False
        verb = "portal.published" if shown else "portal.unpublished"
        record(verb, on=portal.organisation, by=by, at=at)
    return True


def delete_portal(*, portal: Portal, by: Any, at: datetime) -> None:
    """Delete a portal that is closed. Raises NotAllowed, PortalIsOpen."""
    check_right(by, Permission.EDIT_PORTAL, portal.organisation)
    with transaction.atomic():
        kept = Portal.objects.select_for_update().get(pk=portal.pk)
        if kept.is_open:
            raise PortalIsOpen("visitors see it")
        record("portal.deleted", on=kept.organisation, by=by, at=at)
        kept.delete()


def _differs(kept: Portal, name: str, value: Any) -> bool:
    found = getattr(kept, name)
    return (bytes(found) if isinstance(found, memoryview) else found) != value
