"""The inverse question: a form, a run, an answer that leads back to the workshop."""

import html
import json

import pytest
from django.test import Client

from maillage.web.runs.models import Run, State
from maillage.web.runs.workers import run_worker
from maillage.web.territories.models import CustomTerritory
from tests.web.conftest import NOON

pytestmark = pytest.mark.django_db(transaction=True)
FORM = {"territoire": "epci:200000001", "medecins": "2", "actes": "5400", "par_commune": "1"}


def text_of(response):
    return html.unescape(response.content.decode())


def computed():
    run_worker(stop=lambda: False, until_empty=True)
    return Run.objects.get()


def test_a_territory_is_found_by_name(client, shown_line):
    page = text_of(client.get("/simuler/meilleurs-lieux/?q=levant"))
    assert "/simuler/meilleurs-lieux/?territoire=epci:200000001" in page
    answer = client.get("/simuler/meilleurs-lieux/territoires/?q=levant").json()
    assert answer["suggestions"][0]["url"].endswith("territoire=epci:200000001")


def test_a_commune_is_no_territory_to_search_in(client, shown_line):
    response = client.get("/simuler/meilleurs-lieux/?territoire=commune:20001")
    assert response.status_code == 422


def test_the_best_places_are_those_that_close_most_of_what_is_missing(client, shown_line):
    # A doctor in 20003 brings the 0.1 that 2 000 people lack in 20002, and 1.35 of the 1.5 that 500
    # lack in 20003: 875 in all. In 20004, next door, he would bring 1.5 × 500 = 750.
    response = client.post("/simuler/meilleurs-lieux/", FORM)
    run = computed()
    assert response.headers["Location"] == f"/simuler/meilleurs-lieux/{run.public_id}/"
    assert run.state == State.SUCCEEDED
    first = json.loads(run.result)["places"][0]
    assert (first["code"], first["shortfall_removed"]) == ("20003", pytest.approx(875.0))
    page = text_of(client.get(response.headers["Location"]))
    assert "du meilleur choix possible" in page
    assert "/simuler/?m=gp:2000" in page
    assert client.get(f"/simuler/?m=gp:{first['code']}:1").status_code == 200


def test_while_it_is_computed_the_page_says_where_it_stands(client, shown_line):
    response = client.post("/simuler/meilleurs-lieux/", FORM)
    page = text_of(client.get(response.headers["Location"]))
    assert "Actualiser cette page" in page
    assert "En attente" in page


def test_who_asked_for_a_search_may_cancel_it_and_nobody_else(client, shown_line):
    address = client.post("/simuler/meilleurs-lieux/", FORM).headers["Location"]
    assert "Annuler ce calcul" in text_of(client.get(address))
    assert "Annuler ce calcul" not in text_of(Client().get(address))
    cancelled = client.post(f"/calculs/{Run.objects.get().public_id}/annuler/")
    assert cancelled.status_code == 302
    assert "Annuler ce calcul" not in text_of(client.get(address))


def test_the_same_question_is_not_computed_twice(client, shown_line):
    first = client.post("/simuler/meilleurs-lieux/", FORM).headers["Location"]
    computed()
    assert client.post("/simuler/meilleurs-lieux/", FORM).headers["Location"] == first


def test_a_custom_territory_can_be_searched(client, shown_line):
    custom = CustomTerritory.objects.create(
        name="Mon pays", commune_codes=["20002", "20003"], cog_year=2026, created_at=NOON
    )
    client.post("/simuler/meilleurs-lieux/", FORM | {"territoire": f"custom:{custom.public_id}"})
    run = computed()
    codes = {place["code"] for place in json.loads(run.result)["places"]}
    assert codes <= {"20002", "20003"}
    page = text_of(client.get(f"/simuler/meilleurs-lieux/{run.public_id}/"))
    assert "une liste de 2 communes" in page
    assert "Mon pays" not in page  # whoever asks for the same communes is shown this run


def test_where_nobody_is_below_the_answer_says_so(client, shown_line):
    far = CustomTerritory.objects.create(
        name="Bien servi", commune_codes=["20101"], cog_year=2026, created_at=NOON
    )
    sent = FORM | {"territoire": f"custom:{far.public_id}", "medecins": "1"}
    client.post("/simuler/meilleurs-lieux/", sent)
    run = computed()
    assert json.loads(run.result)["places"] == []
    assert "Aucun lieu" in text_of(client.get(f"/simuler/meilleurs-lieux/{run.public_id}/"))


@pytest.mark.parametrize(
    "wrong",
    [
        {"medecins": "0"},
        {"medecins": "21"},
        {"medecins": "1,5"},
        {"medecins": "beaucoup"},
        {"medecins": ""},
        {"actes": "1"},
        {"actes": "1000000"},
        {"par_commune": "0"},
        {"par_commune": "1000"},
        {"territoire": "epci:999"},
        {"territoire": "custom:inconnu"},
        {"territoire": "nation:FR"},
        {"territoire": "'; DROP TABLE"},
    ],
)
def test_a_wrong_question_is_refused_in_french(client, shown_line, wrong):
    response = client.post("/simuler/meilleurs-lieux/", FORM | wrong)
    assert response.status_code == 422
    assert "alert-danger" in text_of(response)
    assert not Run.objects.exists()


def test_another_study_is_not_shown_here(client, shown_line):
    response = client.post("/simuler/meilleurs-lieux/", FORM)
    Run.objects.update(study="profile")
    assert client.get(response.headers["Location"]).status_code == 404


def test_a_failed_computation_says_why(client, shown_line):
    response = client.post("/simuler/meilleurs-lieux/", FORM)
    Run.objects.update(data_version="20200101T000000Z-gone")
    assert computed().state == State.FAILED
    assert "alert-danger" in text_of(client.get(response.headers["Location"]))
