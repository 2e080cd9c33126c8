import datetime as dt

import pytest
import xlsxwriter

from maillage.core.errors import InputError
from maillage.sources.workbooks import read_sheet_columns, sheet_cells, sheet_names

WANTED = {"code": "Code commune", "value": "APL 20"}


@pytest.fixture
def workbook(tmp_path):
    path = tmp_path / "book.xlsx"
    book = xlsxwriter.Workbook(path)
    book.add_worksheet("Lisez-moi").write_row(0, 0, ["texte"])
    sheet = book.add_worksheet("Données ")
    sheet.write_row(2, 0, ["Titre"])
    sheet.write_row(4, 0, ["Code  commune ", "Nom", "APL 2023\n"])
    sheet.write_row(5, 0, ["", "", "unité"])
    sheet.write_row(6, 0, [1004, "Ambérieu", 3.0])
    sheet.write_row(9, 0, ["2A004", "Ajaccio", 2.75])
    sheet.write_row(12, 1, ["note de bas de page"])
    book.close()
    return path


def test_a_sheet_is_read_from_its_header_on(workbook):
    read = read_sheet_columns(
        workbook, WANTED, sheet="donnees", by_prefix=True, rows_after_header=1
    )
    assert read["code"].tolist() == ["1004", "2A004"]
    assert read["value"].tolist() == ["3", "2.75"]
    assert read.headers["value"] == "APL 2023"


def test_without_a_name_the_first_sheet_is_read(workbook):
    with pytest.raises(InputError, match=r"sheet 'Lisez-moi': columns missing: \['Code commune'"):
        read_sheet_columns(workbook, WANTED)


def test_a_missing_sheet_is_refused_with_those_found(workbook):
    with pytest.raises(InputError, match="no sheet 'APL 2023'; found"):
        read_sheet_columns(workbook, WANTED, sheet="APL 2023")


def test_the_sheets_are_listed_in_order(workbook):
    assert sheet_names(workbook) == ("Lisez-moi", "Données ")


def test_every_cell_of_a_sheet_can_be_read(workbook):
    cells = sheet_cells(workbook, "Lisez-moi")
    assert cells[0][0] == "texte"


def test_dates_and_truth_values_become_text(tmp_path):
    path = tmp_path / "book.xlsx"
    book = xlsxwriter.Workbook(path)
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    sheet = book.add_worksheet()
    sheet.write_datetime(0, 0, dt.datetime(2026, 1, 2), day)  # noqa: DTZ001 - a day, no zone
    sheet.write_boolean(0, 1, True)
    book.close()
    assert sheet_cells(path, "Sheet1")[0][0].startswith("2026-01-02")
    assert sheet_cells(path, "Sheet1")[0][1] == "True"


def test_a_truncated_workbook_is_refused(workbook):
    workbook.write_bytes(workbook.read_bytes()[:-500])
    with pytest.raises(InputError, match="not a whole zip archive or workbook"):
        sheet_names(workbook)


def test_a_web_page_named_xlsx_is_refused(tmp_path):
    path = tmp_path / "book.xlsx"
    path.write_text("<!DOCTYPE html><title>Portail</title>")
    with pytest.raises(InputError, match="is a web page"):
        sheet_names(path)


def test_an_archive_that_is_no_workbook_is_refused(tmp_path):
    import zipfile

    path = tmp_path / "book.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "abc")
    with pytest.raises(InputError, match="does not open as a workbook"):
        sheet_names(path)
