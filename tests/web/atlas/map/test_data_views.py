"""What the map draws from: compressed, kept for ever, in ranges of bytes."""

import gzip

import brotli
import pytest

pytestmark = pytest.mark.django_db


@pytest.fixture
def base(shown_department):
    return f"/carte/donnees/{shown_department.version}"


def test_classes_are_compressed_and_never_asked_for_again(client, shown_department, base):
    answer = client.get(f"{base}/apl_gp.classes.bin", headers={"accept-encoding": "gzip, br"})
    assert answer["Content-Encoding"] == "br"
    assert len(brotli.decompress(answer.content)) == shown_department.n_units
    assert "immutable" in answer["Cache-Control"]
    assert int(answer["Content-Length"]) == len(answer.content)
    again = client.get(f"{base}/apl_gp.classes.bin", headers={"if-none-match": answer["ETag"]})
    assert again.status_code == 304
    assert again.content == b""


def test_a_browser_without_brotli_gets_gzip_or_plain_bytes(client, shown_department, base):
    expected = shown_department.overview_path.read_bytes()
    zipped = client.get(f"{base}/apercu.bin", headers={"accept-encoding": "gzip, br;q=0"})
    assert gzip.decompress(zipped.content) == expected
    plain = client.get(f"{base}/apercu.bin")
    assert "Content-Encoding" not in plain
    assert plain.content == expected


def test_names_and_exact_figures_are_there(client, base):
    assert client.get(f"{base}/noms.json").json()["codes"]
    assert client.get(f"{base}/apl_gp.exact.bin").content.startswith(b"MLV1")


@pytest.mark.parametrize(
    "name",
    [
        "zonage_gp.exact.bin",  # a zoning has no figure
        "nothing.classes.bin",
        "zrr-nothing.exact.bin",
    ],
)
def test_what_does_not_exist_is_not_found(client, base, name):
    assert client.get(f"{base}/{name}").status_code == 404


@pytest.mark.parametrize(
    "name", ["apercu.bin", "contours.pmtiles", "noms.json", "apl_gp.classes.bin"]
)
def test_another_version_is_not_found(client, shown_department, name):
    assert client.get(f"/carte/donnees/20000101T000000Z-00000000/{name}").status_code == 404


@pytest.mark.parametrize(
    "name", ["apercu.bin", "contours.pmtiles", "noms.json", "apl_gp.classes.bin"]
)
def test_a_store_without_contours_has_no_map_data(client, shown_store, name):
    assert client.get(f"/carte/donnees/{shown_store.version}/{name}").status_code == 404


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [("bytes=0-126", 0, 126), ("bytes=127-", 127, None), ("bytes=-10", -10, None)],
)
def test_a_range_of_the_tiles_is_those_bytes(client, shown_department, base, asked, first, last):
    whole = shown_department.tiles_path.read_bytes()
    answer = client.get(f"{base}/contours.pmtiles", headers={"range": asked})
    expected = whole[first:] if last is None else whole[first : last + 1]
    assert answer.status_code == 206
    assert b"".join(answer.streaming_content) == expected
    start = first % len(whole)
    stop = start + len(expected) - 1
    assert answer["Content-Range"] == f"bytes {start}-{stop}/{len(whole)}"
    assert int(answer["Content-Length"]) == len(expected)


@pytest.mark.parametrize(
    "asked", ["", "bytes=-", "items=0-1", "bytes=0-1,4-5", "bytes=a-b", "bytes=0-" + "9" * 5000]
)
def test_anything_but_one_range_gets_the_whole_archive(client, shown_department, base, asked):
    headers = {"range": asked} if asked else {}
    answer = client.get(f"{base}/contours.pmtiles", headers=headers)
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content) == shown_department.tiles_path.read_bytes()


@pytest.mark.parametrize("asked", ["bytes=999999999-", "bytes=5-2", "bytes=-0"])
def test_a_range_outside_of_the_archive_is_refused(client, base, asked):
    answer = client.get(f"{base}/contours.pmtiles", headers={"range": asked})
    assert answer.status_code == 416
    assert answer["Content-Range"].startswith("bytes */")
