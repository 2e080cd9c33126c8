"""Building the store: complete or absent, and only what is new."""

import errno
import json
import os
import shutil
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from maillage.core.errors import CancelledError, InputError
from maillage.sources.age_shares import read_age_shares
from maillage.sources.apl_workbook import read_apl_workbook
from maillage.sources.catalogue import SOURCES
from maillage.sources.catalogue.entry import NOT_USED_YET, PROOFS_ONLY
from maillage.studies import figures
from maillage.studies.figures import as_told
from maillage.studies.french import french_name
from maillage.studies.indicators import indicator
from maillage.studies.profile import profile
from maillage.studies.store import layout, open_store
from maillage.studies.store.build import STEPS, build

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
LATER = datetime(2026, 11, 22, 13, tzinfo=UTC)
LAST = datetime(2026, 11, 22, 14, tzinfo=UTC)


@pytest.fixture
def data(fictional_data_dir, tmp_path):
    """A copy of the fictional files that a test may damage."""
    return shutil.copytree(fictional_data_dir, tmp_path / "data")


@pytest.fixture
def store_dir(tmp_path):
    return tmp_path / "store"


def test_a_second_build_with_nothing_new_gives_the_same_version(data, store_dir):
    first = build(data, store_dir, now=NOON)
    second = build(data, store_dir, now=LATER)
    assert first.changed
    assert not second.changed
    assert second.path == first.path


def test_a_data_set_promises_a_feature_only_if_the_build_reads_it_and_a_page_shows_it():
    promised = {
        source.name for source in SOURCES if not {NOT_USED_YET, PROOFS_ONLY} & {*source.enables}
    }
    built_and_shown_nowhere = {"living_zones"}  # its poverty is a fact of the store, on no page
    assert promised == {name for step in STEPS for name in step.sources} - built_and_shown_nowhere


def test_only_the_steps_whose_files_changed_are_made_again(data, store_dir):
    first = build(data, store_dir, now=NOON)
    (data / "health_pros" / "medecin_traitant.csv").write_text(
        "territory_kind;territory_code;year;indicator;value;source\n"
        "department;20;2025;share_without_medecin_traitant;0.111;CPAM\n",
        encoding="utf-8",
    )
    second = build(data, store_dir, now=LATER)
    assert second.made == ("facts",)
    assert 0.111 in open_store(second.path).facts["value"].tolist()
    same = "units.parquet"
    assert os.stat(first.path / same).st_ino == os.stat(second.path / same).st_ino


def test_a_build_that_is_stopped_or_fails_leaves_the_last_version_in_use(data, store_dir):
    first = build(data, store_dir, now=NOON)
    (data / "cog" / "donnees_communes.csv").write_text("<html>404</html>", encoding="utf-8")
    with pytest.raises(InputError):
        build(data, store_dir, now=LATER)
    with pytest.raises(CancelledError):
        build(data, store_dir, now=LATER, should_stop=lambda: True)
    assert layout.complete_versions(store_dir) == [first.path]
    assert [child.name for child in layout.versions_dir(store_dir).iterdir()] == [first.version]


def test_a_cut_note_of_hashes_only_costs_reading_the_files_again(data, store_dir):
    first = build(data, store_dir, now=NOON)
    for text in ('{"a":', "[]"):
        (store_dir / "hashes.json").write_text(text, encoding="utf-8")
        assert build(data, store_dir, now=LATER).path == first.path


@pytest.mark.parametrize("damage", ["cut", "other format", "lost output"])
def test_a_version_that_cannot_be_used_is_built_again(data, store_dir, damage):
    first = build(data, store_dir, now=NOON)
    manifest = first.path / layout.MANIFEST
    text = manifest.read_text(encoding="utf-8")
    if damage == "lost output":
        (first.path / layout.UNITS).unlink()
    else:
        other = text.replace('"store_format": 1', '"store_format": 0')
        manifest.write_text(text[:200] if damage == "cut" else other, encoding="utf-8")
    again = build(data, store_dir, now=LATER)
    assert again.changed
    assert open_store(again.path).n_units == 300


def test_a_full_disk_is_told_in_words_and_leaves_the_last_version_in_use(
    data, store_dir, monkeypatch
):
    first = build(data, store_dir, now=NOON)
    (data / "health_pros" / "medecin_traitant.csv").unlink()

    def full(*args, **kwargs):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("maillage.studies.store.steps.facts.write_table", full)
    with pytest.raises(InputError, match=r"No space left on device.*stays in use"):
        build(data, store_dir, now=LATER)
    assert [child.name for child in layout.versions_dir(store_dir).iterdir()] == [first.version]


