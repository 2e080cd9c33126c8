"""Zoning of doctors and nurses, ZRR, Petites villes de demain."""

from collections import Counter

import pytest

from maillage.core.errors import InputError
from maillage.sources.cog import read_communes
from maillage.sources.cog_movements import code_changes, former_names, read_movements
from maillage.sources.petites_villes import read_petites_villes
from maillage.sources.postal_codes import read_postal_codes, read_postal_points
from maillage.sources.zonage_gp import join_zonage_gp, read_zonage_gp
from maillage.sources.zonage_nurse import read_zonage_nurse
from maillage.sources.zrr import read_zrr


@pytest.fixture
def written(tmp_path):
    def write(content):
        path = tmp_path / "zoning.csv"
        path.write_text(content, encoding="utf-8")
        return path

    return write


GP = (
    "Code_postal,Nom_commune,Zonage\n"
    "1400,L'Abergement,2_ZAC\n"
    "1400,Œlle-Saint-Jean,1_ZIP\n"
    "97400,Saint-Denis,N/A - résultat non disponible\n"
)


def test_postal_codes_get_their_zero_back_and_unknown_zones_stay_empty(written):
    table = read_zonage_gp(written(GP))
    assert table["postal_code"].tolist() == ["01400", "01400", "97400"]
    assert table["zoning"].tolist() == ["ZAC", "ZIP", ""]
    assert table["status"].tolist() == ["", "", "unknown"]


def test_lines_join_communes_by_postal_code_and_folded_name(written):
    joined = join_zonage_gp(
        read_zonage_gp(written(GP)),
        communes=["01001", "01002", "01003"],
        names=[
            ("01001", "ABERGEMENT"),
            ("01001", "L ABERGEMENT"),
            ("01002", "Oelle St Jean"),
            ("01003", "Ailleurs"),
        ],
        postal_codes=[
            ("01001", "01400"),
            ("01001", "01410"),
            ("01002", "01400"),
            ("01003", "01400"),
        ],
    )
    assert list(joined.table.rows()) == [
        {"commune_code": "01001", "zoning": "ZAC"},
        {"commune_code": "01002", "zoning": "ZIP"},
    ]
    assert joined.communes_left == ("01003",)
    assert joined.lines_left == (("97400", "Saint-Denis"),)
    assert "2 communes joined by postal code and name, 1 did not" in joined.table.notes[-1]


def test_the_same_name_under_another_postal_code_does_not_join(written):
    joined = join_zonage_gp(
        read_zonage_gp(written(GP)),
        communes=["02001"],
        names=[("02001", "L'Abergement")],
        postal_codes=[("02001", "02100")],
    )
    assert joined.communes_left == ("02001",)


def test_lines_that_disagree_leave_the_commune_without_zoning(written):
    joined = join_zonage_gp(
        read_zonage_gp(written(GP + "1410,L'Abergement,4_ZAR\n")),
        communes=["01001"],
        names=[("01001", "L'Abergement")],
        postal_codes=[("01001", "01400"), ("01001", "01410")],
    )
    assert joined.contradictory == ("01001",)
    assert joined.table["zoning"].tolist() == [""]


def test_an_unknown_zoning_of_doctors_is_refused(written):
    with pytest.raises(InputError, match="unknown zoning '9_ZXX'"):
        read_zonage_gp(written(GP.replace("2_ZAC", "9_ZXX")))


NURSE = (
    "\ufeffCartoSanté; ; \nRéférentiel; ; \nCode;Libellé;Zonage infirmiers\n01001;A;4_Tres_dotee\n"
)


def test_the_zoning_of_nurses_is_read_under_its_junk_lines(written):
    table = read_zonage_nurse(written(NURSE + "97701;B;N/A - résultat non disponible\n"))
    assert table["zoning"].tolist() == ["tres_dotee", ""]
    assert table.notes == ("1 communes have no zoning for nurses.",)


def test_an_unknown_zoning_of_nurses_is_refused(written):
    with pytest.raises(InputError, match="unknown zoning '6_Autre'"):
        read_zonage_nurse(written(NURSE.replace("4_Tres_dotee", "6_Autre")))


def test_an_unknown_status_of_zrr_is_refused(written):
    assert read_zrr(written("code_insee,statut_zrr\n1001,PC\n"))["zrr"].tolist() == ["PC"]
    with pytest.raises(InputError, match=r"unknown status \['X'\]"):
        read_zrr(written("code_insee,statut_zrr\n01001,X\n"))


def test_the_test_row_of_petites_villes_is_left_out(written):
    path = written(
        "id_pvd,insee_com,lib_com,insee_dep\npvd_1,999999,Trifouilly-les-Oies,99\n,1001,A,1\n"
    )
    table = read_petites_villes(path)
    assert table["commune_code"].tolist() == ["01001"]
    assert table["epci_code"].tolist() == [""]
    assert "1 test rows (code 999999) left out." in table.notes


@pytest.mark.data
def test_nearly_every_commune_of_today_has_its_zoning_of_doctors(data_dir):
    zonage = read_zonage_gp(data_dir / "zonages/zonmed_communes.csv")
    assert len(zonage) == 38907
    assert sum("3432 codes" in note for note in zonage.notes) == 1
    communes = read_communes(data_dir / "cog/communes.csv")
    units = [
        code
        for code, kind in zip(communes["commune_code"], communes["kind"], strict=True)
        if kind in ("COM", "ARM")
    ]
    movements = read_movements(data_dir / "cog/mouvements-communes.csv")
    postal = [
        read_postal_codes(data_dir / "communes/odis_corresp_codes_communes.csv"),
        read_postal_points(data_dir / "communes/laposte_insee-coordonnees-communes.csv"),
    ]
    names = [
        pair
        for table in (communes.where(communes["kind"] != "COMA"), *postal)
        for pair in zip(table["commune_code"].tolist(), table["name"].tolist(), strict=True)
    ]
    joined = join_zonage_gp(
        zonage,
        communes=units,
        names=[*names, *former_names(movements)],
        postal_codes=[
            pair
            for table in postal
            for pair in zip(table["commune_code"], table["postal_code"], strict=True)
        ],
    )
    assert joined.lines_left == ()
    assert joined.contradictory == ()
    passage = code_changes(movements).passage(
        joined.table["commune_code"], units, from_year=2024, to_year=2026
    )
    zoning = passage.first_to(joined.table["zoning"])
    bare = {code for code, zone in zip(units, zoning, strict=True) if not zone}
    cities = {"13055", "69123", "75056"}  # told by arrondissement
    not_in_the_file = {"12218", "14581", "69114"}
    assert {code for code in bare if not code.startswith("974")} == cities | not_in_the_file
    assert sum(code.startswith("974") for code in bare) == 24  # not available in La Réunion


@pytest.mark.data
def test_nurses_zrr_and_petites_villes_have_their_known_counts(data_dir):
    nurses = read_zonage_nurse(data_dir / "zonages/zonage_infirmiers_cartosante.csv")
    assert Counter(nurses["zoning"]) == {
        "tres_sous_dotee": 1400,
        "sous_dotee": 4257,
        "intermediaire": 15676,
        "tres_dotee": 8792,
        "sur_dotee": 4792,
        "": 2,
    }
    zrr = read_zrr(data_dir / "zonages/zrr_communes_2022.csv")
    assert Counter(zrr["zrr"]) == {"C": 17694, "NC": 17235, "PC": 36}
    towns = read_petites_villes(data_dir / "initiatives/pvd_carte-interactive_20200122.csv")
    assert len(towns) == 1607 - 1
