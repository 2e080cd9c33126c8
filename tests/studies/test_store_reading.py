"""Reading a version of the store."""

import numpy as np
import pytest

from maillage.core.errors import InputError, NotEnoughDataError
from maillage.studies.store import open_store


def test_a_store_opens_with_its_units_sorted_by_code(tiny_store):
    codes = tiny_store.units["code"].tolist()
    assert codes == sorted(codes)
    assert tiny_store.row_of["20003"] == 2
    assert tiny_store.cog_year == 2026
    assert tiny_store.fictional


def test_an_indicator_is_nan_where_it_is_not_available(tiny_store):
    assert np.isnan(tiny_store.indicator("apl_gp")[4])
    assert tiny_store.text_indicator("zonage_gp")[4] == ""


def test_an_unknown_indicator_is_refused_with_the_known_ones(tiny_store):
    with pytest.raises(InputError, match="apl_gp"):
        tiny_store.indicator("apl")


def test_what_was_read_cannot_be_written(tiny_store):
    with pytest.raises(ValueError, match="read-only"):
        tiny_store.indicator("apl_gp")[0] = 1.0


@pytest.mark.parametrize(
    ("kind", "code", "rows"),
    [
        ("commune", "20002", [1]),
        ("commune", "20100", [5, 6, 7]),
        ("commune", "20102", [6]),
        ("epci", "200000001", [0, 1, 2, 3]),
        ("department", "20", list(range(8))),
        ("living_zone", "20101", [5, 6, 7]),
        ("nation", "FR", list(range(8))),
    ],
)
def test_a_territory_gives_the_rows_of_its_units(tiny_store, kind, code, rows):
    assert tiny_store.rows(kind, code).tolist() == rows


def test_a_code_of_another_kind_is_refused(tiny_store):
    with pytest.raises(InputError, match="epci"):
        tiny_store.rows("epci", "20001")
    with pytest.raises(InputError, match="kind"):
        tiny_store.rows("canton", "20001")


def test_a_list_of_communes_takes_cities_and_says_which_codes_it_does_not_know(tiny_store):
    assert tiny_store.rows_of_codes(["20100", "20001", "20101"]).tolist() == [0, 5, 6, 7]
    with pytest.raises(InputError, match="20999"):
        tiny_store.rows_of_codes(["20001", "20999"])


def test_territories_carry_people_points_and_boxes(tiny_store):
    row = tiny_store.territory_row("commune", "20100")
    territories = tiny_store.territories
    assert territories["population"][row] == 10_700
    assert territories["n_units"][row] == 3
    assert territories["west"][row] < territories["lon"][row] < territories["east"][row]
    assert territories["department_code"][row] == "20"
    assert tiny_store.territory_name("commune", "20100") == "Grandville"


def test_what_the_build_did_not_make_is_empty_or_says_so(tiny_store):
    assert len(tiny_store.facilities("pharmacy")) == 0
    assert len(tiny_store.postal_codes) == 0
    with pytest.raises(NotEnoughDataError):
        _ = tiny_store.tiles_path
    with pytest.raises(NotEnoughDataError):
        _ = tiny_store.catchment


def test_a_folder_that_is_no_version_is_refused(tmp_path):
    with pytest.raises(InputError, match="maillage data build"):
        open_store(tmp_path)
