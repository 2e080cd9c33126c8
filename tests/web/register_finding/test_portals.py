"""Portals: made by the managers of an organisation, open to all, true to their filters."""

import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from string import ascii_lowercase
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from maillage.core.errors import InputError
from maillage.studies.store import Store
from maillage.web.accounts.models import JournalEntry, Organisation, TerritoryRole, User
from maillage.web.accounts.organisations.errors import NotAllowed
from maillage.web.accounts.rights import HELD_ROLES, ROLE_PERMISSIONS, Permission, Role
from maillage.web.register.finding.criteria import criteria_of
from maillage.web.register.finding.portals import actions
from maillage.web.register.finding.portals.colours import (
    LEAST_CONTRAST,
    PAPER,
    WHITE,
    contrast,
    darkened,
    ink_on,
    parse_colour,
)
from maillage.web.register.finding.portals.logos import clean_logo, type_of_logo
from maillage.web.register.models import Initiative, Portal
from maillage.web.register.models.choices import State
from maillage.web.territories.models import Territory
from tests.web.register.conftest import AT, MakeInitiative
from tests.web.register.test_pages import logged_in

COLOURS = st.text("0123456789abcdef", min_size=6, max_size=6)
PAGE = "/initiatives/portails/levant/"
WRITTEN = {"name": "Santé du Levant", "slug": "", "colour": "#102030", "accent": "#0b6b6b"}


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int = 2, height: int = 2, *more: bytes) -> bytes:
    """Return a real image, all black, with chunks of one's own in it."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    drawn = chunk(b"IDAT", zlib.compress(b"\x00" * (min(width, 50) + 1) * min(height, 50)))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(more) + drawn + chunk(b"IEND", b"")


def segment(marker: int, data: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(data) + 2) + data


def jpeg(*more: bytes, width: int = 2, height: int = 2) -> bytes:
    """Return the parts of an image in their order; its scan draws nothing."""
    size = segment(0xC0, struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00")
    scan = segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") + b"\x12\xff\x00\x34"
    return b"\xff\xd8" + segment(0xE0, b"JFIF\x00") + b"".join(more) + size + scan + b"\xff\xd9"


@pytest.fixture
def organisation(shown_store: Store) -> Organisation:
    """An organisation that covers one department."""
    made = Organisation.objects.create(name="CC du Levant", kind="local_authority", created_at=AT)
    made.territories.add(Territory.objects.get(kind="department", code="20"))
    return made


@pytest.fixture
def with_role(organisation: Organisation) -> Callable[[str], User]:
    """Make a person with a role in the organisation; without a role, a stranger."""

    def make(role: str) -> User:
        user = User.objects.create_user(f"{role or 'etranger'}@example.org")
        if role:
            organisation.memberships.create(user=user, role=role, joined_at=AT)
        return user

    return make


@pytest.fixture
def manager(with_role: Callable[[str], User]) -> User:
    return with_role(Role.MANAGER)


@pytest.fixture
def portal(organisation: Organisation) -> Portal:
    """A portal that is not open yet."""
    return Portal.objects.create(
        organisation=organisation, slug="levant", name="Santé du Levant", query="theme=prevention"
    )


def new_one(organisation: Organisation) -> str:
    return f"/organisations/{organisation.public_id}/portails/nouveau/"


def test_a_manager_makes_a_portal_looks_at_it_and_opens_it(
    organisation: Organisation, manager: User, make: MakeInitiative
) -> None:
    shown, other = make(title="Bus du Levant"), make(title="Cabine", themes=["digital"])
    client, visitor = logged_in(manager), Client()
    assert "Portails" in client.get(organisation.get_absolute_url()).content.decode()
    logo = SimpleUploadedFile("logo.png", png(), "image/png")
    made = client.post(new_one(organisation), WRITTEN | {"logo_file": logo})
    address, _, kept = made.headers["Location"].partition("?")
    assert address == "/initiatives/portails/sante-du-levant/selection/"
    portal = Portal.objects.get()
    assert portal.query == kept == "territoire=department-20"
    assert "Changez les filtres" in client.get(f"{address}?{kept}").content.decode()
    assert 'name="garder"' in client.get(address).content.decode()  # every filter taken away
    page = client.get(address, {"theme": "prevention", "q": ""}).content.decode()
    assert 'value="theme=prevention"' in page
    client.post(address, {"garder": "oui", "query": "theme=prevention&q=bus&tri=titre"})
    client.post(address, {"en_avant": shown.public_id, "query": ""})
    preview = client.get(portal.get_absolute_url()).content.decode()
    assert "n’est pas publié" in preview
    assert shown.title in preview
    assert other.title not in preview
    for ending in ("", "couleurs.css", "logo/"):
        assert visitor.get(f"{portal.get_absolute_url()}{ending}").status_code == 404
    client.post("/initiatives/portails/sante-du-levant/etat/", {"geste": "publier"})
    for ending in ("", "couleurs.css", "logo/"):
        assert visitor.get(f"{portal.get_absolute_url()}{ending}").status_code == 200
    portal.refresh_from_db()
    assert (portal.query, portal.colour) == ("theme=prevention", "102030")
    verbs = JournalEntry.objects.filter(object_id=organisation.public_id).order_by("number")
    assert [entry.verb for entry in verbs] == [
        "portal.created", "portal.edited", "portal.edited", "portal.published",
    ]  # fmt: skip


def everything(portal: Portal) -> list[tuple[str, dict[str, Any] | None]]:
    """Return every page and every gesture of those who make portals."""
    of = f"/organisations/{portal.organisation.public_id}/portails/"
    return [
        (of, None),
        (f"{of}nouveau/", None),
        (f"{of}nouveau/", WRITTEN),
        (f"{PAGE}modifier/", None),
        (f"{PAGE}modifier/", WRITTEN | {"slug": "levant"}),
        (f"{PAGE}selection/", None),
        (f"{PAGE}selection/", {"garder": "oui", "query": "theme=digital"}),
        (f"{PAGE}selection/", {"en_avant": "x", "query": ""}),
        (f"{PAGE}etat/", {"geste": "publier"}),
        (f"{PAGE}etat/", {"geste": "retirer"}),
        (f"{PAGE}etat/", {"geste": "supprimer"}),
    ]


@pytest.mark.parametrize("kind", ["living_zone", "employment_zone"])
def test_a_portal_of_a_zone_begins_with_the_department_where_it_lies(
    kind: str, organisation: Organisation, manager: User, make: MakeInitiative
) -> None:
    zone = Territory.objects.create(
        kind=kind, code="Z1", name="Levant", slug="levant", department_code="20", cog_year=2026
    )
    organisation.territories.set([zone])
    values = {"name": "Zone", "slug": "zone"}
    made = actions.create_portal(organisation=organisation, values=values, by=manager, at=AT)
    assert made.query == criteria_of(made.query).query() == "territoire=department-20"
    page = logged_in(manager).get(f"/initiatives/portails/zone/selection/?{made.query}")
    assert page.context["places"] == []


@pytest.mark.parametrize("role", ["", *(role for role in HELD_ROLES)])
def test_portals_are_made_by_the_table_of_rights(
    role: str, portal: Portal, with_role: Callable[[str], User]
) -> None:
    allowed = bool(role) and Permission.EDIT_PORTAL in ROLE_PERMISSIONS[Role(role)]
    client = logged_in(with_role(role))
    before = list(Portal.objects.values())
    for address, sent in everything(portal)[:7]:
        answer = client.get(address) if sent is None else client.post(address, sent)
        assert answer.status_code == (404 if not allowed else 200 if sent is None else 302), address
    if not allowed:
        for address, sent in everything(portal)[7:]:
            assert client.post(address, sent).status_code == 404, address
        assert list(Portal.objects.values()) == before
        assert client.get(PAGE).status_code == 404


def test_a_role_over_the_territories_of_an_organisation_makes_its_portals(
    portal: Portal, shown_store: Store
) -> None:
    region = Territory.objects.get(kind="region", code="99")
    department = Territory.objects.get(kind="department", code="20")
    for place, allowed in ((department, True), (region, None)):
        user = User.objects.create_user(f"{place.kind}@example.org")
        TerritoryRole.objects.create(user=user, territory=place, role="manager", given_at=AT)
        found = logged_in(user).get(f"{PAGE}modifier/").status_code == 200
        inside = place == department or department.region_code == place.code
        assert found is (inside if allowed is None else allowed)


def test_each_action_is_refused_to_who_may_not(portal: Portal, make: MakeInitiative) -> None:
    stranger, initiative = User.objects.create_user("x@example.org"), make()
    refused: list[Callable[[], Any]] = [
        lambda: actions.create_portal(
            organisation=portal.organisation, values={"name": "x", "slug": "x"}, by=stranger, at=AT
        ),
        lambda: actions.edit_portal(portal=portal, values={"name": "x"}, by=stranger, at=AT),
        lambda: actions.highlight(portal=portal, initiative=initiative, by=stranger, at=AT),
        lambda: actions.show_portal(portal=portal, by=stranger, at=AT),
        lambda: actions.delete_portal(portal=portal, by=stranger, at=AT),
    ]
    for do in refused:
        with pytest.raises(NotAllowed):
            do()
    assert Portal.objects.filter(name="Santé du Levant", is_open=False).exists()


def test_what_was_not_changed_is_not_written_in_the_journal(portal: Portal, manager: User) -> None:
    client = logged_in(manager)
    sent = WRITTEN | {"slug": "levant", "colour": "#0b6b6b"}
    client.post(f"{PAGE}modifier/", sent)
    client.post(f"{PAGE}etat/", {"geste": "retirer"})
    assert not JournalEntry.objects.filter(verb__startswith="portal").exists()
    logo = SimpleUploadedFile("logo.png", png())
    client.post(f"{PAGE}modifier/", sent | {"logo_file": logo})
    logo.seek(0)
    client.post(f"{PAGE}modifier/", sent | {"logo_file": logo})
    entry = JournalEntry.objects.get(verb__startswith="portal")
    assert (entry.verb, entry.fields) == ("portal.edited", "logo")
    client.post(f"{PAGE}modifier/", sent | {"without_logo": "on"})
    assert Portal.objects.get().logo is None


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"name": ""}, "obligatoire"),
        ({"name": "…"}, "fin de l’adresse"),
        ({"slug": "levant"}, "déjà cette adresse"),
        ({"slug": "é à"}, "tirets bas"),
        ({"colour": "red;}"}, "six chiffres"),
        ({"accent": "#ffcc00"}, "Contraste de 1,4"),
        ({"logo_file": SimpleUploadedFile("a.png", b"<svg onload=x>")}, "PNG ou JPEG"),
        ({"logo_file": SimpleUploadedFile("a.png", png() + b"x" * 200_001)}, "200 Ko"),
    ],
)
def test_a_wrong_presentation_is_shown_again_with_what_to_do(
    sent: dict[str, Any], said: str, portal: Portal, manager: User
) -> None:
    answer = logged_in(manager).post(new_one(portal.organisation), WRITTEN | sent)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert Portal.objects.count() == 1


def test_two_portals_made_at_the_same_moment_do_not_share_an_address(
    portal: Portal, manager: User
) -> None:
    values = {"name": "Deux", "slug": "levant"}
    with pytest.raises(actions.AddressTaken):
        actions.create_portal(organisation=portal.organisation, values=values, by=manager, at=AT)
    second = actions.create_portal(
        organisation=portal.organisation, values=values | {"slug": "deux"}, by=manager, at=AT
    )
    with pytest.raises(actions.AddressTaken):
        actions.edit_portal(portal=second, values={"slug": "levant"}, by=manager, at=AT)


def test_the_address_of_a_portal_that_visitors_know_does_not_change(
    portal: Portal, manager: User
) -> None:
    actions.show_portal(portal=portal, by=manager, at=AT)
    logged_in(manager).post(f"{PAGE}modifier/", WRITTEN | {"slug": "ailleurs"})
    assert Portal.objects.get().slug == "levant"
    with pytest.raises(actions.PortalIsOpen):
        actions.edit_portal(portal=portal, values={"slug": "ailleurs"}, by=manager, at=AT)
    with pytest.raises(actions.PortalIsOpen):
        actions.delete_portal(portal=portal, by=manager, at=AT)
    client = logged_in(manager)
    refused = client.post(f"{PAGE}etat/", {"geste": "supprimer"}, follow=True)
    assert "Retirez d’abord" in refused.content.decode()
    client.post(f"{PAGE}etat/", {"geste": "retirer"})
    client.post(f"{PAGE}etat/", {"geste": "supprimer"})
    assert not Portal.objects.exists()


def test_a_selection_too_long_to_be_kept_is_refused_with_a_sentence(
    portal: Portal, manager: User
) -> None:
    client, page = logged_in(manager), f"{PAGE}selection/"
    kept = portal.query
    many = "&".join(f"region={one}{other}" for one in ascii_lowercase for other in "abcdefghij")
    refused = client.post(page, {"garder": "oui", "query": many}, follow=True)
    assert "trop longue" in refused.content.decode()
    assert Portal.objects.get().query == kept


def test_six_initiatives_at_most_are_in_front_and_only_public_ones(
    portal: Portal, manager: User, make: MakeInitiative
) -> None:
    client, page = logged_in(manager), f"{PAGE}selection/"
    draft = make(State.DRAFT, title="Brouillon")
    assert client.post(page, {"en_avant": draft.public_id}).status_code == 404
    for number in range(6):
        client.post(page, {"en_avant": make(title=f"Bus {number}").public_id})
    seventh = client.post(page, {"en_avant": make(title="Bus de trop").public_id}, follow=True)
    assert "Au plus 6" in seventh.content.decode()
    assert portal.highlighted.count() == 6
    one = portal.highlighted.first()
    assert one is not None
    Initiative.objects.filter(pk=one.pk).update(hidden_at=AT)
    assert one.public_id not in client.get(page).content.decode()
    client.post(page, {"retirer": one.public_id})
    client.post(page, {"retirer": portal.highlighted.first().public_id})  # type: ignore[union-attr]
    assert portal.highlighted.count() == 4
    assert client.post(page, {"retirer": seventh.wsgi_request.path}).status_code == 404


@pytest.mark.parametrize(
    ("asked", "kept", "found"),
    [
        ("q=bus", "theme=prevention", "q=bus&theme=prevention"),
        ("theme=digital", "theme=prevention", "theme=aucune"),
        ("territoire=commune-1", "territoire=region-2", "territoire=region-2"),
        ("annee_de=1990&annee_a=2030", "annee_de=2010&annee_a=2020", "annee_de=2010&annee_a=2020"),
        ("annee_de=2015", "annee_de=2010&annee_a=2020", "annee_de=2015&annee_a=2020"),
        ("tri=titre", "", "tri=titre"),
    ],
)
def test_a_visitor_asks_within_the_filters_of_the_portal(asked: str, kept: str, found: str) -> None:
    both = criteria_of(asked).within(criteria_of(kept))
    assert criteria_of(both.query()) == both
    assert both.query() == found


def test_the_pages_of_a_portal_cost_few_queries(
    portal: Portal, make: MakeInitiative, django_assert_max_num_queries: Any
) -> None:
    Portal.objects.update(is_open=True)
    portal.highlighted.set([make(title=f"Bus {number}") for number in range(6)])
    with django_assert_max_num_queries(25):
        Client().get(PAGE)
    with django_assert_max_num_queries(1):
        Client().get(f"{PAGE}couleurs.css")


def test_what_only_its_managers_see_is_kept_by_nobody(portal: Portal, manager: User) -> None:
    client = logged_in(manager)
    Portal.objects.update(logo=png())
    for ending in ("couleurs.css", "logo/"):
        assert "no-store" in client.get(f"{PAGE}{ending}")["Cache-Control"]
    Portal.objects.update(is_open=True)
    for ending in ("couleurs.css", "logo/"):
        assert "public" in client.get(f"{PAGE}{ending}")["Cache-Control"]


@given(COLOURS)
def test_the_words_of_a_band_can_be_read_on_any_colour(colour: str) -> None:
    assert contrast(ink_on(colour), colour) >= LEAST_CONTRAST


@given(COLOURS)
def test_a_colour_made_darker_can_be_read_on_the_pages_and_on_white(colour: str) -> None:
    found = darkened(colour)
    assert contrast(found, WHITE) >= contrast(found, PAPER) >= LEAST_CONTRAST
    assert contrast(colour, PAPER) < LEAST_CONTRAST or found == colour


def test_the_colour_behind_the_pages_is_that_of_the_style_sheet() -> None:
    tokens = Path(__file__).parents[3] / "front/scss/_tokens.scss"
    assert f"$paper: #{PAPER};" in tokens.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("000000", "ffffff", 21), ("777777", "ffffff", 4.48), ("767676", "ffffff", 4.54)],
)
def test_contrast_is_that_of_wcag(one: str, other: str, ratio: float) -> None:
    """Black on white and the two greys that WebAIM quotes, to the second decimal."""
    assert contrast(one, other) == pytest.approx(ratio, abs=0.005)


@pytest.mark.parametrize("text", ["", "red", "#12345", "#1234567", "12345g", "#000000;}"])
def test_what_is_not_a_colour_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="six chiffres"):
        parse_colour(text)


def test_a_logo_keeps_its_picture_and_nothing_else() -> None:
    hidden = chunk(b"tEXt", b"Author\x00Camille"), chunk(b"eXIf", b"MM\x00*position")
    assert clean_logo(png(2, 2, *hidden) + b"PK\x03\x04 a second file") == png()
    told = segment(0xE1, b"Exif\x00\x00position"), segment(0xFE, b"Camille")
    assert clean_logo(jpeg(*told) + b"PK\x03\x04 a second file") == jpeg()
    assert [type_of_logo(one) for one in (png(), jpeg(), b"")] == ["image/png", "image/jpeg", ""]


@pytest.mark.parametrize(
    "body",
    [
        png()[:-12],
        png()[:20],
        png().replace(b"IDAT", b"IDAU"),
        png().replace(b"IHDR", b"IHDX"),
        b"\x89PNG\r\n\x1a\n" + chunk(b"IDAT", b""),
        png(2001, 1),
        png(0, 1),
        jpeg()[:-2],
        jpeg()[:30],
        jpeg(width=5000),
        jpeg(height=0),
        b"\xff\xd8\xff\xd9",
        b"\xff\xd8\xff\xda\x00\x02\xff\xd9",
        b"GIF89a",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"",
    ],
)
def test_an_image_that_cannot_be_used_is_refused(body: bytes) -> None:
    with pytest.raises(InputError):
        clean_logo(body)


@given(st.binary(max_size=300), st.sampled_from([b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"]))
def test_whatever_is_sent_as_a_logo_is_an_image_or_is_refused(body: bytes, start: bytes) -> None:
    try:
        kept = clean_logo(start + body)
    except InputError:
        return
    assert type_of_logo(kept)
    assert clean_logo(kept) == kept
