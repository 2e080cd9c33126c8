"""The public interface gives what is public, page by page, and one shape of error."""

import base64
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from maillage.web.accounts.limits import Limit
from maillage.web.register.finding.api import filters, frame
from maillage.web.register.finding.api.cursors import Cursor, read_cursor
from maillage.web.register.finding.api.operations import OTHER_PARAMETERS, api
from maillage.web.register.models import Contact, Initiative
from maillage.web.register.models.choices import State
from tests.web.register.conftest import AT, MakeInitiative

API = "/api/v1/initiatives"
SNAPSHOT = Path(__file__).with_name("openapi.json")


def cursor_of(moment: str) -> str:
    """Return a cursor made by hand."""
    return base64.urlsafe_b64encode(json.dumps([moment, 1]).encode()).decode().rstrip("=")


def test_the_openapi_document_is_the_one_that_was_reviewed() -> None:
    document = json.loads(json.dumps(api.get_openapi_schema(path_prefix="/api/v1"), default=str))
    assert document == json.loads(SNAPSHOT.read_text(encoding="utf-8")), (
        "The interface has changed. If it was meant to, write the snapshot again: "
        "maillage.web.register.finding.api.operations.api.get_openapi_schema()."
    )
    assert document["openapi"].startswith("3.1")


def test_pages_give_every_initiative_once_in_the_order_of_change(
    make: MakeInitiative, client: Client
) -> None:
    made = [make(title=f"Bus {rank}", at=AT + timedelta(hours=rank % 3)) for rank in range(7)]
    seen, address = [], f"{API}?limit=2"
    while address:
        page = client.get(address).json()
        assert page["count"] == 7
        seen += page["items"]
        address = page["next"]
    assert sorted(each["id"] for each in seen) == sorted(each.public_id for each in made)
    assert [each["updated_at"] for each in seen] == sorted(each["updated_at"] for each in seen)


def test_only_what_changed_since_is_given(make: MakeInitiative, client: Client) -> None:
    make(title="Avant", at=AT)
    late = make(title="Après", at=AT + timedelta(days=2))
    since = (AT + timedelta(days=1)).isoformat().replace("+", "%2B")
    items = client.get(f"{API}?updated_since={since}").json()["items"]
    assert [each["id"] for each in items] == [late.public_id]


def test_the_filters_are_those_of_the_site(make: MakeInitiative, client: Client) -> None:
    make(title="Bus")
    kept = make(title="Cabine", themes=["digital"], sub_themes=[])
    items = client.get(f"{API}?theme=digital&q=cabines").json()["items"]
    assert [each["id"] for each in items] == [kept.public_id]
    names = {each["name"] for each in client.get("/api/v1/vocabularies").json()}
    assert "theme" in names


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("theme=prevnetion", ["theme: found 'prevnetion', expected one of ", "prevention, "]),
        ("theme=prevention&theme=x", ["theme: found 'x'"]),
        ("territoire=64", ["territoire: found '64', expected a kind and a code, like department-"]),
        ("annee_de=22", ["annee_de: found '22', expected a year from 1900 to 2100"]),
        ("region=Bretagne", ["region: found 'Bretagne', expected a code"]),
        ("exact=oui", ["exact: found 'oui', expected 1"]),
        ("thme=prevention", ["thme: there is no such parameter", "theme, "]),
        ("tri=titre", ["tri: there is no such parameter"]),
        ("theme=&annee_a=", ["annee_a: found nothing", "theme: found nothing"]),
    ],
)
def test_an_unknown_filter_is_refused_rather_than_answered_by_everything(
    query: str, said: list[str], make: MakeInitiative, client: Client
) -> None:
    make(title="Bus")
    response = client.get(f"{API}?{query}")
    error = response.json()["error"]
    assert (response.status_code, error["code"]) == (400, "bad_request")
    for each in said:
        assert each in "\n".join(error["details"])


def test_each_filter_of_the_document_filters(make: MakeInitiative, client: Client) -> None:
    """A filter documented under a wrong name would be refused, and one without effect count two."""
    make(title="Bus")
    make(title="Cabine", themes=["digital"], sub_themes=[], start_year=2024, stage="idea")
    document = client.get("/api/v1/openapi.json").json()
    documented = document["paths"]["/api/v1/initiatives"]["get"]["parameters"]
    assert {each["name"] for each in documented} == filters.NAMES | OTHER_PARAMETERS
    asked = {"theme": "digital", "avancement": "idea", "annee_de": 2024, "annee_a": 2019}
    for name, value in asked.items():
        assert client.get(API, {name: value}).json()["count"] == 1
    assert client.get(API, {"theme": ["digital", "prevention"]}).json()["count"] == 2
    values = {each["name"]: each["schema"].get("items", {}).get("enum") for each in documented}
    for each in client.get("/api/v1/vocabularies").json():
        if each["name"] != "region":
            assert [one["value"] for one in each["values"]] == values[each["name"]]


