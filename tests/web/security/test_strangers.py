"""Who has no business with an object gets nothing from any of its addresses, and changes nothing.

Every address that names an object is in one of three tables below; an address in none of them
fails, so that none is added without somebody saying whose it is.
"""

from collections.abc import Callable, Iterator
from typing import Any, Final

import pytest
from django.test import Client

from maillage.web.accounts.link_secrets import hashed
from maillage.web.accounts.models import User
from tests.web.register.conftest import MakeInitiative
from tests.web.security.addresses import path_of, routes, variables_of
from tests.web.security.visits import noted_writes
from tests.web.security.world import SECRET, World, make_world

PUBLIC: Final = {
    "guide/<slug:name>/": "the guide",
    "methodes/<path:name>/": "the pages of method",
    "territoires/<kind:kind>/<slug:code>/composition/": "official lists of communes",
    "sitemap-<slug:slug>.xml.gz": "addresses of public pages",
    "carte/legende/<slug:indicator_id>/": "public figures",
    "carte/image/<slug:indicator_id>.svg": "public figures",
    "carte/donnees/<slug:version>/apercu.bin": "public figures",
    "carte/donnees/<slug:version>/contours.pmtiles": "public figures",
    "carte/donnees/<slug:version>/noms.json": "public figures",
    "carte/donnees/<slug:version>/<slug:indicator_id>.classes.bin": "public figures",
    "carte/donnees/<slug:version>/<slug:indicator_id>.exact.bin": "public figures",
    "territoires/<kind:kind>/": "territories",
    "territoires/<kind:kind>/<slug:address>/": "territories",
    "territoires/<kind:kind>/<slug:address>/communes/": "territories",
    "territoires/<kind:kind>/<slug:address>/communes.<slug:file_format>": "territories",
    "territoires/<kind:kind>/<slug:address>/profil.json": "territories",
    "territoires/<kind:kind>/<slug:address>/profil.pdf": "territories",
    "territoires/<kind:kind>/<slug:address>/vitrine/": "territories",
    "territoires/<kind:kind>/<slug:address>/<slug:part_name>/": "territories",
    "territoires/<kind:kind>/<slug:address>/carte.svg": "territories",
    "territoires/<kind:kind>/<slug:address>/situation.svg": "territories",
    r"^simuler/scenario\.(?P<file_format>csv|xlsx|json|pdf)$": "all of it is in the address",
    "calculs/lancer/<slug:study>/": "a study, which anybody may ask for",
    "initiatives/panorama/<slug:name>.csv": "counts of public records",
    "initiatives/carte/couverture/<slug:version>.bin": "counts of public records",
    "initiatives/carte/lieu/<slug:kind>/<slug:code>/": "public records of a place",
    "api/v1/<path:rest>": "nothing: says so in JSON",
    r"^initiatives/import/modele\.(?P<file_format>csv|xlsx)$": "an empty table, the same for all",
}
"""Addresses that name nobody's object, and what they name."""

SHARED: Final = {
    "calculs/<slug:public_id>/": "run",
    "calculs/<slug:public_id>/etat/": "run",
    "calculs/<slug:public_id>/calcul.json": "run",
    "calculs/<slug:public_id>/refaire/": "run",
    "simuler/enregistres/<slug:public_id>/": "scenario",
    "simuler/enregistres/<slug:public_id>/dupliquer/": "scenario",
    "simuler/meilleurs-lieux/<slug:public_id>/": "run",
}
"""Addresses that may be handed on, as their pages say: who has one reads, and copies."""

