import numpy as np
import pytest
import xlsxwriter

from maillage.core.errors import InputError
from maillage.sources.cog import read_communes
from maillage.sources.memberships import AAV_CATEGORIES, read_memberships, read_zones

CODES = [
    "CODGEO", "LIBGEO", "DEP", "REG", "ARR", "CV", "EPCI", "NATURE_EPCI", "ZE2020", "UU2020",
    "TUU2017", "TDUU2017", "AAV2020", "TAAV2017", "TDAAV2017", "CATEAAV2020", "BV2022",
]  # fmt: skip
COMMUNE = [
    "01001", "L'Abergement", "01", "84", "012", "0108", "ZZZZZZZZZ", "CC", "8405", "01000",
    "0", "00", "524", "1", "11", "20", "01093",
]  # fmt: skip
DISTRICT = ["75101", "Paris 1er", "75", "11", "751", "75ZZ", "200054781", *COMMUNE[7:], "75056"]


@pytest.fixture
def written(tmp_path):
    def write(codes=CODES):
        path = tmp_path / "table.xlsx"
        book = xlsxwriter.Workbook(path)
        for name, rows in (
            ("COM", [codes, COMMUNE]),
            ("ARM", [[*codes, "COM"], DISTRICT]),
            (
                "Zones_supra_communales",
                [["NIVGEO", "CODGEO", "LIBGEO", "NB_COM"], ["ZE2020", "8405", "Bourg", 90]],
            ),
        ):
            page = book.add_worksheet(name)
            page.write_row(0, 0, ["Liste des communes"])
            page.write_row(4, 0, ["libellé"] * len(rows[0]))
            for rank, row in enumerate(rows):
                page.write_row(5 + rank, 0, row)
        book.close()
        return path

    return write


def test_communes_then_arrondissements_are_read(written):
    table = read_memberships(written())
    assert table["commune_code"].tolist() == ["01001", "75101"]
    assert table["parent_code"].tolist() == ["", "75056"]
    assert table["aav_category"].tolist() == ["20", "20"]


def test_a_commune_of_no_epci_has_an_empty_code(written):
    assert read_memberships(written())["epci_code"].tolist() == ["", "200054781"]


def test_living_zones_of_either_year_are_told_apart(written):
    table = read_memberships(written())
    assert table["living_zone_2022_code"].tolist() == ["01093", "01093"]
    assert table["living_zone_2012_code"].tolist() == ["", ""]


def test_the_names_of_zones_are_read(written):
    assert list(read_zones(written()).rows()) == [
        {"level": "ZE2020", "zone_code": "8405", "name": "Bourg", "commune_count": 90}
    ]


def test_a_table_without_employment_zones_is_refused(written):
    with pytest.raises(InputError, match=r"columns missing: \['ZE2020'\]"):
        read_memberships(written([code.replace("ZE2020", "ZE2010") for code in CODES]))


@pytest.mark.data
def test_the_national_table_has_its_known_counts(data_dir):
    path = data_dir / "zonages/table-appartenance-geo-communes-22.xlsx"
    table = read_memberships(path)
    assert len(table) == 34955 + 45
    assert (table["epci_code"] == "").sum() == 4
    assert set(table["aav_category"]) == set(AAV_CATEGORIES)
    zones = read_zones(path)
    assert (zones["level"] == "ZE2020").sum() == 306
    named = set(zones["zone_code"][zones["level"] == "ZE2020"])
    assert set(table["employment_zone_code"]) == named
    parents = {"75056", "69123", "13055"}
    members = table.where(np.isin(table["parent_code"], tuple(parents)))
    assert len(members) == 45
    cog = read_communes(data_dir / "cog/communes.csv")
    assert set(members["commune_code"]) == set(cog["commune_code"][cog["kind"] == "ARM"])
