"""The way out of messages."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from maillage.web.accounts.journal.writing import record
from maillage.web.accounts.notices.actions import unsubscribed_by
from maillage.web.accounts.people.models import NoticePace


@csrf_exempt  # mail programs post here by themselves (RFC 8058); the signed link is the proof
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Stop the messages of whoever has the link; a look at the page changes nothing."""
    user = unsubscribed_by(token)
    if user is None:
        return render(request, "accounts/unsubscribe.html", {"state": "unknown"}, status=404)
    if request.method == "POST" and user.notice_pace != NoticePace.NONE:
        user.notice_pace, at = NoticePace.NONE, timezone.now()
        with transaction.atomic():
            user.save(update_fields=["notice_pace"])
            record("user.unsubscribed", on=user, by=None, at=at, fields=("notice_pace",))
    state = "done" if user.notice_pace == NoticePace.NONE else "ask"
    return render(request, "accounts/unsubscribe.html", {"state": state})
