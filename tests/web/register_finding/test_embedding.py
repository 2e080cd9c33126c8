"""The widget alone may be framed; a portal shows its selection and nothing that is not public."""

import pytest
from django.test import Client

from maillage.web.register.finding.portals import is_logo, lightness
from maillage.web.register.models import Portal
from maillage.web.register.models.choices import State
from tests.web.register.conftest import MakeInitiative

WIDGET = "/widget/initiatives/"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20


def test_the_widget_alone_may_be_framed(make: MakeInitiative, client: Client) -> None:
    make(title="Bus")
    response = client.get(f"{WIDGET}?theme=prevention")
    assert "frame-ancestors *" in response["Content-Security-Policy"]
    assert "X-Frame-Options" not in response
    assert not response.cookies
    for address in ("/initiatives/", "/initiatives/integrer/", "/initiatives/carte/"):
        other = client.get(address)
        assert "frame-ancestors 'none'" in other["Content-Security-Policy"]
        assert other["X-Frame-Options"] == "DENY"


def test_the_widget_keeps_its_filters_when_one_searches_in_it(
    make: MakeInitiative, client: Client
) -> None:
    make(title="Bus")
    make(title="Bus numérique", themes=["digital"], sub_themes=[])
    text = client.get(f"{WIDGET}?theme=digital&q=bus").content.decode()
    assert '<input type="hidden" name="theme" value="digital">' in text
    assert "1 initiative" in text


def test_the_component_may_be_read_by_pages_of_any_origin(db: None, client: Client) -> None:
    response = client.get("/widget/initiatives.js")
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert response["Content-Type"].startswith("text/javascript")
    text = response.content.decode()
    assert "event.origin === origin" in text
    assert "cookie" not in text.replace("Sets no cookie", "")


def test_what_to_copy_is_escaped(db: None, client: Client) -> None:
    text = client.get('/initiatives/integrer/?q="><script>x').content.decode()
    assert "<script>x" not in text


@pytest.fixture
def portal(make: MakeInitiative) -> Portal:
    """A portal of prevention, with something to highlight and something that is not public."""
    portal = Portal.objects.create(
        slug="levant", name="Santé du Levant", query="theme=prevention", is_open=True, logo=PNG
    )
    portal.highlighted.add(make(title="Bus en avant"), make(State.DRAFT, title="Brouillon"))
    make(title="Cabine", themes=["digital"], sub_themes=[])
    return portal


def test_a_portal_shows_its_selection_and_nothing_that_is_not_public(
    portal: Portal, client: Client
) -> None:
    text = client.get("/initiatives/portails/levant/").content.decode()
    assert "Bus en avant" in text
    assert "Cabine" not in text
    assert "Brouillon" not in text
    wider = client.get("/initiatives/portails/levant/?theme=digital").content.decode()
    assert "Cabine" not in wider


def test_a_closed_portal_is_not_found(portal: Portal, client: Client) -> None:
    Portal.objects.update(is_open=False)
    for ending in ("", "couleurs.css", "logo.png"):
        assert client.get(f"/initiatives/portails/levant/{ending}").status_code == 404


@pytest.mark.parametrize("colour", ["ffff00", "0b6b6b", "777777", "red;}"])
def test_the_colours_of_a_portal_can_be_read(colour: str, portal: Portal, client: Client) -> None:
    Portal.objects.update(colour=colour[:6])
    text = client.get("/initiatives/portails/levant/couleurs.css").content.decode()
    assert text.count("{") == 2
    shown = text.partition("#")[2][:6]
    ink = 0.0 if "color: #000000" in text else 1.0
    high, low = sorted((lightness(shown), ink), reverse=True)
    assert (high + 0.05) / (low + 0.05) >= 4.5


def test_a_logo_is_a_small_png(portal: Portal, client: Client) -> None:
    assert client.get("/initiatives/portails/levant/logo.png")["Content-Type"] == "image/png"
    assert not is_logo(b"<svg onload=x>")
    assert not is_logo(PNG + b"\x00" * 200_000)
