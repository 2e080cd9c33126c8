"""The last page of a contribution: the sheet read again, its contact, its files, its sending."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from maillage.core.errors import InputError, MaillageError
from maillage.web.accounts.limits import consume
from maillage.web.accounts.models import Organisation
from maillage.web.register.contacts import GivenContact, ask_to_confirm, keep_contact
from maillage.web.register.content.checking import missing
from maillage.web.register.content.fields import STEPS
from maillage.web.register.content.storing import content_of
from maillage.web.register.contributing.attachments import add_attachment, remove_attachment
from maillage.web.register.contributing.limits import (
    FILES,
    LINKS_ASKED,
    LINKS_MAILED,
    visitor_of,
)
from maillage.web.register.contributing.links import mail_link
from maillage.web.register.contributing.on_behalf import may_choose, organisations_of, write_for
from maillage.web.register.contributing.sessions import Writing, asked_organisation, is_email
from maillage.web.register.duplicates.suggesting import closest_sheets
from maillage.web.register.life.commenting import comment
from maillage.web.register.life.editing import erase_draft
from maillage.web.register.life.errors import STALE, NotAllowed, NotComplete, StateChanged
from maillage.web.register.life.moving import move
from maillage.web.register.life.transitions import Action
from maillage.web.register.mails import NotSent
from maillage.web.register.models import Contact, Initiative

_ALREADY_MAILED: Final = "Plusieurs liens viennent d’être envoyés : relevez vos courriels."


def last_page(request: HttpRequest, writing: Writing) -> HttpResponse:
    """Read the whole sheet again: what lacks, what resembles it, who to write to, and send."""
    if request.method == "POST":
        return _checked_action(request, writing)
    initiative = Initiative.objects.with_details().get(pk=writing.initiative.pk)
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
        "may_take_back": writing.may(Action.WITHDRAW),
        "organisations": _organisations_to_choose(request, writing),
        "on_behalf": initiative.organisation.public_id if initiative.organisation else "",
        "steps": [(one, writing.step_url(one.key)) for one in STEPS],
    }
    return render(request, "register/contributing/check.html", context)


def _checked_action(request: HttpRequest, writing: Writing) -> HttpResponse:
    action = _ACTIONS.get(request.POST.get("geste", ""))
    if action is None:
        raise Http404
    return action(request, writing) or redirect(writing.check_url)


def _save_contact(request: HttpRequest, writing: Writing) -> None:
    if not writing.may(Action.EDIT):
        raise Http404
    given = GivenContact(
        name=request.POST.get("name", ""),
        email=request.POST.get("email", ""),
        phone=request.POST.get("phone", ""),
        consents=request.POST.get("accord") == "oui",
    )
    if given.email.strip() and not is_email(given.email):
        messages.error(request, "Cette adresse électronique ne se lit pas.")
        return
    at, by = timezone.now(), writing.actor.user
    kept = keep_contact(initiative=writing.initiative, given=given, by=by, at=at)
    messages.success(request, "Le contact est enregistré.")
    if kept.email and kept.confirmed_at is None:
        _ask_contact(request, kept)


def _ask_contact(request: HttpRequest, contact: Contact) -> None:
    """Ask whoever reads an address to agree, and say so."""
    if not _may_mail(request, contact.email):
        messages.error(request, _ALREADY_MAILED)
    elif ask_to_confirm(contact, at=timezone.now()):
        messages.info(
            request, f"Un lien part vers {contact.email} : rien d’autre avant son accord."
        )
    else:
        messages.error(request, NotSent().french)


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
    elif not _may_mail(request, email):
        messages.error(request, _ALREADY_MAILED)
    elif mail_link(contribution=writing.contribution, email=email, at=at):
        messages.success(request, f"Le lien est parti vers {email}.")
    else:
        messages.error(request, NotSent().french)


def _may_mail(request: HttpRequest, email: str) -> bool:
    """Count a link to an address, and say whether it may leave."""
    at = timezone.now()
    asked = consume(LINKS_ASKED, visitor_of(request), at=at)
    return asked and consume(LINKS_MAILED, email, at=at)


def _organisations_to_choose(request: HttpRequest, writing: Writing) -> Sequence[Organisation]:
    """Return those to offer; none to who may not choose on whose behalf the sheet is written."""
    if not may_choose(writing.initiative, writing.actor):
        return ()
    return organisations_of(request.user)


def _save_organisation(request: HttpRequest, writing: Writing) -> None:
    organisation = asked_organisation(request)
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
        messages.error(request, STALE)
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
        messages.error(request, STALE)
        return None
    messages.success(request, "Merci ! La fiche est envoyée ; elle sera relue avant publication.")
    return redirect("register:mine") if not writing.secret else None


def _take_back(request: HttpRequest, writing: Writing) -> None:
    """Take a sheet that waits for moderation back: it is a draft again, to go on or to erase."""
    initiative, actor, at = writing.initiative, writing.actor, timezone.now()
    if not writing.may(Action.WITHDRAW):
        raise Http404
    try:
        move(initiative=initiative, action=Action.WITHDRAW, actor=actor, at=at)
    except MaillageError:
        messages.error(request, STALE)
    else:
        messages.success(request, "L’envoi est repris : la fiche est de nouveau un brouillon.")


_ACTIONS: Final[Mapping[str, Callable[[HttpRequest, Writing], HttpResponse | None]]] = {
    "contact": _save_contact,
    "fichier": _save_file,
    "retirer": _remove_file,
    "courriel": _mail_link,
    "remarque": _save_comment,
    "organisation": _save_organisation,
    "envoyer": _submit,
    "reprendre": _take_back,
    "effacer": _erase,
}
