"""The files are those of the data folder, read by the readers of the real ones."""

import hashlib
import time

import numpy as np
import pytest
import shapely

from maillage.core.codes import luhn_holds
from maillage.sources.catalogue import SOURCES
from maillage.sources.cog import read_communes
from maillage.sources.cog_movements import code_changes, read_movements
from maillage.sources.contours import read_commune_contours
from maillage.sources.epci import read_epci
from maillage.sources.fictional import write_department
from maillage.sources.fictional.care_files import lambert93
from maillage.sources.fictional.place_files import contours
from maillage.sources.fictional.toponyms import RIVERS, capitals, possible_names
from maillage.sources.lambert93 import to_lon_lat
from maillage.sources.populations import read_legal_populations
from maillage.sources.rpps import read_rpps
from maillage.sources.travel_times import read_travel_times
from maillage.sources.zonage_gp import join_zonage_gp, read_zonage_gp

# Files that only real France has, or that only serve to check real ones.
NOT_WRITTEN = {
    "arrondissements-municipaux",
    "collectivites-outremer",
    "communes_occitanie_distance_urgences",
    "decoupage-administratif",
    "donnees_communes_mayotte",
    "ept.xlsx",
    "france-geojson-2018",
    "gironde",
    "apl_infirmieres",
    "apl_chirurgiens_dentistes",
    "apl_sages_femmes",
    "apl_masseurs_kinesitherapeutes",
    "finess_materiels_lourds",
    "osm.pbf",
    "Melodi",
    "DS_RP",
    "odis_passage",
    "rpps_2017",
    "finess33",
}
FILES = [(source.name, file) for source in SOURCES for file in source.files]


def _written(file):
    return not any(word in file.path for word in NOT_WRITTEN)


@pytest.mark.parametrize(
    ("name", "file"), [(n, f) for n, f in FILES if _written(f)], ids=lambda v: getattr(v, "path", v)
)
def test_the_reader_of_the_real_file_reads_it(folder, name, file):
    paths = file.locate(folder)
    assert paths, f"{name}: the department has no {file.path}"
    for path in paths:
        assert len(file.load_reader()(path)) > 0


def _hashes(folder):
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_one_seed_gives_the_same_bytes_twice_and_another_seed_others(tmp_path):
    for name, seed in (("one", 5), ("two", 5), ("other", 6)):
        write_department(tmp_path / name, seed=seed, n_communes=60)
    one, two, other = (_hashes(tmp_path / name) for name in ("one", "two", "other"))
    assert one == two
    assert one.keys() == other.keys()
    # Names of levels and aids apart, nothing stays the same.
    assert sum(one[name] == other[name] for name in one) <= 3


def test_three_hundred_communes_are_written_in_less_than_ten_seconds(tmp_path):
    start = time.process_time()
    summary = write_department(tmp_path / "timed", seed=1)
    assert time.process_time() - start < 10
    assert summary.communes == 300


def test_the_summary_counts_what_the_files_hold(folder, summary):
    populations = read_legal_populations(folder / "cog/donnees_communes.csv")
    assert len(populations) == summary.communes
    assert populations["population_municipal"].sum() == summary.people
    assert set(summary.files) == set(_hashes(folder))
    assert "fictif" in (folder / "README.md").read_text(encoding="utf-8")
    assert "fictif" in summary.department_name


def test_three_hundred_communes_with_delegated_ones_and_unique_names(folder):
    table = read_communes(folder / "cog/communes.csv")
    kinds = table["kind"].tolist()
    assert kinds.count("COM") == 300
    assert kinds.count("COMD") == 11  # four mergers of two and one of three
    names = [n for n, kind in zip(table["name"].tolist(), kinds, strict=True) if kind == "COM"]
    assert len({capitals(name) for name in names}) == 300
    assert all(code.startswith("20") for code in table["commune_code"].tolist())


def test_codes_of_every_year_lead_to_the_communes_of_2026(department, folder):
    changes = code_changes(read_movements(folder / "cog/mouvements-communes.csv"))
    people = department.settlement.in_year(2021).astype(float)
    new = department.vintage(2026)
    expected = new.totals(people)
    for year in (2019, 2021, 2022, 2023, 2024, 2025):
        old = department.vintage(year)
        passage = changes.passage(old.codes, new.codes, from_year=year, to_year=2026)
        assert passage.unmatched() == ()
        assert passage.without_source() == ()
        assert passage.sum_to(old.totals(people), new_weights=expected) == pytest.approx(expected)


