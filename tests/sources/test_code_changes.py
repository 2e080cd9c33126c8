import csv

import numpy as np
import pytest

from maillage.core.errors import InputError
from maillage.sources.code_changes import CodeChanges
from maillage.sources.cog import arrondissements_of, read_communes
from maillage.sources.cog_movements import code_changes, former_names, read_movements
from maillage.sources.etalab_divisions import read_etalab_communes
from maillage.sources.names import text_array


def changes(*events):
    """Events as (date, phase, before, after)."""
    dates, phases, before, after = zip(*events, strict=True)
    return CodeChanges.from_events(effective_on=dates, phase=phases, before=before, after=after)


MERGE = changes(("2019-01-01", 2, "01001", "01001"), ("2019-01-01", 2, "01002", "01001"))
SPLIT = changes(("2024-01-01", 1, "85084", "85084"), ("2024-01-01", 1, "85084", "85165"))


def passage(history, old, new, from_year=2018, to_year=2026, **options):
    return history.passage(old, new, from_year=from_year, to_year=to_year, **options)


def test_merged_communes_add_up_and_average():
    merged = passage(MERGE, ["01001", "01002", "01004"], ["01001", "01004"])
    assert merged.kind.tolist() == ["merged", "merged", "same"]
    assert merged.sum_to(np.array([100.0, 300.0, 5.0])).tolist() == [400, 5]
    mean = merged.mean_to(np.array([1.0, 2.0, 7.0]), weights=np.array([100.0, 300.0, 5.0]))
    assert mean.tolist() == [1.75, 7]


def test_a_change_on_the_first_of_january_is_in_that_years_code():
    assert passage(MERGE, ["01002"], ["01001"], from_year=2018).new_codes_of("01002") == ("01001",)
    assert passage(MERGE, ["01002"], ["01001", "01002"], from_year=2019).new_codes_of("01002") == (
        "01002",
    )


def test_a_code_left_before_the_year_of_the_file_is_still_followed():
    stale = passage(MERGE, ["01002"], ["01001"], from_year=2022)
    assert stale.kind.tolist() == ["renumbered"]


def test_codes_of_mixed_years_are_followed_from_the_day_they_were_left():
    mixed = passage(MERGE, ["01001", "01002"], ["01001"], from_year=None)
    assert mixed.sum_to(np.array([1.0, 2.0])).tolist() == [3]


def test_the_parts_of_a_split_commune_inherit_rates_and_labels():
    split = passage(SPLIT, ["85084"], ["85084", "85165"])
    assert split.kind.tolist() == ["split"]
    assert split.mean_to(np.array([2.5]), weights=np.array([10.0])).tolist() == [2.5, 2.5]
    assert split.first_to(text_array(["ZIP"])).tolist() == ["ZIP", "ZIP"]


def test_a_count_that_splits_is_shared_by_people_or_unknown():
    split = passage(SPLIT, ["85084"], ["85084", "85165"])
    shared = split.sum_to(np.array([40.0]), new_weights=np.array([300.0, 100.0]))
    assert shared.tolist() == [30, 10]
    assert np.isnan(split.sum_to(np.array([40.0]))).all()
    assert np.isnan(split.sum_to(np.array([40.0]), new_weights=np.zeros(2))).all()


def test_changes_of_many_years_chain():
    history = changes(
        ("2016-01-01", 2, "A", "B"),
        ("2016-01-01", 2, "B", "B"),
        ("2019-01-01", 0, "B", "C"),
        ("2021-01-01", 1, "C", "C"),
        ("2021-01-01", 1, "C", "D"),
    )
    assert passage(history, ["A"], ["C", "D"], from_year=2013).new_codes_of("A") == ("C", "D")
    assert passage(history, ["A"], ["C"], from_year=2013, to_year=2020).new_codes_of("A") == ("C",)


def test_a_commune_may_take_a_code_and_merge_under_it_the_same_day():
    history = changes(
        ("2018-01-01", 0, "49144", "44225"),
        ("2018-01-01", 2, "44225", "44180"),
        ("2018-01-01", 2, "44180", "44180"),
    )
    assert passage(history, ["49144"], ["44180"], from_year=2017).new_codes_of("49144") == (
        "44180",
    )
    assert history.communes_at(2017, current={"44180"}, current_year=2026) == {"44180", "49144"}


