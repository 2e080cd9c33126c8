from pathlib import Path

import pytest

from maillage.core.errors import InputError
from maillage.sources.medecin_traitant import INDICATORS, read_medecin_traitant

HEADER = "territory_kind;territory_code;year;indicator;value;source"
GOOD = "department;64;2024;share_without_medecin_traitant;0.12;Cnam, 4e trimestre 2024"


def written(folder, *lines):
    path = folder / "medecin_traitant.csv"
    path.write_text("\n".join([HEADER, *lines, ""]), encoding="utf-8")
    return path


def test_a_share_and_a_count_are_read_with_their_source(tmp_path):
    path = written(
        tmp_path, GOOD, "epci;246400337;2024;patients_without_medecin_traitant;1520;CPAM de Pau"
    )
    share, count = read_medecin_traitant(path).rows()
    assert (share["territory_code"], share["value"]) == ("64", 0.12)
    assert (count["territory_kind"], count["value"]) == ("epci", 1520)
    assert count["source"] == "CPAM de Pau"


@pytest.mark.parametrize(
    ("kind", "code"), [("commune", "2A004"), ("region", "75"), ("nation", "FR")]
)
def test_every_kind_of_territory_has_its_code(tmp_path, kind, code):
    line = GOOD.replace("department;64", f"{kind};{code}")
    assert read_medecin_traitant(written(tmp_path, line))["territory_code"].tolist() == [code]


def test_an_empty_value_is_unknown(tmp_path):
    table = read_medecin_traitant(written(tmp_path, GOOD.replace("0.12", "")))
    assert str(table["value"].tolist()) == "[nan]"


@pytest.mark.parametrize("count", ["1", "10"])
def test_a_count_of_few_patients_is_refused_and_not_repeated(tmp_path, count):
    line = f"commune;01004;2024;patients_without_medecin_traitant;{count};CPAM"
    with pytest.raises(InputError, match="line 2: a count of fewer than eleven") as caught:
        read_medecin_traitant(written(tmp_path, line))
    assert f" {count} " not in str(caught.value)


@pytest.mark.parametrize("count", ["0", "11"])
def test_none_and_eleven_may_be_handed_in(tmp_path, count):
    line = f"commune;01004;2024;patients_without_medecin_traitant;{count};CPAM"
    assert read_medecin_traitant(written(tmp_path, line))["value"].tolist() == [float(count)]


@pytest.mark.parametrize(
    ("found", "changed", "message"),
    [
        ("0.12", "12", "line 2: share 12.0; expected 0 to 1"),
        ("0.12", "-0.1", "expected 0 to 1"),
        ("0.12", "0,12", "is not a number"),
        ("share_without", "part_sans", "indicator 'part_sans_medecin_traitant'"),
        ("department", "canton", "territory_kind 'canton'"),
        (";64;", ";640;", "line 2: '640' is not a department"),
        ("department;64", "nation;France", "not the code of the nation"),
        ("2024;", "24;", "year 24"),
        ("Cnam, 4e trimestre 2024", "", "empty, expected text"),
        (
            "share_without_medecin_traitant;0.12",
            "patients_without_medecin_traitant;20.5",
            "not a number of people",
        ),
    ],
)
def test_a_line_that_makes_no_sense_is_refused_with_a_reason(tmp_path, found, changed, message):
    with pytest.raises(InputError, match=message):
        read_medecin_traitant(written(tmp_path, GOOD.replace(found, changed)))


def test_a_figure_given_twice_is_refused(tmp_path):
    with pytest.raises(InputError, match="a second time"):
        read_medecin_traitant(written(tmp_path, GOOD, GOOD))


def test_the_documentation_names_every_indicator():
    page = Path(__file__).parents[2] / "docs/methods/sources-sante.md"
    text = page.read_text(encoding="utf-8")
    assert [name for name in INDICATORS if f"`{name}`" not in text] == []