def test_nothing_has_changed_is_said_without_a_body(make: MakeInitiative, client: Client) -> None:
    made = make()
    for address in (API, f"{API}/{made.public_id}", "/api/v1/vocabularies"):
        first = client.get(address)
        again = client.get(address, headers={"If-None-Match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
    Initiative.objects.filter(pk=made.pk).update(title="Autre titre")
    changed = client.get(API, headers={"If-None-Match": client.get(API)["ETag"] + "x"})
    assert changed.status_code == 200


@pytest.mark.parametrize(
    ("address", "status"),
    [
        (f"{API}?limit=0", 400),
        (f"{API}?limit=x", 400),
        (f"{API}?limit=101", 400),
        (f"{API}?cursor=abc", 400),
        (f"{API}?cursor=é", 400),
        (f"{API}?updated_since=hier", 400),
        (f"{API}?updated_since=1767225600", 400),
        (f"{API}?updated_since=0.0", 400),
        (f"{API}?updated_since=2026-01-01T00:00:00", 400),
        (f"{API}?updated_since=0001-01-01T00:00:00Z", 200),
        (f"{API}?updated_since=9999-12-31T23:59:59-14:00", 400),
        (f"{API}?cursor={cursor_of('0001-01-01T00:00:00+14:00')}", 400),
        (f"{API}?cursor={cursor_of('9999-12-31T23:59:59-14:00')}", 400),
        (f"{API}?cursor={cursor_of('2026-01-01T00:00:00')}", 400),
        (f"{API}?cursor={cursor_of('2026-01-01T00:00:00+02:00')}", 200),
        (f"{API}?q=%00", 200),
        (f"{API}/inconnue", 404),
        ("/api/v1/rien", 404),
    ],
)
def test_every_refusal_has_the_same_shape(
    address: str, status: int, db: None, client: Client
) -> None:
    response = client.get(address)
    assert response.status_code == status
    if status >= 400:
        assert set(response.json()["error"]) == {"code", "message", "details"}
        assert response["Access-Control-Allow-Origin"] == "*"


def test_nothing_can_be_written(db: None, client: Client) -> None:
    for method in (client.post, client.put, client.delete, client.patch):
        response = method(API)
        assert (response.status_code, response.json()["error"]["code"]) == (
            405,
            "method_not_allowed",
        )


def test_too_many_calls_are_refused(
    db: None, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = Limit("few", 2, timedelta(minutes=1))
    monkeypatch.setattr(frame, "CALLS_WITHOUT_KEY", few)
    statuses = [client.get(API).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]
    assert client.get(API, headers={"Authorization": "Bearer mlg_a_b"}).status_code == 401


def test_visitors_behind_one_proxy_are_counted_one_by_one(
    db: None, client: Client, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    monkeypatch.setattr(frame, "CALLS_WITHOUT_KEY", Limit("few", 1, timedelta(minutes=1)))
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    seen = [
        client.get(API, headers={"X-Forwarded-For": f"invented, {address}"}).status_code
        for address in ("203.0.113.1", "203.0.113.2", "203.0.113.1")
    ]
    assert seen == [200, 200, 429]


def test_a_contact_is_never_given(make: MakeInitiative, client: Client) -> None:
    made = make()
    Contact.objects.update_or_create(
        initiative=made,
        defaults={
            "name": "Zoé Zyx",
            "email": "zoe@zyx.example",
            "phone": "0102",
            "consented_at": AT,
        },
    )
    text = client.get(f"{API}/{made.public_id}").content.decode()
    assert made.public_id in text
    assert "Zoé" not in text
    assert "zyx" not in text


def test_a_merged_initiative_leads_to_the_other(make: MakeInitiative, client: Client) -> None:
    merged = make(State.MERGED, title="Doublon")
    into = Initiative.objects.get(title="Fiche qui reste")
    response = client.get(f"{API}/{merged.public_id}")
    assert response["Location"] == f"{API}/{into.public_id}"


def test_a_cursor_is_read_as_it_was_written() -> None:
    cursor = Cursor(AT, 12)
    assert read_cursor(cursor.text()) == cursor


def test_the_interface_is_documented_without_any_script(db: None, client: Client) -> None:
    text = client.get("/api/").content.decode()
    assert "/api/v1/initiatives/{public_id}" in text
    assert "updated_since" in text
    assert client.get("/api/v1/openapi.json").json()["info"]["version"] == "1"
