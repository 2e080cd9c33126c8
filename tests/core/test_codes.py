import pytest

from maillage.core import codes
from maillage.core.errors import InputError


@pytest.mark.parametrize(
    ("parse", "text", "code"),
    [
        (codes.parse_commune_code, " 64422 ", "64422"),
        (codes.parse_commune_code, "2a004", "2A004"),
        (codes.parse_commune_code, "97411", "97411"),
        (codes.parse_department_code, "2b", "2B"),
        (codes.parse_department_code, "974", "974"),
        (codes.parse_region_code, "75", "75"),
        (codes.parse_epci_code, "200067262", "200067262"),
        (codes.parse_postal_code, "01400", "01400"),
        (codes.parse_finess, "2a0000154", "2A0000154"),
        (codes.parse_siret, "13002526500013", "13002526500013"),
        (codes.parse_rpps, " 10003456786 ", "10003456786"),
    ],
)
def test_a_well_formed_code_is_returned_tidied(parse, text, code):
    assert parse(text) == code


@pytest.mark.parametrize(
    ("parse", "text"),
    [
        (codes.parse_commune_code, "1004"),
        (codes.parse_commune_code, "2C004"),
        (codes.parse_commune_code, "96001"),
        (codes.parse_commune_code, "Pau"),
        (codes.parse_department_code, "1"),
        (codes.parse_department_code, "96"),
        (codes.parse_region_code, "Bretagne"),
        (codes.parse_epci_code, "20006726"),
        (codes.parse_postal_code, "1400"),
        (codes.parse_finess, "64000016"),
        (codes.parse_siret, "1300252650001"),
        (codes.parse_rpps, "1000345"),
    ],
)
def test_anything_else_is_refused_with_what_was_expected_and_what_to_do(parse, text):
    with pytest.raises(InputError, match=r"is not an? .*leading zero"):
        parse(text)


def test_an_rpps_number_with_a_wrong_key_is_refused():
    wrong = "10003456787"
    with pytest.raises(InputError, match="last digit does not agree"):
        codes.parse_rpps(wrong)


def test_the_luhn_key_of_the_textbook_holds():
    assert codes.luhn_holds("79927398713")
    assert not codes.luhn_holds("79927398710")


@pytest.mark.parametrize(
    ("commune", "department"), [("01004", "01"), ("2A004", "2A"), ("97411", "974")]
)
def test_the_department_of_a_commune_is_read_in_its_code(commune, department):
    assert codes.department_of_commune(codes.parse_commune_code(commune)) == department


def test_department_20_free_since_1976_is_accepted_for_the_fictional_department():
    assert codes.parse_department_code("20") == "20"
    assert codes.department_of_commune(codes.parse_commune_code("20001")) == "20"
