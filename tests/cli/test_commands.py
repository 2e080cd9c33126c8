"""Help worth reading, exit codes that mean something, errors without a traceback."""

import json

import pytest

import maillage as package

COMMANDS = [
    [],
    ["data"],
    ["data", "pull"],
    ["data", "build"],
    ["data", "status"],
    ["data", "fictional"],
    ["study"],
    ["serve"],
    ["worker"],
    ["check-config"],
]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_explains_itself_in_french(maillage, command):
    answer = maillage(*command, "--help")
    assert answer.returncode == 0
    assert answer.stderr == ""
    assert "Montrer cette aide." in answer.stdout
    for english in ("Show this message", "[default", "[required]", "Commands"):
        assert english not in answer.stdout


@pytest.mark.parametrize("command", [c for c in COMMANDS if c not in ([], ["data"])], ids=" ".join)
def test_every_command_shows_an_example_or_its_exit_code(maillage, command):
    text = maillage(*command, "--help").stdout
    assert f"maillage {' '.join(command)}" in text.partition("Usage")[2].partition("\n")[2] or (
        "code de retour" in text
    )


def test_without_a_command_the_help_is_shown(maillage):
    answer = maillage()
    assert answer.returncode == 2
    assert "Pour commencer" in answer.stdout + answer.stderr


def test_the_version_is_said(maillage):
    answer = maillage("--version")
    assert (answer.returncode, answer.stdout) == (0, f"maillage {package.__version__}\n")


def test_exit_codes_are_written_in_the_help(maillage):
    text = maillage("--help").stdout
    for words in ("0 fait", "1 données", "2 commande", "3 il manque", "130 interrompu"):
        assert words in text.replace("\n", " ")


@pytest.mark.parametrize(
    "arguments",
    [
        ["nothing"],
        ["data", "pull", "--nothing"],
        ["data", "pull", "--source", "nothing"],
        ["data", "pull", "988"],
        ["data", "pull", "Oloron"],
        ["serve", "--port", "70000"],
    ],
    ids=" ".join,
)
def test_a_badly_written_command_ends_with_2(maillage, arguments):
    answer = maillage(*arguments)
    assert answer.returncode == 2
    assert "Erreur" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_a_refused_setting_ends_with_2_and_names_it(maillage):
    answer = maillage("check-config", "--json", MAILLAGE_DEMO="1", MAILLAGE_WEB_WORKERS="many")
    assert answer.returncode == 2
    assert "MAILLAGE_WEB_WORKERS" in json.loads(answer.stdout)["error"]
    assert "Traceback" not in answer.stderr


def test_a_missing_folder_ends_with_3(maillage, tmp_path):
    answer = maillage("data", "status", "--json", MAILLAGE_DATA_DIR=str(tmp_path / "nowhere"))
    assert answer.returncode == 3
    assert json.loads(answer.stdout)["kind"] == "MissingError"
    assert "n'existe pas" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_settings_are_listed_with_their_origin_and_without_secrets(maillage):
    secret = "x" * 45
    answer = maillage("check-config", "--json", MAILLAGE_SECRET_KEY=secret, MAILLAGE_DEMO="1")
    settings = {row["name"]: row for row in json.loads(answer.stdout)["settings"]}
    assert secret not in answer.stdout
    assert settings["MAILLAGE_SECRET_KEY"]["value"] == "(secret)"
    assert settings["MAILLAGE_VAR_DIR"]["origin"] == "réglé"
    assert settings["MAILLAGE_WEB_WORKERS"]["origin"] == "par défaut"


def test_a_misspelt_setting_is_told(maillage):
    answer = maillage("check-config", MAILLAGE_DEMO="1", MAILLAGE_DATADIR="/tmp")
    assert answer.returncode == 1
    assert "MAILLAGE_DATADIR" in answer.stderr


def test_a_database_that_does_not_answer_is_told(maillage):
    answer = maillage(
        "check-config",
        MAILLAGE_DEMO="1",
        MAILLAGE_DATABASE_URL="postgres://nobody:x@127.0.0.1:9/nothing",
    )
    assert answer.returncode == 1
    assert "La base ne répond pas" in answer.stderr


def test_a_sound_configuration_ends_with_0_on_a_fresh_machine(maillage):
    answer = maillage("check-config", MAILLAGE_SECRET_KEY="x" * 45)
    assert (answer.returncode, answer.stderr) == (0, "")


PUBLIC = {"MAILLAGE_SECRET_KEY": "x" * 45, "MAILLAGE_ALLOWED_HOSTS": "sante.example.fr"}
SAFE = {
    "MAILLAGE_HTTPS": "1",
    "MAILLAGE_SITE_URL": "https://sante.example.fr",
    "MAILLAGE_EMAIL_URL": "smtps://mail.example.fr",
}


def test_a_site_under_a_public_name_is_told_what_makes_it_unsafe(maillage):
    answer = maillage("check-config", **PUBLIC, MAILLAGE_DEBUG="1", MAILLAGE_DEMO="1")
    assert answer.returncode == 1
    for name in ("DEBUG=1", "DEMO=1", "HTTPS=0", "SITE_URL", "EMAIL_URL"):
        assert f"MAILLAGE_{name}" in answer.stderr


def test_a_site_under_a_public_name_may_be_sound(maillage):
    answer = maillage("check-config", **PUBLIC, **SAFE)
    assert (answer.returncode, answer.stderr) == (0, "")


def test_a_folder_that_cannot_be_made_is_told(maillage, tmp_path):
    (tmp_path / "file").touch()
    answer = maillage(
        "check-config", MAILLAGE_SECRET_KEY="x" * 45, MAILLAGE_VAR_DIR=str(tmp_path / "file/var")
    )
    assert answer.returncode == 2
    assert "MAILLAGE_VAR_DIR" in answer.stderr