BY_SECRET: Final = {
    "compte/messages/arreter/<str:token>/": "",
    "organisations/invitation/<str:secret>/": "",
    r"^compte/adresse/confirmer/(?P<key>[-:\w]+)/$": "",
    r"^compte/mot-de-passe/oublie/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": "",
    "initiatives/suivre/confirmer/<str:token>/": "",
    "initiatives/suivre/arreter/<str:token>/": "",
    "initiatives/rappels/<str:token>/": "",
    "initiatives/contacts/confirmer/<str:token>/": "",
    "initiatives/proposer/<str:secret>/<slug:step>/": "contribution",
    "initiatives/reprendre/<str:secret>/": "mailed",
    "initiatives/propositions/confirmer/<str:secret>/": "suggestion",
    "initiatives/messages/confirmer/<str:secret>/": "asked",
    "initiatives/messages/repondre/<str:secret>/": "answer",
}
"""Addresses that hold a secret, which is the right itself; and the name of one that opens it."""

_ORGANISATION: Final = "organisations/<str:public_id>/"
_BATCH: Final = "initiatives/import/<slug:public_id>/"
_SHEET: Final = "initiatives/<slug:public_id>/"
_PORTAL: Final = "initiatives/portails/<slug:slug>/"
_DRAFT: Final = {"public_id": "draft", "owner": "author"}

OWNED: Final[list[tuple[str, dict[str, str]]]] = [
    ("compte/sessions/<int:pk>/fermer/", {"pk": "session"}),
    ("compte/cles/<str:public_id>/revoquer/", {"public_id": "key"}),
    (_ORGANISATION, {"public_id": "organisation"}),
    (f"{_ORGANISATION}journal/", {"public_id": "organisation"}),
    (f"{_ORGANISATION}journal.csv", {"public_id": "organisation"}),
    (f"{_ORGANISATION}modifier/", {"public_id": "organisation"}),
    (f"{_ORGANISATION}territoires/", {"public_id": "organisation", "owner": "administrator"}),
    (f"{_ORGANISATION}inviter/", {"public_id": "organisation"}),
    (
        f"{_ORGANISATION}invitations/<str:invitation_id>/annuler/",
        {"public_id": "organisation", "invitation_id": "invitation"},
    ),
    (
        f"{_ORGANISATION}membres/<str:user_id>/role/",
        {"public_id": "organisation", "user_id": "member"},
    ),
    (
        f"{_ORGANISATION}membres/<str:user_id>/retirer/",
        {"public_id": "organisation", "user_id": "member"},
    ),
    ("calculs/<slug:public_id>/annuler/", {"public_id": "run"}),
    ("simuler/enregistres/<slug:public_id>/supprimer/", {"public_id": "scenario"}),
    (_BATCH, {"public_id": "batch", "owner": "moderator"}),
    (f"{_BATCH}importer/", {"public_id": "batch", "owner": "moderator"}),
    (f"{_BATCH}arreter/", {"public_id": "batch", "owner": "moderator"}),
    (f"{_BATCH}annuler/", {"public_id": "batch", "owner": "moderator"}),
    ("initiatives/propositions/<slug:public_id>/", {"public_id": "amendment"}),
    ("initiatives/propositions/<slug:public_id>/decider/", {"public_id": "amendment"}),
    (f"{_SHEET}modifier/<slug:step>/", {"public_id": "draft", "step": "=essentiel"}),
    (f"{_SHEET}modifier/<slug:step>/", {"public_id": "draft", "step": "=verifier"}),
    (f"{_SHEET}modifier/<slug:step>/", {"public_id": "sent", "step": "=verifier"}),
    (f"{_SHEET}modifier/<slug:step>/", {"public_id": "public", "step": "=lieux"}),
    (f"{_SHEET}moderer/", {"public_id": "sent", "owner": "moderator"}),
    (f"{_SHEET}moderer/", {"public_id": "public", "owner": "moderator"}),
    (f"{_SHEET}moderer/", {"public_id": "draft", "owner": "administrator"}),
    (f"{_SHEET}historique/", {"public_id": "draft"}),
    (f"{_SHEET}historique/", {"public_id": "public"}),
    (
        f"{_SHEET}historique/<int:number>/revenir/",
        {"public_id": "public", "number": "public_version"},
    ),
    (f"{_SHEET}verifiee/", {"public_id": "public"}),
    (f"{_SHEET}fichiers/<str:file_id>/", {"public_id": "draft", "file_id": "draft_file"}),
    ("initiatives/<slug:address>/", {"address": "draft"}),
    ("initiatives/<slug:address>/", {"address": "sent"}),
    (f"{_PORTAL}modifier/", {"slug": "portal"}),
    (f"{_PORTAL}selection/", {"slug": "portal"}),
    (f"{_PORTAL}etat/", {"slug": "portal"}),
    (f"{_ORGANISATION}portails/", {"public_id": "organisation"}),
    (f"{_ORGANISATION}portails/nouveau/", {"public_id": "organisation"}),
    ("roles/<int:pk>/", {"pk": "place", "owner": "administrator"}),
    ("roles/<int:pk>/retirer/", {"pk": "place_role", "owner": "administrator"}),
    # Nobody's: what is said of public records is not said of those, not even to their author.
    (f"{_SHEET}proposer/<slug:step>/", {"public_id": "draft", "step": "=lieux", "owner": ""}),
    (f"{_SHEET}ecrire/", {"public_id": "draft", "owner": ""}),
    ("api/v1/initiatives/<public_id>", {"public_id": "draft", "owner": ""}),
    ("api/v1/initiatives/<public_id>", {"public_id": "sent", "owner": ""}),
    (_PORTAL, {"slug": "portal", "owner": ""}),
    (f"{_PORTAL}couleurs.css", {"slug": "portal", "owner": ""}),
    (f"{_PORTAL}logo/", {"slug": "portal", "owner": ""}),
]
"""Addresses that name somebody's object: the values that name it, and who may use it.

A value is a name of `World.values`, or « =text » for the text itself.
"""

