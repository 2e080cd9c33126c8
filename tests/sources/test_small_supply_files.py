"""The smaller files of health supply: one reader each, a few lines of each file."""

import numpy as np
import pytest

from maillage.core.errors import InputError
from maillage.sources.apl_tvs import read_apl_tvs
from maillage.sources.emergency_distance import read_emergency_distance
from maillage.sources.funding_sources import read_funding_sources
from maillage.sources.maternities import read_maternities
from maillage.sources.sirene_activity import read_sirene_activity
from maillage.sources.travel_sample import read_travel_sample


@pytest.mark.data
def test_apl_by_territoire_de_vie_sante_has_2931_zones(data_dir):
    apl = read_apl_tvs(data_dir / "apl/cartosante_apl_mg_2023_tvs.csv")
    assert len(apl) == 2_931
    missing = apl["zone_code"][np.isnan(apl["apl"])]
    assert missing.tolist() == ["976ZZ", "977ZZ", "978ZZ"]
    assert set(apl["status"][np.isnan(apl["apl"])].tolist()) == {"unknown"}


@pytest.mark.data
def test_sirene_counts_more_generalistes_than_there_are_gps(data_dir):
    sirene = read_sirene_activity(data_dir / "health_pros/sirene2019_ps_communes.csv")
    assert len(sirene) == 20_478
    assert sirene["gp"].sum() == 96_986


@pytest.mark.data
def test_maternities_went_from_535_to_457(data_dir):
    maternities = read_maternities(data_dir / "hospital/annuaire_maternites_DREES.csv")
    years = maternities["year"].tolist()
    assert (len(years), years.count(2013), years.count(2023)) == (5_444, 535, 457)
    overseas = {code[:3] for code in maternities["commune_code"] if code.startswith("97")}
    assert overseas == {"971", "972", "973", "974", "976"}


@pytest.mark.data
def test_326_lost_zeros_of_ariege_are_put_back(data_dir):
    distance = read_emergency_distance(data_dir / "finess/communes_occitanie_distance_urgences.csv")
    assert len(distance) == 4_453
    assert sum(code.startswith("09") for code in distance["commune_code"]) == 326
    assert distance.notes[0].startswith("326 codes")
    assert distance["population"].sum() == 6_022_176


@pytest.mark.data
def test_five_journeys_of_gironde_failed(data_dir):
    sample = read_travel_sample(data_dir / "travel/gironde_metric_vs_osrm_2500_couples.csv")
    assert len(sample) == 2_500
    done = ~np.isnan(sample["metric_min"])
    assert done.sum() == 2_495
    r = np.corrcoef(sample["metric_min"][done], sample["osrm_min"][done])[0, 1]
    assert r == pytest.approx(0.980, abs=5e-4)


@pytest.mark.data
def test_274_aids_are_read_through_their_line_breaks(data_dir):
    aids = read_funding_sources(data_dir / "initiatives/aides-territoires_periurbain.csv")
    assert len(aids) == 274
    assert aids["call_for_projects"].sum() == 24
    assert (aids["closes_on"] != "").sum() == 22
    assert set(aids["recurrence"].tolist()) == {"Permanente", "Ponctuelle", "Récurrente"}


def written(folder, text, encoding="utf-8"):
    path = folder / "file.csv"
    path.write_bytes(text.encode(encoding))
    return path


MATERNITY = (
    "ANNEE;NOM_MAT;TYPE;STATUT;FI_ET;FI_EJ;COM;NOMCOM;CPO;ADRESSE;LIT_OBS;SALTRAV;ACCTOT\r\n"
    "2023;CH;{level};PUBLIC;970100012;970100103;9A101;LES ABYMES;97139;;43;5;2006\r\n"
)


def test_an_overseas_letter_becomes_97(tmp_path):
    path = written(tmp_path, MATERNITY.format(level="2b"), "utf-8-sig")
    [row] = read_maternities(path).rows()
    assert (row["commune_code"], row["level"], row["births"]) == ("97101", "2b", 2006)


def test_a_level_of_maternity_that_does_not_exist_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"levels \['4'\]"):
        read_maternities(written(tmp_path, MATERNITY.format(level="4")))


AID = (
    "Nom,Lien,Financeurs,Bénéficiaire,Types d'aides,AAP/AMI,Récurrence,Descriptif,Date Clôture\n"
    'Aide,https://a,Région,Communes;EPCI,Subvention,Oui,Ponctuelle,"Une, puis\n\ndeux",{date}\n'
)


def test_a_closing_date_is_given_in_iso(tmp_path):
    [aid] = read_funding_sources(written(tmp_path, AID.format(date="31/12/2022"))).rows()
    assert aid["closes_on"] == "2022-12-31"
    assert aid["description"] == "Une, puis\n\ndeux"
    assert aid["call_for_projects"] is True


def test_a_closing_date_that_is_none_is_refused(tmp_path):
    with pytest.raises(InputError, match="'bientôt' is not a date"):
        read_funding_sources(written(tmp_path, AID.format(date="bientôt")))


def test_a_failed_journey_has_no_time(tmp_path):
    header = "id1,X1,Y1,id2,X2,Y2,osrm_min,osrm_km,metric_min_hc,crow_km\n"
    path = written(tmp_path, f"{header}1,1,2,2,3,4,10,11,9999.0,9\n3,1,2,4,3,4,10,11,12,9\n")
    sample = read_travel_sample(path)
    assert str(sample["metric_min"].tolist()) == "[nan, 12.0]"
    assert sample.notes == ("1 journeys for which METRIC found no way (9999 minutes).",)


@pytest.mark.parametrize(
    ("reader", "text", "message"),
    [
        (read_apl_tvs, "Code;Libellé;Densité\n01;A;3\n", "APL Médecins"),
        (read_sirene_activity, "codecommuneetablissement;generaliste\n01001;1\n", "ambulance"),
        (read_emergency_distance, "code_insee,nom_standard\n01001,A\n", "distance_urgence_km"),
        (read_travel_sample, "X1,Y1\n1,2\n", "metric_min_hc"),
        (read_funding_sources, "Nom,Lien\na,b\n", "Financeurs"),
        (read_maternities, "ANNEE;NOM_MAT\n2023;A\n", "FI_ET"),
    ],
)
def test_every_reader_names_the_columns_it_misses(tmp_path, reader, text, message):
    with pytest.raises(InputError, match=message):
        reader(written(tmp_path, text))


@pytest.mark.parametrize(
    "reader", [read_apl_tvs, read_sirene_activity, read_maternities, read_funding_sources]
)
def test_every_reader_refuses_a_web_page(tmp_path, reader):
    with pytest.raises(InputError, match="web page"):
        reader(written(tmp_path, "<!DOCTYPE html><html><body>404</body></html>"))
