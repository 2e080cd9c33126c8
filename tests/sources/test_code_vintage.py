import pytest

from maillage.sources.catalogue import file_of
from maillage.sources.code_changes import CodeChanges
from maillage.sources.code_vintage import CodeYears
from maillage.sources.cog import arrondissements_of, read_communes
from maillage.sources.cog_movements import code_changes, read_movements

OTHERS = [f"02{rank:03d}" for rank in range(100)]
CHANGES = CodeChanges.from_events(
    effective_on=["2019-01-01", "2019-01-01", "2024-01-01", "2024-01-01"],
    phase=[2, 2, 1, 1],
    before=["01001", "01002", "01004", "01004"],
    after=["01001", "01001", "01004", "01005"],
)
YEARS = CodeYears.back_from(
    CHANGES,
    current=["01001", "01004", "01005", "69123", *OTHERS],
    current_year=2026,
    divided={"69123": ("69381", "69382")},
)


@pytest.mark.parametrize(
    ("codes", "year"),
    [
        (["01001", "01004", "01005"], 2026),
        (["01001", "01004"], 2023),
        (["01001", "01002", "01004"], 2018),
    ],
)
def test_the_communes_of_a_file_say_its_year(codes, year):
    assert YEARS.year_of([*codes, "69123", *OTHERS]) == year


def test_arrondissements_stand_for_their_city():
    assert YEARS.year_of(["01001", "01004", "69381", "69382", *OTHERS]) == 2023


def test_a_commune_or_two_that_lack_do_not_hide_the_year():
    assert YEARS.year_of(["01001", "01002", "01004", "69123", *OTHERS[:-2]]) == 2018


def test_a_file_of_a_few_places_says_no_year():
    assert YEARS.year_of(OTHERS[:50]) is None
    assert YEARS.year_of([]) is None


@pytest.mark.data
@pytest.mark.parametrize(
    ("source", "pattern", "year"),
    [
        ("zrr", "zonages/zrr_communes_*.csv", 2021),
        ("bpe", "bpe/equip-serv-sante-com-*.xlsx", 2021),
        ("memberships", "zonages/table-appartenance-geo-communes-*.xlsx", 2022),
        ("zonage_nurse", "zonages/zonage_infirmiers_cartosante.csv", 2026),
        ("populations", "cog/donnees_communes.csv", 2026),
    ],
)
def test_the_real_files_are_told_in_the_year_that_was_counted(data_dir, source, pattern, year):
    communes = read_communes(data_dir / "cog" / "communes.csv")
    years = CodeYears.back_from(
        code_changes(read_movements(data_dir / "cog" / "mouvements-communes.csv")),
        current=communes["commune_code"][communes["kind"] == "COM"].tolist(),
        current_year=2026,
        divided=arrondissements_of(communes),
    )
    file = file_of(source, pattern)
    table = file.load_reader()(file.locate(data_dir)[-1])
    assert years.year_of(table["commune_code"].tolist()) == year
