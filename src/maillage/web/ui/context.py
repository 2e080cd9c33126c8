"""What the frame of every page needs, whatever the feature."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject

import maillage

THEMES = frozenset({"light", "dark"})


@dataclass(frozen=True, slots=True)
class NavigationEntry:
    """One entry of the header: its words and the name of its address.

    prefix  the start of the paths of which this entry is the section
    """

    label: str
    url_name: str
    prefix: str


NAVIGATION = (
    NavigationEntry("Accueil", "territories:home", ""),
    NavigationEntry("Carte", "atlas:map", "/carte/"),
    NavigationEntry("Simuler", "atlas:simulate", "/simuler/"),
    NavigationEntry("Initiatives", "register:list", "/initiatives/"),
    NavigationEntry("Territoires", "territories:list", "/territoires/"),
    NavigationEntry("Sources et méthodes", "territories:sources", "/sources/"),
    NavigationEntry("Guide", "ui:guide", "/guide/"),
)


def frame(request: HttpRequest) -> dict[str, Any]:
    """Return the theme chosen, the entries of the header and the version of the software."""
    theme = request.COOKIES.get("theme", "")
    return {
        "theme": theme if theme in THEMES else "",
        "navigation": navigation_for(request.path),
        "account_links": SimpleLazyObject(lambda: account_links(request)),
        "software_version": maillage.__version__,
        "contact_email": settings.CONTACT_EMAIL,
    }


def account_links(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the way in, or to one's account; nothing where there are no accounts."""
    user = getattr(request, "user", None)
    known = user is not None and user.is_authenticated
    label, name = ("Mon compte", "accounts:profile") if known else ("Connexion", "account_login")
    try:
        url = reverse(name)
    except NoReverseMatch:
        return []
    return [{"label": label, "url": url, "here": request.path == url}]


@cache
def _navigation_urls() -> tuple[tuple[NavigationEntry, str], ...]:
    found = []
    for entry in NAVIGATION:
        try:
            found.append((entry, reverse(entry.url_name)))
        except NoReverseMatch:  # that feature is switched off
            continue
    return tuple(found)


def navigation_for(path: str) -> list[dict[str, Any]]:
    """Return the entries whose feature is there, with the one that holds `path` marked."""
    entries = []
    for entry, url in _navigation_urls():
        here = path == url or bool(entry.prefix and path.startswith(entry.prefix))
        entries.append({"label": entry.label, "url": url, "here": here, "exact": path == url})
    return entries
