import pytest

from maillage.core.errors import InputError
from maillage.sources.apl_workbook import read_apl, read_apl_workbook
from tests.sources.apl_workbooks import (
    FTE_UNIT,
    GP_HEADER,
    GP_ROWS,
    PARAMETERS,
    sheet_rows,
    write,
)

GP_FILE = "apl/apl_generalistes_2022_2023_drees.xlsx"


@pytest.fixture(scope="module")
def drees(data_dir):
    return read_apl_workbook(data_dir / GP_FILE)


@pytest.mark.data
def test_the_gp_workbook_of_drees_holds_its_communes(drees):
    assert {year: len(table) for year, table in drees.years.items()} == {2022: 34964, 2023: 34954}
    assert (drees.profession, drees.unit) == ("gp", "acts/year/inhabitant")


@pytest.mark.data
def test_standardisation_conserves_the_population_of_the_nation(drees):
    apl = drees.years[2023]
    assert apl["population"].sum() == 67_408_052
    assert round(apl["standardised_population"].sum()) == 67_408_052


@pytest.mark.data
@pytest.mark.parametrize(
    ("year", "mean", "zeros", "below"), [(2022, 3.789, 510, 14.9), (2023, 3.745, 517, 16.6)]
)
def test_the_mean_apl_is_the_one_drees_publishes(drees, year, mean, zeros, below):
    apl = drees.years[year]
    weight = apl["standardised_population"]
    assert (apl["apl"] * weight).sum() / weight.sum() == pytest.approx(mean, abs=5e-4)
    assert (apl["apl"] == 0).sum() == zeros
    people = apl["population"]
    assert 100 * people[apl["apl"] < 2.5].sum() / people.sum() == pytest.approx(below, abs=0.05)


@pytest.mark.data
def test_the_apl_of_younger_doctors_never_exceeds_that_of_all(drees):
    for apl in drees.years.values():
        assert (apl["apl_65"] <= apl["apl"]).all()


@pytest.mark.data
def test_the_parameters_of_drees_are_read(drees):
    parameters = drees.parameters
    bounds = parameters.activity
    assert (bounds.ignored_below, bounds.floor, bounds.newcomer, bounds.ceiling) == (
        250,
        3600,
        5400,
        6000,
    )
    assert parameters.decay_min == (10, 15, 20)
    assert parameters.decay_weights == pytest.approx((1, 2 / 3, 1 / 3, 0))
    assert parameters.age_from == tuple(range(0, 95, 5))
    assert parameters.age_weights[2023][0] == 1.12
    assert parameters.age_weights[2022][-1] == 2.39


def test_a_sheet_is_read_under_its_notes_and_its_units(tmp_path):
    path = write(tmp_path / "apl.xlsx", {"APL 2023": sheet_rows()})
    apl = read_apl(path)
    assert apl["commune_code"].tolist() == ["01001", "75101"]
    assert apl["apl"].tolist() == [1.942, 4.0]
    assert apl["apl_65"].tolist() == [1.881, 3.5]
    assert str(apl["apl_62"].tolist()) == "[nan, nan]"


def test_the_newer_headers_mean_the_same(tmp_path):
    header = (
        "Code commune INSEE ",
        "Commune ",
        "APL aux médecins généralistes ",
        "APL aux médecins généralistes de 65 ans ou moins ",
        "APL aux médecins généralistes de 62 ans et moins",
        "APL aux médecins généralistes de 60 ans ou moins",
        "Population standardisée 2022 pour la médecine générale",
        "Population totale 2022",
    )
    rows = [("01001", "Ici", 3, 2.5, 2, 1.5, 10, 11)]
    path = write(tmp_path / "apl.xlsx", {"APL_2024": sheet_rows(header, rows)})
    workbook = read_apl_workbook(path)
    [row] = workbook.years[2024].rows()
    assert [row[f"apl{age}"] for age in ("", "_65", "_62", "_60")] == [3, 2.5, 2, 1.5]


