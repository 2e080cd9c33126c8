"""Addresses of the atlas, part by part; every name is in the namespace « atlas »."""

from django.urls import include, path

app_name = "atlas"
urlpatterns = [
    path("", include("maillage.web.atlas.map.urls")),
    path("", include("maillage.web.atlas.profiles.urls")),
    path("", include("maillage.web.atlas.scenarios.urls")),
]
