"""Keys of the API, and the sliding window that holds them."""

from datetime import timedelta

import pytest
from django.test import RequestFactory
from hypothesis import given, settings
from hypothesis import strategies as st

from maillage.web.accounts.keys.actions import (
    CALLS_PER_MINUTE,
    MAX_KEYS_EACH,
    KeyRefused,
    KeyTooNarrow,
    TooManyCalls,
    TooManyKeys,
    create_key,
    key_of,
    revoke_key,
)
from maillage.web.accounts.keys.models import ApiKey, Scope
from maillage.web.accounts.limits import (
    Limit,
    address_of,
    consume,
    forget,
    give_back,
    purge_counts,
)
from maillage.web.accounts.models import AttemptCount, JournalEntry
from tests.web.conftest import NOON

pytestmark = pytest.mark.django_db
LIMIT = Limit("test", 3, timedelta(minutes=1))


@pytest.fixture
def made(person):
    return create_key(user=person(), name="Tableur", scopes=[Scope.READ], at=NOON)


def call(text, *, at=NOON, scheme="Bearer"):
    request = RequestFactory().get("/", headers={"authorization": f"{scheme} {text}"})
    return key_of(request, scope=Scope.READ, at=at)


def test_a_key_opens_its_scopes_and_no_other(made):
    key, text = made
    assert call(text) == key
    assert call(text, scheme="bearer") == key
    key.refresh_from_db()
    assert key.last_used_on == NOON.date()
    ApiKey.objects.update(scopes="")
    with pytest.raises(KeyTooNarrow):
        call(text)


@pytest.mark.parametrize("wrong", ["", "mlg", "mlg_x_y", "abc_{id}_{secret}", "mlg_{id}_", "é_é_é"])
def test_anything_else_is_refused(made, wrong):
    key, text = made
    secret = text.split("_", 2)[2]
    with pytest.raises(KeyRefused):
        call(wrong.format(id=key.public_id, secret=secret).encode().decode("latin-1"))
    with pytest.raises(KeyRefused):
        call(text[:-1] + ("a" if text[-1] != "a" else "b"))


def test_a_key_that_is_revoked_expired_or_of_a_closed_account_opens_nothing(made):
    key, text = made
    with pytest.raises(KeyRefused):
        call(f"x{text}")
    ApiKey.objects.update(expires_at=NOON)
    with pytest.raises(KeyRefused):
        call(text)
    ApiKey.objects.update(expires_at=None)
    key.user.is_active = False
    key.user.save()
    with pytest.raises(KeyRefused):
        call(text)
    key.user.is_active = True
    key.user.save()
    assert revoke_key(key=key, by=key.user, at=NOON)
    assert not revoke_key(key=key, by=key.user, at=NOON)
    with pytest.raises(KeyRefused):
        call(text)
    assert list(JournalEntry.objects.values_list("verb", flat=True)) == [
        "key.revoked",
        "key.created",
    ]


def test_a_key_used_too_often_waits(made):
    _, text = made
    for _ in range(CALLS_PER_MINUTE.amount):
        call(text)
    with pytest.raises(TooManyCalls):
        call(text)
    assert call(text, at=NOON + timedelta(minutes=2))


def test_one_person_has_so_many_keys_and_no_more(person):
    user = person()
    for _ in range(MAX_KEYS_EACH):
        create_key(user=user, name="x", scopes=[Scope.READ], at=NOON)
    with pytest.raises(TooManyKeys):
        create_key(user=user, name="x", scopes=[Scope.READ], at=NOON)
    revoke_key(key=ApiKey.objects.first(), by=user, at=NOON)
    assert create_key(user=user, name="x", scopes=[Scope.READ], at=NOON)


def test_the_window_slides(db):
    """Three tries at the end of a minute leave a third of the room a third into the next."""
    last = NOON + timedelta(seconds=59)
    assert [consume(LIMIT, "a", at=last) for _ in range(4)] == [True, True, True, False]
    assert not consume(LIMIT, "a", at=NOON + timedelta(seconds=61))
    assert consume(LIMIT, "a", at=NOON + timedelta(seconds=81))
    assert not consume(LIMIT, "a", at=NOON + timedelta(seconds=81))
    assert consume(LIMIT, "b", at=last)


def test_tries_are_given_back_forgotten_and_purged(db):
    for _ in range(3):
        consume(LIMIT, "a", at=NOON)
    give_back(LIMIT, "a", at=NOON)
    assert consume(LIMIT, "a", at=NOON)
    assert not consume(LIMIT, "a", at=NOON)
    forget(LIMIT, "a")
    assert consume(LIMIT, "a", at=NOON)
    assert purge_counts(at=NOON) == 0
    assert purge_counts(at=NOON + timedelta(minutes=3)) == 1
    assert not AttemptCount.objects.exists()


@settings(max_examples=20)  # each try is three queries
@given(st.lists(st.integers(min_value=0, max_value=200), max_size=30))
def test_no_more_than_the_limit_passes_in_any_fixed_window(seconds):
    AttemptCount.objects.all().delete()
    passed = [at for at in sorted(seconds) if consume(LIMIT, "h", at=NOON + timedelta(seconds=at))]
    for minute in range(4):
        inside = [at for at in passed if minute * 60 <= at < (minute + 1) * 60]
        assert len(inside) <= LIMIT.amount


@pytest.mark.parametrize(
    ("proxies", "forwarded", "found"),
    [
        (0, "203.0.113.1", "192.0.2.9"),
        (1, "203.0.113.1", "203.0.113.1"),
        (1, "invented, 203.0.113.1", "203.0.113.1"),
        (2, "invented, 203.0.113.1, 192.0.2.8", "203.0.113.1"),
        (2, "invented", "192.0.2.9"),
        (1, "", "192.0.2.9"),
        (1, "203.0.113.1, ", "192.0.2.9"),
    ],
)
def test_a_visitor_is_known_by_the_address_that_the_last_trusted_proxy_saw(
    settings, proxies, forwarded, found
):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    request = RequestFactory(REMOTE_ADDR="192.0.2.9").get("/", HTTP_X_FORWARDED_FOR=forwarded)
    assert address_of(request) == found
