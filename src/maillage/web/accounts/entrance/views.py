"""What the ways in answer to who knocks too often."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def too_many_requests(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 429, in French; allauth finds it as `handler429` of the root addresses."""
    return render(request, "accounts/too_many.html", status=429)
