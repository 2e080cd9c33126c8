"""The catalogue and the readers say the same; every address and every page is well formed."""

import inspect
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from maillage.core.errors import InputError
from maillage.sources.catalogue import (
    SOURCES,
    DataFile,
    Source,
    file_of,
    road_sources,
    source_named,
    sources_named,
)
from maillage.sources.catalogue.road_extracts import road_extract

FILES = [(source.name, file) for source in SOURCES for file in source.files]


@pytest.mark.parametrize(("name", "file"), FILES, ids=lambda value: getattr(value, "path", value))
def test_each_file_has_a_reader_that_takes_its_path_alone(name, file):
    parameters = list(inspect.signature(file.load_reader()).parameters.values())
    assert parameters[0].kind in (
        inspect.Parameter.POSITIONAL_ONLY,
        inspect.Parameter.POSITIONAL_OR_KEYWORD,
    )
    assert all(parameter.default is not parameter.empty for parameter in parameters[1:])


def test_names_and_targets_are_unique():
    names = [source.name for source in SOURCES]
    assert len(names) == len(set(names))
    targets = [file.target for _, file in FILES]
    assert len(targets) == len(set(targets))


def test_every_address_is_https_and_every_page_too():
    pages = [source.page for source in SOURCES if source.page]
    addresses = [file.url for _, file in FILES if file.url]
    assert {urlsplit(address).scheme for address in pages + addresses} == {"https"}
    assert all(urlsplit(address).path != "" for address in addresses)


def test_every_source_says_where_to_find_what_cannot_be_downloaded():
    silent = {
        source.name
        for source in SOURCES
        if not source.page and not any(file.url for file in source.files)
    }
    assert silent == {"emergency_distance", "travel_sample"}  # assembled by third parties, once


def test_a_download_goes_where_its_file_is_looked_for():
    for _, file in FILES:
        if file.url:
            assert Path(file.target).match(file.path)


def test_a_source_finds_its_files_oldest_first_and_tells_what_is_missing(tmp_path):
    source = source_named("contours")
    assert source.missing_files(tmp_path) == ["geometry/communes-1000m-*.geojson.gz"]
    (tmp_path / "geometry").mkdir()
    for year in (2024, 2022):
        (tmp_path / f"geometry/communes-1000m-{year}.geojson.gz").touch()
    assert [path.name[15:19] for path in source.locate(tmp_path)] == ["2022", "2024"]
    assert source.missing_files(tmp_path) == []


def test_what_pull_saved_is_read_before_an_undated_file_and_after_a_newer_one(tmp_path):
    for folder in ("schools", "geometry"):
        (tmp_path / folder).mkdir()
    for name in (
        "schools/annuaire_ecoles_france.parquet",
        "schools/annuaire_ecoles_france_mini.parquet",
        "geometry/communes-1000m-2024.geojson.gz",
        "geometry/communes-1000m-2025.geojson.gz",
    ):
        (tmp_path / name).touch()
    read_last = [
        source_named(name).files[0].locate(tmp_path)[-1].name for name in ("schools", "contours")
    ]
    assert read_last == ["annuaire_ecoles_france.parquet", "communes-1000m-2025.geojson.gz"]


def test_asked_for_nothing_the_heavy_sources_are_left_out():
    assert source_named("rpps") not in sources_named([])
    assert sources_named(["rpps"]) == (source_named("rpps"),)
    assert len(sources_named([])) == len(SOURCES) - sum(s.on_request for s in SOURCES)


def test_an_unknown_name_is_told_with_those_that_exist():
    with pytest.raises(InputError, match=r"'apl'.*apl_workbook"):
        source_named("apl")
    with pytest.raises(InputError, match="no file 'x'"):
        file_of("cog", "x")
    assert file_of("cog", "cog/communes.csv").url.endswith("v_commune_2026.csv")


def test_a_badly_written_entry_is_refused():
    with pytest.raises(InputError, match="not a reader"):
        DataFile("a.csv", "module.function")
    with pytest.raises(InputError, match="no name to save"):
        DataFile("a-*.csv", "m:f", url="https://x/a")
    file = DataFile("a.csv", "m:f")
    with pytest.raises(InputError, match="has no file"):
        Source("a", "A", "B", "2026", (), required=True)
    with pytest.raises(InputError, match="say what it enables"):
        Source("a", "A", "B", "2026", (file,))


def test_a_department_has_one_road_extract_and_neighbours_share_it():
    (extract,) = road_sources(["64", "40", "2a"])[:1]
    assert extract.files[0].target == "travel/aquitaine-latest.osm.pbf"
    assert [s.files[0].target for s in road_sources(["64", "40", "2a"])] == [
        "travel/aquitaine-latest.osm.pbf",
        "travel/corse-latest.osm.pbf",
    ]
    with pytest.raises(InputError, match="988"):
        road_sources(["988"])
    with pytest.raises(InputError, match="Extrait inconnu"):
        road_extract("gascogne")


def test_every_department_of_the_main_regions_has_a_road_extract():
    codes = [f"{n:02d}" for n in range(1, 96) if n != 20] + ["2A", "2B"]
    codes += ["971", "972", "973", "974", "976"]
    assert len({source.files[0].target for source in road_sources(codes)}) == 27


def test_a_road_extract_is_known_by_its_first_block(tmp_path):
    check = road_extract("corse").files[0].load_check()
    good, bad = tmp_path / "good.osm.pbf", tmp_path / "bad.osm.pbf"
    good.write_bytes(bytes([0, 0, 0, 14, 10, 9]) + b"OSMHeader" + bytes(20))
    bad.write_bytes(b"<osm>" + bytes(60))
    check(good)
    with pytest.raises(InputError, match="Not an OpenStreetMap extract"):
        check(bad)


@pytest.mark.data
def test_a_real_extract_is_known_by_its_first_block(data_dir):
    road_extract("corse").files[0].load_check()(data_dir / "travel/monaco-latest.osm.pbf")


@pytest.mark.data
@pytest.mark.parametrize(("name", "file"), FILES, ids=lambda value: getattr(value, "path", value))
def test_each_real_file_is_read_by_its_reader(data_dir, name, file):
    found = file.locate(data_dir)
    if not found:
        assert not file.required or not source_named(name).verified
        return
    assert file.load_reader()(found[-1]) is not None
