"""What `maillage data status` knows of a data folder."""

import os
from datetime import UTC, datetime

from maillage.sources.catalogue import DataFile, Source
from maillage.sources.pull.ledger import Entry, write_ledger
from maillage.sources.status import source_statuses

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
READER = "tests.sources.pull.readers:read_lines"
TOWNS = Source(
    "towns",
    "Communes",
    "Insee",
    "2026",
    (DataFile("cog/a.csv", READER), DataFile("cog/b-*.csv", READER)),
    required=True,
    enables=("la carte",),
)


def status_of(folder, **options):
    (status,) = source_statuses(folder, now=NOW, sources=(TOWNS,), **options)
    return status


def test_an_empty_folder_disables_every_feature_of_a_source(tmp_path):
    status = status_of(tmp_path)
    assert (status.state, status.paths, status.bytes) == ("missing", (), 0)
    assert status.missing == ("cog/a.csv", "cog/b-*.csv")
    assert (status.dated_at, status.age_days, status.rows) == (None, None, None)
    assert status.disabled == ("toute l'application", "la carte")


def test_a_source_with_one_file_missing_is_partial(tmp_path):
    (tmp_path / "cog").mkdir()
    (tmp_path / "cog/a.csv").write_text("code,name\n")
    status = status_of(tmp_path)
    assert (status.state, status.missing) == ("partial", ("cog/b-*.csv",))
    assert status.disabled


def test_age_counts_from_the_newest_download_or_change(tmp_path):
    (tmp_path / "cog").mkdir()
    for name, day in (("a.csv", 1), ("b-2026.csv", 2)):
        path = tmp_path / "cog" / name
        path.write_text("code,name\n")
        moment = datetime(2026, 11, day, tzinfo=UTC).timestamp()
        os.utime(path, (moment, moment))
    assert status_of(tmp_path).age_days == 20

    entry = Entry("https://x", "2026-11-20T10:00:00+00:00", "0", 10, rows=7)
    write_ledger(tmp_path, {"cog/a.csv": entry})
    status = status_of(tmp_path)
    assert (status.state, status.age_days, status.rows, status.disabled) == ("complete", 2, 7, ())


def test_rows_of_the_last_build_are_preferred(tmp_path):
    assert status_of(tmp_path, rows={"towns": 34_875}).rows == 34_875
