"""Pages of organisations. What a person may not see is not found."""

from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maillage.web.accounts.journal.writing import record_access
from maillage.web.accounts.organisations import actions, inviting
from maillage.web.accounts.organisations.errors import NotAllowed, OrganisationError
from maillage.web.accounts.organisations.forms import InvitationForm, OrganisationForm, RoleForm
from maillage.web.accounts.organisations.invited import (
    forget_invitation,
    remember_invitation,
    remembered_invitation,
)
from maillage.web.accounts.organisations.models import Invitation, Membership, Organisation
from maillage.web.accounts.organisations.offered import pages_offered
from maillage.web.accounts.organisations.places import territories_named
from maillage.web.accounts.rights import HELD_ROLES, ROLE_LABELS, Permission
from maillage.web.accounts.scopes import may
from maillage.web.territories.models import Territory
from maillage.web.ui.pages import paginate

_PAGE = ["GET", "HEAD", "POST"]


@never_cache
@login_required
@require_safe
def organisations(request: HttpRequest) -> HttpResponse:
    """List the organisations that this person may see."""
    context = {
        "page": paginate(request, Organisation.objects.visible_to(request.user)),
        "may_create": may(request.user, Permission.CREATE_ORGANISATION),
    }
    return render(request, "accounts/organisations.html", context)


