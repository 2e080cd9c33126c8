"""What comes is checked before it takes the place of what was there."""

import gzip
import io
import json
import zipfile

import pytest

from maillage.core.errors import InputError
from maillage.sources.catalogue import DataFile, Source
from maillage.sources.pull import pull
from maillage.sources.pull.contents import ContentError, check

GOOD = b"code,name\n01001,Un\n01002,Deux\n01004,Trois\n"
ANYTHING = "tests.sources.pull.readers:read_anything"


def zipped(**members: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/").replace("_csv", ".csv"), content)
    return file.getvalue()


def serve(server, body: bytes, etag: str = '"v1"') -> str:
    return server.at("/f", lambda visit: visit.serve(body, etag=etag))


@pytest.fixture
def after_a_good_pull(server, pull_one, folder):
    """A good copy is in use; pull again what the test serves, and check that the copy stayed."""

    def pull_again(body: bytes, **options):
        assert pull_one(serve(server, GOOD), **options).succeeded
        in_use = (folder / "cog/communes.csv").read_bytes()
        (outcome,) = pull_one(serve(server, body, etag='"v2"'), **options).outcomes
        assert (outcome.status, outcome.kept) == ("failed", True)
        assert (folder / "cog/communes.csv").read_bytes() == in_use
        entry = json.loads((folder / "pull.json").read_text())["files"]["cog/communes.csv"]
        assert entry["etag"] == '"v1"'
        return outcome.message

    return pull_again


def test_a_web_page_never_replaces_a_file(after_a_good_pull):
    page = b"\n<!DOCTYPE html><html><body>Page introuvable</body></html>"
    assert "une page web au lieu du fichier" in after_a_good_pull(page)


def test_changed_columns_never_replace_a_file(after_a_good_pull):
    message = after_a_good_pull(b"insee;libelle\n01001;Un\n")
    assert "Le format a changé" in message
    assert "'code,name'" in message


def test_an_empty_file_never_replaces_a_file(after_a_good_pull):
    assert "vide" in after_a_good_pull(b"  \n")


def test_a_file_that_lost_most_of_its_rows_never_replaces_one(after_a_good_pull):
    assert "1 lignes seulement, contre 3" in after_a_good_pull(b"code,name\n01001,Un\n")


def test_another_encoding_never_replaces_a_file(after_a_good_pull):
    message = after_a_good_pull("code,name\n64422,Oloron-Sainte-Maré\n".encode("cp1252"))
    assert "illisible" in message


def test_what_a_reader_did_not_foresee_is_told(server, pull_one):
    reader = "tests.sources.pull.readers:read_badly"
    (outcome,) = pull_one(serve(server, GOOD), reader=reader).outcomes
    assert "Fichier illisible : ZeroDivisionError" in outcome.message
    assert "déposer le fichier à la main : cog/communes.csv" in outcome.message


def test_the_member_of_a_zip_is_taken_out(server, pull_one, folder):
    body = zipped(data__Communes_csv=GOOD, lisez_moi=b"rien")
    assert pull_one(serve(server, body), member="communes*.csv").succeeded
    assert (folder / "cog/communes.csv").read_bytes() == GOOD


def test_a_zip_without_its_member_is_told(server, pull_one):
    (outcome,) = pull_one(serve(server, zipped(autre_csv=GOOD)), member="communes.csv").outcomes
    assert "l'archive ne contient plus communes.csv" in outcome.message
    assert "autre.csv" in outcome.message


def test_a_truncated_zip_is_told(server, pull_one, folder):
    body = zipped(communes_csv=GOOD * 1000)
    (outcome,) = pull_one(serve(server, body[:-40]), member="communes.csv").outcomes
    assert "Archive incomplète" in outcome.message
    assert not (folder / "cog/communes.csv").exists()


def test_a_zip_that_is_no_zip_is_told(server, pull_one):
    (outcome,) = pull_one(serve(server, GOOD), member="communes.csv").outcomes
    assert "pas au format .zip" in outcome.message


def test_a_truncated_workbook_is_told(server, pull_one):
    body = zipped(xl__workbook=GOOD * 1000)[:-40]
    (outcome,) = pull_one(serve(server, body), path="a.xlsx", reader=ANYTHING).outcomes
    assert "Archive incomplète" in outcome.message


def test_a_truncated_gzip_is_told(server, pull_one):
    body = gzip.compress(GOOD * 1000)[:-20]
    (outcome,) = pull_one(serve(server, body), path="a.geojson.gz", reader=ANYTHING).outcomes
    assert "Archive incomplète" in outcome.message


def test_a_parquet_file_that_is_something_else_is_told(server, pull_one):
    (outcome,) = pull_one(serve(server, GOOD), path="a.parquet", reader=ANYTHING).outcomes
    assert "pas au format .parquet" in outcome.message


@pytest.mark.parametrize("name", ["bomb.xlsx", "bomb.gz"])
def test_a_small_file_that_unfolds_without_end_is_refused(tmp_path, name):
    bomb = zipped(a=bytes(3 << 20)) if name.endswith("xlsx") else gzip.compress(bytes(3 << 20))
    path = tmp_path / name
    path.write_bytes(bomb)
    with pytest.raises(ContentError, match="Archive incomplète ou piégée"):
        check(path, DataFile(name, ANYTHING), max_expanded_bytes=1 << 20)


def test_a_zip_bomb_is_refused_before_it_is_unfolded(server, pull_one, folder, monkeypatch):
    monkeypatch.setattr("maillage.sources.pull.contents.MAX_EXPANDED_BYTES", 1 << 20)
    body = zipped(communes_csv=bytes(8 << 20))
    assert len(body) < 10_000

    (outcome,) = pull_one(serve(server, body), member="communes.csv").outcomes

    assert "piégée" in outcome.message
    assert not list(folder.rglob("communes.csv/checked"))


def test_a_file_may_be_stored_compressed_and_gives_the_same_bytes_each_time(
    server, pull_one, folder
):
    options = {"path": "geometry/c.geojson.gz", "reader": ANYTHING, "compress": True}
    assert pull_one(serve(server, GOOD), **options).succeeded
    stored = (folder / "geometry/c.geojson.gz").read_bytes()
    assert gzip.decompress(stored) == GOOD

    (outcome,) = pull_one(serve(server, GOOD, etag='"v2"'), **options).outcomes
    assert outcome.status == "unchanged"
    assert (folder / "geometry/c.geojson.gz").read_bytes() == stored


def test_a_file_that_did_not_change_is_not_sent_again(server, pull_one):
    def unchanged(visit):
        if visit.header("If-None-Match") == '"v1"':
            visit.begin(304)
        else:
            visit.serve(GOOD)

    url = server.at("/f", unchanged)
    assert pull_one(url).outcomes[0].status == "downloaded"
    assert pull_one(url).outcomes[0].status == "unchanged"


def test_a_server_without_etag_is_asked_by_date(server, pull_one):
    date = "Sun, 22 Nov 2026 08:00:00 GMT"
    url = server.at("/f", lambda visit: visit.answer(GOOD, Last_Modified=date))
    assert pull_one(url).outcomes[0].status == "downloaded"
    assert pull_one(url).outcomes[0].status == "unchanged"
    assert server.headers_sent("If-Modified-Since") == ["", date]


def test_a_copy_changed_by_hand_is_downloaded_again(server, pull_one, folder):
    url = serve(server, GOOD)
    pull_one(url)
    (folder / "cog/communes.csv").write_bytes(b"code,name\n")
    assert pull_one(url).outcomes[0].status == "downloaded"
    assert (folder / "cog/communes.csv").read_bytes() == GOOD


def test_a_copy_removed_by_hand_is_downloaded_again(server, pull_one, folder):
    url = serve(server, GOOD)
    pull_one(url)
    (folder / "cog/communes.csv").unlink()
    assert pull_one(url).outcomes[0].status == "downloaded"
    assert server.headers_sent("If-None-Match") == ["", ""]


def test_no_work_file_stays_after_a_success(server, pull_one, folder):
    pull_one(serve(server, GOOD))
    left = {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()}
    assert left == {"cog/communes.csv", "pull.json", ".pull/lock"}


def test_a_file_without_an_address_is_asked_for_by_hand(pull_one):
    (outcome,) = pull_one("").outcomes
    assert (outcome.status, outcome.kept) == ("by_hand", False)
    assert "à déposer à la main" in outcome.message


def test_the_other_files_are_fetched_when_one_fails(server, folder):
    reader = "tests.sources.pull.readers:read_lines"
    files = tuple(DataFile(f"{n}.csv", reader, url=f"{server.base}/{n}") for n in ("a", "b"))
    server.at("/b", lambda visit: visit.serve(GOOD))
    source = Source("essai", "Essai", "Personne", "2026", files, required=True, page="https://p")

    report = pull([source], folder)

    assert [outcome.status for outcome in report.outcomes] == ["failed", "downloaded"]
    assert "Page du producteur : https://p" in report.outcomes[0].message


def test_a_mirror_is_asked_for_the_same_host_and_path(server, pull_one):
    server.at("/www.insee.fr/fr/f.csv", lambda visit: visit.serve(GOOD))
    report = pull_one("https://www.insee.fr/fr/f.csv?x=1", mirror=f"{server.base}/")
    assert report.succeeded
    assert server.visits[0].handler.path == "/www.insee.fr/fr/f.csv?x=1"


def test_after_a_stop_the_files_that_follow_are_left_for_later(server, pull_one):
    (outcome,) = pull_one(serve(server, GOOD), should_stop=lambda: True).outcomes
    assert (outcome.status, server.visits) == ("cancelled", [])


def test_a_damaged_ledger_is_told(server, pull_one, folder):
    folder.mkdir()
    (folder / "pull.json").write_text('{"files": {"cog/communes.csv": {"url": 1}}}')
    with pytest.raises(InputError, match="Supprimez-le"):
        pull_one(serve(server, GOOD))


def test_a_folder_that_cannot_be_written_is_told(pull_one, folder):
    folder.write_text("a file, not a folder")
    with pytest.raises(InputError, match="pas accessible en écriture"):
        pull_one("http://127.0.0.1:9/f")
