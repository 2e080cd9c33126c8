"""`maillage study`: the studies of the one list, put from the command line."""

import json

import pytest

from maillage.studies.registry import STUDIES

DEPARTMENT = '{"kind": "department", "code": "20"}'


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The settings of a store of the fictional department, built once."""
    import os
    import subprocess

    from tests.cli.conftest import COMMAND

    folder = tmp_path_factory.mktemp("built")
    settings = {"MAILLAGE_VAR_DIR": str(folder)}
    kept = {n: v for n, v in os.environ.items() if not n.startswith(("MAILLAGE_", "DJANGO_"))}
    subprocess.run(
        [*COMMAND, "data", "build"], env=kept | settings, check=True, capture_output=True
    )
    return settings


def test_the_studies_are_listed_with_their_titles(maillage):
    answer = maillage("study")
    assert answer.returncode == 0
    for name, study in STUDIES.items():
        assert name in answer.stdout
        assert study.title in answer.stdout
    assert set(json.loads(maillage("study", "--json").stdout)["studies"]) == set(STUDIES)


def test_a_study_answers_in_json(maillage, built):
    answer = maillage("study", "profile", "--inputs", DEPARTMENT, **built)
    assert answer.returncode == 0, answer.stderr
    assert isinstance(json.loads(answer.stdout), dict)


def test_the_question_may_come_on_standard_input(maillage, built):
    question = json.dumps({"k": 2, "kind": "department", "code": "20"})
    answer = maillage("study", "best_places", "--inputs", "-", stdin=question, **built)
    assert answer.returncode == 0, answer.stderr
    assert json.loads(answer.stdout)


@pytest.mark.parametrize("question", ["nope", "[1]", '{"kind": 3}', '{"colour": "red"}'])
def test_a_question_that_is_badly_put_is_told(maillage, built, question):
    answer = maillage("study", "profile", "--inputs", question, **built)
    assert answer.returncode == 1
    assert answer.stderr.startswith("Erreur :")
    assert "Traceback" not in answer.stderr


def test_an_unknown_study_ends_with_2(maillage):
    answer = maillage("study", "nothing")
    assert answer.returncode == 2
    assert "profile" in answer.stderr


def test_without_a_store_the_command_to_run_is_told(maillage):
    answer = maillage("study", "profile", "--inputs", DEPARTMENT)
    assert answer.returncode == 3
    assert "maillage data build" in answer.stderr
