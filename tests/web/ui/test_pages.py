"""The frame of every page, the statements and the errors."""

import re

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.template.loader import render_to_string
from django.test import Client, RequestFactory

from maillage.web.ui import views
from maillage.web.ui.context import navigation_for
from maillage.web.ui.pages import paginate, sort_asked

PATHS = ("/", "/accessibilite/", "/mentions-legales/")


def directives(response):
    header = response["Content-Security-Policy"]
    return dict(part.strip().partition(" ")[::2] for part in header.split(";"))


@pytest.mark.django_db
@pytest.mark.parametrize("path", [*PATHS, "/nowhere/", "/healthz"])
def test_every_answer_forbids_inline_code_and_other_hosts(client, path):
    policy = directives(client.get(path))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert "unsafe" not in str(policy)
    assert "http" not in str(policy)


@pytest.mark.django_db
@pytest.mark.parametrize("path", PATHS)
def test_pages_have_neither_inline_code_nor_inline_style(client, path):
    page = client.get(path).content.decode()
    assert not re.search(r"<script(?![^>]*\bsrc=)", page)
    assert "<style" not in page
    assert not re.search(r"<[^>]+\s(style|on[a-z]+)=", page)


@pytest.mark.django_db
@pytest.mark.parametrize("path", PATHS)
def test_pages_load_nothing_from_another_host(client, path):
    page = client.get(path).content.decode()
    loaded = re.findall(r'<(?:script|link|img|iframe|source)[^>]+(?:src|href)="([^"]+)"', page)
    assert loaded
    assert all(address.startswith("/") for address in loaded)


@pytest.mark.django_db
@pytest.mark.parametrize("path", PATHS)
def test_pages_have_one_title_one_main_and_a_skip_link(client, path):
    page = client.get(path).content.decode()
    assert page.count("<h1") == page.count("<main") == 1
    assert 'href="#contenu"' in page
    assert '<html lang="fr"' in page
    identifiers = re.findall(r'\sid="([^"]+)"', page)
    assert len(identifiers) == len(set(identifiers))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("cookie", "attribute"), [("dark", ' data-bs-theme="dark"'), ("<x>", ""), ("", "")]
)
def test_the_theme_chosen_is_written_by_the_server(client, cookie, attribute):
    client.cookies["theme"] = cookie
    assert f'<html lang="fr"{attribute}>' in client.get("/").content.decode()


def test_the_entry_of_the_section_is_marked():
    marks = {entry["label"]: entry["here"] for entry in navigation_for("/territoires/")}
    assert marks["Territoires"]
    assert not marks["Accueil"]


@pytest.mark.django_db
def test_the_legal_page_names_the_operator(client, settings):
    settings.OPERATOR = "Département des Deux-Vallées"
    settings.HOSTING_PROVIDER = "Hébergeur, 1 rue du Centre"
    settings.CONTACT_EMAIL = "sante@example.fr"
    page = client.get("/mentions-legales/").content.decode()
    for words in (settings.OPERATOR, settings.HOSTING_PROVIDER, settings.CONTACT_EMAIL):
        assert words in page


@pytest.mark.django_db
def test_robots_and_health_answer(client):
    assert b"Disallow: /recherche/" in client.get("/robots.txt").content
    assert client.get("/healthz").json() == {"status": "ok"}


def test_an_unknown_address_gets_a_page_that_asks_nothing_of_the_database(client):
    response = client.get("/nowhere/")
    assert response.status_code == 404
    assert "Page introuvable" in response.content.decode()


@pytest.mark.parametrize(
    ("answer", "status", "words"),
    [
        (lambda r: views.bad_request(r, SuspiciousOperation()), 400, "Demande incompréhensible"),
        (lambda r: views.permission_denied(r, PermissionDenied()), 403, "Accès réservé"),
        (views.csrf_failure, 403, "Formulaire expiré"),
        (views.server_error, 500, "Une erreur est survenue"),
    ],
)
def test_error_pages_stand_alone_and_offer_a_way_out(answer, status, words):
    response = answer(RequestFactory().get("/"))
    page = response.content.decode()
    assert response.status_code == status
    assert words in page
    assert 'href="/"' in page


@pytest.mark.django_db
def test_a_form_from_elsewhere_is_refused_in_french():
    response = Client(enforce_csrf_checks=True).post("/territoires/sur-mesure/nouveau/")
    assert response.status_code == 403
    assert "Formulaire expiré" in response.content.decode()


@pytest.mark.parametrize(("asked", "number"), [("2", 2), ("", 1), ("x", 1), ("999", 3)])
def test_a_page_out_of_bounds_is_the_nearest(asked, number):
    page = paginate(RequestFactory().get("/", {"page": asked}), list(range(25)), per_page=10)
    assert page.number == number
    assert page.numbers_shown == [1, 2, 3]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [("name", "name"), ("-name", "-name"), ("--name", "code"), ("x", "code"), ("", "code")],
)
def test_only_a_known_sort_is_taken(asked, expected):
    request = RequestFactory().get("/", {"tri": asked})
    assert sort_asked(request, ["name"], default="code") == expected


def test_a_figure_that_is_not_available_says_so():
    card = render_to_string(
        "ui/components/figure_card.html",
        {"label": "Accès", "value": "", "unit": "", "comparison": "", "source": "", "tone": ""},
    )
    assert "non disponible" in card
