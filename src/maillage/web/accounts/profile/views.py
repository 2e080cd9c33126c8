"""Pages of one's own account."""

from collections.abc import Iterable
from datetime import timedelta

from allauth.account.decorators import reauthentication_required
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maillage.web.accounts.journal.models import AccessEntry, JournalEntry
from maillage.web.accounts.journal.writing import pseudonym_of, record
from maillage.web.accounts.keys.actions import TooManyKeys, create_key, revoke_key
from maillage.web.accounts.keys.models import ApiKey, Scope
from maillage.web.accounts.organisations.models import Organisation
from maillage.web.accounts.profile.deletion import delete_account
from maillage.web.accounts.profile.forms import DeletionForm, KeyForm, ProfileForm
from maillage.web.accounts.rights import Permission
from maillage.web.accounts.scopes import reach_of
from maillage.web.ui.pages import paginate

_PAGE = ["GET", "HEAD", "POST"]


@never_cache
@login_required
@require_http_methods(_PAGE)
def profile(request: HttpRequest) -> HttpResponse:
    """Show one's account, and change one's name and pace of messages."""
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        if form.has_changed():
            user, at, fields = request.user, timezone.now(), form.changed_data
            with transaction.atomic():
                form.save()
                record("user.edited", on=user, by=user, at=at, fields=fields)
        messages.success(request, "C’est enregistré.")
        return redirect("accounts:profile")
    reach = reach_of(request.user, Permission.CHANGE_TERRITORY_ROLES)
    context = {
        "form": form,
        "memberships": request.user.memberships.select_related("organisation").order_by(
            "organisation__name"
        ),
        "gives_roles": bool(reach.everywhere or reach.territory_ids),
        "territory_roles": request.user.territory_roles.select_related("territory").order_by("pk"),
    }
    return render(request, "accounts/profile.html", context, status=422 if form.errors else 200)


@never_cache
@login_required
@reauthentication_required
@require_http_methods(_PAGE)
def delete(request: HttpRequest) -> HttpResponse:
    """Close one's account for good."""
    form = DeletionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = request.user
        logout(request)
        delete_account(user=user, at=timezone.now())
        messages.success(request, "Votre compte est supprimé.")
        return redirect("territories:home")
    alone = Organisation.objects.managed_only_by(request.user)
    context = {"form": form, "alone": alone}
    return render(request, "accounts/delete.html", context, status=422 if form.errors else 200)


@never_cache
@login_required
@require_safe
def activity(request: HttpRequest) -> HttpResponse:
    """List what one's account did, and who looked at lists that one's name is on."""
    organisations = request.user.memberships.values("organisation__public_id")
    looks = AccessEntry.objects.filter(
        object_kind="accounts.organisation", object_id__in=organisations
    )
    entries = JournalEntry.objects.filter(actor=pseudonym_of(request.user))
    context = {
        "page": paginate(request, entries, per_page=50),
        "looks": looks.exclude(actor=pseudonym_of(request.user))[:20],
    }
    return render(request, "accounts/activity.html", context)


@never_cache
@login_required
@require_http_methods(_PAGE)
def sessions(request: HttpRequest) -> HttpResponse:
    """List one's open sessions; a form closes all but this one."""
    if request.method == "POST":
        others = [one for one in _open_sessions(request) if one.session_key != _key(request)]
        _end(request, others)
        messages.success(request, "Vos autres sessions sont fermées.")
        return redirect("usersessions_list")
    found = _open_sessions(request)
    context = {"sessions": found, "here": _key(request)}
    return render(request, "usersessions/usersession_list.html", context)


@login_required
@require_POST
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """Close one of one's own sessions, in another browser."""
    _end(request, [get_object_or_404(UserSession, pk=pk, user=request.user)])
    messages.success(request, "Cette session est fermée.")
    return redirect("usersessions_list")


@never_cache
@login_required
@require_safe
def keys(request: HttpRequest) -> HttpResponse:
    """List one's keys."""
    context = {"keys": request.user.api_keys.all(), "form": KeyForm(), "now": timezone.now()}
    return render(request, "accounts/keys.html", context)


@never_cache
@login_required
@reauthentication_required
@require_http_methods(_PAGE)
def new_key(request: HttpRequest) -> HttpResponse:
    """Make a key and show it, this once."""
    form, at = KeyForm(request.POST or None), timezone.now()
    if request.method == "POST" and form.is_valid():
        days = form.cleaned_data["days"]
        try:
            key, text = create_key(
                user=request.user,
                name=form.cleaned_data["name"],
                scopes=[Scope(scope) for scope in form.cleaned_data["scopes"]],
                at=at,
                expires_at=at + timedelta(days=int(days)) if days else None,
            )
        except TooManyKeys:
            form.add_error(None, "Vous avez déjà dix clés : révoquez-en une d’abord.")
        else:
            return render(request, "accounts/key_made.html", {"key": key, "text": text})
    return render(
        request, "accounts/new_key.html", {"form": form}, status=422 if form.errors else 200
    )


@login_required
@require_POST
def end_key(request: HttpRequest, public_id: str) -> HttpResponse:
    """Revoke a key of one's own."""
    key = get_object_or_404(ApiKey, public_id=public_id, user=request.user)
    revoke_key(key=key, by=request.user, at=timezone.now())
    messages.success(request, "Cette clé n’ouvre plus rien.")
    return redirect("accounts:keys")


def _key(request: HttpRequest) -> str | None:
    key: str | None = request.session.session_key
    return key


def _end(request: HttpRequest, sessions: Iterable[UserSession]) -> None:
    """Close sessions of one's own, and write it in the journal."""
    with transaction.atomic():
        for session in sessions:
            session.end()
        record("session.ended", on=request.user, by=request.user, at=timezone.now())


def _open_sessions(request: HttpRequest) -> list[UserSession]:
    """Return the sessions that still open something, oldest first."""
    known = UserSession.objects.filter(user=request.user).order_by("created_at", "pk")
    keys = [session.session_key for session in known]
    alive = set(
        Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now()).values_list(
            "session_key", flat=True
        )
    )
    return [session for session in known if session.session_key in alive]