@pytest.mark.parametrize(
    ("words", "population", "profession"),
    [
        ("infirmières", "Population standardisée 2021 pour les infirmières", "nurse"),
        ("infirmiers", "Population standardisée par la consommation de soins", "nurse"),
        ("masseuses-kinésithérapeutes", "Population standardisée 2021", "physiotherapist"),
        ("kinésithérapeutes", "Population standardisée 2021", "physiotherapist"),
        (
            "sages-femmes",
            "Population féminine standardisée 2022 pour les sages-femmes",
            "midwife",
        ),
        ("chirurgiens-dentistes", "Population standardisée 2021", "dentist"),
    ],
)
def test_every_profession_is_recognised_by_its_header(tmp_path, words, population, profession):
    header = (*GP_HEADER[:2], f"APL aux {words}", population, "Population totale 2021")
    rows = [("01001", "Ici", 92.5, 10, 11)]
    path = write(tmp_path / "apl.xlsx", {"APL 2023": sheet_rows(header, rows, unit=FTE_UNIT)})
    workbook = read_apl_workbook(path)
    assert (workbook.profession, workbook.unit) == (profession, "FTE per 100,000 inhabitants")
    assert workbook.years[2023]["apl"].tolist() == [92.5]


def test_an_apl_published_with_an_age_limit_only_is_taken_and_told(tmp_path):
    header = (
        *GP_HEADER[:2],
        "APL 2021 aux infirmières de 65 ans et moins",
        "Population standardisée 2019",
        "Population totale 2019",
    )
    rows = [("01001", "Ici", 80, 10, 11)]
    path = write(tmp_path / "a.xlsx", {"APL 2021": sheet_rows(header, rows, unit=FTE_UNIT)})
    apl = read_apl(path)
    assert apl["apl"].tolist() == apl["apl_65"].tolist() == [80]
    assert "no APL without age limit" in apl.notes[0]


def test_notes_under_the_data_and_empty_rows_are_left_out(tmp_path):
    rows = [*GP_ROWS, ["", ""], ["Sources : SNIIR-AM, Insee"], ["Champ : France hors Mayotte"]]
    path = write(tmp_path / "apl.xlsx", {"APL 2023": sheet_rows(rows=rows)})
    apl = read_apl(path)
    assert len(apl) == 2
    assert apl.notes == ("2 lines of notes under the data: left out.",)


def test_a_lost_leading_zero_is_put_back_and_told(tmp_path):
    rows = [(1001, "Ici", 1, 1, 1, 1)]
    apl = read_apl(write(tmp_path / "a.xlsx", {"APL 2023": sheet_rows(rows=rows)}))
    assert apl["commune_code"].tolist() == ["01001"]
    assert "leading zero" in apl.notes[0]


def test_a_commune_without_apl_is_unknown_never_zero(tmp_path):
    rows = [("97601", "Acoua", "N/A - résultat non disponible", "", 10, 10)]
    apl = read_apl(write(tmp_path / "a.xlsx", {"APL 2023": sheet_rows(rows=rows)}))
    assert str(apl["apl"].tolist()) == "[nan]"
    assert apl.notes == ("1 communes without APL.",)


def test_the_year_comes_from_the_vintage_when_the_sheet_does_not_say_it(tmp_path):
    path = write(tmp_path / "a.xlsx", {"Données": sheet_rows(vintage="Millésime : 2024")})
    assert list(read_apl_workbook(path).years) == [2024]


def test_two_years_of_one_workbook_are_told_apart(tmp_path):
    path = write(tmp_path / "a.xlsx", {"APL 2022": sheet_rows(), "APL 2023": sheet_rows()})
    assert len(read_apl(path, year=2022)) == 2
    with pytest.raises(InputError, match=r"holds the years \[2022, 2023\], not 2019"):
        read_apl(path, year=2019)


