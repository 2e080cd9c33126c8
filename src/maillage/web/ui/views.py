"""Pages that belong to no feature: statements, robots, health, errors."""

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

ROBOTS = """User-agent: *
Disallow: /recherche/
Disallow: /calculs/
Disallow: /compte/
Disallow: /simuler/

Sitemap: {site_url}/sitemap.xml
"""


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """Say what was checked, what was not, and whom to write to."""
    return render(request, "ui/pages/accessibility.html")


@require_safe
def legal(request: HttpRequest) -> HttpResponse:
    """Say who runs the site, what it keeps and what it does not."""
    return render(
        request,
        "ui/pages/legal.html",
        {"operator": settings.OPERATOR, "hosting_provider": settings.HOSTING_PROVIDER},
    )


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Keep robots away from searches and computations, and show them the territories."""
    text = ROBOTS.format(site_url=settings.SITE_URL)
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """Answer 200 once the database answers; for `maillage serve` and for load balancers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()
    return JsonResponse({"status": "ok"})


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 400: the address or the form cannot be understood."""
    return _error_page("ui/errors/400.html", status=400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 403."""
    return _error_page("ui/errors/403.html", status=403)


def too_large(request: HttpRequest) -> HttpResponse:
    """Answer 413 to more than the site takes at once."""
    return _error_page("ui/errors/413.html", status=413)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer 403 to a form that does not come from our pages, or whose page is too old."""
    return _error_page("ui/errors/403_csrf.html", status=403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404."""
    return _error_page("ui/errors/404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500, without a query nor anything else that may be what failed."""
    return _error_page("ui/errors/500.html", status=500)


def _error_page(template: str, *, status: int) -> HttpResponse:
    # No request in the context: no context processor runs, so an error page cannot fail in turn.
    return HttpResponse(render_to_string(template), status=status)
