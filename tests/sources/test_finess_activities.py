import numpy as np
import pytest

from maillage.core.errors import InputError
from maillage.sources.finess_activities import (
    EMERGENCY_MEDICINE,
    read_finess_activities,
    read_finess_capacities,
    read_finess_equipment,
)

EQUIPMENT_HEADER = (
    "nofinessej;rsej;eml;libeml;noautor;noautorarhgos;noimplarhgos;dateautor;nofinesset;datemeo\n"
)


@pytest.mark.data
@pytest.mark.parametrize(
    ("name", "rows", "sites", "emergency"),
    [
        ("finess_soins_occitanie.csv", 1065, 455, 80),
        ("finess_soins_limitrophes.csv", 1756, 825, 155),
        ("finess_activites_soin_france.csv", 10_291, 3_494, 1_105),
    ],
)
def test_activities_are_read_in_both_layouts(data_dir, name, rows, sites, emergency):
    activities = read_finess_activities(data_dir / "finess" / name)
    assert len(activities) == rows
    assert len(set(activities["finess_et"].tolist())) == sites
    assert (activities["activity_code"] == EMERGENCY_MEDICINE).sum() == emergency


@pytest.mark.data
def test_596_sites_of_france_are_authorised_for_emergencies(data_dir):
    activities = read_finess_activities(data_dir / "finess/finess_activites_soin_france.csv")
    emergency = activities["activity_code"] == EMERGENCY_MEDICINE
    sites = activities["finess_et"][emergency]
    assert max(activities["authorised_on"].tolist()) == "2024-02-07"
    assert len(set(sites.tolist())) == 596


@pytest.mark.data
def test_activities_of_occitanie_are_located_and_those_of_france_are_not(data_dir):
    folder = data_dir / "finess"
    located = read_finess_activities(folder / "finess_soins_occitanie.csv")
    national = read_finess_activities(folder / "finess_activites_soin_france.csv")
    assert not np.isnan(located["longitude"]).any()
    assert np.isnan(national["longitude"]).all()
    assert set(national["commune_code"].tolist()) == {""}


@pytest.mark.data
def test_the_shifted_rows_of_heavy_equipment_are_put_right(data_dir):
    equipment = read_finess_equipment(data_dir / "finess/finess_materiels_lourds_france.csv")
    assert len(equipment) == 550
    codes = equipment["equipment_code"].tolist()
    assert [codes.count(code) for code in ("05701", "05602", "06201")] == [206, 99, 72]
    assert (equipment["started_on"] == "").sum() == 26
    assert "550 rows lacked" in equipment.notes[0]


@pytest.mark.data
def test_capacities_of_occitanie_are_read(data_dir):
    capacities = read_finess_capacities(
        data_dir / "finess/finess_equipements_sociaux_occitanie.csv"
    )
    assert len(capacities) == 10_816
    assert len(set(capacities["finess_et"].tolist())) == 4_896
    assert np.isnan(capacities["capacity"]).sum() == 1_211
    assert capacities.notes == ("3 rows without coordinates.",)


def test_a_row_under_its_header_and_a_shifted_one_mean_the_same(tmp_path):
    path = tmp_path / "eml.csv"
    row = "05602;Scanographe;84261;A;B;2002-06-12;010011112;2005-08-31"
    path.write_text(f"{EQUIPMENT_HEADER}010780054;CH;{row}\nCH;{row.replace('84261', '84262')};\n")
    first, second = read_finess_equipment(path).rows()
    assert first | {"authorisation": ""} == second | {"authorisation": ""}
    assert first["equipment"] == "Scanographe"
    assert first["legal_entity"] == "CH"


def test_a_row_shifted_otherwise_is_refused(tmp_path):
    path = tmp_path / "eml.csv"
    path.write_text(f"{EQUIPMENT_HEADER}x;y;010780054;CH;05602;Scanographe;1;A;B;2002;010011112\n")
    with pytest.raises(InputError, match="line 2: no equipment code"):
        read_finess_equipment(path)


def test_other_columns_of_equipment_are_refused(tmp_path):
    path = tmp_path / "eml.csv"
    path.write_text("a;b;c\n1;2;3\n")
    with pytest.raises(InputError, match="expected \\['nofinessej'"):
        read_finess_equipment(path)


def test_national_capacities_have_no_place(tmp_path):
    path = tmp_path / "equipements.csv"
    path.write_text(
        "nofinesset;nofinessej;de;libde;ta;libta;client;libclient;capinstot\n"
        "010000024;010780054;924;Accueil;21;Accueil de Jour;436;Personnes Alzheimer;3\n"
        "010000024;010780054;924;Accueil;11;Hébergement;711;Personnes âgées;\n",
        encoding="utf-8",
    )
    capacities = read_finess_capacities(path)
    assert str(capacities["capacity"].tolist()) == "[3.0, nan]"
    assert capacities["clientele"].tolist() == ["Personnes Alzheimer", "Personnes âgées"]
    assert np.isnan(capacities["longitude"]).all()


def test_a_number_that_is_not_finess_s_is_refused(tmp_path):
    path = tmp_path / "equipements.csv"
    path.write_text(
        "nofinesset;nofinessej;libde;libta;libclient;capinstot\n1234;010780054;a;b;c;3\n"
    )
    with pytest.raises(InputError, match="not a FINESS number"):
        read_finess_capacities(path)
