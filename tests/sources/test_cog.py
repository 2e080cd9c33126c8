from collections import Counter

import pytest

from maillage.core.errors import InputError
from maillage.sources.cog import (
    arrondissement_at,
    arrondissements_of,
    read_arrondissements,
    read_communes,
    read_departments,
    read_overseas_collectivities,
    read_regions,
)

PARIS = [f"751{rank:02d}" for rank in range(1, 21)]
HEADER = "TYPECOM,COM,REG,DEP,CTCD,ARR,TNCC,NCC,NCCENR,LIBELLE,CAN,COMPARENT\r\n"
AIN = "COM,01001,84,01,01D,012,5,ABERGEMENT,Abergement,L'Abergement,0108,\r\n"


@pytest.fixture
def written(tmp_path):
    def write(content):
        path = tmp_path / "communes.csv"
        path.write_text(content, encoding="utf-8", newline="")
        return path

    return write


def test_a_commune_and_its_arrondissement_are_read(written):
    paris = "COM,75056,11,75,75C,751,0,PARIS,Paris,Paris,,\r\n"
    first = "ARM,75101,11,75,,751,0,PARIS 01,Paris 01,Paris 1er Arrondissement,,75056\r\n"
    table = read_communes(written(HEADER + AIN + paris + first))
    assert table["name"].tolist()[0] == "L'Abergement"
    assert table["article_kind"].tolist() == [5, 0, 0]
    assert arrondissements_of(table) == {"75056": ("75101",)}
    assert table.notes == ()


def test_a_former_commune_has_neither_region_nor_department(written):
    former = "COMD,01001,,,,,0,ARBIGNIEU,Arbignieu,Arbignieu,,01001\r\n"
    table = read_communes(written(HEADER + AIN + former))
    assert table["region_code"].tolist() == ["84", ""]


def test_lost_zeros_are_put_back_and_told(written):
    table = read_communes(written(HEADER + AIN.replace("01001", "1001").replace(",01,", ",1,")))
    assert table["commune_code"].tolist() == ["01001"]
    assert table["department_code"].tolist() == ["01"]
    assert len(table.notes) == 2


def test_an_unknown_kind_of_commune_is_refused(written):
    with pytest.raises(InputError, match=r"TYPECOM holds \['COMX'\]"):
        read_communes(written(HEADER + AIN.replace("COM,", "COMX,", 1)))


def test_the_same_commune_twice_is_refused(written):
    with pytest.raises(InputError, match="a second time"):
        read_communes(written(HEADER + AIN + AIN))


def test_a_missing_column_is_named(written):
    with pytest.raises(InputError, match=r"columns missing: \['COMPARENT'\]"):
        read_communes(written((HEADER + AIN).replace("COMPARENT", "PARENT")))


@pytest.mark.data
def test_the_national_code_has_its_known_counts(data_dir):
    table = read_communes(data_dir / "cog/communes.csv")
    assert Counter(table["kind"]) == {"COM": 34875, "ARM": 45, "COMD": 2105, "COMA": 471}
    assert {city: len(parts) for city, parts in arrondissements_of(table).items()} == {
        "13055": 16,
        "69123": 9,
        "75056": 20,
    }


@pytest.mark.data
def test_departments_regions_and_the_rest_have_their_known_counts(data_dir):
    departments = read_departments(data_dir / "cog/departements.csv")
    regions = read_regions(data_dir / "cog/regions.csv")
    assert (len(departments), len(regions)) == (101, 18)
    assert set(departments["region_code"]) == set(regions["region_code"])
    assert len(read_arrondissements(data_dir / "cog/arrondissements.csv")) == 333
    overseas = read_overseas_collectivities(data_dir / "cog/collectivites-outremer.csv")
    assert len(overseas) == 94
    assert "97701" in overseas["commune_code"]


@pytest.mark.parametrize(
    ("postal_code", "parts", "found"),
    [
        ("75001", PARIS, "75101"),
        ("75016", PARIS, "75116"),
        ("75116", PARIS, "75116"),
        ("69003", [f"6938{rank}" for rank in range(1, 10)], "69383"),
        ("13016", [f"132{rank:02d}" for rank in range(1, 17)], "13216"),
        ("69437 CEDEX", [f"6938{rank}" for rank in range(1, 10)], ""),
        ("69100", [f"6938{rank}" for rank in range(1, 10)], ""),
        ("64000", [], ""),
    ],
)
def test_a_postal_code_names_its_arrondissement(postal_code, parts, found):
    assert arrondissement_at(postal_code, parts) == found