def test_contours_of_2022_read_back_as_the_communes_of_2022(department, folder):
    table = read_commune_contours(folder / "geometry/communes-1000m-2022.geojson.gz")
    vintage = department.vintage(2022)
    assert table["commune_code"].tolist() == list(vintage.codes)
    read = shapely.from_wkb(table["wkb_hex"])
    drawn = contours(department, vintage)
    assert shapely.area(read) == pytest.approx(shapely.area(drawn))
    assert shapely.coverage_is_valid(read)


def test_each_commune_but_the_island_has_an_epci(folder, summary):
    epci = read_epci(folder / "cog/epcicom.xlsx")
    codes = read_legal_populations(folder / "cog/donnees_communes.csv")["commune_code"]
    assert set(codes) - set(epci["commune_code"]) == {summary.island_code}
    assert not any(luhn_holds(code) for code in set(epci["epci_code"]))  # names no real body


def test_the_zoning_of_doctors_joins_every_commune_by_postal_code_and_name(department, folder):
    vintage = department.vintage(2025)
    lines = (folder / "communes/laposte_insee-coordonnees-communes.csv").read_text().splitlines()
    cells = [line.replace('"', "").split(",") for line in lines[1:]]
    joined = join_zonage_gp(
        read_zonage_gp(folder / "zonages/zonmed_communes.csv"),
        communes=vintage.codes,
        names=zip(vintage.codes, vintage.names, strict=True),
        postal_codes=[(cell[0], cell[2]) for cell in cells],
    )
    assert joined.communes_left == ()
    assert joined.lines_left == ()
    assert joined.contradictory == ()


def test_zones_of_priority_have_the_worst_access(department, folder):
    table = read_zonage_gp(folder / "zonages/zonmed_communes.csv")
    problem = department.apl_problem(2023)
    of_code = dict(zip(department.vintage(2024).codes, problem.access(problem.acts), strict=True))
    of_zone = {
        zone: np.mean(
            [
                of_code[code]
                for code, z in zip(department.vintage(2025).codes, table["zoning"], strict=True)
                if z == zone and code in of_code
            ]
        )
        for zone in ("ZIP", "ZAC", "HZ")
    }
    assert of_zone["ZIP"] < of_zone["ZAC"] < of_zone["HZ"]


def test_true_duplicates_of_rpps_count_once_and_people_are_those_of_the_department(
    department, folder
):
    path = folder / "health_pros/PS_LibreAcces_Personne_activite.txt"
    lines = path.read_text(encoding="utf-8").splitlines()
    assert len(lines) - len(set(lines)) == 12
    assert {line.count("|") for line in lines} == {55}
    table = read_rpps(path)
    gps = (table["specialty_code"] == "SM54") & (table["exercise_mode_code"] == "L")
    alone = department.gps.present(2026)
    salaried = department.gps.salaried[alone].sum()
    assert table["persons"][gps].sum() == alone.size - salaried
    assert all(luhn_holds(line.split("|")[1]) for line in lines[1:])
    assert all(line.split("|")[1].startswith("99") for line in lines[1:])


def test_travel_times_stop_at_an_hour_and_leave_the_island_alone(department, folder, summary):
    table = read_travel_times(folder / "travel/travel_times.csv")
    assert table.travel_time_min.max() <= 60
    island = list(table.codes).index(summary.island_code)
    from_island = table.origin == island
    assert table.destination[from_island].tolist() == [island]
    vintage = department.vintage(2026)
    assert list(table.codes) == list(vintage.codes)
    minutes = department.minutes[np.ix_(vintage.seat, vintage.seat)]
    assert table.travel_time_min == pytest.approx(minutes[table.origin, table.destination])


def test_lambert_93_is_undone_by_the_reader():
    lon, lat = to_lon_lat(*(np.array([value]) for value in lambert93(-6.1, 46.2)))
    assert (lon[0], lat[0]) == pytest.approx((-6.1, 46.2), abs=1e-9)


@pytest.mark.data
def test_no_name_is_that_of_a_real_commune_of_today_or_of_yesterday(data_dir):
    now = read_communes(data_dir / "cog/communes.csv")["name"].tolist()
    movements = (data_dir / "cog/mouvements-communes.csv").read_text(encoding="utf-8")
    before = {
        cell
        for line in movements.splitlines()
        for cell in (line.split(",")[7], line.split(",")[-1])
    }
    real = {capitals(name) for name in {*now, *before}}
    assert not {capitals(name) for name in possible_names()} & real
    assert not [name for name in real if any(capitals(river) in name.split() for river in RIVERS)]
