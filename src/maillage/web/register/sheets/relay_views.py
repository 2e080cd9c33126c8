"""Pages by which people write to the holder of a sheet, who answers or agrees to be written to."""

from typing import Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from maillage.web.accounts.limits import consume, give_back
from maillage.web.register import contacts
from maillage.web.register.contributing.limits import MESSAGES, visitor_of
from maillage.web.register.contributing.sessions import is_email
from maillage.web.register.mails import NotSent, address_of_holder
from maillage.web.register.models import Initiative
from maillage.web.register.sheets import relay

_PAGE: Final = ["GET", "HEAD", "POST"]


@never_cache
@require_http_methods(_PAGE)
def write_to_holder(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take a message for the holder of a public sheet."""
    public = Initiative.objects.public().select_related("contact", "created_by", "contribution")
    initiative = get_object_or_404(public, public_id=public_id)
    if not address_of_holder(initiative):
        raise Http404
    if request.method == "POST":
        name = " ".join(request.POST.get("nom", "").split())[:150]
        email = request.POST.get("email", "").strip().lower()
        text = request.POST.get("texte", "").strip()[:5000]
        at = timezone.now()
        if not (name and text and is_email(email)):
            messages.error(request, "Donnez un nom, une adresse électronique et un message.")
        elif not consume(MESSAGES, email, at=at) or not consume(
            MESSAGES, visitor_of(request), at=at
        ):
            messages.error(request, "Plusieurs messages sont déjà partis : réessayez demain.")
        elif _message_kept(request, initiative, name=name, email=email, text=text):
            return redirect(initiative)
    given = {key: request.POST.get(key, "") for key in ("nom", "email", "texte")}
    context = {"initiative": initiative, "given": given}
    return render(request, "register/sheets/write_to_holder.html", context)


@never_cache
@require_http_methods(_PAGE)
def confirm_message(request: HttpRequest, secret: str) -> HttpResponse:
    """Confirm the address of a sender, then send the message on."""
    message = relay.waiting_message(secret)
    if message is None or message.sent_at is not None:
        raise Http404
    if request.method == "POST":
        try:
            if relay.pass_on(secret=secret, at=timezone.now()) is None:
                raise Http404
        except NotSent as refused:
            messages.error(request, refused.french)
            return redirect("register:confirm_message", secret)
        messages.success(request, "Votre message est parti. La réponse viendra par courriel.")
        return redirect(message.initiative)
    context = {"question": "Envoyer mon message", "initiative": message.initiative}
    return render(request, "register/sheets/confirm.html", context)


@never_cache
@require_http_methods(_PAGE)
def answer_message(request: HttpRequest, secret: str) -> HttpResponse:
    """Let the holder answer without showing an address."""
    message = relay.waiting_message(secret)
    if message is None or message.sent_at is None:
        raise Http404
    text = request.POST.get("texte", "").strip()[:5000]
    if request.method == "POST" and text:
        try:
            if relay.answer(secret=secret, text=text, at=timezone.now()) is None:
                messages.error(request, "Une réponse est déjà partie.")
            else:
                messages.success(request, "Votre réponse est partie.")
        except NotSent as refused:
            messages.error(request, refused.french)
        else:
            return redirect("register:answer_message", secret)
    context = {"message": message, "text": text}
    return render(request, "register/sheets/answer.html", context)


@never_cache
@require_http_methods(_PAGE)
def confirm_contact(request: HttpRequest, token: str) -> HttpResponse:
    """Let whoever reads an address agree to be written to about a sheet; a button, as elsewhere."""
    contact = contacts.contact_of(token)
    if contact is None:
        raise Http404
    if request.method == "POST":
        contacts.confirm_contact(contact, at=timezone.now())
        messages.success(request, "Merci : les messages au sujet de la fiche vous parviendront.")
        return redirect("register:list")
    context = {"question": "Recevoir ces messages", "initiative": contact.initiative}
    return render(request, "register/sheets/confirm.html", context)


def _message_kept(
    request: HttpRequest, initiative: Initiative, *, name: str, email: str, text: str
) -> bool:
    """Keep a message and ask its sender to confirm; say whether that was asked."""
    at = timezone.now()
    try:
        relay.write_message(initiative=initiative, name=name, email=email, text=text, at=at)
    except NotSent as refused:
        for subject in (email, visitor_of(request)):  # it was no message
            give_back(MESSAGES, subject, at=at)
        messages.error(request, refused.french)
        return False
    messages.success(request, "Un lien vous est envoyé : ouvrez-le pour que parte le message.")
    return True
