"""Addresses of the register, part by part; every name is in the namespace « register »."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

app_name = "register"
urlpatterns: list[URLPattern | URLResolver] = []
for part in ("finding", "contributing", "moderating", "importing", "sheets"):
    if find_spec(f"maillage.web.register.{part}") and find_spec(
        f"maillage.web.register.{part}.urls"
    ):
        urlpatterns.append(path("", include(f"maillage.web.register.{part}.urls")))
