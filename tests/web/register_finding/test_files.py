"""Files of the list are sent as they are read: some initiatives at a time, never whole."""

import io
import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from maillage.web.register.finding import records
from maillage.web.ui import json_files, spreadsheets
from tests.web.register.conftest import MakeInitiative

FILES = "/initiatives/fichiers/initiatives"
N = 12
DETAILS = {"csv": 4, "xlsx": 4, "geojson": 1, "jsonld": 3}
"""How many kinds of details each file says: territories, holders, tags, budget lines."""


@pytest.fixture
def titles(make: MakeInitiative, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Twelve initiatives read three at a time, each enough for a piece of a file."""
    monkeypatch.setattr(records, "_BATCH", 3)
    monkeypatch.setattr(spreadsheets, "PIECE_LENGTH", 100)
    monkeypatch.setattr(json_files, "PIECE_LENGTH", 100)
    made = [make(title=f"Bus {rank:02}", description="long " * 40) for rank in range(N)]
    return [each.title for each in made]


def n_queries(client: Client, ending: str, query: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        client.get(f"{FILES}.{ending}?{query}").getvalue()
    return len(asked)


@pytest.mark.parametrize(("ending", "details"), DETAILS.items())
def test_a_file_asks_one_query_by_batch_and_kind_of_detail(
    ending: str, details: int, titles: list[str], client: Client
) -> None:
    client.get(f"{FILES}.{ending}").getvalue()  # the index is then in memory
    none, all_of_them = (n_queries(client, ending, query) for query in ("annee_de=2099", ""))
    assert all_of_them - none <= N / 3 * (1 + details)


@pytest.mark.parametrize("ending", ["csv", "geojson", "jsonld"])
def test_a_text_begins_before_all_that_it_says_is_read(
    ending: str, titles: list[str], client: Client
) -> None:
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(f"{FILES}.{ending}?tri=titre")
        assert answer.streaming
        pieces = iter(answer)
        first = next(pieces).decode()
        n_first = len(asked)
        rest = [piece.decode() for piece in pieces]
    assert titles[0] in first
    assert titles[-1] not in first
    assert len(asked) - n_first == (N / 3 - 1) * (1 + DETAILS[ending])
    assert len(rest) >= N - 2
    whole = "".join([first, *rest])
    assert [whole.index(title) for title in titles] == sorted(map(whole.index, titles))


def test_a_workbook_is_held_by_nothing_but_a_file_that_goes_once_it_is_sent(
    titles: list[str], client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = []
    temporary = spreadsheets.TemporaryFile
    monkeypatch.setattr(
        spreadsheets, "TemporaryFile", lambda: written.append(temporary()) or written[-1]
    )
    answer = client.get(f"{FILES}.xlsx?tri=titre")
    pieces = list(answer)
    assert max(map(len, pieces)) == spreadsheets.PIECE_LENGTH
    assert [file.closed for file in written] == [True]
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(pieces)))
    rows = book.get_sheet_by_name("Initiatives").to_python()
    assert [row[1] for row in rows[1:]] == titles


def test_a_list_without_any_initiative_is_a_file_all_the_same(
    titles: list[str], client: Client
) -> None:
    for ending, name in (("geojson", "features"), ("jsonld", "itemListElement")):
        content = json.loads(client.get(f"{FILES}.{ending}?annee_de=2099").getvalue())
        assert content[name] == []
    lines = client.get(f"{FILES}.csv?annee_de=2099").getvalue().decode("utf-8-sig").splitlines()
    assert [line for line in lines if not line.startswith(("#", '"#'))][1:] == []
