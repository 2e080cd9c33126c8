"""Pages that belong to no feature."""

from django.urls import path

from maillage.web.ui import views
from maillage.web.ui.documents import views as documents

app_name = "ui"
urlpatterns = [
    path("accessibilite/", views.accessibility, name="accessibility"),
    path("mentions-legales/", views.legal, name="legal"),
    path("guide/", documents.guide, name="guide"),
    path("guide/<slug:name>/", documents.guide, name="guide_page"),
    path("methodes/", documents.methods, name="methods"),
    path("methodes/<path:name>/", documents.method, name="method"),
    path("robots.txt", views.robots, name="robots"),
    path("healthz", views.healthz, name="healthz"),
]
