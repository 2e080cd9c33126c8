"""The list sorts as readers expect: unknown figures last, equals by name."""

from maillage.studies.indicators import indicator
from maillage.web.atlas.map.choices import choice_of
from maillage.web.atlas.map.rows import cells_of, columns_of, commune_rows, sorted_rows


def codes(store, asked, sort):
    rows = sorted_rows(store, choice_of(store, asked), sort)
    return [str(code) for code in store.units["code"][rows]]


def test_figures_rise_and_unknown_ones_come_last(tiny_store):
    # APL by unit: 4.0 2.4 1.0 3.0 nan 3.5 2.5 0.0
    rising = ["20103", "20003", "20002", "20102", "20004", "20101", "20001", "20005"]
    assert codes(tiny_store, {}, "valeur") == rising


def test_figures_fall_and_unknown_ones_still_come_last(tiny_store):
    falling = ["20001", "20101", "20004", "20102", "20002", "20003", "20103", "20005"]
    assert codes(tiny_store, {}, "-valeur") == falling


def test_equals_are_in_the_order_of_their_names(tiny_store):
    by_zoning = codes(tiny_store, {"zonage": "1"}, "zonage")
    assert by_zoning == [
        *["20002", "20003", "20103"],  # ZIP
        *["20001", "20004"],  # ZAC
        *["20101", "20102"],  # HZ
        "20005",  # not known
    ]


def test_names_sort_both_ways(tiny_store):
    assert codes(tiny_store, {}, "nom") == codes(tiny_store, {}, "-nom")[::-1]


def test_the_list_is_narrowed_to_an_epci(tiny_store):
    assert codes(tiny_store, {"epci": "200000002"}, "-habitants") == ["20101", "20102", "20103"]


def test_the_second_indicator_sorts_too(tiny_store):
    oldest = codes(tiny_store, {"second": "share_65_plus"}, "-second")
    assert oldest[0] == "20005"


def test_rows_carry_every_column_written_in_french(tiny_store):
    choice = choice_of(tiny_store, {"second": "share_65_plus", "zonage": "1"})
    assert [item.id for item in columns_of(choice)] == ["apl_gp", "share_65_plus", "zonage_gp"]
    row = next(commune_rows(tiny_store, choice, tiny_store.rows("commune", "20002")))
    assert (row.code, row.population) == ("20002", 2000)
    assert row.department_name == "Vézillois (département fictif)"
    assert [cell.written for cell in row.cells][::2] == ["2,4", "Zone d'intervention prioritaire"]


def test_an_unknown_figure_and_an_unknown_class_say_so(tiny_store):
    rows = tiny_store.rows("commune", "20005")
    for name in ("apl_gp", "zonage_gp"):
        (cell,) = cells_of(tiny_store, indicator(name), rows)
        assert cell.written == "non disponible"


def test_a_zoning_shown_first_is_not_repeated_as_overlay(tiny_store):
    choice = choice_of(tiny_store, {"indicateur": "zonage_gp", "zonage": "1"})
    assert [item.id for item in columns_of(choice)] == ["zonage_gp"]
