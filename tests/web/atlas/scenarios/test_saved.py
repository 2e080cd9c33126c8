"""Saved scenarios: named, shared, duplicated, deleted by their owner alone, aged in the open."""

import html
from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone

from maillage.web.atlas.models import Scenario
from maillage.web.atlas.scenarios import actions
from maillage.web.atlas.scenarios.models import KEPT_FOR
from maillage.web.runs.askers import Asker

MOVES = ["gp:20003:1", "bus:20001:1"]


def text_of(response):
    return html.unescape(response.content.decode())


@pytest.fixture
def saved(client, shown_line):
    client.post("/simuler/enregistrer/", {"nom": "Deux gestes", "m": MOVES})
    return Scenario.objects.get()


@pytest.fixture
def stranger():
    """Another browser, which has saved nothing."""
    return Client()


def test_a_scenario_is_saved_under_its_name(client, saved):
    assert (saved.name, saved.moves) == ("Deux gestes", MOVES)
    assert saved.snapshot["lifted"] == 2_000
    page = text_of(client.get(saved.get_absolute_url()))
    assert "1 généraliste de plus à Commune 20003" in page
    assert "publié 1,0 → estimé" in page


def test_a_saved_scenario_is_in_the_list_of_its_owner_alone(client, stranger, saved):
    assert "Deux gestes" in text_of(client.get("/simuler/enregistres/"))
    assert "Deux gestes" not in text_of(stranger.get("/simuler/enregistres/"))


def test_whoever_has_the_address_may_read(stranger, saved):
    page = text_of(stranger.get(saved.get_absolute_url()))
    assert "Deux gestes" in page
    assert "Supprimer" not in page


def test_only_the_owner_may_delete(client, stranger, saved):
    address = f"{saved.get_absolute_url()}supprimer/"
    stranger.post("/simuler/enregistrer/", {"nom": "Le sien", "m": MOVES})
    assert stranger.post(address).status_code == 404
    assert Scenario.objects.filter(pk=saved.pk).exists()
    assert client.post(address).status_code == 302
    assert not Scenario.objects.filter(pk=saved.pk).exists()
    assert client.post(address).status_code == 404


def test_nothing_is_deleted_by_reading(client, saved):
    assert client.get(f"{saved.get_absolute_url()}supprimer/").status_code == 405
    assert client.get(f"{saved.get_absolute_url()}dupliquer/").status_code == 405


def test_a_form_from_elsewhere_is_refused(shown_line, saved):
    strict = Client(enforce_csrf_checks=True)
    for path in ("/simuler/enregistrer/", f"{saved.get_absolute_url()}supprimer/"):
        assert strict.post(path, {"nom": "x", "m": MOVES}).status_code == 403


def test_a_copy_belongs_to_whoever_made_it(stranger, saved):
    response = stranger.post(f"{saved.get_absolute_url()}dupliquer/")
    copy = Scenario.objects.exclude(pk=saved.pk).get()
    assert response.headers["Location"] == copy.get_absolute_url()
    assert (copy.name, copy.moves) == ("Copie de Deux gestes", saved.moves)
    assert copy.visitor_hash != saved.visitor_hash
    assert stranger.post(f"{copy.get_absolute_url()}supprimer/").status_code == 302


@pytest.mark.parametrize(
    "sent",
    [
        {"nom": "", "m": MOVES},
        {"nom": "   ", "m": MOVES},
        {"nom": "x" * 121, "m": MOVES},
        {"nom": "a\x00b", "m": MOVES},
        {"nom": "Vide"},
        {"nom": "Faux", "m": ["gp:99999:1"]},
        {"nom": "Trop", "m": ["gp:20001:1"] * 900},
    ],
)
def test_what_cannot_be_saved_is_refused_in_french(client, shown_line, sent):
    response = client.post("/simuler/enregistrer/", sent, follow=True)
    assert response.status_code == 200
    assert "alert-danger" in text_of(response)
    assert not Scenario.objects.exists()


def test_one_browser_keeps_so_many_scenarios_and_no_more(client, saved, monkeypatch):
    monkeypatch.setattr(actions, "MOST_PER_ASKER", 1)
    page = text_of(
        client.post("/simuler/enregistrer/", {"nom": "Un de trop", "m": MOVES}, follow=True)
    )
    assert "supprimez-en" in page
    client.post(f"{saved.get_absolute_url()}dupliquer/")
    assert Scenario.objects.count() == 1


def test_when_the_data_have_changed_both_results_are_shown(client, saved):
    Scenario.objects.filter(pk=saved.pk).update(
        store_version="20200101T000000Z-old",
        snapshot=saved.snapshot | {"lifted": 1_234, "communes": saved.snapshot["communes"][:1]},
    )
    page = text_of(client.get(saved.get_absolute_url()))
    assert "Les données ont changé depuis" in page
    assert "1\u202f234" in page
    assert "2\u202f000" in page


def test_on_the_same_data_nothing_is_compared(client, saved):
    assert "Les données ont changé" not in text_of(client.get(saved.get_absolute_url()))


def test_a_commune_that_has_gone_does_not_break_a_saved_scenario(client, saved):
    Scenario.objects.filter(pk=saved.pk).update(moves=["gp:99999:1", "gp:20003:1"])
    response = client.get(saved.get_absolute_url())
    assert response.status_code == 200
    assert "ne se calcule plus" in text_of(response)


def test_a_scenario_is_kept_until_its_day_and_then_swept(client, saved):
    now = timezone.now()
    Scenario.objects.filter(pk=saved.pk).update(
        created_at=now - KEPT_FOR, expires_at=now - timedelta(seconds=1)
    )
    assert client.get(saved.get_absolute_url()).status_code == 404
    assert "Deux gestes" not in text_of(client.get("/simuler/enregistres/"))
    client.post("/simuler/enregistrer/", {"nom": "Neuf", "m": MOVES})
    assert [scenario.name for scenario in Scenario.objects.all()] == ["Neuf"]


def test_a_stranger_owns_nothing(saved):
    assert not Scenario.objects.saved_by(Asker()).exists()
    assert not saved.belongs_to(Asker())


def test_the_database_refuses_a_scenario_without_a_name(saved):
    with pytest.raises(IntegrityError):
        Scenario.objects.filter(pk=saved.pk).update(name="")


def test_pages_of_saved_scenarios_take_few_queries(client, saved, django_assert_max_num_queries):
    for rank in range(5):
        client.post("/simuler/enregistrer/", {"nom": f"Numéro {rank}", "m": MOVES})
    with django_assert_max_num_queries(5):
        client.get("/simuler/enregistres/")
    with django_assert_max_num_queries(5):
        client.get(saved.get_absolute_url())