HOSTILE_FORM: Final = {
    "action": "all",
    "role": "manager",
    "email": "evil@example.org",
    "name": "evil",
    "kind": "ars",
    "territory": "1",
    "title": "evil",
    "promise": "evil",
    "geste": "publish",
    "decision": "accepter",
    "motif": "evil",
    "nom": "evil",
    "texte": "evil",
    "password1": "evil evil evil 42",
    "password2": "evil evil evil 42",
}


@pytest.fixture
def world(make: MakeInitiative) -> World:
    return make_world(make)


@pytest.fixture
def writes() -> Iterator[list[str]]:
    """The statements that changed a row since the fixture was asked for."""
    with noted_writes() as found:
        yield found


def path_in(world: World, route: str, named: dict[str, str]) -> str:
    """Return the address of an object of the world."""
    values = {
        name: value[1:] if value.startswith("=") else world.values[value]
        for name, value in named.items()
        if name != "owner" and value
    }
    return path_of(route, values)


def browsers(world: World, as_user: Callable[..., Client]) -> Iterator[tuple[str, Client]]:
    yield "nobody", Client()
    for name, user in world.strangers.items():
        yield name, as_user(user)


def asked(client: Client, path: str) -> Iterator[tuple[str, Any]]:
    """Yield the answers to each way of asking, the last of which brings a hostile form."""
    yield "get", client.get(path)
    yield "post", client.post(path, HOSTILE_FORM)


def test_every_address_that_names_something_says_whose_it_is() -> None:
    named = {route for route in routes() if variables_of(route)}
    told = {*PUBLIC, *SHARED, *BY_SECRET, *(route for route, _ in OWNED)}
    assert not named - told, "say in one of the tables of this file whose these are"
    assert not told - named, "these addresses are no longer"