def test_a_place_where_no_store_can_be_is_told_in_words(data, tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(InputError, match="could not be built"):
        build(data, tmp_path / "file")


def test_two_builds_at_once_are_refused_and_the_first_goes_on(data, store_dir):
    refused = []

    def second(share, message):
        if not refused:
            with pytest.raises(InputError, match="Another build") as told:
                build(data, store_dir, now=LATER)
            refused.append(told)

    assert build(data, store_dir, now=NOON, on_progress=second).changed
    assert refused


def test_what_a_dead_build_left_behind_is_cleared(data, store_dir):
    left = layout.versions_dir(store_dir) / "building-1"
    left.mkdir(parents=True)
    (left / "units.parquet").write_bytes(b"half")
    build(data, store_dir, now=NOON)
    assert not left.exists()


@pytest.mark.parametrize(("oldest_is_read", "kept"), [(False, 2), (True, 3)])
def test_the_two_newest_versions_are_kept_and_one_that_is_read(
    data, store_dir, oldest_is_read, kept
):
    in_use = []
    for hour, when in enumerate((NOON, LATER, LAST)):
        (data / "health_pros" / "medecin_traitant.csv").write_text(
            "territory_kind;territory_code;year;indicator;value;source\n"
            f"department;20;2025;share_without_medecin_traitant;0.{hour + 1};CPAM\n",
            encoding="utf-8",
        )
        report = build(data, store_dir, now=when, in_use=in_use)
        in_use = in_use or [report.path] * oldest_is_read
    assert len(layout.complete_versions(store_dir)) == kept


def test_an_optional_file_that_cannot_be_read_switches_its_features_off_and_is_told(
    data, store_dir
):
    (data / "bpe" / "equip-serv-sante-com-2020.xlsx").write_bytes(b"not a workbook")
    report = build(data, store_dir, now=NOON)
    assert any("illisible" in note for note in report.manifest.notes)
    assert len(open_store(report.path).facilities("ambulance")) == 0


@pytest.mark.parametrize(
    "name",
    [
        "health_pros/cartosante_ze2020_densites_2024.csv",
        "health_pros/ze2020_codes_cartosante.csv",
        "bpe/DS_BPE_2024_data.csv",
        "travel/travel_times.csv",
    ],
)
def test_an_optional_file_that_is_a_web_page_never_stops_the_build(data, store_dir, name):
    (data / name).write_text("<!DOCTYPE html><html>404</html>", encoding="utf-8")
    notes = build(data, store_dir, now=NOON).manifest.notes
    assert any("illisible" in note and "web page" in note for note in notes)


def test_a_file_that_stops_the_build_is_named_in_french_with_what_to_do(data, store_dir):
    path = data / "cog" / "donnees_communes.csv"
    path.write_text("<!DOCTYPE html><html>404</html>", encoding="utf-8")
    with pytest.raises(InputError) as stopped:
        build(data, store_dir, now=NOON)
    assert "donnees_communes.csv" in stopped.value.french
    assert "ne se lit pas comme attendu" in stopped.value.french
    assert "maillage data pull" in stopped.value.french


def test_a_list_of_populations_cut_between_two_lines_is_refused(data, store_dir):
    path = data / "cog" / "donnees_communes.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[:200]), encoding="utf-8")
    with pytest.raises(InputError, match="have no legal population"):
        build(data, store_dir, now=NOON)
    assert layout.newest_version(store_dir) is None


def test_an_apl_without_many_of_the_communes_is_refused(data, store_dir, monkeypatch):
    monkeypatch.setattr("maillage.studies.store.steps.figures._MOST_WITHOUT_APL", -1)
    with pytest.raises(InputError, match="has no row for"):
        build(data, store_dir, now=NOON)


def test_missing_files_are_told_with_what_they_switch_off(data, store_dir):
    (data / "schools" / "annuaire_ecoles_france_mini.parquet").unlink()
    (data / "geometry" / "communes-1000m-2022.geojson.gz").unlink()
    shutil.rmtree(data / "travel")
    report = build(data, store_dir, now=NOON)
    missing = {record.name: record.enables for record in report.manifest.missing}
    assert missing["schools"]
    store = open_store(report.path)
    assert store.catchment.weight.size > 0
    assert np.isnan(store.indicator("population_density")).all()


def test_the_rates_of_communes_that_merged_since_are_weighed_by_their_people(
    fictional_data_dir, fictional_store
):
    merged = ("20065", "20212")  # one commune since 2025: the file of ages still has both
    ages = read_age_shares(
        fictional_data_dir / "demand" / "insee_statloc_parts_age_communes_2020.xlsx"
    )
    apl = read_apl_workbook(
        fictional_data_dir / "apl" / "apl_generalistes_2022_2023_drees.xlsx"
    ).years[2022]
    share = dict(zip(ages["code"].tolist(), ages["share_65_plus_pct"].tolist(), strict=True))
    people = dict(zip(apl["commune_code"].tolist(), apl["population"].tolist(), strict=True))
    expected = sum(share[code] * people[code] for code in merged) / sum(
        people[code] for code in merged
    )
    found = fictional_store.indicator("share_65_plus")[fictional_store.row_of["20212"]]
    assert found * 100 == pytest.approx(expected)
    assert abs(share["20065"] - share["20212"]) > 0.1


def test_gps_by_commune_give_a_density_everywhere_and_add_up_to_the_department(fictional_store):
    item = indicator("gp_per_10000")
    everyone = fictional_store.rows("department", "20")
    fact = fictional_store.facts.where(fictional_store.facts["indicator"] == "gp_count")
    assert np.isfinite(figures.unit_values(fictional_store, item)).all()
    assert figures.value(fictional_store, item, everyone) == pytest.approx(
        1e4 * fact["value"][0] / np.nansum(fictional_store.units["population"])
    )


def test_a_newer_count_of_a_kind_of_facility_replaces_that_of_the_workbook(data, store_dir):
    path = data / "bpe" / "DS_BPE_2024_data.csv"
    row = '"{}";"COM";"D";"D3";"D303";"FACILITIES";"2024";"{}"\n'
    with path.open("a", encoding="utf-8") as file:
        file.write(row.format("20001", 4) + row.format("20065", 3))
    (data / "finess" / "finess_etablissements_fictif.csv").unlink()
    report = build(data, store_dir, now=NOON)
    counts = open_store(report.path).facility_counts
    assert counts["ambulance"].sum() == 7
    assert counts["ambulance"][open_store(report.path).row_of["20212"]] == 3  # 20065 merged into it
    assert counts["pharmacy"].sum() > 0
    assert report.manifest.years["time_pharmacy_min"] == "2020 (équipements)"


def test_without_gps_by_commune_their_density_is_told_of_whole_departments_only(data, store_dir):
    (data / "bpe" / "DS_BPE_2024_data.csv").unlink()
    store = open_store(build(data, store_dir, now=NOON).path)
    item = indicator("gp_per_10000")
    assert np.isnan(figures.unit_values(store, item)).all()
    assert np.isnan(figures.values_by_territory(store, item, "epci")).all()
    assert np.isnan(figures.value(store, item, np.arange(5)))
    whole = figures.values_by_territory(store, item, "department")
    assert 3 < whole[0] < 20
    assert figures.value(store, item, store.rows("nation", "FR")) == pytest.approx(whole[0])
    told = {one.indicator_id for one in profile(store, "department", "20").findings}
    assert "gp_per_10000" in told
    epci = str(store.membership("epci").codes[0])
    assert "gp_per_10000" not in {one.indicator_id for one in profile(store, "epci", epci).findings}


def test_a_newer_file_gives_its_own_year_to_what_is_said(data, store_dir):
    ages = data / "demand" / "insee_statloc_parts_age_communes_2020.xlsx"
    ages.rename(ages.with_name("insee_statloc_parts_age_communes_2021.xlsx"))
    store = open_store(build(data, store_dir, now=NOON).path)
    found = {one.indicator_id: one.year for one in profile(store, "department", "20").findings}
    assert found["share_65_plus"] == "2021"
    assert found["apl_gp"] == "2023"
    assert found["apl_gp_change"] == "2022–2023"
    assert found["time_maternity_min"] == "2023 (équipements)"
    assert found["time_emergency_min"] == "2020 (équipements)"
    previous = as_told(store, replace(indicator("apl_gp_previous"), year="1999"))
    assert "En 2022" in previous.sentence(french_name("commune", "1", "Pau"), 3.0)


def test_each_file_is_brought_from_the_year_that_its_own_codes_tell(fictional_store):
    notes = {source.name: source.notes for source in fictional_store.manifest.sources}
    assert "Rows of zrr: told in the communes of 2021." in notes["zrr"]
    assert "APL 2022: told in the communes of 2023." in notes["apl_workbook"]


def test_the_extracts_of_finess_add_up_and_what_pull_saved_has_the_last_word(data, store_dir):
    extract = data / "finess" / "finess_etablissements_fictif.csv"
    first, *lines = extract.read_text(encoding="utf-8").splitlines(keepends=True)
    national = data / "finess" / "finess_etablissements_france.csv"
    national.write_text(first + "".join(lines[: len(lines) // 2]), encoding="utf-8")
    whole = build(data, store_dir, now=NOON)
    names = open_store(whole.path).facilities("pharmacy")["facility_id"].tolist()
    assert len(names) == len(set(names))
    national.unlink()
    again = open_store(build(data, store_dir, now=LATER).path).facilities("pharmacy")
    assert sorted(again["facility_id"].tolist()) == sorted(names)


def test_a_stray_pharmacy_of_finess_does_not_hide_those_that_the_bpe_counts(data, store_dir):
    extract = data / "finess" / "finess_etablissements_fictif.csv"
    first, *lines = extract.read_text(encoding="utf-8").splitlines(keepends=True)
    pharmacy = next(line for line in lines if ";620;" in line)
    before = open_store(build(data, store_dir, now=NOON).path).facility_counts["pharmacy"].sum()
    extract.write_text(first + pharmacy, encoding="utf-8")
    after = open_store(build(data, store_dir, now=LATER).path).facility_counts["pharmacy"].sum()
    assert after > 0.8 * before


def test_a_folder_without_the_geographic_code_is_refused(tmp_path, store_dir):
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match=r"cog/communes\.csv"):
        build(tmp_path / "empty", store_dir)
    with pytest.raises(InputError, match="MAILLAGE_DATA_DIR"):
        build(tmp_path / "absent", store_dir)


def test_progress_rises_and_is_told_in_french(data, store_dir):
    told = []
    build(
        data, store_dir, now=NOON, on_progress=lambda share, message: told.append((share, message))
    )
    shares = [share for share, _ in told]
    assert shares == sorted(shares)
    assert len(told) == len(STEPS) + 1
    assert told[-1] == (1.0, "Terminé")


def test_the_manifest_can_be_read_back_and_says_what_each_file_was(fictional_store):
    manifest = layout.read_manifest(fictional_store.path)
    assert layout.manifest_from_json(manifest.to_json()) == manifest
    populations = next(source for source in manifest.sources if source.name == "populations")
    assert populations.rows == 300
    assert all(len(digest) == 64 for digest in populations.files.values())
    raw = json.loads(manifest.to_json()) | {"store_format": 0}
    with pytest.raises(InputError, match="format 0"):
        layout.manifest_from_json(json.dumps(raw))


def test_the_island_without_road_has_no_minutes_to_the_mainland(fictional_store):
    minutes = fictional_store.indicator("time_emergency_min")
    assert np.isnan(minutes).sum() == 1
    assert fictional_store.units["epci_code"][np.isnan(minutes)].tolist() == [""]


def test_standardised_people_reach_the_catchment_of_their_own_commune(fictional_store):
    catchment = fictional_store.catchment
    assert catchment.n_places == catchment.n_sites == fictional_store.n_units
    assert (np.asarray(catchment.by_place.diagonal()) == 1.0).all()


@pytest.mark.data
def test_the_national_store_gives_the_published_figures(national_store):
    everyone = national_store.rows("nation", "FR")
    assert national_store.n_units == 34_917
    assert figures.value(national_store, indicator("apl_gp"), everyone) == pytest.approx(
        3.745, abs=0.001
    )
    assert figures.value(national_store, indicator("apl_gp_previous"), everyone) == pytest.approx(
        3.789, abs=0.001
    )
    below = figures.people_beyond_threshold(national_store, indicator("apl_gp"), everyone)
    assert below.share == pytest.approx(0.166, abs=0.001)
    assert national_store.facility_counts["emergency"].sum() == 698
    postal = national_store.postal_codes
    assert postal["postal_code"][postal["commune_code"] == "69383"].tolist() == ["69003"]
    assert postal["postal_code"][postal["commune_code"] == "75101"].tolist() == ["75001"]
    assert len(national_store.rows("commune", "75056")) == 20
    assert national_store.rows_of_codes(["01015"]).size == 1  # Arbignieu, merged in 2016
