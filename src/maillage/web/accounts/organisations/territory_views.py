"""Who has which role over which territory: pages of those who hand them out there."""

from datetime import timedelta
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maillage.web.accounts.journal.writing import record_access
from maillage.web.accounts.limits import Limit, consume
from maillage.web.accounts.organisations.errors import NotAllowed, NotToOneself
from maillage.web.accounts.organisations.forms import TerritoryRoleForm
from maillage.web.accounts.organisations.models import TerritoryRole
from maillage.web.accounts.organisations.places import territories_named
from maillage.web.accounts.organisations.territory_roles import (
    give_territory_role,
    roles_to_give_over,
    withdraw_territory_role,
)
from maillage.web.accounts.people.models import User
from maillage.web.accounts.rights import Permission, Role
from maillage.web.accounts.scopes import Reach, reach_of
from maillage.web.territories.models import Territory
from maillage.web.ui.pages import paginate

TRIES: Final = Limit("territory-role", 50, timedelta(days=1))
"""So that addresses are not tried one after the other to learn who has an account."""


@never_cache
@login_required
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """List the territories over which somebody has a role, with how many of each; no name."""
    mine = _mine(request)
    query = request.GET.get("q", "").strip()
    moderates = Count("roles", filter=Q(roles__role=Role.MODERATOR))
    held = (
        mine.filter(roles__isnull=False)
        .annotate(n_moderators=moderates, n_roles=Count("roles"))
        .order_by("kind", "slug", "pk")
    )
    results = territories_named(request, query) if query else []
    reached = set(mine.filter(pk__in=[one.pk for one in results]).values_list("pk", flat=True))
    context = {
        "page": paginate(request, held),
        "query": query,
        "results": [one for one in results if one.pk in reached],
    }
    return render(request, "accounts/territory_roles.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def over(request: HttpRequest, pk: int) -> HttpResponse:
    """Show who has which role over a territory, and give one."""
    territory = get_object_or_404(_mine(request), pk=pk)
    roles = roles_to_give_over(request.user, territory)
    form = TerritoryRoleForm(request.POST or None, roles=roles)
    if request.method == "POST" and form.is_valid() and _give(request, form, territory):
        return redirect("accounts:roles_over", pk)
    at = timezone.now()
    record_access(on=territory, by=request.user, at=at, purpose="rôles sur un territoire")
    held = TerritoryRole.objects.filter(territory=territory).select_related("user", "territory")
    context = {
        "territory": territory,
        "held": [(one, Role(one.role) in roles) for one in held.order_by("role", "given_at", "pk")],
        "form": form,
    }
    status = 422 if form.errors else 200
    return render(request, "accounts/roles_over.html", context, status=status)


@login_required
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a role over a territory back: one's own always, another's where one hands them out."""
    reached = Territory.objects.filter(_reach(request).q(territories="pk"))
    known = TerritoryRole.objects.filter(Q(user=request.user) | Q(territory__in=reached))
    given = get_object_or_404(known.select_related("user", "territory"), pk=pk)
    try:
        withdraw_territory_role(given=given, by=request.user, at=timezone.now())
    except NotAllowed as refused:
        raise Http404 from refused
    messages.success(request, "Le rôle est retiré.")
    if given.user_id == request.user.pk:
        return redirect("accounts:profile")
    return redirect("accounts:roles_over", given.territory_id)


def _give(request: HttpRequest, form: TerritoryRoleForm, territory: Territory) -> bool:
    """Give the role asked for; else write in the form why not."""
    at, by = timezone.now(), request.user
    if not consume(TRIES, by.public_id, at=at):
        form.add_error(None, "Vous avez confié beaucoup de rôles aujourd’hui : reprenez demain.")
        return False
    user = User.objects.active().filter(email=form.cleaned_data["email"].lower()).first()
    if user is None:
        form.add_error("email", "Aucun compte n’a cette adresse : il faut d’abord en ouvrir un.")
        return False
    try:
        give_territory_role(user=user, territory=territory, role=form.chosen, by=by, at=at)
    except NotToOneself as refused:
        form.add_error("email", refused.in_french)
        return False
    messages.success(request, "Le rôle est confié.")
    return True


def _mine(request: HttpRequest) -> QuerySet[Territory, Any]:
    """Return the territories over which this person hands out roles; Http404 without any."""
    reach = _reach(request)
    if not (reach.everywhere or reach.territory_ids):
        raise Http404
    return Territory.objects.filter(reach.q(territories="pk"))


def _reach(request: HttpRequest) -> Reach:
    return reach_of(request.user, Permission.CHANGE_TERRITORY_ROLES)
