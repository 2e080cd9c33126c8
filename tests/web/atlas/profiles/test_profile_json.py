"""The profile for programs: keys that do not change, numbers or null."""

import json

import pytest
from django.urls import reverse

KEYS = {
    "kind",
    "code",
    "name",
    "of_name",
    "at_name",
    "population",
    "n_communes",
    "store_version",
    "fictional",
    "cog_year",
    "headline",
    "needs",
    "strengths",
    "context",
    "services",
    "zoning",
    "patients",
    "alike",
    "alike_kind",
}


def told(client, kind, address):
    response = client.get(reverse("atlas:json", args=[kind, address]))
    assert response["Content-Type"] == "application/json"
    return json.loads(response.content, parse_constant=pytest.fail)


def test_the_keys_are_those_that_programs_know(client, fictional_site, one_of):
    subject = one_of("epci")
    answer = told(client, "epci", subject.address)
    assert set(answer) == {"format", "profile", "commune_codes", "sources"}
    assert answer["format"] == "maillage.profile/1"
    assert set(answer["profile"]) >= KEYS
    assert answer["profile"]["fictional"] is True
    assert len(answer["commune_codes"]) == answer["profile"]["n_communes"]
    assert {"name", "title", "producer", "licence", "vintage"} == set(answer["sources"][0])


def test_a_list_has_its_profile_too(client, list_of_mine):
    answer = told(client, "custom", list_of_mine.public_id)
    assert answer["profile"]["name"] == "Mon PETR"
    assert answer["commune_codes"] == ["20001", "20002", "20101", "20102", "20103"]


def test_every_finding_bears_source_year_and_unit(client, fictional_site, one_of):
    answer = told(client, "department", one_of("department").address)["profile"]
    found = [*answer["needs"], *answer["strengths"], *answer["context"]]
    assert found
    for one in found:
        assert one["source"]
        assert one["year"]
        assert one["sentence"]
