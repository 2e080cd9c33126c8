"""Settings: read once, recorded, refused when wrong."""

import stat

import pytest
from django.core.exceptions import ImproperlyConfigured

from maillage.web.config import environment
from maillage.web.config.environment import (
    read_bool,
    read_choice,
    read_int,
    read_list,
    read_path,
    read_secret_key,
    read_text,
)


@pytest.fixture(autouse=True)
def no_trace(monkeypatch):
    """Leave the record of the real settings as it was."""
    monkeypatch.setattr(environment, "SETTINGS", {})


def test_a_setting_read_is_recorded_with_its_default_and_meaning():
    read_int("MAILLAGE_X", 2, about="How many.")
    assert environment.SETTINGS["MAILLAGE_X"].default == "2"
    assert environment.SETTINGS["MAILLAGE_X"].about == "How many."


def test_a_secret_default_is_never_recorded():
    read_text("MAILLAGE_X", "postgres://u:password@h/n", about="…", secret=True)
    assert environment.SETTINGS["MAILLAGE_X"].default == ""


@pytest.mark.parametrize(
    ("value", "expected"),
    [("1", True), ("TRUE", True), ("0", False), ("false", False), ("", False)],
)
def test_yes_and_no_have_their_spellings(monkeypatch, value, expected):
    monkeypatch.setenv("MAILLAGE_X", value)
    assert read_bool("MAILLAGE_X", not expected, about="…") is expected


@pytest.mark.parametrize(
    ("read", "value"),
    [
        (lambda: read_bool("MAILLAGE_X", False, about="…"), "yes"),
        (lambda: read_int("MAILLAGE_X", 1, about="…", least=1), "0"),
        (lambda: read_int("MAILLAGE_X", 1, about="…"), "-3"),
        (lambda: read_int("MAILLAGE_X", 1, about="…"), "two"),
        (lambda: read_choice("MAILLAGE_X", "A", ("A", "B"), about="…"), "C"),
    ],
)
def test_a_wrong_value_stops_the_start_with_its_name_and_value(monkeypatch, read, value):
    monkeypatch.setenv("MAILLAGE_X", value)
    with pytest.raises(ImproperlyConfigured, match=f"MAILLAGE_X='{value}'.*expected"):
        read()


def test_a_value_may_come_from_a_file(monkeypatch, tmp_path):
    (tmp_path / "key").write_text("from a file\n")
    monkeypatch.setenv("MAILLAGE_X_FILE", str(tmp_path / "key"))
    assert read_text("MAILLAGE_X", "", about="…") == "from a file"


def test_a_file_that_cannot_be_read_stops_the_start(monkeypatch, tmp_path):
    monkeypatch.setenv("MAILLAGE_X_FILE", str(tmp_path / "none"))
    with pytest.raises(ImproperlyConfigured, match="cannot be read"):
        read_text("MAILLAGE_X", "", about="…")


def test_lists_paths_and_choices_are_cleaned(monkeypatch, tmp_path):
    monkeypatch.setenv("MAILLAGE_LIST", " a, ,b ")
    monkeypatch.setenv("MAILLAGE_LEVEL", "warning")
    monkeypatch.chdir(tmp_path)
    assert read_list("MAILLAGE_LIST", "", about="…") == ["a", "b"]
    assert read_choice("MAILLAGE_LEVEL", "INFO", ("INFO", "WARNING"), about="…") == "WARNING"
    monkeypatch.setenv("MAILLAGE_DIR", "here")
    assert read_path("MAILLAGE_DIR", tmp_path, about="…") == tmp_path / "here"


def test_a_demonstration_makes_one_key_and_keeps_it(monkeypatch, tmp_path):
    monkeypatch.delenv("MAILLAGE_SECRET_KEY", raising=False)
    first = read_secret_key(demo=True, folder=tmp_path / "var")
    assert read_secret_key(demo=True, folder=tmp_path / "var") == first
    assert len(first) >= 40
    files = list((tmp_path / "var").iterdir())
    assert [path.name for path in files] == ["secret-key"]
    assert stat.S_IMODE(files[0].stat().st_mode) == 0o600


@pytest.mark.parametrize("key", ["", "too-short"])
def test_anywhere_else_a_missing_or_short_key_stops_the_start(monkeypatch, tmp_path, key):
    monkeypatch.setenv("MAILLAGE_SECRET_KEY", key)
    with pytest.raises(ImproperlyConfigured, match="MAILLAGE_DEMO=1"):
        read_secret_key(demo=False, folder=tmp_path)
    assert list(tmp_path.iterdir()) == []
