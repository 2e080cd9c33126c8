"""One sheet, as far as somebody may reach it; where to send who may not."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from maillage.web.register.life.actors import Actor
from maillage.web.register.life.transitions import Role
from maillage.web.register.models import Initiative
from maillage.web.register.models.choices import State


def elsewhere(request: HttpRequest, public_id: str) -> HttpResponse:
    """Lead on from a merged record, say that an archived one is gone, find nothing else."""
    gone = Initiative.objects.filter(public_id=public_id).select_related("merged_into").first()
    if gone is not None and gone.merged_into is not None and gone.merged_into.is_public:
        return redirect(gone.merged_into, permanent=True)
    if gone is not None and gone.state == State.ARCHIVED:
        return render(request, "register/sheets/archived.html", status=410)
    raise Http404


def answered_for(request: HttpRequest, public_id: str) -> tuple[Initiative, Actor]:
    """Return a record that this person writes or moderates. Raises Http404 for any other."""
    visible = Initiative.objects.visible_to(request.user)
    initiative = get_object_or_404(visible.select_related("contact"), public_id=public_id)
    actor = Actor.of(request.user, initiative)
    if not actor.roles - {Role.VISITOR}:
        raise Http404
    return initiative, actor
