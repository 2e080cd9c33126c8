import numpy as np
import pytest
import xlsxwriter

from maillage.core.errors import InputError
from maillage.sources.age_shares import read_age_shares

HEADER = [
    "code_insee", "nom", "scale", "Part des pers. âgées de - de 25 ans 2020",
    "Part des pers. âgées de 25 à 64 ans 2020", "Part des pers. âgées de 65 ans ou + 2020",
]  # fmt: skip
COMMUNE = ["01001", "L'Abergement", "Commune", 27.0, 53.4, 19.6]
NOBODY = ["55039", "Beaumont", "Commune", *["N/A - division par 0"] * 3]
DEPARTMENT = [1.0, "Ain", "Département", 31.0, 50.5, 18.5]
REGION = [94.0, "Corse", "Région", 23.8, 24.8, 51.4]


@pytest.fixture
def written(tmp_path):
    def write(*rows):
        path = tmp_path / "shares.xlsx"
        book = xlsxwriter.Workbook(path)
        page = book.add_worksheet("Data")
        for rank, row in enumerate([HEADER, *rows]):
            page.write_row(rank, 0, row)
        book.close()
        return path

    return write


def test_communes_and_departments_are_kept_and_rotated_regions_left_out(written):
    table = read_age_shares(written(COMMUNE, REGION, DEPARTMENT))
    assert table["level"].tolist() == ["commune", "department"]
    assert table["code"].tolist() == ["01001", "01"]
    assert table["share_65_plus_pct"].tolist() == [19.6, 18.5]
    assert any("1 region rows left out" in note for note in table.notes)


def test_where_nobody_lives_the_shares_are_unknown(written):
    assert np.isnan(read_age_shares(written(COMMUNE, NOBODY))["share_65_plus_pct"][1])


def test_shares_that_do_not_make_a_hundred_are_refused(written):
    with pytest.raises(InputError, match=r"add up to 120\.0 %"):
        read_age_shares(written([*COMMUNE[:3], 47.0, *COMMUNE[4:]]))


def test_an_unknown_level_is_refused(written):
    with pytest.raises(InputError, match=r"unknown levels \['Canton'\]"):
        read_age_shares(written([*COMMUNE[:2], "Canton", *COMMUNE[3:]]))


@pytest.mark.data
def test_the_national_shares_have_their_known_counts(data_dir):
    path = data_dir / "demand/insee_statloc_parts_age_communes_2020.xlsx"
    table = read_age_shares(path)
    levels, counts = np.unique(table["level"].astype(str), return_counts=True)
    assert dict(zip(levels.tolist(), counts.tolist(), strict=True)) == {
        "commune": 34945,
        "department": 101,
    }
    creuse = (table["level"] == "department") & (table["code"] == "23")
    assert table["share_65_plus_pct"][creuse][0] > 30  # the oldest departments are above 30 %
