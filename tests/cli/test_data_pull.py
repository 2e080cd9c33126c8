"""`maillage data pull`, `status` and `fictional`, from the command line to a server and back."""

import contextlib
import json
import signal
import subprocess
import threading

import pytest

from tests.cli.conftest import COMMAND

COG = "/www.insee.fr/fr/statistiques/fichier/8740222"
REGIONS = b"REG,CHEFLIEU,TNCC,NCC,NCCENR,LIBELLE\n99,20001,0,FICTIVE,Fictive,Fictive\n"
MOVEMENTS = (
    b"MOD,DATE_EFF,TYPECOM_AV,COM_AV,TNCC_AV,NCC_AV,NCCENR_AV,LIBELLE_AV,"
    b"TYPECOM_AP,COM_AP,TNCC_AP,NCC_AP,NCCENR_AP,LIBELLE_AP\n"
    b"32,2019-01-01,COM,01015,1,ARBIGNIEU,Arbignieu,Arbignieu,"
    b"COM,01015,1,ARBOYS EN BUGEY,Arboys en Bugey,Arboys en Bugey\n"
)


@pytest.fixture
def pull_settings(server, tmp_path):
    return {"MAILLAGE_DATA_DIR": str(tmp_path / "data"), "MAILLAGE_DATA_MIRROR": server.base}


def test_a_pull_downloads_checks_and_reports(maillage, server, tmp_path, pull_settings):
    server.at(f"{COG}/v_mvt_commune_2026.csv", lambda visit: visit.serve(MOVEMENTS))

    answer = maillage("data", "pull", "--source", "cog_movements", "--json", **pull_settings)

    assert answer.returncode == 0, answer.stderr
    (outcome,) = json.loads(answer.stdout)["outcomes"]
    assert (outcome["status"], outcome["kept"]) == ("downloaded", True)
    assert (tmp_path / "data/cog/mouvements-communes.csv").read_bytes() == MOVEMENTS

    status = json.loads(maillage("data", "status", "--json", **pull_settings).stdout)
    found = {source["name"]: source for source in status["sources"]}
    assert found["cog_movements"]["state"] == "complete"
    assert found["cog_movements"]["age_days"] == 0
    assert found["cog_movements"]["rows"] == 1


def test_dead_addresses_end_with_1_and_are_told_one_by_one(maillage, server, pull_settings):
    server.at(f"{COG}/v_region_2026.csv", lambda visit: visit.serve(REGIONS))
    server.at(
        f"{COG}/v_departement_2026.csv",
        lambda visit: visit.answer(b"<html><body>Maintenance</body></html>"),
    )

    answer = maillage("data", "pull", "--source", "cog", **pull_settings)

    assert answer.returncode == 1
    assert "✓ cog/regions.csv" in answer.stderr
    assert "✗ cog/communes.csv : L'adresse" in answer.stderr
    assert "n'existe plus (404)" in answer.stderr
    assert "une page web au lieu du fichier" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_files_without_an_address_are_asked_for_by_hand_and_are_no_failure(maillage, pull_settings):
    answer = maillage("data", "pull", "--source", "zonage_gp", **pull_settings)
    assert answer.returncode == 0
    assert "à déposer à la main" in answer.stderr
    assert "https://cartosante.atlasante.fr" in answer.stderr


def test_a_pull_without_a_folder_ends_with_3(maillage):
    answer = maillage("data", "pull")
    assert answer.returncode == 3
    assert "MAILLAGE_DATA_DIR" in answer.stderr


def interrupt(process: subprocess.Popen[bytes]) -> None:
    """Press Ctrl-C, and again when it fell into a finaliser, where Python loses it."""
    while process.poll() is None:
        process.send_signal(signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(15)


def test_an_interrupted_pull_ends_with_130_and_goes_on_later(
    maillage, server, environment, tmp_path, pull_settings
):
    begun, body = threading.Event(), MOVEMENTS + b"\n" * 10_000

    def stall_once(visit):
        if visit.number > 1:
            visit.serve(body)
            return
        visit.begin(200, length=len(body), ETag='"v1"')
        visit.handler.wfile.write(body[:300])
        visit.handler.wfile.flush()
        begun.set()
        visit.handler.connection.recv(1)  # until the visitor leaves

    server.at(f"{COG}/v_mvt_commune_2026.csv", stall_once)
    command = ["data", "pull", "--source", "cog_movements"]
    part = tmp_path / "data/.pull/cog/mouvements-communes.csv/download.part"
    with subprocess.Popen(
        [*COMMAND, *command],
        env=environment | pull_settings,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert begun.wait(300)
        interrupt(process)
        _, errors = process.communicate(timeout=300)
    assert process.returncode == 130
    assert b"Traceback" not in errors

    held = part.stat().st_size if part.exists() else 0
    assert maillage(*command, **pull_settings).returncode == 0
    assert server.headers_sent("Range")[-1] == (f"bytes={held}-" if held else "")
    assert (tmp_path / "data/cog/mouvements-communes.csv").read_bytes() == body


def test_the_status_of_an_empty_folder_says_what_is_off_and_ends_with_3(maillage, tmp_path):
    answer = maillage("data", "status", MAILLAGE_DATA_DIR=str(tmp_path))
    assert answer.returncode == 3
    assert "✗ absent" in answer.stdout
    assert "Sans cog : toute l'application." in answer.stdout
    assert "Sans bpe : le temps vers les urgences" in answer.stdout


def test_a_fictional_department_is_written_once_and_called_fictional(maillage, tmp_path):
    first = maillage("data", "status", "--json")
    assert first.returncode == 0, first.stderr
    found = json.loads(first.stdout)
    assert found["fictional"]
    assert found["folder"] == str(tmp_path / "var/fictional")
    assert "Création du département fictif" in first.stderr

    assert "Création" not in maillage("data", "status").stderr


def test_a_fictional_department_of_a_seed_is_written_where_asked(maillage, tmp_path):
    answer = maillage("data", "fictional", "here", "--seed", "7", "--json")
    assert answer.returncode == 0, answer.stderr
    assert json.loads(answer.stdout)["summary"]["seed"] == 7
    assert (tmp_path / "here/cog/communes.csv").is_file()
    assert maillage("data", "fictional", "here").returncode == 2


@pytest.mark.data
def test_the_status_of_the_real_folder_says_what_is_there(maillage, data_dir):
    answer = maillage("data", "status", "--json", MAILLAGE_DATA_DIR=str(data_dir))
    assert answer.returncode == 0
    states = {s["name"]: s["state"] for s in json.loads(answer.stdout)["sources"]}
    assert {name for name, state in states.items() if state != "complete"} == {
        "apl_professions",
        "bpe_counts",
        "rpps",
        "travel_times",
        "medecin_traitant",
    }
