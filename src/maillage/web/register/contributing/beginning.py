"""The first page of a contribution: a title, a sentence, what is likely the same, a draft."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from maillage.web.accounts.limits import consume
from maillage.web.accounts.models import Organisation
from maillage.web.register.content.checking import missing
from maillage.web.register.content.fields import FIELD_BY_KEY, STEPS
from maillage.web.register.contributing.forms import field_views, read_form
from maillage.web.register.contributing.limits import STARTS, visitor_of
from maillage.web.register.contributing.links import start_contribution
from maillage.web.register.contributing.on_behalf import first_words, organisations_of
from maillage.web.register.contributing.sessions import asked_organisation
from maillage.web.register.duplicates.suggesting import closest_sheets
from maillage.web.register.life.actors import Actor
from maillage.web.register.life.editing import start_draft
from maillage.web.register.life.transitions import Role

_START_FIELDS: Final = (FIELD_BY_KEY["title"], FIELD_BY_KEY["promise"])


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Ask for a title and a sentence, show what is likely the same, open a draft.

    What is only near does not stop there: the page read before sending shows it.
    """
    given, problems, alike = {}, [], []
    if request.method == "POST":
        given, read = read_form(_START_FIELDS, request.POST)
        problems = [*read.problems, *missing_of(read.content)]
        if not problems and "malgre" not in request.POST:
            alike = closest_sheets(_whole(read.content))
        if not problems and not any(one.is_likely_same for one in alike):
            return _open_draft(request, read.content)
    organisations = organisations_of(request.user)
    context = {
        "views": field_views(_START_FIELDS, given, problems),
        "alike": alike,
        "organisations": organisations,
        "on_behalf": request.POST.get("organisation", _first_offered(organisations)),
    }
    return render(request, "register/contributing/start.html", context)


def missing_of(content: dict[str, Any]) -> list[Any]:
    """Return what lacks among the fields of the first page."""
    return [problem for problem in missing(_whole(content)) if problem.key in content]


def _whole(content: dict[str, Any]) -> dict[str, Any]:
    return {field.key: field.empty for field in FIELD_BY_KEY.values()} | content


def _open_draft(request: HttpRequest, content: dict[str, Any]) -> HttpResponse:
    at = timezone.now()
    if not consume(STARTS, visitor_of(request), at=at):
        messages.error(request, "Beaucoup de fiches ont été commencées d’ici : réessayez demain.")
        return redirect("register:start")
    if request.user.is_authenticated:
        return _open_draft_of_account(request, content, at)
    _, secret = start_contribution(content=content, at=at)
    return redirect("register:write_by_link", secret, STEPS[0].key)


def _open_draft_of_account(
    request: HttpRequest, content: dict[str, Any], at: datetime
) -> HttpResponse:
    organisation = asked_organisation(request)
    initiative = start_draft(
        content=first_words(organisation) | content,
        actor=Actor(request.user, frozenset({Role.AUTHOR})),
        at=at,
        organisation_id=organisation.pk if organisation else None,
    )
    return redirect("register:write", initiative.public_id, STEPS[0].key)


def _first_offered(organisations: Iterable[Organisation]) -> str:
    """Return the choice shown first: the only organisation, else oneself."""
    ids = [one.public_id for one in organisations]
    return ids[0] if len(ids) == 1 else ""
