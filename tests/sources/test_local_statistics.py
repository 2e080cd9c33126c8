"""Distance to facilities and living zones (Insee, Statistiques locales)."""

import numpy as np
import pytest
import xlsxwriter

from maillage.core.errors import InputError
from maillage.sources.facility_distance import read_facility_distance
from maillage.sources.living_zones import read_living_zones, read_poverty

FAR = "Part de la population éloignée des équipements"


def test_the_three_shares_are_told_apart_by_their_headers(tmp_path):
    path = tmp_path / "far.xlsx"
    book = xlsxwriter.Workbook(path)
    page = book.add_worksheet("Data")
    page.write_row(0, 0, ["Insee - Statistiques locales"])
    header = [
        "Code",
        "Libellé",
        *(f"{FAR} {kind}, 2021" for kind in ("intermédiaires", "de proximité", "supérieurs")),
    ]
    page.write_row(3, 0, header)
    page.write_row(4, 0, ["01001", "A", 1.0, 100, 3])
    page.write_row(5, 0, ["97617", "B", *["N/A - résultat non disponible"] * 3])
    book.close()
    table = read_facility_distance(path)
    assert table["share_far_proximity_pct"][0] == 100
    assert table["share_far_intermediate_pct"][0] == 1
    assert table["share_far_superior_pct"][0] == 3
    assert table["status"].tolist() == ["", "unknown"]
    assert table.notes == ("1 communes have no figure.",)


POVERTY = "\ufeffInsee; ; \nRéférentiel; ; \nCode;Libellé;Taux de pauvreté 2023\n"


def test_hidden_and_unknown_poverty_stay_apart(tmp_path):
    path = tmp_path / "poverty.csv"
    path.write_text(
        f"{POVERTY}1004;A;11.1\n46063;B;N/A - secret statistique\n"
        "97101;C;N/A - résultat non disponible\n",
        encoding="utf-8",
    )
    table = read_poverty(path)
    np.testing.assert_array_equal(table["poverty_rate_pct"], [11.1, np.nan, np.nan])
    assert table["poverty_rate_pct_status"].tolist() == ["", "hidden", "unknown"]
    assert table["living_zone_code"].tolist()[0] == "01004"
    assert "1 figures are hidden by statistical secrecy." in table.notes


def test_a_column_that_changed_its_name_is_missed(tmp_path):
    path = tmp_path / "poverty.csv"
    path.write_text("Code;Libellé;Pauvreté 2023\n01004;A;11.1\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"columns missing: \['Taux de pauvreté'\]"):
        read_poverty(path)


@pytest.mark.data
def test_national_local_statistics_have_their_known_counts(data_dir):
    folder = data_dir / "demand"
    far = read_facility_distance(
        folder / "insee_statloc_eloignement_equipements_communes_2021.xlsx"
    )
    assert len(far) == 34945
    assert np.nanmin(far["share_far_superior_pct"]) >= 0
    assert np.nanmax(far["share_far_superior_pct"]) <= 100
    zones = read_living_zones(folder / "insee_statloc_bv2022.csv")
    poverty = read_poverty(folder / "taux_pauvrete_2021_tvs_ou_bv.csv")
    assert len(zones) == len(poverty) == 1707
    amberieu = zones["living_zone_code"] == "01004"
    assert zones["share_75_plus_pct"][amberieu] == 8.4
    assert zones["population_density"][amberieu] == 105.2
    hidden = zones["living_zone_code"][zones["poverty_rate_pct_status"] == "hidden"]
    assert hidden.tolist() == ["46063"]
    np.testing.assert_array_equal(zones["poverty_rate_pct"], poverty["poverty_rate_pct"])