def test_what_is_somebody_elses_is_not_found_and_never_changed(
    world: World, as_user: Callable[..., Client], writes: list[str]
) -> None:
    for who, client in browsers(world, as_user):
        for route, named in OWNED:
            path = path_in(world, route, named)
            for method, answer in asked(client, path):
                told = (who, method, path, answer.status_code)
                if answer.status_code == 302:
                    assert who == "nobody", told
                    assert answer["Location"].startswith("/compte/connexion/"), told
                else:
                    assert answer.status_code in (404, 405), told
                assert SECRET not in answer.getvalue().decode(), told
                assert not writes, told


def test_what_is_not_there_is_answered_as_what_may_not_be_seen(
    world: World, as_user: Callable[..., Client]
) -> None:
    """Nobody learns from the answer that an object of that name exists."""
    client = as_user(world.strangers["moderator of another place"])
    for route, named in OWNED:
        there = path_in(world, route, named)
        invented = dict.fromkeys(named, "=999999999999")
        nowhere = path_in(world, route, invented)
        for method in ("get", "post"):
            answers = [getattr(client, method)(path) for path in (there, nowhere)]
            assert len({answer.status_code for answer in answers}) == 1, (method, there)
            texts = {
                answer.content.replace(path.encode(), b"")
                for answer, path in zip(answers, (there, nowhere), strict=True)
            }
            assert len(texts) == 1, (method, there)


def test_owners_find_what_is_theirs(world: World, as_user: Callable[..., Client]) -> None:
    """What the other tests look for would be seen if it were shown."""
    for route, named in OWNED:
        owner = named.get("owner", "author")
        if not owner:
            continue
        client, path = as_user(world.owners[owner]), path_in(world, route, named)
        assert client.get(path).status_code in (200, 405), path
        if client.get(path).status_code == 405:
            form = {"role": "contributor", "geste": "publier"}
            assert client.post(path, form).status_code in (302, 422), path


def test_a_secret_that_is_not_the_one_opens_nothing(
    world: World, as_user: Callable[..., Client], writes: list[str]
) -> None:
    """Nor does the right one of another address, nor what the database keeps of it."""
    visitors = [Client(), as_user(world.strangers["manager elsewhere"])]
    secrets = {name: world.values[name] for name in BY_SECRET.values() if name}
    del writes[:]
    for route, right in BY_SECRET.items():
        # The first link of a sheet and the one sent by mail open the same sheet.
        opens = {"contribution", "mailed"} if right in ("contribution", "mailed") else {right}
        wrong = {"x" * 43, *(secret for name, secret in secrets.items() if name not in opens)}
        for secret in wrong | {hashed(secrets[right]) if right else "0"}:
            path = path_of(route, dict.fromkeys(variables_of(route), secret) | {"step": "lieux"})
            for visitor in visitors:
                for method, answer in asked(visitor, path):
                    told = (method, path, answer.status_code)
                    assert answer.status_code < 500, told
                    assert SECRET not in answer.getvalue().decode(), told
                    assert not writes, told


def test_a_right_secret_opens_its_page(world: World, client: Client) -> None:
    for route, right in BY_SECRET.items():
        if right:
            values = {"secret": world.values[right], "step": "essentiel"}
            assert client.get(path_of(route, values)).status_code == 200, route


def test_who_has_the_address_of_what_is_shared_reads_and_changes_nothing_of_it(
    world: World, as_user: Callable[..., Client], writes: list[str]
) -> None:
    for route, name in SHARED.items():
        path = path_in(world, route, {"public_id": name})
        for _, client in browsers(world, as_user):
            for method, answer in asked(client, path):
                assert answer.status_code < 500, (method, path)
    assert not [sql for sql in writes if not sql.startswith("INSERT")]


def test_a_reader_of_the_house_reads_and_changes_nothing(
    world: World, as_user: Callable[..., Client], writes: list[str]
) -> None:
    client = as_user(User.objects.get(email="second@example.org"))
    for route, named in OWNED:
        if "membres/" in route:
            continue  # one's own membership, which one may end
        for method, answer in asked(client, path_in(world, route, named)):
            assert answer.status_code < 500, (method, route)
            assert not writes, (method, route)
