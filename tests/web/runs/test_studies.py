"""The studies of the registry, put as runs to a real store."""

import json

import pytest

from maillage.core.errors import MaillageError
from maillage.studies.registry import STUDIES
from maillage.web.runs import studies
from maillage.web.runs.actions import ask_run
from maillage.web.runs.errors import explain
from maillage.web.runs.models import Run, State
from maillage.web.runs.workers import run_worker
from tests.web.runs.conftest import NOON

offered = studies.available_studies
version_shown = studies.current_data_version


@pytest.fixture(autouse=True)
def real_studies(sample_studies, monkeypatch):
    """Take back the doors that the sample studies stand in."""
    monkeypatch.setattr(studies, "available_studies", offered)
    monkeypatch.setattr("maillage.web.runs.actions.current_data_version", version_shown)


def answered(run):
    run_worker(stop=lambda: False, until_empty=True)
    return Run.objects.get(pk=run.pk)


def test_every_study_of_the_registry_can_be_asked_as_a_run():
    assert set(studies.available_studies()) >= {"profile", "what_if", "best_places"}


@pytest.mark.django_db(transaction=True)
def test_a_profile_asked_as_a_run_is_the_profile_of_the_page(shown_store, visitor):
    department = {"kind": "department", "code": str(shown_store.units["department_code"][0])}
    run = answered(ask_run(study="profile", inputs=department, asker=visitor, at=NOON))
    assert (run.state, run.error) == (State.SUCCEEDED, "")
    assert json.loads(run.result)["code"] == department["code"]


@pytest.mark.django_db(transaction=True)
def test_a_run_whose_data_were_replaced_says_so(shown_store, visitor):
    run = ask_run(study="profile", inputs={"kind": "nation", "code": "FR"}, asker=visitor, at=NOON)
    Run.objects.filter(pk=run.pk).update(data_version="20200101T000000Z-gone")
    run = answered(run)
    assert run.state == State.FAILED
    assert "remplacées par une version plus récente" in run.error


WRONG_QUESTIONS = [
    ("profile", {"kind": "galaxy", "code": "1"}),
    ("profile", {"kind": "commune", "code": "99999"}),
    ("profile", {"kind": 3}),
    ("profile", {"codes": "64422"}),
    ("profile", {"codes": [1]}),
    ("profile", {"codes": ["99999"], "name": "Mon territoire"}),
    ("profile", {"codes": [], "kind": "custom", "code": ""}),
    ("what_if", {}),
    ("what_if", {"moves": [1]}),
    ("what_if", {"moves": [{"kind": "wand", "code": "20001", "count": 1}]}),
    ("what_if", {"moves": [{"kind": "bus", "code": "20001", "count": -1}]}),
    ("what_if", {"moves": [{"kind": "gp", "code": "20001", "count": 1e300}]}),
    ("best_places", {"kind": "commune", "code": "20001", "k": 0}),
    ("best_places", {"kind": "commune", "code": "20001", "k": 1, "acts": -1}),
    ("best_places", {"kind": "commune", "code": "20001", "k": 1, "most_per_place": 0}),
    ("best_places", {"k": 1}),
    ("best_places", {"k": 1, "spell": "x"}),
]


@pytest.mark.parametrize(("name", "question"), WRONG_QUESTIONS)
def test_what_is_wrong_in_a_question_is_said_in_french(tiny_store, name, question):
    with pytest.raises(MaillageError) as refusal:
        STUDIES[name].answer(question, tiny_store)
    assert refusal.value.french
    assert refusal.value.french in explain(refusal.value)
    assert str(refusal.value) not in explain(refusal.value)