def _without(column):
    keep = [rank for rank, name in enumerate(GP_HEADER) if name != column]
    return sheet_rows(
        [GP_HEADER[rank] for rank in keep], [[row[rank] for rank in keep] for row in GP_ROWS]
    )


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (_without(GP_HEADER[4]), "standardised_population"),
        (sheet_rows(unit=FTE_UNIT), "unit of the APL"),
        (sheet_rows(unit="en pourcentage"), "unit of the APL"),
        (sheet_rows(rows=[]), "no commune below it"),
        (sheet_rows(rows=[("0100X", "Ici", 1, 1, 1, 1)]), "is no commune"),
        (sheet_rows(rows=[("99001", "Ici", 1, 1, 1, 1)]), "not a commune code"),
        (sheet_rows(rows=[["Note : …"], *GP_ROWS]), "below the notes"),
        (sheet_rows(rows=[("01001", "Ici", "beaucoup", 1, 1, 1)]), "is not a number"),
        (sheet_rows([*GP_HEADER[:5], "Population totale 2020", GP_HEADER[5]]), "two columns"),
        (sheet_rows([*GP_HEADER[:2], "APL aux notaires", *GP_HEADER[3:]]), "none of the prof"),
    ],
)
def test_a_sheet_that_changed_is_refused_with_a_reason(tmp_path, rows, message):
    path = write(tmp_path / "apl.xlsx", {"APL 2023": rows})
    with pytest.raises(InputError, match=message):
        read_apl(path)


def test_a_sheet_without_a_year_is_refused(tmp_path):
    path = write(tmp_path / "apl.xlsx", {"Données": sheet_rows(vintage="")})
    with pytest.raises(InputError, match="year of the APL"):
        read_apl(path)


def test_a_workbook_without_apl_is_refused(tmp_path):
    with pytest.raises(InputError, match="found sheets for no profession"):
        read_apl(write(tmp_path / "apl.xlsx", {"Feuille": [["Bonjour"]]}))


def test_two_sheets_for_one_year_are_refused(tmp_path):
    path = write(tmp_path / "a.xlsx", {"APL 2023": sheet_rows(), "APL_2023": sheet_rows()})
    with pytest.raises(InputError, match="two sheets for one year"):
        read_apl(path)


def test_the_parameters_are_found_by_their_words(tmp_path):
    sheets = {"Paramètres": PARAMETERS, "APL 2023": sheet_rows()}
    parameters = read_apl_workbook(write(tmp_path / "a.xlsx", sheets)).parameters
    assert parameters.field == "Omnipraticiens libéraux."
    assert parameters.activity.newcomer == 5400
    assert parameters.decay_min == (10, 15)
    assert parameters.age_from == (0, 5, 10)
    assert parameters.age_weights == {2022: (0.93, 0.59, 1.06), 2023: (1.12, 0.58, 1.03)}


@pytest.mark.parametrize(
    ("start", "message"),
    [
        ("Champ", "champ de l'indicateur"),
        ("Temps de trajet", "temps de trajet"),
        ("Tranche", "tranche d'age"),
        ("Exceptions", "bounds of activity"),
        ("Plus de 6", "bounds of activity"),
    ],
)
def test_a_missing_section_of_the_parameters_is_named(tmp_path, start, message):
    kept = [row for row in PARAMETERS if not row[0].startswith(start)]
    path = write(tmp_path / "a.xlsx", {"Paramètres": kept, "APL 2023": sheet_rows()})
    with pytest.raises(InputError, match=message):
        read_apl_workbook(path)


def test_a_weight_that_is_a_word_is_refused(tmp_path):
    rows = [[row[0], "?", *row[2:]] if row[0] == "de 5 à 9 ans" else row for row in PARAMETERS]
    path = write(tmp_path / "a.xlsx", {"Paramètres": rows, "APL 2023": sheet_rows()})
    with pytest.raises(InputError, match="where a weight is due"):
        read_apl_workbook(path)


def test_unknown_parameters_of_another_profession_do_not_hide_its_figures(tmp_path):
    header = (*GP_HEADER[:2], "APL aux infirmières", "Population standardisée", GP_HEADER[5])
    sheet = sheet_rows(header, [("01001", "Ici", 92.5, 10, 11)], unit=FTE_UNIT)
    path = write(tmp_path / "a.xlsx", {"Paramètres": [["Autrement"]], "APL 2023": sheet})
    workbook = read_apl_workbook(path)
    assert workbook.parameters is None
    assert "no line begins with" in workbook.notes[0]
