"""Where the buttons lead: the mainland first, then each overseas department."""

from dataclasses import replace

import numpy as np

from maillage.web.atlas.map.choices import choice_of
from maillage.web.atlas.map.narrowing import narrowing_of
from maillage.web.atlas.map.places import suggestion
from maillage.web.territories.map_ground import jumps, labels
from maillage.web.territories.search import index_of, search


def with_overseas(store):
    """Return the store with its department named twice: 20, and 974 far away."""
    table = store.territories
    (row,) = np.flatnonzero((table["kind"] == "department") & (table["code"] == "20"))
    columns = {name: np.append(values, values[row]) for name, values in table.columns.items()}
    columns["code"][-1], columns["name"][-1] = "974", "Île lointaine"
    for side in ("west", "east"):
        columns[side][-1] += 60
    return replace(store, territories=type(table)(table.schema, columns), _made={})


def test_a_store_of_one_department_has_one_place(fictional_store):
    (whole,) = jumps(fictional_store)
    assert whole.label == fictional_store.territory_name("nation", "FR")
    west, south, east, north = whole.bounds
    units = fictional_store.units
    assert west < np.nanmin(units["lon"]) < np.nanmax(units["lon"]) < east
    assert south < np.nanmin(units["lat"]) < np.nanmax(units["lat"]) < north


def test_overseas_departments_have_a_button_each(tiny_store):
    mainland, island = jumps(with_overseas(tiny_store))
    assert mainland.label == "France métropolitaine"
    assert island.label == "Île lointaine"
    assert island.bounds[0] > mainland.bounds[2] + 50


def test_a_store_whose_places_are_unknown_has_no_button(tiny_store):
    table = tiny_store.territories
    columns = {**table.columns, "west": np.full(len(table), np.nan)}
    store = replace(tiny_store, territories=type(table)(table.schema, columns), _made={})
    assert jumps(store) == []
    assert labels(store) == {"regions": [], "departments": []}
    (found, *_) = search(index_of(tiny_store), "grandville")
    assert suggestion(store, found)["bounds"] is None


def test_a_suggestion_says_the_department_of_a_commune_but_not_of_a_department(tiny_store):
    (found, *_) = search(index_of(tiny_store), "grandville")
    assert suggestion(tiny_store, found)["kind"].endswith("(20)")
    (found, *_) = search(index_of(tiny_store), "20", kinds=("department",))
    assert suggestion(tiny_store, found)["kind"] == "département"


def test_a_region_chosen_keeps_its_departments_alone(tiny_store):
    narrowing = narrowing_of(tiny_store, choice_of(tiny_store, {"region": "99"}).area)
    assert (narrowing.region, narrowing.department) == ("99", "")
    assert [code for code, _ in narrowing.departments] == ["20"]
    assert narrowing.epcis == []
