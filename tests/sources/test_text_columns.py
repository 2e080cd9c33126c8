import numpy as np
import pytest

from maillage.core.codes import parse_department_code
from maillage.core.errors import InputError
from maillage.sources.names import text_array
from maillage.sources.text_columns import (
    TextColumns,
    codes,
    find_header,
    match_headers,
    numbers,
    status_of,
    whole_numbers,
)


def columns(*values):
    return TextColumns("file.csv", {"value": text_array(values)}, {"value": "Valeur"})


def test_a_hidden_figure_an_unknown_figure_and_zero_stay_apart():
    values, status = numbers(
        columns("0", "N/A - secret statistique", "N/A - résultat non disponible", "", "2.5"),
        "value",
    )
    np.testing.assert_array_equal(values, [0, np.nan, np.nan, np.nan, 2.5])
    assert status.tolist() == ["", "hidden", "unknown", "unknown", ""]


@pytest.mark.parametrize("text", ["douze", "1,5", "inf", "nan", "1 000"])
def test_text_that_is_no_number_is_refused_with_its_row(text):
    with pytest.raises(InputError, match=r"'Valeur', data row 2.*not a number"):
        numbers(columns("1", text), "value")


def test_a_fraction_is_not_a_whole_number():
    with pytest.raises(InputError, match=r"data row 2: '2.5' is not a whole number"):
        whole_numbers(columns("1", "2.5"), "value")


def test_an_empty_cell_is_not_a_whole_number():
    with pytest.raises(InputError, match=r"data row 1: '' is not a whole number"):
        whole_numbers(columns("", "2"), "value")


def test_whole_numbers_may_be_written_with_a_decimal_point():
    assert whole_numbers(columns("12.0", "3"), "value").tolist() == [12, 3]


def test_a_lost_leading_zero_is_put_back_and_told():
    found, notes = codes(columns("1004", "9240.0", "2A004", "33063"), "value")
    assert found.tolist() == ["01004", "09240", "2A004", "33063"]
    assert notes == ("2 codes of column 'Valeur' had lost their leading zero: put back.",)


def test_codes_that_are_whole_give_no_note():
    assert codes(columns("01004"), "value")[1] == ()


@pytest.mark.parametrize("text", ["104", "", "commune", "00104", "A1004"])
def test_a_code_that_cannot_be_repaired_with_certainty_is_refused(text):
    with pytest.raises(InputError, match=r"data row 2: .*commune code"):
        codes(columns("01004", text), "value")


def test_an_empty_code_passes_where_it_may_be_empty():
    found, _ = codes(
        columns("", "1"), "value", parse=parse_department_code, length=2, may_be_empty=True
    )
    assert found.tolist() == ["", "01"]


def test_the_longest_prefix_takes_the_header():
    wanted = {"apl": "APL aux médecins", "apl_65": "APL aux médecins de 65 ans"}
    found = ["APL aux médecins de 65 ans ou moins", "APL aux  medecins 2024 "]
    assert match_headers(found, wanted, by_prefix=True) == {"apl": 1, "apl_65": 0}


def test_without_prefixes_only_the_whole_header_matches():
    assert match_headers(["Taux 2021"], {"rate": "Taux"}) == {}


def test_an_exact_header_wins_over_one_that_only_begins_alike():
    assert match_headers(["Code commune", "Code"], {"code": "code"}, by_prefix=True) == {"code": 1}


def test_two_headers_for_one_column_are_refused():
    with pytest.raises(InputError, match="Several columns answer to 'Taux'"):
        match_headers(["Taux 2021", "Taux 2022"], {"rate": "Taux"}, by_prefix=True)


def test_the_header_is_found_under_junk_lines():
    lines = [["Insee", " "], ["", ""], ["Code", "Libellé"], ["01", "Ain"]]
    wanted = {"name": "libelle", "code": "Code"}
    assert find_header(lines, wanted, file="f") == (2, {"name": 1, "code": 0})


def test_a_missing_column_is_named_with_what_was_found():
    lines = [["junk", ""], ["Code", "Nom"]]
    with pytest.raises(
        InputError, match=r"f: columns missing: \['Libellé'\]. Found: \['Code', 'Nom'\]"
    ):
        find_header(lines, {"code": "Code", "name": "Libellé"}, file="f")


def test_an_optional_column_may_be_absent():
    found = find_header([["Code"]], {"code": "Code", "x": "X"}, file="f", optional=frozenset({"x"}))
    assert found == (0, {"code": 0})


def test_a_long_list_of_found_columns_is_cut():
    with pytest.raises(InputError, match="and 8 more"):
        find_header([[f"c{rank}" for rank in range(20)]], {"code": "Code"}, file="f")


def test_rows_are_kept_by_a_mask_and_counted():
    two = columns("a", "b", "c").where(np.array([True, False, True]))
    assert two["value"].tolist() == ["a", "c"]
    assert len(two) == 2
    assert "value" in two
    assert len(TextColumns("f", {}, {})) == 0


def test_the_status_of_a_number_is_empty():
    assert status_of(text_array(["3"])).tolist() == [""]
