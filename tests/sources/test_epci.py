import pytest
import xlsxwriter

from maillage.core.errors import InputError
from maillage.sources.epci import read_epci, read_ept

HEADER = [
    "dept", "siren", "raison_sociale", "nature_juridique", "dep_com", "insee", "nom_membre",
    "ptot_2027", "pmun_2027",
]  # fmt: skip


@pytest.fixture
def written(tmp_path):
    def write(*rows, sheet="Epcicom2027"):
        path = tmp_path / "book.xlsx"
        book = xlsxwriter.Workbook(path)
        page = book.add_worksheet(sheet)
        for rank, row in enumerate(rows):
            page.write_row(rank, 0, row)
        book.close()
        return path

    return write


def test_numbers_become_codes_whatever_the_year_of_the_columns(written):
    row = ["1", 200029999.0, "CC Rives de l'Ain", "CC", "01", 1304, "Pont-d'Ain", 2912, 2862]
    table = read_epci(written(HEADER, row))
    assert table["epci_code"].tolist() == ["200029999"]
    assert table["commune_code"].tolist() == ["01304"]
    assert table["department_code"].tolist() == ["01"]
    assert table["population_municipal"].tolist() == [2862]
    assert len(table.notes) == 2


def test_a_siren_that_is_too_short_is_refused(written):
    row = ["01", 2000299, "CC", "CC", "01", "01304", "Pont-d'Ain", 2912, 2862]
    with pytest.raises(InputError, match="data row 1: '2000299' is not an EPCI code"):
        read_epci(written(HEADER, row))


def test_a_commune_in_two_epci_is_refused(written):
    row = ["01", 200029999, "CC", "CC", "01", "01304", "Pont-d'Ain", 2912, 2862]
    with pytest.raises(InputError, match="a second time"):
        read_epci(written(HEADER, row, row))


def test_communes_outside_grand_paris_are_left_out_of_the_ept(written):
    path = written(
        ["CODGEO", "LIBGEO", "EPT", "LIBEPT"],
        ["01001", "Abergement", "ZZZZZZZZZ", "Sans objet"],
        ["93066", "Saint-Denis", "200057867", "Plaine Commune"],
        sheet="Composition_communale",
    )
    assert list(read_ept(path).rows()) == [
        {"commune_code": "93066", "ept_code": "200057867", "ept_name": "Plaine Commune"}
    ]


@pytest.mark.data
def test_the_national_composition_has_its_known_counts(data_dir):
    table = read_epci(data_dir / "cog/epcicom.xlsx")
    assert len(table) == 34871
    assert len(set(table["epci_code"])) == 1255
    assert not {"22016", "29083", "29155", "85113"} & set(table["commune_code"])


@pytest.mark.data
def test_eleven_ept_share_the_communes_of_grand_paris(data_dir):
    table = read_ept(data_dir / "cog/ept.xlsx")
    assert len(set(table["ept_code"])) == 11
    assert len(table) == 34875 - 34746