def test_past_communes_are_found_from_the_code_of_any_year():
    assert SPLIT.communes_at(2020, current={"85084"}, current_year=2023) == {"85084"}
    assert SPLIT.communes_at(2020, current={"85084", "85165"}, current_year=2024) == {"85084"}


def test_a_commune_that_left_the_country_reaches_nothing():
    history = changes(("2007-02-23", 2, "97123", ""))
    left = passage(history, ["97123", "01004", "99999"], ["01004"], from_year=2006)
    assert left.kind.tolist() == ["gone", "same", "unknown"]
    assert left.unmatched() == ("97123", "99999")
    assert left.notes(what="Test") == ("Test: 2 rows reach no commune: 97123, 99999.",)


def test_a_commune_that_appears_has_no_source():
    history = changes(("2011-03-31", 1, "", "97601"))
    bare = passage(history, ["01004"], ["01004", "97601"], from_year=2010)
    assert bare.without_source() == ("97601",)
    assert np.isnan(bare.sum_to(np.array([3.0]))[1])
    assert bare.first_to(text_array(["x"])).tolist() == ["x", ""]
    assert "1 communes have no row" in bare.notes(what="Test")[0]


def test_figures_of_paris_pass_to_its_arrondissements_and_back():
    districts = {"75056": ("75101", "75102")}
    down = passage(MERGE, ["75056"], ["75101", "75102"], divided=districts)
    assert down.mean_to(np.array([3.0]), weights=np.array([1.0])).tolist() == [3, 3]
    whole = passage(MERGE, ["75056"], ["75056"], divided=districts)
    assert whole.kind.tolist() == ["same"]


def test_unknown_values_stay_unknown_in_sums_and_are_passed_over_in_means():
    merged = passage(MERGE, ["01001", "01002"], ["01001"])
    values, people = np.array([np.nan, 2.0]), np.array([100.0, 300.0])
    assert np.isnan(merged.sum_to(values)).all()
    assert merged.mean_to(values, weights=people).tolist() == [2]
    assert np.isnan(merged.mean_to(np.full(2, np.nan), weights=people)).all()


def test_where_nobody_lives_the_mean_is_plain():
    merged = passage(MERGE, ["01001", "01002"], ["01001"])
    assert merged.mean_to(np.array([1.0, 2.0]), weights=np.zeros(2)).tolist() == [1.5]


def test_of_two_labels_the_heaviest_or_the_bearer_of_the_code_wins():
    merged = passage(MERGE, ["01002", "01001"], ["01001"])
    labels = text_array(["second", "first"])
    assert merged.first_to(labels).tolist() == ["first"]
    assert merged.first_to(labels, weights=np.array([9.0, 1.0])).tolist() == ["second"]
    assert merged.first_to(text_array(["second", ""])).tolist() == ["second"]


def test_codes_cannot_be_brought_back_in_time():
    with pytest.raises(InputError, match="only forward in time"):
        passage(MERGE, ["01001"], ["01001"], from_year=2026, to_year=2022)


def test_values_of_another_length_are_refused():
    merged = passage(MERGE, ["01001", "01002"], ["01001"])
    with pytest.raises(InputError, match=r"values has shape \(1,\), expected \(2,\)"):
        merged.sum_to(np.array([1.0]))


HEADER = (
    "MOD,DATE_EFF,TYPECOM_AV,COM_AV,TNCC_AV,NCC_AV,NCCENR_AV,LIBELLE_AV,"
    "TYPECOM_AP,COM_AP,TNCC_AP,NCC_AP,NCCENR_AP,LIBELLE_AP\n"
)


def test_former_communes_and_new_names_move_nobody(tmp_path):
    path = tmp_path / "movements.csv"
    path.write_text(
        HEADER
        + "35,2025-01-01,COMD,02077,0,A,A,A,COM,02564,0,B,B,B\n"
        + "10,2025-01-01,COM,28274,0,M,M,M,COM,28274,0,N,N,N\n"
        + "32,2025-01-01,COM,01002,0,M,M,Ancienne,COM,01001,0,N,N,N\n"
    )
    movements = read_movements(path)
    history = code_changes(movements)
    assert [sorted(day.successors) for day in history.days] == [["01002"]]
    assert former_names(movements) == [("01002", "Ancienne"), ("28274", "M")]


