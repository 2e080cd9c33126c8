"""What is shown of results, and what is accepted as one."""

from dataclasses import fields

import numpy as np
import pytest

from maillage.core.errors import InfeasibleError, InputError, SuppressedError
from maillage.studies.registry import STUDIES, WORDS
from maillage.web.runs import canonical
from maillage.web.runs.canonical import inputs_text, result_text
from maillage.web.runs.errors import OUR_FAULT, ResultNotStorable, explain
from maillage.web.runs.presenting import facts_of


def test_facts_are_shown_in_the_order_of_the_study():
    facts = facts_of('{"b_c":true,"a":null,"t":"mot","n":1234567,"l":[1,2]}')
    assert [(fact.label, fact.value, fact.is_long) for fact in facts] == [
        ("b c", "oui", False),
        ("a", "non disponible", False),
        ("t", "mot", False),
        ("n", "1\u202f234\u202f567", False),
        ("l", "[\n  1,\n  2\n]", True),
    ]


def test_a_result_without_names_is_one_fact():
    assert [(fact.label, fact.value) for fact in facts_of("0.5")] == [("résultat", "0,5")]


def test_no_text_has_no_facts():
    assert facts_of("") == []


@pytest.mark.parametrize("result", [float("inf"), {"a": np.float32(1)}, {1, 2}, object()])
def test_a_result_that_is_not_plain_json_is_refused(result):
    with pytest.raises(ResultNotStorable, match="not finite, plain JSON"):
        result_text(result)


def test_a_result_beyond_the_bound_is_refused(monkeypatch):
    monkeypatch.setattr(canonical, "MAX_RESULT_BYTES", 10)
    assert result_text("x" * 8) == '"xxxxxxxx"'
    with pytest.raises(ResultNotStorable, match="at most 10"):
        result_text("x" * 9)


def test_inputs_have_one_text_whatever_the_order_of_their_names():
    assert inputs_text({"b": 1, "a": "é"}) == inputs_text({"a": "é", "b": 1}) == '{"a":"é","b":1}'


@pytest.mark.parametrize("inputs", [[1], "text", None])
def test_inputs_are_named_values(inputs):
    with pytest.raises(InputError, match="expected an object"):
        inputs_text(inputs)


@pytest.mark.parametrize(
    ("error", "begins"),
    [
        (InputError("detail"), "Les données fournies"),
        (InfeasibleError(), "Aucune solution"),
        (SuppressedError(), "Ce résultat porte sur trop peu"),
        (ValueError("secret"), OUR_FAULT),
    ],
)
def test_each_kind_of_error_has_its_sentence(error, begins):
    assert explain(error).startswith(begins)
    assert "secret" not in explain(error)


def test_a_large_number_is_written_out_and_the_names_of_studies_in_french():
    (fact,) = facts_of('{"shortfall_before": 6153600.4}')
    assert fact.label == "consultations manquantes avant, par an"
    assert fact.value == "6\u202f153\u202f600"


def test_every_input_of_a_study_has_a_french_name():
    assert {item.name for study in STUDIES.values() for item in fields(study.inputs)} <= {*WORDS}
