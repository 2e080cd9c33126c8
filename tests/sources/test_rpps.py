import subprocess
import sys
import textwrap
import time

import pytest

from maillage.core.errors import CancelledError, InputError
from maillage.sources.rpps import HEADERS, check_rpps, read_rpps
from tests.sources.rpps_file import line, write, write_large


def test_the_documented_file_has_56_columns():
    assert len(HEADERS) == len(set(HEADERS)) == 56


def test_a_true_duplicate_counts_once(tmp_path):
    path = write(tmp_path / "ps.txt", [line(), line(), line(person="810000000002")])
    [row] = read_rpps(path).rows()
    assert (row["persons"], row["activities"]) == (2, 2)


def test_a_person_with_two_sites_in_a_commune_is_one_person_and_two_activities(tmp_path):
    path = write(tmp_path / "ps.txt", [line(name="Matin"), line(name="Soir")])
    [row] = read_rpps(path).rows()
    assert (row["persons"], row["activities"]) == (1, 2)


def test_a_person_who_works_in_two_communes_counts_in_both(tmp_path):
    rpps = read_rpps(write(tmp_path / "ps.txt", [line(commune="01004"), line(commune="2A004")]))
    assert rpps["commune_code"].tolist() == ["01004", "2A004"]
    assert rpps["persons"].tolist() == [1, 1]
    assert "1 distinct people." in rpps.notes


def test_rows_are_told_apart_by_profession_category_specialty_and_mode(tmp_path):
    lines = [
        line(),
        line(category="E"),
        line(mode="S", mode_label="Salarié"),
        line(specialty_code="SM04", specialty="Cardiologie"),
        line(profession_code="60", profession="Infirmier", specialty_code="", specialty=""),
    ]
    rpps = read_rpps(write(tmp_path / "ps.txt", lines))
    found = [
        (row["profession"], row["category_code"], row["specialty"], row["exercise_mode_code"])
        for row in rpps.rows()
    ]
    assert found == [
        ("Médecin", "C", "Cardiologie", "L"),
        ("Médecin", "C", "Médecine générale", "L"),
        ("Médecin", "C", "Médecine générale", "S"),
        ("Médecin", "E", "Médecine générale", "L"),
        ("Infirmier", "C", "", "L"),
    ]


def test_a_place_that_is_no_commune_is_empty_and_told(tmp_path):
    lines = [line(commune=""), line(person="2", commune="MADRID"), line(person="3")]
    rpps = read_rpps(write(tmp_path / "ps.txt", lines))
    assert dict(zip(rpps["commune_code"], rpps["persons"], strict=True)) == {"": 2, "01004": 1}
    assert "2 activities have no commune in France." in rpps.notes


def test_quotation_marks_are_ordinary_characters(tmp_path):
    lines = [line(name='CABINET "LES LILAS'), line(person="2", name='DR "X" ET "Y')]
    assert read_rpps(write(tmp_path / "ps.txt", lines))["activities"].tolist() == [2]


@pytest.mark.parametrize(
    ("encoding", "end"), [("utf-8", "\n"), ("utf-8-sig", "\r\n"), ("cp1252", "\n")]
)
def test_labels_survive_every_encoding_and_line_end(tmp_path, encoding, end):
    path = write(tmp_path / "ps.txt", [line(), line(person="2")], encoding=encoding, end=end)
    [row] = read_rpps(path).rows()
    assert (row["profession"], row["specialty"]) == ("Médecin", "Médecine générale")
    assert row["exercise_mode"] == "Libéral,indépendant,artisan,commerçant"


def test_one_more_separator_at_the_end_of_lines_changes_nothing(tmp_path):
    path = write(tmp_path / "ps.txt", [line() + "|"], header=[*HEADERS, ""])
    rpps = read_rpps(path)
    assert rpps["persons"].tolist() == [1]
    assert not any("expected" in note for note in rpps.notes)