def test_a_movement_without_a_date_is_refused(tmp_path):
    path = tmp_path / "movements.csv"
    path.write_text(HEADER + "32,01/01/2025,COM,01002,0,M,M,M,COM,01001,0,N,N,N\n")
    with pytest.raises(InputError, match="is not a date"):
        read_movements(path)


@pytest.fixture(scope="module")
def national(data_dir):
    communes = read_communes(data_dir / "cog/communes.csv")
    current = sorted(communes["commune_code"][communes["kind"] == "COM"].tolist())
    history = code_changes(read_movements(data_dir / "cog/mouvements-communes.csv"))
    return history, current, communes


# Number of communes on 1 January, as Insee publishes it with each official geographic code.
INSEE_COUNTS = {
    2016: 35885,
    2017: 35416,
    2018: 35357,
    2019: 34970,
    2020: 34968,
    2021: 34965,
    2022: 34955,
    2023: 34945,
    2024: 34935,
    2025: 34875,
    2026: 34875,
}


@pytest.mark.data
@pytest.mark.parametrize("year", INSEE_COUNTS)
def test_the_communes_of_each_past_year_are_found_again_by_number(national, year):
    history, current, _ = national
    communes = history.communes_at(year, current=current, current_year=2026)
    assert len(communes) == INSEE_COUNTS[year]


@pytest.mark.data
@pytest.mark.parametrize("year", [1950, 1975, 1990, 2008, 2016, 2022, 2024])
def test_every_commune_of_a_past_year_reaches_today_and_today_is_covered(national, year):
    history, current, _ = national
    old = sorted(history.communes_at(year, current=current, current_year=2026))
    reached = passage(history, old, current, from_year=year)
    assert set(reached.unmatched()) <= {"97123", "97127"}  # left Guadeloupe in 2007
    assert all(code.startswith("976") for code in reached.without_source())  # Mayotte, 2011


@pytest.mark.data
def test_arrondissements_receive_what_is_told_of_their_city(national):
    history, _, communes = national
    parts = arrondissements_of(communes)
    reached = passage(history, ["75056"], parts["75056"], from_year=2024, divided=parts)
    assert len(reached.new_codes_of("75056")) == 20


@pytest.mark.data
def test_insees_table_of_passage_agrees(data_dir, national):
    history, current, _ = national
    with (data_dir / "communes/odis_passage_annuel_2025.csv").open(encoding="utf-8-sig") as file:
        rows = [row for row in csv.DictReader(file, delimiter=";") if row["Niveau"] == "COM"]
    pairs = {(row["Ancien Code Officiel"], row["Code Courant Officiel"]) for row in rows}
    at_2025 = sorted(history.communes_at(2025, current=current, current_year=2026))
    old = sorted({before for before, _ in pairs})
    ours = passage(history, old, at_2025, from_year=None, to_year=2025)
    found = set(
        zip(
            ours.old_codes[ours.old_row].tolist(),
            ours.new_codes[ours.new_row].tolist(),
            strict=True,
        )
    )
    assert len(pairs) == 36759
    missing = {
        pair for pair in pairs - found if not pair[0].startswith(("975", "977", "978", "98"))
    }
    in_use = set(at_2025) | {"85030", "60455"}
    # What we do not say: the table also tells of a code still in use what split off it long ago.
    assert {before for before, _ in missing if before not in in_use} == {"52427"}
    assert len(missing) == 29
    assert found <= pairs


@pytest.mark.data
def test_etalabs_former_codes_agree(data_dir, national):
    history, current, _ = national
    etalab = read_etalab_communes(data_dir / "cog/decoupage-administratif-6.0.0/communes.json.gz")
    pairs = [
        (former, code)
        for code, kind, codes in zip(
            etalab["commune_code"], etalab["kind"], etalab["former_codes"], strict=True
        )
        if kind == "commune-actuelle"
        for former in codes.split()
    ]
    ours = passage(history, [former for former, _ in pairs], current, from_year=None)
    unlike = [
        (former, code, ours.new_codes_of(former))
        for former, code in pairs
        if ours.new_codes_of(former) != (code,)
    ]
    assert len(pairs) == 4240
    split_since = [case for case in unlike if len(case[2]) > 1 and case[1] in case[2]]
    lived_no_day = [case for case in unlike if not case[2]]
    assert len(unlike) == 84
    assert len(split_since) + len(lived_no_day) == 84
    assert {case[0] for case in lived_no_day} == {"44225", "50649"}
