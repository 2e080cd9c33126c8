"""Every address of the site, feature by feature."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("maillage.web.ui.urls")),
    path("", include("maillage.web.territories.urls")),
    path("", include("maillage.web.accounts.urls")),
    path("", include("maillage.web.accounts.entrance.urls")),
    path("", include("maillage.web.runs.urls")),
]
if find_spec("maillage.web.atlas.urls"):
    urlpatterns.append(path("", include("maillage.web.atlas.urls")))
if find_spec("maillage.web.register.urls"):
    urlpatterns.append(path("", include("maillage.web.register.urls")))

handler400 = "maillage.web.ui.views.bad_request"
handler403 = "maillage.web.ui.views.permission_denied"
handler404 = "maillage.web.ui.views.page_not_found"
handler500 = "maillage.web.ui.views.server_error"
handler429 = "maillage.web.accounts.entrance.views.too_many_requests"
