"""No answer tells whether an address has an account, nor whether a record that is not public is."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from maillage.web.accounts.models import Organisation, User
from maillage.web.accounts.rights import Role
from maillage.web.register.models.choices import State
from tests.web.accounts.conftest import PASSWORD
from tests.web.register.conftest import MakeInitiative

UNKNOWN = "personne@example.fr"


def seen(answer: Any, *addresses: str) -> tuple[int, str, str]:
    """Return what a visitor sees of an answer, without the address typed nor the form's token."""
    text = answer.content.decode()
    for address in addresses:
        text = text.replace(address, "…")
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"|"X-CSRFToken": "\w+"', "", text)
    return answer.status_code, answer.headers.get("Location", ""), re.sub(r"\s+", " ", text)


@pytest.mark.parametrize(
    ("address", "form"),
    [
        ("/compte/connexion/", {"login": "{email}", "password": "not the one"}),
        ("/compte/mot-de-passe/oublie/", {"email": "{email}"}),
        (
            "/compte/inscription/",
            {"email": "{email}", "password1": PASSWORD, "password2": PASSWORD},
        ),
        ("/initiatives/suivre/", {"email": "{email}", "rhythm": "daily"}),
    ],
)
def test_a_visitor_does_not_learn_who_has_an_account(
    address: str, form: dict[str, str], person: Callable[..., User]
) -> None:
    known = person().email
    answers = []
    for email in (known, UNKNOWN):
        client, sent = Client(), {name: text.format(email=email) for name, text in form.items()}
        first = client.post(address, sent)
        answers.append((seen(first, email), seen(client.get("/initiatives/suivre/"), email)))
    assert answers[0] == answers[1]


def test_who_changes_address_does_not_learn_whether_another_has_it(
    person: Callable[..., User], as_user: Callable[[User], Client]
) -> None:
    known, me = person("known").email, person("me")
    answers = []
    for email in (known, UNKNOWN):
        client = as_user(me)
        client.post("/compte/connexion/", {"login": me.email, "password": PASSWORD})
        answer = client.post("/compte/adresse/", {"email": email, "action_add": ""})
        answers.append(seen(answer, email))
    assert answers[0] == answers[1]


def test_who_invites_does_not_learn_who_has_an_account(
    person: Callable[..., User],
    organisation: Callable[..., Organisation],
    member: Callable[..., User],
    as_user: Callable[[User], Client],
) -> None:
    known, where = person("known").email, organisation()
    client = as_user(member(where, Role.MANAGER))
    answers = []
    for email in (known, UNKNOWN):
        answer = client.post(
            f"/organisations/{where.public_id}/inviter/", {"email": email, "role": "reader"}
        )
        page = re.sub(r"<time.*?</time>|/invitations/[\w-]+/", "", client.get(answer.url).text)
        answers.append((seen(answer, email)[:2], email in page, page.count("partie vers")))
    assert answers[0] == answers[1]


@pytest.mark.parametrize("state", [State.DRAFT, State.SUBMITTED, State.REJECTED])
def test_a_record_that_is_not_public_is_answered_as_one_that_is_not(
    state: State, make: MakeInitiative, client: Client
) -> None:
    made = make(state)
    for name in ("initiative", "write_to_holder"):
        there = client.get(reverse(f"register:{name}", args=[made.public_id]))
        nowhere = client.get(reverse(f"register:{name}", args=["2222222222"]))
        assert seen(there, made.public_id) == seen(nowhere, "2222222222")
        assert there.status_code == 404
    there = client.get(f"/api/v1/initiatives/{made.public_id}")
    assert seen(there) == seen(client.get("/api/v1/initiatives/2222222222"))
    compared = [
        client.get("/initiatives/comparer/", {"i": name}) for name in (made.public_id, "2222222222")
    ]
    assert seen(compared[0], made.public_id) == seen(compared[1], "2222222222")
