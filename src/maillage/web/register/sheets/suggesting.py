"""Pages on which anybody suggests a change of a public sheet."""

from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from maillage.web.accounts.limits import consume
from maillage.web.accounts.link_secrets import hashed, new_secret
from maillage.web.register.content.fields import STEP_BY_KEY, STEPS
from maillage.web.register.content.storing import content_of
from maillage.web.register.contributing.forms import field_views, read_form
from maillage.web.register.contributing.limits import LINKS_MAILED, SUGGESTIONS, visitor_of
from maillage.web.register.contributing.meanwhile import Sent, compared, marks_of
from maillage.web.register.contributing.sessions import is_email
from maillage.web.register.life.actors import Actor
from maillage.web.register.life.amending import confirm_suggestion, suggest
from maillage.web.register.life.errors import NotComplete
from maillage.web.register.mails import NotSent, send
from maillage.web.register.models import Amendment, Initiative
from maillage.web.register.models.choices import State
from maillage.web.register.sheets.reaching import elsewhere

_PAGE: Final = ["GET", "HEAD", "POST"]


@never_cache
@require_http_methods(_PAGE)
def suggest_change(request: HttpRequest, public_id: str, step: str) -> HttpResponse:
    """Take a suggestion on one part of a public sheet, from anybody."""
    part = STEP_BY_KEY.get(step)
    public = Initiative.objects.public().with_details()
    initiative = get_object_or_404(public, public_id=public_id)
    if part is None:
        raise Http404
    today = given = content_of(initiative)
    marks = marks_of(part.fields, today)
    problems: list[str] = []
    sent = Sent({}, ())
    if request.method == "POST":
        seen = request.POST.get("lu", marks)
        typed, read = read_form(part.fields, request.POST)
        sent = compared(seen, today=today, sent=read.content)
        problems = [problem.message for problem in read.problems]
        if not request.user.is_authenticated and not is_email(request.POST.get("email", "")):
            problems.append("Donnez une adresse électronique : un lien y confirmera l’envoi.")
        if not problems and not sent.conflicts:
            return _suggested(request, initiative, sent.changes)
        given = today | typed
        marks = seen if problems else marks
    context = {
        "initiative": initiative,
        "step": part,
        "steps": [(one, reverse("register:suggest", args=[public_id, one.key])) for one in STEPS],
        "views": field_views(part.fields, given),
        "marks": marks,
        "conflicts": () if problems else sent.conflicts,
        "problems": problems,
        "email": request.POST.get("email", ""),
        "message": request.POST.get("message", ""),
    }
    return render(request, "register/sheets/suggest.html", context)


@never_cache
@require_http_methods(_PAGE)
def confirm_suggested(request: HttpRequest, secret: str) -> HttpResponse:
    """Confirm the address of who suggested; a button, so that no mail filter does."""
    found = Amendment.objects.filter(
        secret_hash=hashed(secret), status=Amendment.Status.UNCONFIRMED
    )
    amendment = get_object_or_404(found.select_related("initiative"))
    if amendment.initiative.state != State.PUBLISHED:
        return elsewhere(request, amendment.initiative.public_id)
    if request.method == "POST":
        confirm_suggestion(secret_hash=hashed(secret), at=timezone.now())
        messages.success(request, "Merci ! Votre proposition sera examinée.")
        return redirect(amendment.initiative)
    context = {"question": "Confirmer ma proposition", "initiative": amendment.initiative}
    return render(request, "register/sheets/confirm.html", context)


def _suggested(request: HttpRequest, initiative: Initiative, changes: Any) -> HttpResponse:
    at = timezone.now()
    known = request.user.is_authenticated
    secret = "" if known else new_secret()
    email = "" if known else request.POST["email"].strip().lower()
    if not consume(SUGGESTIONS, visitor_of(request), at=at) or not (
        known or consume(LINKS_MAILED, email, at=at)
    ):
        messages.error(request, "Beaucoup de propositions sont venues d’ici : réessayez demain.")
        return redirect(initiative)
    try:
        amendment = suggest(
            initiative=initiative,
            changes=changes,
            actor=Actor(request.user if known else None),
            at=at,
            message=request.POST.get("message", "")[:2000],
            author_email=email,
            secret_hash=hashed(secret) if secret else "",
        )
    except NotComplete as refused:
        messages.error(request, refused.problems[0].message)
        return redirect(initiative)
    if amendment is None:
        messages.info(request, "Votre proposition ne changeait rien.")
    elif known:
        messages.success(request, "Merci ! Votre proposition sera examinée.")
    else:
        _ask_to_confirm(request, amendment, secret)
    return redirect(initiative)


def _ask_to_confirm(request: HttpRequest, amendment: Amendment, secret: str) -> None:
    """Send its link to who suggested without account; without it the suggestion is not kept."""
    link = settings.SITE_URL + reverse("register:confirm_suggestion", args=[secret])
    asked = send(
        "register/mails/confirm_suggestion.txt",
        to=amendment.author_email,
        subject="Confirmez votre proposition",
        context={"initiative": amendment.initiative, "link": link},
    )
    if asked:
        messages.success(request, "Un lien vous est envoyé : ouvrez-le pour confirmer.")
    else:
        amendment.delete()
        messages.error(request, NotSent().french)
