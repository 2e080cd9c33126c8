"""Pages of the history of a sheet: versions, changes of state, going back."""

from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from maillage.core.errors import MaillageError
from maillage.web.register.content.differences import changes_between, readable
from maillage.web.register.life.editing import revert
from maillage.web.register.life.errors import STALE, NotComplete
from maillage.web.register.life.transitions import Action, allowed
from maillage.web.register.models import Version
from maillage.web.register.sheets.reaching import answered_for
from maillage.web.ui.pages import paginate

_VERSIONS: Final = 20
"""On one page of the history: each holds a whole sheet, and is compared word by word."""
_MOVES: Final = 100


@never_cache
@login_required
@require_safe
def history(request: HttpRequest, public_id: str) -> HttpResponse:
    """List the versions of a sheet and what each changed, for who writes or moderates it."""
    initiative, actor = answered_for(request, public_id)
    page = paginate(request, initiative.versions.select_related("by"), per_page=_VERSIONS)
    versions = list(page)
    oldest = versions[-1].number if versions else 0  # a draft may have no version yet
    before = initiative.versions.filter(number__lt=oldest).first()
    pairs = zip(versions, [*versions[1:], before], strict=False)
    context = {
        "initiative": initiative,
        "page": page,
        "versions": [(one, _changes(before, one)) for one, before in pairs],
        "moves": initiative.moves.select_related("by").order_by("-at", "-pk")[:_MOVES],
        "may_revert": allowed(initiative.state, Action.REVERT, actor.roles),
    }
    return render(request, "register/sheets/history.html", context)


@login_required
@require_POST
def revert_to(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    """Bring a version back."""
    initiative, actor = answered_for(request, public_id)
    try:
        revert(initiative=initiative, number=number, actor=actor, at=timezone.now())
    except (Version.DoesNotExist, OverflowError) as error:
        raise Http404 from error
    except NotComplete as refused:
        messages.error(request, refused.problems[0].message)
    except MaillageError:
        messages.error(request, STALE)
    else:
        messages.success(request, f"La version {number} est revenue.")
    return redirect("register:history", public_id)


def _changes(before: Version | None, after: Version) -> Any:
    return readable(changes_between(before.content, after.content)) if before else []