def test_columns_may_move_or_be_added(tmp_path):
    header = ["Nouvelle colonne", *HEADERS]
    rpps = read_rpps(write(tmp_path / "ps.txt", ["x|" + line()], header=header))
    assert rpps["commune_code"].tolist() == ["01004"]
    assert rpps.notes[0] == "57 columns, 56 expected."


def test_a_malformed_line_is_left_out_and_counted(tmp_path):
    path = write(tmp_path / "ps.txt", [line(), "cassée|ici", line(person="2") + "|"])
    rpps = read_rpps(path)
    assert rpps["persons"].tolist() == [1]
    assert rpps.notes[-2] == "2 lines have not the columns of the header: left out."


@pytest.mark.parametrize("block_bytes", [1, 97, 500, 1 << 20])
def test_the_size_of_blocks_changes_nothing(tmp_path, block_bytes):
    lines = [line(person=str(rank % 7), commune=f"0100{rank % 3}") for rank in range(40)]
    path = write(tmp_path / "ps.txt", lines)
    path.write_bytes(path.read_bytes().rstrip(b"\n"))
    rpps = read_rpps(path, block_bytes=block_bytes)
    assert rpps["activities"].tolist() == [7, 7, 7]
    assert rpps["persons"].tolist() == [7, 7, 7]


def test_progress_reaches_the_size_of_the_file(tmp_path):
    path = write(tmp_path / "ps.txt", [line(person=str(rank)) for rank in range(9)])
    seen = []
    read_rpps(path, on_progress=lambda read, total: seen.append((read, total)), block_bytes=900)
    size = path.stat().st_size
    assert seen[-1] == (size, size)
    assert seen[0][0] < size


def test_reading_stops_when_asked(tmp_path):
    with pytest.raises(CancelledError, match=r"ps\.txt was stopped"):
        read_rpps(write(tmp_path / "ps.txt", [line()]), should_stop=lambda: True)


def test_a_missing_column_is_named(tmp_path):
    header = [name for name in HEADERS if name != "Code commune (coord. structure)"]
    with pytest.raises(InputError, match=r"Code commune \(coord. structure\)"):
        read_rpps(write(tmp_path / "ps.txt", [line()], header=header))


def test_a_web_page_in_place_of_the_file_is_refused(tmp_path):
    path = tmp_path / "ps.txt"
    path.write_text("<!doctype html><title>Maintenance</title>\n")
    with pytest.raises(InputError, match="are missing"):
        read_rpps(path)


def test_a_header_alone_is_refused(tmp_path):
    with pytest.raises(InputError, match="no line below it"):
        read_rpps(write(tmp_path / "ps.txt", []))


def test_the_quick_check_reads_the_first_lines_alone(tmp_path):
    check_rpps(write(tmp_path / "ps.txt", [line(), "cassée"]))
    with pytest.raises(InputError, match="1 cells on the first line, 56 in the header"):
        check_rpps(write(tmp_path / "ps.txt", ["cassée", line()]))


def test_no_name_of_a_person_is_kept(tmp_path):
    rpps = read_rpps(write(tmp_path / "ps.txt", [line()]))
    assert not {"nom", "name", "person"} & set(rpps.columns)


@pytest.mark.slow
def test_the_national_file_is_read_in_a_minute_and_a_gibibyte(tmp_path):
    """2.3 million lines, 700 MB; memory measured in a process of its own."""
    path = write_large(tmp_path / "ps.txt", n_lines=2_300_000)
    script = textwrap.dedent(f"""
        import resource
        from pathlib import Path
        from maillage.sources.rpps import read_rpps
        table = read_rpps(Path({str(path)!r}))
        print(table["activities"].sum(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
    """)
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=300
    )
    activities, peak_kib = map(int, done.stdout.split())
    assert activities == 2_300_000 * 49 // 50
    assert peak_kib < 1 << 20
    assert time.perf_counter() - started < 60
