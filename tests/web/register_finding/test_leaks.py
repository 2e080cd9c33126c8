"""What is not public appears on no public surface: by its words, its id, its counts, its spelling.

The surfaces are read from the table of addresses: a new one is held to this without being named.
"""

import gzip
import io
import random
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import URLPattern

from maillage.web.accounts.models import Organisation
from maillage.web.register.finding import alerts, urls
from maillage.web.register.finding.api import frame
from maillage.web.register.finding.criteria import criteria_of
from maillage.web.register.models import (
    Initiative,
    Portal,
    SearchEntry,
    SearchPosting,
    SearchWord,
)
from maillage.web.register.models.choices import State
from tests.web.register.conftest import AT, MakeInitiative
from tests.web.security.addresses import path_of, routes, variables_of

SECRET = "xylophagie"
QUERIES = (
    "",
    f"q={SECRET}",
    "q=xylofagie",
    f"q={SECRET}&exact=1",
    "q=bus",
    "theme=training",
    "tri=titre",
    "annee_de=1987&annee_a=1987",
    "territoire=commune-20005",
)


PAGES_BESIDE = (
    "/sitemap-initiatives-1.xml.gz",
    "/initiatives/portails/fuite/",
    "/recherche/suggestions?q=xylophagie",
    "/initiatives/carte/lieu/commune/20005/",
    "/territoires/commune/20005-commune-20005/",
    "/territoires/commune/20005-commune-20005/initiatives/",
    "/territoires/commune/20001-commune-20001/",
    "/territoires/commune/20001-commune-20001/initiatives/",
    "/territoires/departement/20/initiatives/",
    "/territoires/departement/20/vitrine/",
)
"""Where initiatives come out, or might, besides the addresses without argument."""


def surfaces() -> Iterator[str]:
    """Yield the addresses without argument of all that finds initiatives."""
    for pattern in urls.urlpatterns:
        assert isinstance(pattern, URLPattern)
        if "<" not in str(pattern.pattern):
            yield f"/{pattern.pattern}"
    for name in ("theme", "annee", "region", "porteur"):
        yield f"/initiatives/panorama/{name}.csv"


def pages_of_the_site() -> Iterator[str]:
    """Yield every address without argument, whatever the feature, and `PAGES_BESIDE`."""
    yield from (path_of(route, {}) for route in routes() if not variables_of(route))
    yield from PAGES_BESIDE


def said_by(response: Any) -> str:
    """Return the text of an answer, its spaces plain; compressed files and workbooks are opened."""
    body = response.getvalue()
    if body.startswith(b"\x1f\x8b"):
        body = gzip.decompress(body)
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            body = b"".join(archive.read(name) for name in archive.namelist())
    return body.decode("utf-8", errors="replace").replace("\u00a0", " ")


@pytest.fixture
def portal(db: None) -> Portal:
    """An open portal, on which everything that may be shown is."""
    organisation = Organisation.objects.create(name="O", kind="cpts", created_at=AT)
    return Portal.objects.create(
        organisation=organisation, slug="fuite", name="Portail", is_open=True
    )


@pytest.fixture(autouse=True)
def _no_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frame, "consume", lambda *_, **__: True)


def _secret_of(make: MakeInitiative, state: State) -> Initiative:
    return make(
        state,
        title=f"Titre {SECRET}",
        promise=f"Promesse {SECRET}",
        description=f"Description {SECRET}",
        results=f"Résultats {SECRET}",
        themes=["training"],
        sub_themes=[],
        start_year=1987,
        holders=[{"name": f"Porteur {SECRET}", "kind": "company"}],
        territories=["commune:20005"],
        success_factors=[],
        figures=[],
        resources=[],
    )


def assert_nowhere(client: Client, hidden: Initiative) -> None:
    """Read every surface under every query and find nothing of an initiative."""
    for address in surfaces():
        for query in QUERIES:
            response = client.get(f"{address}?{query}")
            nothing_to_count = response.status_code == 404 and "/panorama/" in address
            no_order = response.status_code == 400 and address.startswith("/api/")
            if no_order:
                assert query == "tri=titre"
            assert response.status_code == 200 or nothing_to_count or no_order, (address, query)
            text = said_by(response)
            said = text.replace(f'value="{SECRET}"', "").replace(f"q={SECRET}", "")
            said = said.replace(f"« {SECRET} »", "").replace(f"&quot;{SECRET}&quot;", "")
            assert SECRET not in said.lower(), (address, query)
            assert hidden.public_id not in text, (address, query)
            assert hidden.slug not in text, (address, query)
    for address in (
        f"/api/v1/initiatives/{hidden.public_id}",
        f"/initiatives/comparer/?i={hidden.public_id}",
    ):
        text = client.get(address).content.decode()
        assert SECRET not in text
        assert "1987" not in text
    assert not SearchEntry.objects.filter(pk=hidden.pk).exists()
    assert not SearchWord.objects.filter(word__contains="xylo").exists()
    assert not SearchPosting.objects.filter(term__contains="xylo").exists()


