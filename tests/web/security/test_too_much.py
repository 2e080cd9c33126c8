"""Ten megabytes in a field, a body without end, a message after another: refused, at no cost."""

from collections.abc import Callable
from io import BytesIO

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from maillage.web.accounts.models import User
from maillage.web.register.models import Initiative
from maillage.web.register.models.choices import State
from maillage.web.ui.bodies import LARGEST_BODY
from tests.web.register.conftest import MakeInitiative
from tests.web.security.visits import noted_writes

TEN_MEGABYTES = "x" * 10_000_000


class Endless(BytesIO):
    """A body that must not be read."""

    def read(self, *_: object) -> bytes:
        raise AssertionError("the body was read")


def test_ten_megabytes_in_a_field_are_refused_and_nothing_is_written(
    make: MakeInitiative, author: User, as_user: Callable[[User], Client]
) -> None:
    made, draft = make(created_by=author), make(State.DRAFT, created_by=author)
    client = as_user(author)
    one = f"/initiatives/{made.public_id}"
    with noted_writes() as writes:
        for address, field in (
            (reverse("register:start"), "title"),
            (f"/initiatives/{draft.public_id}/modifier/essentiel/", "description"),
            (f"{one}/proposer/essentiel/", "description"),
            (f"{one}/ecrire/", "texte"),
            (reverse("register:follow"), "email"),
            (reverse("account_login"), "password"),
            ("/calculs/lancer/profile/", "inputs"),
            ("/simuler/enregistrer/", "nom"),
        ):
            answer = client.post(address, {field: TEN_MEGABYTES})
            assert answer.status_code == 400, address
            assert len(answer.content) < 100_000, address
            assert not writes, address


@pytest.mark.parametrize("address", ["/", "/initiatives/import/", "/api/v1/initiatives", "/x/"])
def test_a_body_larger_than_any_file_is_refused_before_it_is_read(
    address: str, client: Client, db: None
) -> None:
    answer = client.post(
        address,
        **{"wsgi.input": Endless(), "CONTENT_LENGTH": str(LARGEST_BODY + 1)},
        content_type="multipart/form-data; boundary=b",
    )
    assert answer.status_code == 413
    assert "25 Mo" in answer.text
    assert "default-src 'none'" in answer["Content-Security-Policy"]


@pytest.mark.parametrize("length", ["", "x", "-1", "²", "9" * 5000])
def test_a_length_that_is_no_number_breaks_nothing(length: str, client: Client, db: None) -> None:
    answer = client.generic("POST", "/compte/connexion/", CONTENT_LENGTH=length)
    assert answer.status_code < 500


def test_a_link_to_a_draft_is_not_a_way_to_write_to_everybody(
    client: Client, shown_store: object
) -> None:
    begun = client.post(
        reverse("register:start"), {"title": "Achetez ceci", "promise": "Moins cher."}
    )
    secret = begun.url.split("/")[3]
    check = reverse("register:write_by_link", args=[secret, "verifier"])
    for number in range(40):
        client.post(check, {"geste": "courriel", "email": f"p{number}@example.org"})
    assert len(mail.outbox) <= 20
    assert Initiative.objects.count() == 1
