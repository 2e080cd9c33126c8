"""The first content: whole, sourced, loaded once, never over what people wrote."""

import pytest

from maillage.core.errors import InputError
from maillage.studies.store import Store
from maillage.web.register.first_content.loading import load_content, load_first_content
from maillage.web.register.first_content.reading import (
    read_examples,
    read_first_content,
    read_sheet,
)
from maillage.web.register.life.actors import MACHINE
from maillage.web.register.life.editing import edit
from maillage.web.register.models import Initiative
from maillage.web.register.models.choices import State
from maillage.web.territories.models import StoreVersion
from tests.web.register.conftest import AT

NAMED = {
    "presence-medicale-64",
    "marsoins",
    "responsabilite-populationnelle",
    "la-passerelle",
    "centre-ressource",
    "gardes-mutualisees",
    "depistage-scolaire",
    "aller-vers",
    "conciergerie-soignants",
    "telemedecine",
}


def test_what_the_documents_name_is_there_with_its_source():
    sheets = {sheet.key: sheet.content for sheet in read_first_content()}
    assert set(sheets) >= NAMED
    assert sum(key.startswith("responsabilite-populationnelle-") for key in sheets) == 5
    assert all(content["source_name"] for content in sheets.values())


def test_the_budget_of_presence_medicale_64_is_the_one_of_the_source():
    content = next(one.content for one in read_first_content() if one.key == "presence-medicale-64")
    assert [line["share_pct"] for line in content["budget_lines"]] == ["50", "38", "6", "6"]
    assert "530000" in [figure["value"] for figure in content["figures"]]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("title = ", "not TOML"),
        ('colour = "red"', "unknown fields"),
        ('title = "Seul"', "à remplir"),
    ],
)
def test_a_sheet_that_is_not_whole_is_refused(text: str, said: str):
    with pytest.raises(InputError, match=said):
        read_sheet("essai", text)


def test_loading_twice_changes_nothing_and_people_have_the_last_word(shown_store: Store):
    n = len(read_first_content())
    assert load_first_content(at=AT).created == n
    assert Initiative.objects.public().count() == n
    assert load_first_content(at=AT).unchanged == n
    pm64 = Initiative.objects.get(title__startswith="Présence Médicale 64")
    edit(initiative=pm64, changes={"promise": "Mieux dit."}, actor=MACHINE, at=AT, reason="moi")
    again = load_first_content(at=AT)
    assert (again.kept, again.unchanged) == (1, n - 1)
    pm64.refresh_from_db()
    assert pm64.promise == "Mieux dit."


def test_the_five_territories_are_part_of_the_whole(shown_store: Store):
    load_first_content(at=AT)
    whole = Initiative.objects.get(title__startswith="La responsabilité populationnelle")
    assert whole.incoming_relations.filter(kind="part_of").count() == 5


def _examples(state: State):
    return Initiative.objects.filter(source_name__startswith="Exemple inventé", state=state)


def test_every_invented_sheet_says_that_it_is():
    for sheet in read_examples():
        assert sheet.content["title"].endswith("(exemple fictif)")
        assert sheet.content["source_name"].startswith("Exemple inventé")


def test_invented_sheets_take_place_in_the_fictional_department(fictional_store: Store):
    places = [place for sheet in read_examples() for place in sheet.content["territories"]]
    assert len(places) >= 8
    for place in places:
        kind, _, code = place.partition(":")
        assert fictional_store.rows(kind, code).size, place


def test_invented_sheets_come_and_go_with_the_fictional_department(shown_store: Store):
    n, first = len(read_examples()), len(read_first_content())
    load_content(at=AT)
    assert _examples(State.PUBLISHED).count() == n
    StoreVersion.objects.update(fictional=False)
    for _ in range(2):
        load_content(at=AT)
        assert _examples(State.ARCHIVED).count() == n
        assert Initiative.objects.public().count() == first
    StoreVersion.objects.update(fictional=True)
    load_content(at=AT)
    assert _examples(State.PUBLISHED).count() == n
    assert Initiative.objects.count() == n + first