@pytest.mark.parametrize("state", [state for state in State if state != State.PUBLISHED])
def test_nothing_of_a_record_that_is_not_public_is_anywhere(
    state: State, make: MakeInitiative, client: Client
) -> None:
    make(title="Bus du Levant")
    assert_nowhere(client, _secret_of(make, state))


def test_nothing_of_a_hidden_record_is_anywhere_even_before_the_index_knows(
    make: MakeInitiative, client: Client
) -> None:
    hidden = _secret_of(make, State.PUBLISHED)
    Initiative.objects.filter(pk=hidden.pk).update(hidden_at=AT)
    for address in surfaces():
        text = said_by(client.get(f"{address}?q={SECRET}&exact=1"))
        assert hidden.public_id not in text, address
        assert "Promesse" not in text, address


def test_a_public_record_is_on_the_surfaces_that_list(make: MakeInitiative, client: Client) -> None:
    """What the other tests look for would be seen if it were there."""
    shown = _secret_of(make, State.PUBLISHED)
    seen = [address for address in surfaces() if shown.public_id in said_by(client.get(address))]
    assert len(seen) >= 7


@pytest.mark.parametrize("seed", range(4))
def test_whatever_befalls_records_only_the_public_ones_are_listed(
    seed: int, make: MakeInitiative, client: Client
) -> None:
    chance = random.Random(seed)
    records = [make(chance.choice(list(State)), title=f"Fiche {n}") for n in range(12)]
    for each in chance.sample(records, 3):
        Initiative.objects.filter(pk=each.pk, state=State.PUBLISHED).update(hidden_at=AT)
    public = {each.public_id for each in Initiative.objects.public()}
    assert {each["id"] for each in client.get("/api/v1/initiatives").json()["items"]} == public
    for address in surfaces():
        text = said_by(client.get(f"{address}?q=fiche"))
        leaked = [each.public_id for each in records if each.public_id not in public]
        assert not [name for name in leaked if name in text], address


@pytest.mark.parametrize("state", [*(state for state in State if state != State.PUBLISHED), None])
def test_no_other_page_of_the_site_tells_of_a_record_that_is_not_public(
    state: State | None, make: MakeInitiative, client: Client, portal: Portal
) -> None:
    """None: published, then hidden."""
    make(title="Bus du Levant")
    secret = _secret_of(make, state or State.PUBLISHED)
    if state is None:
        Initiative.objects.filter(pk=secret.pk).update(hidden_at=AT)
    portal.highlighted.add(secret)
    for address in pages_of_the_site():
        text = said_by(client.get(address, follow=True))
        said = text.replace(f'value="{SECRET}"', "").replace(f"« {SECRET} »", "")
        assert SECRET not in said.lower(), address
        assert secret.public_id not in text, address


def test_a_public_record_is_told_where_the_others_are_looked_for(
    make: MakeInitiative, client: Client, portal: Portal
) -> None:
    shown = _secret_of(make, State.PUBLISHED)
    portal.highlighted.add(shown)
    seen = {
        address
        for address in pages_of_the_site()
        if shown.public_id in said_by(client.get(address, follow=True))
    }
    assert {
        "/sitemap-initiatives-1.xml.gz",
        "/initiatives/portails/fuite/",
        "/initiatives/carte/lieu/commune/20005/",
        "/initiatives/fichiers/initiatives.xlsx",
        "/widget/initiatives/",
        "/api/v1/initiatives",
        "/initiatives/flux/atom.xml",
    } <= seen


@pytest.mark.parametrize("state", list(State))
def test_no_message_tells_of_a_record_that_is_not_public(
    state: State, make: MakeInitiative
) -> None:
    followed = alerts.follow(
        email="p@example.org", criteria=criteria_of(""), rhythm="daily", at=AT - timedelta(days=2)
    )
    alerts.confirm(followed, at=AT - timedelta(days=2))
    secret = _secret_of(make, state)
    del mail.outbox[:]
    alerts.send_due(at=AT + timedelta(days=2))
    told = "".join(message.body for message in mail.outbox)
    assert (secret.public_id in told) == (state == State.PUBLISHED)
    assert (SECRET in told) == (state == State.PUBLISHED)


def test_only_open_portals_are_told_to_search_engines(client: Client, portal: Portal) -> None:
    address = "/sitemap-portails-1.xml.gz"
    assert portal.get_absolute_url() in said_by(client.get(address))
    Portal.objects.update(is_open=False)
    assert client.get(address).status_code == 404
    assert "portails" not in client.get("/sitemap.xml").text
