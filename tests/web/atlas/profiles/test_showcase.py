"""The page that a territory shows of itself: strengths alone, and ready to be shared."""

import json
import re

import numpy as np
import pytest
from django.urls import reverse

from maillage.studies.profile import profile
from maillage.web.atlas.profiles.portrait import portrait_of
from maillage.web.atlas.profiles.showcase import Section, _said_once, showcase_of, structured_data
from maillage.web.atlas.profiles.subject import Subject


def page_of(client, subject):
    response = client.get(reverse("atlas:showcase", args=[subject.kind, subject.address]))
    assert response.status_code == 200
    return response.content.decode()


def test_no_need_of_any_commune_stands_on_its_showcase(fictional_store):
    for row in range(0, fictional_store.n_units, 7):
        code = str(fictional_store.units["code"][row])
        report = profile(fictional_store, "commune", code)
        subject = Subject(
            fictional_store, "commune", code, report.name, code, np.array([row], dtype=np.int64)
        )
        shown = showcase_of(portrait_of(subject))
        said = " ".join(text for section in shown.sections for text in section.sentences)
        for need in report.needs:
            assert need.sentence.replace("'", "’") not in said
        assert "seuil" not in said
        assert "désert" not in said.casefold()


def test_the_showcase_counts_schools_and_care(client, fictional_site, one_of):
    page = page_of(client, one_of("department"))
    for words in ("Pharmacies", "Écoles", "élèves", "Un accueil pour les médecins"):
        assert words in page


def test_the_showcase_is_ready_for_social_networks(client, fictional_site, one_of):
    subject = one_of("epci")
    page = page_of(client, subject)
    told = dict(re.findall(r'<meta property="(og:\w+)" content="([^"]*)"', page))
    assert told["og:locale"] == "fr_FR"
    assert told["og:url"].endswith("/vitrine/")
    assert told["og:description"].startswith("Bienvenue")
    data = json.loads(re.search(r'ld\+json">(.*?)</script>', page, re.DOTALL)[1])
    assert data["@type"] == "AdministrativeArea"
    assert data["name"] == subject.name
    assert 40 < data["geo"]["latitude"] < 52


def test_fictional_territories_are_kept_from_search_engines(client, fictional_site, one_of):
    assert '<meta name="robots" content="noindex">' in page_of(client, one_of("epci"))


@pytest.mark.parametrize("name", ["</script><script>alert(1)</script>", "A & B <i>"])
def test_no_name_escapes_from_the_structured_data(tiny_store, name):
    rows = tiny_store.rows_of_codes(["20001", "20002"])
    subject = Subject(tiny_store, "custom", "abc", name, "abc", rows)
    written = structured_data(subject, showcase_of(portrait_of(subject)), url="http://x/")
    assert "<" not in written
    assert json.loads(written)["name"] == name


def test_a_territory_of_which_little_is_known_still_has_a_page(client, shown_store):
    address = reverse("atlas:showcase", args=["commune", "20005-commune-20005"])
    page = client.get(address).content.decode()
    assert "Bienvenue" in page
    assert "Venir s’y installer" in page


SOURCES = (("atouts", "Insee"), ("soins", "BPE"), ("ecoles", "BPE"), ("accueil", "Zonage"))


def test_a_source_is_told_once_under_the_last_section_that_has_it():
    sections = [Section(name, name, "", source=source) for name, source in SOURCES]
    assert [one.source for one in _said_once(sections)] == ["Insee", "", "BPE", "Zonage"]
    assert _said_once([]) == ()
