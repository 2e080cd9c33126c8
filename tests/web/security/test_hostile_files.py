"""Files made to harm: bombs, strange encodings, names that climb out of their folder."""

import io
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
import xlsxwriter
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from maillage.core.errors import InputError
from maillage.web.accounts.models import User
from maillage.web.register.contributing.attachments import LARGEST
from maillage.web.register.importing.reading import read_spreadsheet
from maillage.web.register.models import Attachment, ImportBatch
from maillage.web.register.models.choices import State
from tests.web.register.conftest import MakeInitiative
from tests.web.register.test_pages import PDF, logged_in

TEXT = "Clé;Titre\n1;Fiche d’été à 5 €\n"


def workbook(cells: list[tuple[int, int, str]]) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet()
        for row, column, text in cells:
            sheet.write_string(row, column, text)
    return buffer.getvalue()


def repeated(body: bytes, *, times: int) -> bytes:
    """Return the workbook with the one line of its first sheet written many times."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(body)) as old,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for entry in old.namelist():
            text = old.read(entry)
            if entry == "xl/worksheets/sheet1.xml":
                cell = b'<c t="s"><v>0</v></c>' * 50
                head, _, tail = text.partition(b"<sheetData>")
                rows = (b"<row>" + cell + b"</row>") * times
                text = head + b"<sheetData>" + rows + tail[tail.index(b"</sheetData>") :]
            new.writestr(entry, text)
    return buffer.getvalue()


def test_a_workbook_of_some_kilobytes_cannot_ask_for_all_the_memory() -> None:
    """Its last cell is the last of all: a table that large takes 500 GB."""
    body = workbook([(0, 0, "Clé"), (1_048_575, 16_383, "x")])
    assert len(body) < 10_000
    with pytest.raises(InputError, match="trop grand"):
        read_spreadsheet(body)


def test_a_long_text_written_once_and_shown_everywhere_is_refused() -> None:
    """Shared texts: 30 kB of text in a million cells make 30 GB of a file of some kilobytes."""
    body = repeated(workbook([(0, 0, "x" * 30_000)]), times=20_000)
    assert len(body) < 1_000_000
    with pytest.raises(InputError, match="trop grand"):
        read_spreadsheet(body)


@pytest.mark.parametrize(
    "parts",
    [
        {},
        {"xl/workbook.xml": b"<workbook/>"},
        {"content.xml": b"<office/>"},
        {"[Content_Types].xml": b'<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'},
        {"../../etc/passwd": b"root"},
    ],
)
def test_an_archive_that_is_no_workbook_is_refused_with_a_sentence(parts: dict[str, bytes]) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, body in parts.items():
            archive.writestr(name, body)
    with pytest.raises(InputError, match=r"ne se lit pas|ni un CSV"):
        read_spreadsheet(buffer.getvalue())


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8", "cp1252"])
def test_a_table_is_read_as_it_was_written_or_refused(encoding: str) -> None:
    body = TEXT.encode(encoding)
    try:
        rows = read_spreadsheet(body).rows
    except InputError:
        assert encoding in ("utf-16-le", "utf-16-be"), "these have no mark that tells them"
    else:
        assert rows == (("1", "Fiche d’été à 5 €"),)


@pytest.mark.parametrize("body", [b"\xff\xfe\x00", b"\xfe\xff\xd8\x00\x00\x41", b"\xff\xfe"])
def test_half_a_character_is_refused_with_a_sentence(body: bytes) -> None:
    with pytest.raises(InputError):
        read_spreadsheet(body)


@pytest.mark.parametrize(
    "body",
    [
        b"Cl\xc3\xa9;Titre\n1;\xc3\x28\n",
        b"Cl\x81;Titre\n1;x\n",
        b'a;"' + b"\n" * 1000,
        b"a;b\r1;2\r",
        b"\xef\xbb\xbf" * 3 + b"a;b\n1;2\n",
    ],
)
def test_broken_bytes_are_a_text_or_a_refusal_and_never_an_error_of_ours(body: bytes) -> None:
    with suppress(InputError):
        assert all(isinstance(cell, str) for row in read_spreadsheet(body).rows for cell in row)


@pytest.mark.parametrize(
    "body",
    [
        workbook([(0, 0, "Clé"), (1_048_575, 16_383, "x")]),
        b"PK\x03\x04",
        b"\x00" * 100,
        b"\xff\xfe\x00",
        b"",
    ],
)
def test_the_page_of_imports_says_what_is_wrong_with_a_hostile_file(
    body: bytes, administrator: User
) -> None:
    file = SimpleUploadedFile("../../f.xlsx", body)
    sent = {"fichier": file, "source": "S", "licence": "etalab-2.0"}
    answer = logged_in(administrator).post(reverse("register:imports"), sent)
    assert answer.status_code == 200
    assert 'class="alert' in answer.text
    assert not ImportBatch.objects.exists()


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "//evil.example", "x y", "h" * 600]
)
def test_the_source_of_an_import_is_an_address_of_the_web(
    address: str, administrator: User
) -> None:
    file = SimpleUploadedFile("f.csv", TEXT.encode())
    sent = {"fichier": file, "source": "S", "licence": "etalab-2.0", "adresse": address}
    logged_in(administrator).post(reverse("register:imports"), sent)
    assert not ImportBatch.objects.exists()


@pytest.mark.parametrize(
    "name",
    [
        "../../../etc/passwd",
        "..\\..\\windows\\win.ini",
        "/etc/cron.d/x.pdf",
        "C:\\x.pdf",
        "....//....//x.pdf",
        "x\x00.pdf",
        'x"; filename="evil.html',
        "x\nSet-Cookie: a=b;.pdf",
        "\u202efdp.exe",
        ".htaccess",
        "é" * 300,
        "%2e%2e%2fx",
    ],
)
def test_no_name_of_a_file_leaves_its_place_or_breaks_its_header(
    name: str, make: MakeInitiative, author: User
) -> None:
    before = files_on_disk()
    initiative = make(State.DRAFT, created_by=author)
    client = logged_in(author)
    address = reverse("register:write", args=[initiative.public_id, "verifier"])
    client.post(address, form_with_file(name), content_type="multipart/form-data; boundary=b")
    assert Attachment.objects.count() == 1
    for kept in Attachment.objects.all():
        assert kept.name.endswith(".pdf")
        assert not set(kept.name) & set('/\\"\r\n\x00\u202e')
        answer = client.get(
            reverse("register:attachment", args=[initiative.public_id, kept.public_id])
        )
        assert answer["Content-Type"] == "application/pdf"
        assert answer["Content-Disposition"].startswith("attachment; filename")
        assert "sandbox" in answer["Content-Security-Policy"]
        assert "Set-Cookie" not in answer
    assert files_on_disk() == before


def form_with_file(name: str) -> bytes:
    """Return a form as a program writes it, not a browser: its file has exactly this name."""
    parts = [
        b'Content-Disposition: form-data; name="geste"\r\n\r\nfichier',
        b'Content-Disposition: form-data; name="fichier"; filename="'
        + name.encode()
        + b'"\r\nContent-Type: text/html\r\n\r\n'
        + PDF,
    ]
    return b"".join(b"--b\r\n" + part + b"\r\n" for part in parts) + b"--b--\r\n"


def files_on_disk() -> set[Path]:
    """Return what uploads might have written: they are kept in the database alone."""
    folders = (settings.VAR_DIR, Path.cwd())
    return {path for folder in folders for path in folder.glob("*") if path.is_file()}


def test_a_file_is_bounded_before_it_is_kept(make: MakeInitiative, author: User) -> None:
    initiative = make(State.DRAFT, created_by=author)
    address = reverse("register:write", args=[initiative.public_id, "verifier"])
    client = logged_in(author)
    for body in (PDF + b"x" * LARGEST, b"", b"GIF89a"):
        file = SimpleUploadedFile("x.pdf", body)
        assert client.post(address, {"geste": "fichier", "fichier": file}).status_code == 302
    assert not Attachment.objects.exists()


def test_the_page_of_a_stranger_takes_no_file(make: MakeInitiative, client: Client) -> None:
    initiative = make(State.DRAFT)
    address = reverse("register:write", args=[initiative.public_id, "verifier"])
    client.post(address, {"geste": "fichier", "fichier": SimpleUploadedFile("x.pdf", PDF)})
    assert not Attachment.objects.exists()
