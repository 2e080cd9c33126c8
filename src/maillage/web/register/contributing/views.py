"""Pages of the contribution: begin, write step by step, read again, send."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from maillage.core.errors import InputError, MaillageError
from maillage.web.accounts.limits import consume
from maillage.web.accounts.models import Organisation
from maillage.web.register.content.checking import missing, without_unseen
from maillage.web.register.content.fields import FIELD_BY_KEY, STEP_BY_KEY, STEPS
from maillage.web.register.content.storing import content_of
from maillage.web.register.contributing.attachments import add_attachment, remove_attachment
from maillage.web.register.contributing.forms import field_views, read_form
from maillage.web.register.contributing.limits import (
    FILES,
    LINKS_ASKED,
    LINKS_MAILED,
    STARTS,
    visitor_of,
)
from maillage.web.register.contributing.links import (
    confirm_address,
    find_contribution,
    mail_link,
    start_contribution,
)
from maillage.web.register.contributing.on_behalf import (
    first_words,
    may_choose,
    organisation_asked,
    organisations_of,
    write_for,
)
from maillage.web.register.contributing.sessions import (
    Writing,
    is_email,
    writing_by_account,
    writing_by_link,
)
from maillage.web.register.duplicates.suggesting import closest_sheets
from maillage.web.register.life.actors import Actor
from maillage.web.register.life.commenting import comment
from maillage.web.register.life.editing import edit, erase_draft, start_draft
from maillage.web.register.life.errors import NotAllowed, NotComplete, StateChanged
from maillage.web.register.life.moving import move
from maillage.web.register.life.transitions import Action, Role
from maillage.web.register.models import Contact, Initiative
from maillage.web.register.models.visibility import may_import, may_moderate
from maillage.web.ui.pages import paginate

_PAGE: Final = ["GET", "HEAD", "POST"]
_START_FIELDS: Final = (FIELD_BY_KEY["title"], FIELD_BY_KEY["promise"])
_STALE: Final = "La fiche a changé entre-temps : relisez-la, puis recommencez."


@never_cache
@require_http_methods(_PAGE)
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


@never_cache
@require_http_methods(_PAGE)
def write_by_link(request: HttpRequest, secret: str, step: str) -> HttpResponse:
    """Write one step, or read the sheet again, through the link of a person without account."""
    writing = writing_by_link(secret, at=timezone.now())
    return _check(request, writing) if step == "verifier" else _write(request, writing, step)


@never_cache
@login_required
@require_http_methods(_PAGE)
def write(request: HttpRequest, public_id: str, step: str) -> HttpResponse:
    """Write one step, or read the sheet again, with an account."""
    writing = writing_by_account(request, public_id)
    return _check(request, writing) if step == "verifier" else _write(request, writing, step)


@never_cache
@require_http_methods(_PAGE)
def resume(request: HttpRequest, secret: str) -> HttpResponse:
    """Come back through the link sent by e-mail; a button, so that no mail filter confirms."""
    at = timezone.now()
    contribution = find_contribution(secret, at=at)
    if contribution is None:
        raise Http404
    if request.method == "POST":
        confirmed = confirm_address(secret=secret, at=at)
        if confirmed is None:
            raise Http404
        messages.success(request, "Votre adresse est confirmée. Relisez la fiche, puis envoyez-la.")
        return redirect("register:write_by_link", secret, "verifier")
    context = {"initiative": contribution.initiative, "email": contribution.email}
    return render(request, "register/contributing/resume.html", context)


@never_cache
@login_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """List the records for which this person writes."""
    page = paginate(request, Initiative.objects.written_by(request.user), per_page=50)
    context = {
        "page": page,
        "moderates": may_moderate(request.user),
        "imports": may_import(request.user),
    }
    return render(request, "register/contributing/mine.html", context)


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
    organisation = _asked_organisation(request)
    initiative = start_draft(
        content=first_words(organisation) | content,
        actor=Actor(request.user, frozenset({Role.AUTHOR})),
        at=at,
        organisation_id=organisation.pk if organisation else None,
    )
    return redirect("register:write", initiative.public_id, STEPS[0].key)


def _asked_organisation(request: HttpRequest) -> Organisation | None:
    try:
        return organisation_asked(request.user, request.POST.get("organisation"))
    except NotAllowed as refused:
        raise Http404 from refused


def _first_offered(organisations: Iterable[Organisation]) -> str:
    """Return the choice shown first: the only organisation, else oneself."""
    ids = [one.public_id for one in organisations]
    return ids[0] if len(ids) == 1 else ""


def _write(request: HttpRequest, writing: Writing, step_key: str) -> HttpResponse:
    step = STEP_BY_KEY.get(step_key)
    if step is None or not writing.may(Action.EDIT):
        raise Http404
    content = content_of(_with_details(writing.initiative))
    problems: list[Any] = []
    if request.method == "POST":
        given, read = read_form(step.fields, request.POST)
        problems = list(read.problems)
        if not problems:
            try:
                return redirect(_saved(request, writing, step.key, read.content))
            except NotComplete as refused:
                problems = list(refused.problems)
        content = content | given
    context = {
        "writing": writing,
        "initiative": writing.initiative,
        "step": step,
        "steps": [(one, writing.step_url(one.key)) for one in STEPS],
        "views": field_views(step.fields, content, problems),
        "problems": problems,
        "next_url": _next_url(writing, step.key),
    }
    return render(request, "register/contributing/step.html", context)


def _saved(request: HttpRequest, writing: Writing, step: str, changes: dict[str, Any]) -> str:
    """Save one step and return where to go next. Raises NotComplete."""
    try:
        edit(
            initiative=writing.initiative,
            changes=changes,
            actor=writing.actor,
            at=timezone.now(),
        )
    except StateChanged:
        messages.error(request, _STALE)
        return writing.step_url(step)
    messages.success(request, "Enregistré.")
    return _next_url(writing, step) if "suite" in request.POST else writing.step_url(step)


def _next_url(writing: Writing, step: str) -> str:
    keys = [one.key for one in STEPS]
    after = keys.index(step) + 1
    return writing.step_url(keys[after]) if after < len(keys) else writing.check_url


def _check(request: HttpRequest, writing: Writing) -> HttpResponse:
    """Read the whole sheet again: what lacks, what resembles it, who to write to, and send."""
    if request.method == "POST":
        return _checked_action(request, writing)
    initiative = _with_details(writing.initiative)
    content = content_of(initiative)
    context = {
        "writing": writing,
        "initiative": initiative,
        "lacking": missing(content),
        "alike": closest_sheets(content, but=initiative.pk),
        "contact": Contact.objects.filter(initiative=initiative).first() or Contact(),
        "attachments": initiative.attachments.defer("body"),
        "comments": initiative.comments.all(),
        "may_submit": writing.may(Action.SUBMIT),
        "organisations": _organisations_to_choose(request, writing),
        "on_behalf": initiative.organisation.public_id if initiative.organisation else "",
        "steps": [(one, writing.step_url(one.key)) for one in STEPS],
    }
    return render(request, "register/contributing/check.html", context)


def _checked_action(request: HttpRequest, writing: Writing) -> HttpResponse:
    actions = {
        "contact": _save_contact,
        "fichier": _save_file,
        "retirer": _remove_file,
        "courriel": _mail_link,
        "remarque": _save_comment,
        "organisation": _save_organisation,
        "envoyer": _submit,
        "effacer": _erase,
    }
    action = actions.get(request.POST.get("geste", ""))
    if action is None:
        raise Http404
    return action(request, writing) or redirect(writing.check_url)


def _save_contact(request: HttpRequest, writing: Writing) -> None:
    at = timezone.now()
    email = request.POST.get("email", "").strip()[:254]
    if email and not is_email(email):
        messages.error(request, "Cette adresse électronique ne se lit pas.")
        return
    Contact.objects.update_or_create(
        initiative=writing.initiative,
        defaults={
            "name": " ".join(without_unseen(request.POST.get("name", "")).split())[:150],
            "email": email,
            "phone": " ".join(without_unseen(request.POST.get("phone", "")).split())[:30],
            "consented_at": at if request.POST.get("accord") == "oui" else None,
        },
    )
    messages.success(request, "Le contact est enregistré.")


def _save_file(request: HttpRequest, writing: Writing) -> None:
    file, at = request.FILES.get("fichier"), timezone.now()
    if not writing.may(Action.EDIT):
        raise Http404
    if file is None:
        messages.error(request, "Choisissez un fichier.")
        return
    if not writing.is_confirmed:
        messages.error(request, "Confirmez d’abord votre adresse par le lien envoyé.")
        return
    if not consume(FILES, visitor_of(request), at=at):
        messages.error(request, "Beaucoup de fichiers sont venus d’ici : réessayez demain.")
        return
    try:
        add_attachment(initiative=writing.initiative, file=file, by=writing.actor.user, at=at)
    except InputError as refused:
        messages.error(request, str(refused))
        return
    messages.success(request, "Le fichier est joint.")


def _remove_file(request: HttpRequest, writing: Writing) -> None:
    if not writing.may(Action.EDIT):
        raise Http404
    removed = remove_attachment(
        initiative=writing.initiative,
        file_id=request.POST.get("fichier", ""),
        by=writing.actor.user,
        at=timezone.now(),
    )
    if removed:
        messages.success(request, "Le fichier est effacé.")


def _erase(request: HttpRequest, writing: Writing) -> HttpResponse:
    try:
        erase_draft(initiative=writing.initiative, actor=writing.actor, at=timezone.now())
    except NotAllowed as refused:
        raise Http404 from refused
    messages.success(request, "Le brouillon est effacé.")
    return redirect("register:start" if writing.secret else "register:mine")


def _mail_link(request: HttpRequest, writing: Writing) -> None:
    email = request.POST.get("email", "").strip().lower()[:254]
    at = timezone.now()
    if writing.contribution is None or not is_email(email):
        messages.error(request, "Cette adresse électronique ne se lit pas.")
    elif not (
        consume(LINKS_ASKED, visitor_of(request), at=at) and consume(LINKS_MAILED, email, at=at)
    ):
        messages.error(request, "Plusieurs liens viennent d’être envoyés : relevez vos courriels.")
    else:
        mail_link(contribution=writing.contribution, email=email, at=at)
        messages.success(request, f"Le lien est parti vers {email}.")


def _organisations_to_choose(request: HttpRequest, writing: Writing) -> Sequence[Organisation]:
    """Return those to offer; none to who may not choose on whose behalf the sheet is written."""
    if not may_choose(writing.initiative, writing.actor):
        return ()
    return organisations_of(request.user)


def _save_organisation(request: HttpRequest, writing: Writing) -> None:
    organisation = _asked_organisation(request)
    try:
        write_for(
            initiative=writing.initiative,
            organisation=organisation,
            actor=writing.actor,
            at=timezone.now(),
        )
    except NotAllowed as refused:
        raise Http404 from refused
    except StateChanged:
        messages.error(request, _STALE)
    else:
        messages.success(request, "C’est enregistré.")


def _save_comment(request: HttpRequest, writing: Writing) -> None:
    text = request.POST.get("texte", "")
    if writing.may(Action.COMMENT):
        comment(initiative=writing.initiative, text=text, actor=writing.actor, at=timezone.now())


def _submit(request: HttpRequest, writing: Writing) -> HttpResponse | None:
    if not writing.is_confirmed:
        messages.error(request, "Confirmez d’abord votre adresse par le lien envoyé.")
        return None
    try:
        move(
            initiative=writing.initiative,
            action=Action.SUBMIT,
            actor=writing.actor,
            at=timezone.now(),
        )
    except NotComplete as refused:
        messages.error(request, refused.problems[0].message)
        return None
    except MaillageError:
        messages.error(request, _STALE)
        return None
    messages.success(request, "Merci ! La fiche est envoyée ; elle sera relue avant publication.")
    return redirect("register:mine") if not writing.secret else None


def _with_details(initiative: Initiative) -> Initiative:
    return Initiative.objects.with_details().get(pk=initiative.pk)
