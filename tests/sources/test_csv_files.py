import gzip

import pytest

from maillage.core.errors import InputError
from maillage.sources.csv_files import csv_header, detected_encoding, read_csv_columns

TWO = {"code": "Code", "name": "Libellé"}


@pytest.fixture
def written(tmp_path):
    def write(content, name="file.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def test_columns_come_as_stripped_text_in_the_order_asked(written):
    path = written("Code,x,Libellé\n01004,1, Ambérieu \n2A004,2,Ajaccio\n")
    read = read_csv_columns(path, {"name": "libelle", "code": "Code"})
    assert list(read.columns) == ["name", "code"]
    assert read["code"].tolist() == ["01004", "2A004"]
    assert read["name"].tolist() == ["Ambérieu", "Ajaccio"]
    assert read.headers == {"code": "Code", "name": "Libellé"}
    assert read.notes == ()


def test_a_mark_and_junk_lines_above_the_header_are_passed_over(written):
    path = written("\ufeffInsee; \nRéférentiel; \nCode;Libellé\n01;Ain\n")
    assert read_csv_columns(path, TWO, delimiter=";")["name"].tolist() == ["Ain"]


def test_latin_1_is_read_and_told(written):
    path = written("Code;Libellé\n01;Évrieux\n".encode("latin-1"))
    read = read_csv_columns(path, TWO, delimiter=";")
    assert read["name"].tolist() == ["Évrieux"]
    assert read.notes == ("The file is written in Latin-1, not in UTF-8.",)


def test_a_letter_cut_between_two_pieces_does_not_make_a_file_latin_1():
    assert detected_encoding(b"a" * ((1 << 20) - 1) + "é".encode()) == "utf-8"
    assert detected_encoding("é".encode()[:1]) == "cp1252"


@pytest.mark.parametrize("start", ["<!DOCTYPE html><html>", "\ufeff\n<html>", "<HTML>"])
def test_a_web_page_in_place_of_the_file_is_refused(written, start):
    with pytest.raises(InputError, match="is a web page"):
        read_csv_columns(written(start + "<p>404</p>"), TWO)


def test_an_empty_file_is_refused(written):
    with pytest.raises(InputError, match="is empty"):
        read_csv_columns(written(" \n"), TWO)


def test_a_missing_column_is_named(written):
    with pytest.raises(InputError, match=r"columns missing: \['Libellé'\]"):
        read_csv_columns(written("Code,Nom\n01,Ain\n"), TWO)


def test_the_wrong_delimiter_shows_as_missing_columns(written):
    with pytest.raises(InputError, match="columns missing"):
        read_csv_columns(written("Code;Libellé\n01;Ain\n"), TWO)


def test_a_line_with_too_few_cells_is_refused(written):
    with pytest.raises(InputError, match="Expected 2 cells"):
        read_csv_columns(written("Code,Libellé\n01,Ain\n02\n"), TWO)


def test_quoted_cells_may_hold_delimiters_and_when_asked_line_breaks(written):
    path = written('Code,Libellé\n01,"a, b\nc"\n')
    assert read_csv_columns(path, TWO, multiline=True)["name"].tolist() == ["a, b\nc"]


def test_an_empty_cell_and_the_word_null_are_texts(written):
    assert read_csv_columns(written("Code,Libellé\n01,\nNA,null\n"), TWO)["name"].tolist() == [
        "",
        "null",
    ]


def test_optional_columns_may_be_absent(written):
    read = read_csv_columns(written("Code\n01\n"), TWO, optional=frozenset({"name"}))
    assert "name" not in read


def test_a_compressed_file_is_read_as_the_plain_one(tmp_path):
    path = tmp_path / "file.csv.gz"
    path.write_bytes(gzip.compress(b"Code,Libell\xc3\xa9\n01,Ain\n"))
    assert read_csv_columns(path, TWO)["code"].tolist() == ["01"]


def test_the_header_of_a_file_can_be_read_alone(written):
    assert csv_header(written("\ufeffa;b\n1;2\n"), delimiter=";") == ("a", "b")
