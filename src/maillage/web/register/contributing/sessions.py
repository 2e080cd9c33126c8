"""What a page of the contribution works on: a record, who writes it, and its addresses."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import Http404, HttpRequest
from django.urls import reverse

from maillage.web.accounts.models import Organisation
from maillage.web.register.contributing.links import find_contribution
from maillage.web.register.contributing.on_behalf import organisation_asked
from maillage.web.register.life.actors import Actor
from maillage.web.register.life.errors import NotAllowed
from maillage.web.register.life.transitions import Action, allowed
from maillage.web.register.models import Contribution, Initiative

LAST_PAGE: Final = "verifier"
"""The last part of the address of the page where a sheet is read again and sent."""


@dataclass(frozen=True, slots=True)
class Writing:
    """A record open for writing.

    secret  of the link, "" with an account
    """

    initiative: Initiative
    actor: Actor
    secret: str = ""
    contribution: Contribution | None = None

    def step_url(self, step: str) -> str:
        """Return the address of one step."""
        if self.secret:
            return reverse("register:write_by_link", args=[self.secret, step])
        return reverse("register:write", args=[self.initiative.public_id, step])

    @property
    def check_url(self) -> str:
        """The address of the last page, where the sheet is read again and sent."""
        return self.step_url(LAST_PAGE)

    @property
    def is_confirmed(self) -> bool:
        """Say whether an address answers for the sheet: an account's, or a confirmed one."""
        return self.contribution is None or self.contribution.confirmed_at is not None

    def may(self, action: Action) -> bool:
        """Say whether the table lets this person do that now."""
        return allowed(self.initiative.state, action, self.actor.roles)


def writing_by_link(secret: str, *, at: datetime) -> Writing:
    """Return what a link opens. Raises Http404 for a link that does not work any more."""
    contribution = find_contribution(secret, at=at)
    if contribution is None:
        raise Http404
    return Writing(contribution.initiative, Actor.by_link(), secret, contribution)


def writing_by_account(request: HttpRequest, public_id: str) -> Writing:
    """Return the record that this account may write. Raises Http404 for any other."""
    initiative = Initiative.objects.visible_to(request.user).filter(public_id=public_id).first()
    if initiative is None:
        raise Http404
    actor = Actor.of(request.user, initiative)
    if not allowed(initiative.state, Action.EDIT, actor.roles):
        raise Http404
    return Writing(initiative, actor)


def asked_organisation(request: HttpRequest) -> Organisation | None:
    """Return the organisation that a form names. Raises Http404 for one that is not theirs."""
    try:
        return organisation_asked(request.user, request.POST.get("organisation"))
    except NotAllowed as refused:
        raise Http404 from refused


def is_email(text: str) -> bool:
    """Say whether a text is the address of one person, short enough to be kept."""
    try:
        validate_email(text.strip())
    except ValidationError:
        return False
    return len(text) <= 254