@never_cache
@login_required
@require_safe
def organisation(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show an organisation: its territories, its members, its open invitations."""
    found = _found(request, public_id, Permission.SEE_MEMBERS)
    at = timezone.now()
    record_access(on=found, by=request.user, at=at, purpose="liste des membres")
    invites = _allows(request, found, Permission.INVITE_MEMBERS)
    context = {
        "organisation": found,
        "territories": found.territories.order_by("kind", "slug"),
        "memberships": found.memberships.select_related("user").order_by("joined_at", "pk"),
        "may_change": _allows(request, found, Permission.CHANGE_MEMBERS),
        "may_edit": _allows(request, found, Permission.EDIT_ORGANISATION),
        "may_cover": may(request.user, Permission.COVER_TERRITORY),
        "pages": [
            (page.label, reverse(page.url_name, args=[found.public_id]))
            for page in pages_offered()
            if _allows(request, found, page.permission)
        ],
        "roles": [(role.value, ROLE_LABELS[role]) for role in HELD_ROLES],
        "invitations": found.invitations.open(at=at) if invites else [],
        "invitation_form": _invitation_form(request, found) if invites else None,
    }
    return render(request, "accounts/organisation.html", context)


@never_cache
@login_required
@require_http_methods(_PAGE)
def new_organisation(request: HttpRequest) -> HttpResponse:
    """Write an organisation down."""
    if not may(request.user, Permission.CREATE_ORGANISATION):
        raise Http404
    form = OrganisationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = actions.create_organisation(**form.cleaned_data, by=request.user, at=timezone.now())
        return redirect(made)
    context = {"form": form, "organisation": None}
    return render(
        request, "accounts/organisation_form.html", context, status=422 if form.errors else 200
    )


@never_cache
@login_required
@require_http_methods(_PAGE)
def edit_organisation(request: HttpRequest, public_id: str) -> HttpResponse:
    """Change an organisation's name, kind or site."""
    found = _found(request, public_id, Permission.EDIT_ORGANISATION)
    form = OrganisationForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        values, by = form.cleaned_data, request.user
        actions.edit_organisation(organisation=found, values=values, by=by, at=timezone.now())
        messages.success(request, "C’est enregistré.")
        return redirect(found)
    context = {"form": form, "organisation": found}
    return render(
        request, "accounts/organisation_form.html", context, status=422 if form.errors else 200
    )


@never_cache
@login_required
@require_http_methods(_PAGE)
def territories(request: HttpRequest, public_id: str) -> HttpResponse:
    """Find territories and add them to, or take them from, those that an organisation covers."""
    if not may(request.user, Permission.COVER_TERRITORY):
        raise Http404
    found = _found(request, public_id, Permission.EDIT_ORGANISATION)
    if request.method == "POST":
        territory = get_object_or_404(Territory, pk=_number(request.POST.get("territory")))
        actions.cover_territory(
            organisation=found,
            territory=territory,
            by=request.user,
            at=timezone.now(),
            covers="remove" not in request.POST,
        )
        return redirect("accounts:territories", found.public_id)
    query = request.GET.get("q", "").strip()
    context = {
        "organisation": found,
        "territories": found.territories.order_by("kind", "slug"),
        "query": query,
        "results": territories_named(request, query) if query else [],
    }
    return render(request, "accounts/organisation_territories.html", context)


@login_required
@require_POST
def invite(request: HttpRequest, public_id: str) -> HttpResponse:
    """Send an invitation."""
    found = _found(request, public_id, Permission.INVITE_MEMBERS)
    form = _invitation_form(request, found, request.POST)
    if not form.is_valid():
        context = {"organisation": found, "form": form}
        return render(request, "accounts/invite.html", context, status=422)
    email, by = form.cleaned_data["email"], request.user

    def do() -> None:
        inviting.invite(organisation=found, email=email, role=form.chosen, by=by, at=timezone.now())

    return _done(request, do, f"L’invitation est enregistrée : son lien part vers {email}.", found)


@login_required
@require_POST
def revoke(request: HttpRequest, public_id: str, invitation_id: str) -> HttpResponse:
    """End an invitation."""
    found = _found(request, public_id, Permission.INVITE_MEMBERS)
    invitation = get_object_or_404(Invitation, organisation=found, public_id=invitation_id)

    def do() -> None:
        inviting.revoke_invitation(invitation=invitation, by=request.user, at=timezone.now())

    return _done(request, do, "Cette invitation n’est plus valable.", found)


@login_required
@require_POST
def change_member(request: HttpRequest, public_id: str, user_id: str) -> HttpResponse:
    """Give a member another role."""
    found = _found(request, public_id, Permission.CHANGE_MEMBERS)
    membership = _membership(found, user_id)
    form = RoleForm(request.POST, roles=HELD_ROLES)
    if not form.is_valid():
        raise Http404

    def do() -> None:
        role, by = form.chosen, request.user
        actions.change_role(membership=membership, role=role, by=by, at=timezone.now())

    return _done(request, do, "Le rôle est changé.", found)


@login_required
@require_POST
def remove_member(request: HttpRequest, public_id: str, user_id: str) -> HttpResponse:
    """End a membership: another's with the right to, one's own always."""
    own = user_id == request.user.public_id
    permission = Permission.SEE_MEMBERS if own else Permission.CHANGE_MEMBERS
    found = _found(request, public_id, permission)
    membership = _membership(found, user_id)

    def do() -> None:
        actions.remove_member(membership=membership, by=request.user, at=timezone.now())

    return _done(request, do, "C’est fait.", "accounts:organisations" if own else found)


@never_cache
@require_safe
def open_invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """Take the link of an invitation, and go on without its secret in the address."""
    try:
        invitation = inviting.invitation_of(secret, at=timezone.now())
    except OrganisationError as refusal:
        messages.error(request, refusal.in_french)
        return redirect("territories:home")
    remember_invitation(request, invitation)
    # The link was read in that mailbox: an account opened now at this address needs no other proof.
    get_adapter(request).stash_verified_email(request, invitation.email)
    return redirect("accounts:accept_invitation")


@never_cache
@require_http_methods(_PAGE)
def accept_invitation(request: HttpRequest) -> HttpResponse:
    """Show the invitation that brought this visitor, and accept it."""
    at = timezone.now()
    invitation = remembered_invitation(request, at=at)
    if invitation is None:
        forget_invitation(request)
        messages.error(request, "Cette invitation n’est plus valable : demandez-en une autre.")
        return redirect("territories:home")
    if request.method == "POST" and request.user.is_authenticated:

        def do() -> None:
            inviting.accept_invitation(invitation=invitation, user=request.user, at=at)
            forget_invitation(request)

        return _done(request, do, "Bienvenue !", invitation.organisation)
    return render(request, "accounts/invitation.html", {"invitation": invitation})


def _found(request: HttpRequest, public_id: str, permission: Permission) -> Organisation:
    visible = Organisation.objects.where(request.user, permission)
    found: Organisation = get_object_or_404(visible, public_id=public_id)
    return found


def _allows(request: HttpRequest, found: Organisation, permission: Permission) -> bool:
    return Organisation.objects.where(request.user, permission).filter(pk=found.pk).exists()


def _membership(found: Organisation, user_id: str) -> Membership:
    members = found.memberships.select_related("user", "organisation")
    membership: Membership = get_object_or_404(members, user__public_id=user_id)
    return membership


def _invitation_form(request: HttpRequest, found: Organisation, *data: Any) -> InvitationForm:
    return InvitationForm(*data, roles=inviting.roles_to_give(request.user, found))


def _done(request: HttpRequest, do: Any, said: str, where: Any) -> HttpResponse:
    """Do it, say so or say why not, and go to `where`; what is not allowed is not found."""
    try:
        do()
    except NotAllowed as refusal:
        raise Http404 from refusal
    except OrganisationError as refusal:
        messages.error(request, refusal.in_french)
        if request.resolver_match and request.resolver_match.url_name == "accept_invitation":
            return redirect("accounts:accept_invitation")
    else:
        messages.success(request, said)
    return redirect(where)


def _number(text: str | None) -> int:
    if not text or not text.isascii() or not text.isdigit() or len(text) > 15:
        raise Http404
    return int(text)
