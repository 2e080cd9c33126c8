"""A scenario as files: each says what it is, and none can be made to run a formula."""

import csv
import io

import pytest
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

QUERY = {"m": ["gp:20003:1", "bus:20001:1"], "nom": "Essai"}


def file(client, file_format, **changed):
    return client.get(f"/simuler/scenario.{file_format}", QUERY | changed)


def test_the_csv_has_every_commune_and_says_what_is_estimated(client, shown_line):
    text = file(client, "csv").content.decode("utf-8-sig")
    lines = text.splitlines()
    assert any("FICTIVES" in line for line in lines)
    assert any("jamais un chiffre de la DREES" in line for line in lines)
    rows = list(
        csv.DictReader(
            (line for line in lines if not line.lstrip('"').startswith("#")), delimiter=";"
        )
    )
    assert {row["code_commune"] for row in rows} == {"20001", "20002", "20003", "20004"}
    row = next(row for row in rows if row["code_commune"] == "20004")
    assert (row["apl_publie"], row["apl_estime"], row["gain_estime"]) == ("3,0", "4,35", "1,35")


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_a_name_that_looks_like_a_formula_is_text(client, shown_line, start):
    name = f'{start}HYPERLINK("http://example.org")'
    text = file(client, "csv", nom=name).content.decode("utf-8-sig")
    cells = [cell for line in csv.reader(io.StringIO(text), delimiter=";") for cell in line]
    assert not any(cell.startswith(start) and "HYPERLINK" in cell for cell in cells)


def test_the_workbook_reads_back(client, shown_line):
    book = CalamineWorkbook.from_filelike(io.BytesIO(file(client, "xlsx").content))
    assert book.sheet_names == ["Communes", "Sources"]
    rows = book.get_sheet_by_name("Communes").to_python()
    by_code = {row[0]: row for row in rows[1:]}
    assert by_code["20003"][4:7] == [1.0, pytest.approx(2.35), pytest.approx(1.35)]


def test_the_json_has_stable_keys(client, shown_line):
    answer = file(client, "json").json()
    assert answer["moves"] == QUERY["m"]
    assert answer["fictional"] is True
    assert answer["people_lifted"] == 2_000
    assert answer["model_error"]["relative"] > 0
    assert answer["url"].endswith("/simuler/?m=gp:20003:1&m=bus:20001:1")


def test_the_pdf_is_one_page_in_french(client, shown_line):
    response = file(client, "pdf")
    reader = PdfReader(io.BytesIO(response.content))
    words = " ".join(reader.pages[0].extract_text().split())
    assert len(reader.pages) == 1
    assert "publié 1,0 → estimé" in words
    assert "Données fictives" in words
    assert reader.metadata.title == "Essai"
    assert response.headers["Content-Disposition"] == 'attachment; filename="essai.pdf"'


def test_the_pdf_of_a_long_scenario_is_one_page_too(client, shown_line):
    moves = [f"gp:{code}:1" for code in ("20001", "20002", "20003", "20004", "20005", "20100")]
    moves += [f"bus:{code}:1" for code in ("20001", "20002", "20003", "20004")]
    moves += ["retire:20001:1", "cabin:20002:90000", "house:20003:9", "gp:20101:-9"]
    response = file(client, "pdf", m=moves, nom="Un nom très long " * 7)
    assert len(PdfReader(io.BytesIO(response.content)).pages) == 1


@pytest.mark.parametrize(
    "name", ["#panic()", "*gras* $x$ @ref <label>", "]#[", "\\", '"#read("/etc/passwd")', "// non"]
)
def test_a_name_is_never_markup_in_the_pdf(client, shown_line, name):
    reader = PdfReader(io.BytesIO(file(client, "pdf", nom=name).content))
    assert reader.metadata.title == name
    assert name.replace(" ", "") in reader.pages[0].extract_text().replace(" ", "").replace(
        "\n", ""
    )


@pytest.mark.parametrize("file_format", ["csv", "xlsx", "json", "pdf"])
@pytest.mark.parametrize("moves", [[], ["gp:99999:1"], ["gp:20003:1", "nonsense"]])
def test_half_a_scenario_gives_no_file(client, shown_line, file_format, moves):
    response = client.get(f"/simuler/scenario.{file_format}", {"m": moves})
    assert response.status_code == 400
    assert "ne donne pas de fichier" in response.content.decode()


def test_a_store_without_trips_gives_no_file(client, shown_store):
    assert client.get("/simuler/scenario.csv?m=gp:20001:1").status_code == 400


def test_other_formats_are_not_found(client, shown_line):
    assert client.get("/simuler/scenario.exe?m=gp:20003:1").status_code == 404
