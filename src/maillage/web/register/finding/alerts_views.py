"""Pages of the searches followed by e-mail. A link read ahead by a mail program changes nothing."""

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from maillage.core.errors import InputError
from maillage.web.accounts.limits import consume
from maillage.web.register.contributing.limits import LINKS_MAILED, visitor_of
from maillage.web.register.finding import alerts
from maillage.web.register.finding.criteria import read_criteria
from maillage.web.register.finding.presenting import title_of
from maillage.web.register.models import SavedSearch


class FollowForm(forms.Form):
    """The address to write to, and how often."""

    email = forms.EmailField(label="Adresse électronique", max_length=254)
    rhythm = forms.ChoiceField(
        label="Au plus", choices=SavedSearch.Rhythm.choices, initial=SavedSearch.Rhythm.WEEKLY
    )


@require_http_methods(["GET", "HEAD", "POST"])
def follow_page(request: HttpRequest) -> HttpResponse:
    """Ask to follow a search; the answer is the same whether or not it was followed already."""
    criteria = read_criteria(request.GET)
    form = FollowForm(request.POST or None)
    done = False
    status = 200
    if request.method == "POST" and form.is_valid():
        at = timezone.now()
        email = form.cleaned_data["email"]
        allowed = consume(LINKS_MAILED, f"alert {email.lower()}", at=at) and consume(
            LINKS_MAILED, f"alert of {visitor_of(request)}", at=at
        )
        rhythm = form.cleaned_data["rhythm"]
        if not allowed:
            form.add_error(None, "Trop de demandes pour aujourd’hui : réessayez demain.")
            status = 429
        else:
            try:
                alerts.follow(email=email, criteria=criteria, rhythm=rhythm, at=at)
                done = True
            except InputError as refused:
                form.add_error(None, refused.french)
                status = 422
    context = {
        "form": form,
        "done": done,
        "criteria": criteria,
        "criteria_title": title_of(criteria),
        "query": criteria.query(),
    }
    return render(request, "register/finding/follow.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_page(request: HttpRequest, token: str) -> HttpResponse:
    """Confirm an address, by a button."""
    saved = alerts.to_confirm(token)
    if saved is None:
        raise Http404("No search is to be confirmed by this link.")
    if request.method == "POST":
        alerts.confirm(saved, at=timezone.now())
    context = {"saved": saved, "done": request.method == "POST", "action": "confirm"}
    return render(request, "register/finding/alert.html", context)


@csrf_exempt  # the link itself is the right to stop; mail programs post to it (RFC 8058)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop_page(request: HttpRequest, token: str) -> HttpResponse:
    """Stop a search, by a button or by the mail program; said the same when it was stopped."""
    saved = alerts.to_stop(token)
    if request.method == "POST" and saved is not None:
        alerts.stop(saved)
    context = {
        "saved": saved,
        "done": request.method == "POST" or saved is None,
        "action": "stop",
    }
    return render(request, "register/finding/alert.html", context)
