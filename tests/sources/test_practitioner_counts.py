import numpy as np
import pytest

from maillage.core.errors import InputError
from maillage.sources.practitioner_counts import (
    read_department_practitioners,
    read_employment_zone_densities,
    read_living_zone_densities,
)

ZONE_CODES = "ze2020_codes_cartosante.csv"


@pytest.mark.data
def test_france_counts_60573_gps_in_101_departments(data_dir):
    counts = read_department_practitioners(
        data_dir / "health_pros/insee_statloc_departements_bpe2024.csv"
    )
    assert len(counts) == 101
    assert counts["gps"].sum() == 60_573
    assert {"2A", "2B", "976"} <= set(counts["department_code"].tolist())


@pytest.mark.data
def test_a_statistical_secret_is_hidden_and_never_zero(data_dir):
    zones = read_living_zone_densities(data_dir / "health_pros/cartosante_bv2022_densites_2024.csv")
    assert len(zones) == 1_709
    hidden = zones["long_illness_status"] == "hidden"
    assert hidden.sum() == 157
    assert np.isnan(zones["long_illness_share_pct"][hidden]).all()
    assert (zones["gps_per_10k"] > 0).sum() > 1_600


@pytest.mark.data
def test_both_zones_called_le_sud_have_their_own_density(data_dir):
    folder = data_dir / "health_pros"
    zones = read_employment_zone_densities(folder / "cartosante_ze2020_densites_2024.csv")
    assert len(zones) == 306
    south = {
        row["employment_zone_code"]: row["gps_per_10k"]
        for row in zones.rows()
        if row["employment_zone"] == "Le Sud"
    }
    assert set(south) == {"0205", "0404"}
    assert south["0205"] < south["0404"]
    assert "977Z, 978Z" in zones.notes[-1]


def zone_files(folder, names, listed):
    header = "ZONE;DENS_MED_LIB;DENSITE;PART_75;DENS_INF;DENS_KIN;DENS_SAGE_FEMME"
    rows = [f"{name};{rank};50;NA;10;5;1" for rank, name in enumerate(names)]
    path = folder / "densites.csv"
    path.write_bytes("\n".join(["Libellé;Densité;;;;;", header, *rows, ""]).encode("latin-1"))
    lines = ["CartoSanté; ", "Référentiel; ", "Code;Libellé", *listed, ""]
    (folder / ZONE_CODES).write_text("\n".join(lines), encoding="utf-8-sig")
    return path


def test_zones_of_one_name_are_joined_by_position(tmp_path):
    path = zone_files(
        tmp_path,
        ["Alencon", "Le Sud", "Le Sud"],
        ["0051;Alençon", "0205;Le Sud", "0404;Le Sud", "977Z;St-Barthélemy"],
    )
    zones = read_employment_zone_densities(path)
    found = zip(zones["employment_zone_code"], zones["gps_per_10k"], strict=True)
    assert list(found) == [("0051", 0), ("0205", 1), ("0404", 2)]
    assert np.isnan(zones["share_75_plus_pct"]).all()


@pytest.mark.parametrize(
    ("names", "message"),
    [(["Le Sud", "Alencon"], "row 1: 'Le Sud' where"), (["Alencon", "Le Sud", "X"], "has 3 zones")],
)
def test_lists_in_another_order_are_refused(tmp_path, names, message):
    path = zone_files(tmp_path, names, ["0051;Alençon", "0205;Le Sud"])
    with pytest.raises(InputError, match=message):
        read_employment_zone_densities(path)


def test_the_list_of_codes_must_be_there(tmp_path):
    path = zone_files(tmp_path, ["Alencon"], ["0051;Alençon"])
    (tmp_path / ZONE_CODES).unlink()
    with pytest.raises(InputError, match=f"{ZONE_CODES} is not beside it"):
        read_employment_zone_densities(path)


def test_the_year_at_the_end_of_headers_may_change(tmp_path):
    path = tmp_path / "bpe2027.csv"
    path.write_text(
        "Insee; ; ; ; ; ; \nRéférentiel; ; ; ; ; ; \n"
        "Code;Libellé;Médecin généraliste (en nombre) 2027;Infirmier (en nombre) 2027;"
        "Pharmacie (en nombre) 2027;Chirurgien dentiste (en nombre) 2027;"
        "Urgences (en nombre) 2027\n"
        "1;Ain;439;890;160;323;5\n",
        encoding="utf-8-sig",
    )
    [row] = read_department_practitioners(path).rows()
    assert (row["department_code"], row["gps"], row["emergency_departments"]) == ("01", 439, 5)
