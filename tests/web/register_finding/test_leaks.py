"""What is not public appears on no public surface: by its words, its id, its counts, its spelling.

The surfaces are read from the table of addresses: a new one is held to this without being named.
"""

import random
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern

from maillage.web.register.finding import urls
from maillage.web.register.finding.api import frame
from maillage.web.register.models import Initiative, SearchEntry, SearchPosting, SearchWord
from maillage.web.register.models.choices import State
from tests.web.register.conftest import AT, MakeInitiative

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


def surfaces() -> Iterator[str]:
    """Yield the addresses without argument of all that finds initiatives."""
    for pattern in urls.urlpatterns:
        assert isinstance(pattern, URLPattern)
        if "<" not in str(pattern.pattern):
            yield f"/{pattern.pattern}"
    for name in ("theme", "annee", "region", "porteur"):
        yield f"/initiatives/panorama/{name}.csv"


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
            assert response.status_code == 200 or nothing_to_count, (address, query)
            text = response.getvalue().decode("utf-8", errors="replace")
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
        text = client.get(f"{address}?q={SECRET}&exact=1").getvalue()
        assert hidden.public_id.encode() not in text, address
        assert b"Promesse" not in text, address


def test_a_public_record_is_on_the_surfaces_that_list(make: MakeInitiative, client: Client) -> None:
    """What the other tests look for would be seen if it were there."""
    shown = _secret_of(make, State.PUBLISHED)
    seen = [
        address
        for address in surfaces()
        if shown.public_id in client.get(address).getvalue().decode("utf-8", errors="replace")
    ]
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
        text = client.get(f"{address}?q=fiche").getvalue().decode("utf-8", errors="replace")
        leaked = [each.public_id for each in records if each.public_id not in public]
        assert not [name for name in leaked if name in text], address
