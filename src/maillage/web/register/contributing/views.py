"""Pages of the contribution: write step by step, read again, come back, find one's sheets."""

from typing import Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from maillage.web.register.contributing.links import confirm_address, find_contribution
from maillage.web.register.contributing.sending import last_page
from maillage.web.register.contributing.sessions import (
    LAST_PAGE,
    Writing,
    writing_by_account,
    writing_by_link,
)
from maillage.web.register.contributing.stepping import write_step
from maillage.web.register.models import Initiative
from maillage.web.register.models.visibility import may_import, may_moderate
from maillage.web.ui.pages import paginate

_PAGE: Final = ["GET", "HEAD", "POST"]


@never_cache
@require_http_methods(_PAGE)
def write_by_link(request: HttpRequest, secret: str, step: str) -> HttpResponse:
    """Write one step, or read the sheet again, through the link of a person without account."""
    writing = writing_by_link(secret, at=timezone.now())
    return _page(request, writing, step)


@never_cache
@login_required
@require_http_methods(_PAGE)
def write(request: HttpRequest, public_id: str, step: str) -> HttpResponse:
    """Write one step, or read the sheet again, with an account."""
    writing = writing_by_account(request, public_id)
    return _page(request, writing, step)


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
        return redirect("register:write_by_link", secret, LAST_PAGE)
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


def _page(request: HttpRequest, writing: Writing, step: str) -> HttpResponse:
    return last_page(request, writing) if step == LAST_PAGE else write_step(request, writing, step)
