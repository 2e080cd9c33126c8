import pytest

from maillage.core.errors import InputError
from maillage.sources.bpe import FACILITY_TYPES, read_bpe_facilities
from tests.sources.apl_workbooks import write

CODES = ["CODGEO", "LIBGEO", "REG", "DEP", *(f"NB_{code}" for code in FACILITY_TYPES)]
TITLE = [["BPE 2020"], ["France - Communes"], ["Géographie au 01/01/2021"], ["©Insee"]]


@pytest.fixture(scope="module")
def bpe(data_dir):
    return read_bpe_facilities(data_dir / "bpe/equip-serv-sante-com-2020.xlsx")


@pytest.mark.data
def test_arrondissements_take_the_place_of_the_three_cities(bpe):
    assert len(bpe) == 34_965 + 45 - 3
    codes = bpe["commune_code"].tolist()
    assert codes == sorted(codes)
    assert not {"75056", "69123", "13055"} & set(codes)


@pytest.mark.data
@pytest.mark.parametrize(
    ("kind", "total"),
    [
        ("D106", 698),
        ("D107", 489),
        ("D108", 2_210),
        ("D113", 1_514),
        ("D302", 4_092),
        ("D303", 7_905),
        ("D307", 21_580),
    ],
)
def test_the_totals_are_those_of_france(bpe, kind, total):
    assert bpe[kind].sum() == total


def counts(code, pharmacies):
    return [code, "Ici", "11", "75", *[0] * (len(FACILITY_TYPES) - 1), pharmacies]


def workbook(path, communes, districts):
    labels = ["CODGEO", "Libellé", *["…"] * (len(CODES) - 2)]
    sheet = [*TITLE, labels, CODES]
    return write(path, {"COM": [*sheet, *communes], "ARM": [*sheet, *districts]})


def test_the_cities_are_never_added_to_their_arrondissements(tmp_path):
    path = workbook(
        tmp_path / "bpe.xlsx",
        [counts("01001", 1), counts("75056", 5)],
        [counts("75101", 2), counts("75102", 3)],
    )
    bpe = read_bpe_facilities(path)
    assert bpe["commune_code"].tolist() == ["01001", "75101", "75102"]
    assert bpe["D307"].sum() == 6
    assert bpe.notes == ("2 arrondissements stand in place of 1 cities.",)


def test_sheets_of_two_years_are_refused(tmp_path):
    path = workbook(tmp_path / "bpe.xlsx", [counts("75056", 5)], [counts("75101", 2)])
    with pytest.raises(InputError, match="D307 counts 5 in 75056 and 2 in its arrondissements"):
        read_bpe_facilities(path)


def test_a_count_that_is_not_whole_is_refused(tmp_path):
    path = workbook(tmp_path / "bpe.xlsx", [counts("01001", 1.5)], [counts("75101", 0)])
    with pytest.raises(InputError, match="not a whole number"):
        read_bpe_facilities(path)


def test_a_missing_sheet_is_named(tmp_path):
    path = write(tmp_path / "bpe.xlsx", {"COM": [CODES, counts("01001", 1)]})
    with pytest.raises(InputError, match="no sheet 'ARM'"):
        read_bpe_facilities(path)
