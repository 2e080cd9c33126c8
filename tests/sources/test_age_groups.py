import numpy as np
import pytest

from maillage.core.errors import InputError
from maillage.sources.age_groups import (
    AgeGroup,
    finest_partition,
    groups_of,
    people_aged,
    read_age_groups,
)

BROAD = ["0014", "1529", "3044", "4559", "6074", "7589", "90P"]
COARSE = ["0019", "2064", "65P"]


@pytest.fixture
def written(tmp_path):
    def write(content):
        path = tmp_path / "ages.csv"
        path.write_text(content, encoding="utf-8")
        return path

    return write


def wide(year="22", families=(BROAD, COARSE)):
    names = [f"P{year}_{sex}{group}" for sex in "HF" for family in families for group in family]
    return ";".join(["CODGEO", "LIBGEO", f"P{year}_POP", *names])


def test_of_overlapping_families_the_finest_is_kept_and_counts_each_once(written):
    people = [str(rank + 0.5) for rank in range(20)]
    table = read_age_groups(written(f"{wide()}\n01001;A;400;{';'.join(people)}\n"))
    assert [group.label for group in groups_of(table)] == [
        "0_14", "15_29", "30_44", "45_59", "60_74", "75_89", "90_plus",
    ]  # fmt: skip
    assert table["men_75_89"].tolist() == [5.5]
    assert table["women_0_14"].tolist() == [10.5]
    assert people_aged(table, first=75).tolist() == [5.5 + 6.5 + 15.5 + 16.5]
    assert table.notes == ("Census of 2022, 7 age groups.",)


def test_the_latest_census_of_the_file_is_read(written):
    header = wide("22", [["00P"]]) + ";P11_H00P;P11_F00P"
    table = read_age_groups(written(f"{header}\n01001;A;9;4;5;1;2\n"))
    assert people_aged(table, first=0).tolist() == [9]


def test_ages_that_cut_a_group_cannot_be_counted(written):
    table = read_age_groups(written(f"{wide()}\n01001;A;400;{';'.join(['1'] * 20)}\n"))
    with pytest.raises(InputError, match="Ages 80 to 120 cannot be made"):
        people_aged(table, first=80)


def test_the_long_file_is_turned_by_commune_and_its_latest_year_kept(written):
    lines = [
        '"GEO";"GEO_OBJECT";"RP_MEASURE";"SEX";"AGE";"TIME_PERIOD";"OBS_VALUE"',
        '"01001";"COM";"POP";"M";"Y_LT15";"2022";"10.5"',
        '"01001";"COM";"POP";"F";"Y_LT15";"2022";"11"',
        '"01001";"COM";"POP";"M";"Y15T64";"2022";"13"',
        '"01001";"COM";"POP";"F";"Y15T64";"2022";"21"',
        '"01001";"COM";"POP";"F";"Y_GE65";"2022";"0"',
        '"01001";"COM";"POP";"M";"Y_GE65";"2022";"7"',
        '"01001";"COM";"POP";"_T";"Y_LT15";"2022";"21.5"',
        '"01001";"COM";"POP";"M";"_T";"2022";"30.5"',
        '"01001";"COM";"POP";"M";"Y_LT15";"2016";"99"',
        '"01";"DEP";"POP";"M";"Y_LT15";"2022";"5000"',
    ]
    table = read_age_groups(written("\n".join(lines) + "\n"))
    assert table["commune_code"].tolist() == ["01001"]
    assert table["men_0_14"].tolist() == [10.5]
    assert table["women_15_64"].tolist() == [21]
    np.testing.assert_allclose(people_aged(table, first=0), 62.5)


def test_groups_that_leave_a_gap_are_refused(written):
    with pytest.raises(InputError, match="leave a gap"):
        finest_partition({AgeGroup(0, 14), AgeGroup(30, 120)}, file="ages.csv")


def test_a_file_without_sex_and_age_is_refused(written):
    with pytest.raises(InputError, match="no column of people by age and sex"):
        read_age_groups(written("CODGEO;P22_POP\n01001;12\n"))
