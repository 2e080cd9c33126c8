"""The widget alone may be framed; a portal shows its selection and nothing that is not public."""

import html
from urllib.parse import parse_qs

import pytest
from django.test import Client

from maillage.web.accounts.models import Organisation
from maillage.web.register.models import Initiative, Portal
from maillage.web.register.models.choices import State
from tests.web.register.conftest import AT, MakeInitiative
from tests.web.register_finding.test_portals import png

WIDGET = "/widget/initiatives/"


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


def test_no_copy_of_the_widget_outlives_what_was_withdrawn(
    make: MakeInitiative, client: Client
) -> None:
    made = make(title="Bus")
    response = client.get(WIDGET)
    assert "Bus" in response.content.decode()
    assert "max-age" not in response.get("Cache-Control", "")
    Initiative.objects.filter(pk=made.pk).update(hidden_at=AT)
    assert "Bus" not in client.get(WIDGET).content.decode()


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
    organisation = Organisation.objects.create(name="CC", kind="cpts", created_at=AT)
    portal = Portal.objects.create(
        organisation=organisation,
        slug="levant",
        name="Santé du Levant",
        query="theme=prevention",
        is_open=True,
        logo=png(),
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


@pytest.mark.parametrize(
    ("kept", "offered"),
    [
        ("theme=prevention", None),
        ("theme=prevention&theme=digital", {"prevention": 1, "digital": 1}),
        ("", {"prevention": 1, "digital": 1, "training": 1}),
    ],
)
def test_a_portal_offers_nothing_outside_of_its_selection(
    kept: str,
    offered: dict[str, int] | None,
    portal: Portal,
    make: MakeInitiative,
    client: Client,
) -> None:
    make(title="Cours", themes=["training"], sub_themes=[])
    Portal.objects.update(query=kept)
    facets = client.get("/initiatives/portails/levant/").context["facets"]
    themes = {f.filter.name: {c.value: c.count for c in f.choices} for f in facets}.get("theme")
    assert themes == offered


@pytest.mark.parametrize("address", ["/initiatives/portails/levant/", WIDGET])
def test_words_as_typed_are_looked_for_with_the_filters_of_the_visitor_alone(
    address: str, portal: Portal, client: Client
) -> None:
    asked = {"q": "buss", "porteur": "cpts"}
    options = {"portail": "levant"} if address == WIDGET else {}
    typed = client.get(address, asked | {"theme": "digital"} | options).context["as_typed"]
    kept = {name: values[0] for name, values in parse_qs(typed).items()}
    assert kept == asked | {"theme": "digital", "exact": "1"} | options


def test_a_closed_portal_is_not_found(portal: Portal, client: Client) -> None:
    Portal.objects.update(is_open=False)
    for ending in ("", "couleurs.css", "logo/"):
        assert client.get(f"/initiatives/portails/levant/{ending}").status_code == 404


def test_the_widget_of_a_portal_follows_its_selection_and_its_colours(
    portal: Portal, client: Client
) -> None:
    response = client.get(f"{WIDGET}?portail=levant")
    text = response.content.decode()
    assert "Bus en avant" in text
    assert "Cabine" not in text
    assert "Brouillon" not in text
    assert "Santé du Levant</h1>" in text
    assert 'href="/initiatives/portails/levant/couleurs.css"' in text
    assert '<input type="hidden" name="portail" value="levant">' in text
    assert "Cabine" not in client.get(f"{WIDGET}?portail=levant&theme=digital").content.decode()


@pytest.mark.parametrize("slug", ["levant", "nulle-part"])
def test_the_widget_of_a_portal_that_is_not_open_says_so_where_it_is_framed(
    slug: str, portal: Portal, client: Client
) -> None:
    Portal.objects.update(is_open=False)
    response = client.get(f"{WIDGET}?portail={slug}")
    assert response.status_code == 404
    assert "frame-ancestors *" in response["Content-Security-Policy"]
    assert "X-Frame-Options" not in response
    text = response.content.decode()
    assert "l’a retirée" in text
    assert "Bus" not in text


def test_the_widget_has_as_many_lines_as_asked_and_a_field_or_none(
    make: MakeInitiative, client: Client
) -> None:
    for number in range(7):
        make(title=f"Bus {number}")
    text = client.get(f"{WIDGET}?lignes=5&recherche=non").content.decode()
    assert text.count('<li class="border-bottom') == 5
    assert 'type="search"' not in text
    text = client.get(f"{WIDGET}?lignes=1000").content.decode()
    assert text.count('<li class="border-bottom') == 7
    assert 'type="search"' in text
    kept = client.get(f"{WIDGET}?lignes=5").content.decode()
    assert '<input type="hidden" name="lignes" value="5">' in kept


def test_the_code_to_copy_holds_what_was_chosen(portal: Portal, client: Client) -> None:
    asked = "portail=levant&lignes=5&recherche=non&theme=prevention"
    response = client.get(f"/initiatives/integrer/?{asked}")
    code = html.unescape(html.unescape(response.content.decode()))
    query = "theme=prevention&portail=levant&lignes=5&recherche=non"
    assert f'<maillage-initiatives query="{query}" title="Santé du Levant">' in code
    assert f'/widget/initiatives/?{query}" title="Santé du Levant"' in code
    assert "frame-src 'self'" in response["Content-Security-Policy"]
    Portal.objects.update(is_open=False)
    closed = client.get(f"/initiatives/integrer/?{asked}").content.decode()
    assert "Publiez-le d’abord" in closed
    assert "Santé du Levant" not in closed
