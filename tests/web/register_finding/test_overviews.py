"""The panorama, the map, the timeline and comparisons count the same initiatives as the list."""

import pytest
from django.test import Client

from maillage.web.register.finding import comparing
from maillage.web.register.finding.asking import answer
from maillage.web.register.finding.comparing import rows_of
from maillage.web.register.finding.criteria import criteria_of
from maillage.web.register.finding.mapping.spots import spots_of
from maillage.web.register.finding.panorama import charts_of
from maillage.web.register.models import Initiative
from maillage.web.territories.models import Territory
from tests.web.register.conftest import MakeInitiative


@pytest.fixture
def some(make: MakeInitiative) -> list[Initiative]:
    """Three initiatives: of a commune, of a department, of a region; two held with others."""
    city = {"name": "Ville", "kind": "local_authority"}
    cpts = {"name": "CPTS", "kind": "cpts"}
    return [
        make(title="Bus", territories=["commune:20001"], holders=[city], start_year=2001),
        make(title="Gardes", territories=["department:20"], holders=[city, cpts], start_year=2020),
        make(title="Bourses", territories=["region:99"], holders=[cpts], start_year=None),
    ]


def test_charts_count_what_there_is(some: list[Initiative]) -> None:
    charts = {each.name: each.chart for each in charts_of(answer(criteria_of("")))}
    counts = {
        name: {bar.label: bar.value for bar in chart.bars if bar.value}
        for name, chart in charts.items()
    }
    assert counts["porteurs"] == {
        "Portée par une collectivité": 1,
        "Portée avec une collectivité": 1,
        "Portée par d’autres": 1,
    }
    assert counts["annee"] == {"Avant 2006": 1, "2020": 1}
    assert counts["etendue"] == {"Un territoire": 3}
    assert counts["outre-mer"] == {"Hexagone et Corse": 3}
    assert counts["porteur"] == {"Collectivité": 2, "CPTS": 2}


@pytest.mark.parametrize(
    ("query", "name", "counts"),
    [
        ("theme=prevention", "theme", {"Prévention et sensibilisation": "3 (100 %)"}),
        (
            "porteur=cpts&theme=prevention",
            "porteur",
            {"Collectivité": "1 (50 %)", "CPTS": "2 (100 %)"},
        ),
        (
            "theme=prevention&theme=training",
            "theme",
            {"Prévention et sensibilisation": "3 (100 %)"},
        ),
    ],
)
def test_charts_count_what_the_filters_keep_and_nothing_else(
    query: str, name: str, counts: dict[str, str], some: list[Initiative], make: MakeInitiative
) -> None:
    for title in ("Logiciel", "Application"):
        make(title=title, themes=["digital"], sub_themes=[])
    charts = {each.name: each.chart for each in charts_of(answer(criteria_of(query)))}
    assert {bar.label: bar.text for bar in charts[name].bars} == counts


def test_no_chart_is_drawn_when_nothing_answers(some: list[Initiative]) -> None:
    assert charts_of(answer(criteria_of("theme=training"))) == []


def test_charts_of_places_tell_overseas_and_nowhere_apart(
    some: list[Initiative], make: MakeInitiative
) -> None:
    reunion = Territory.objects.create(
        kind="department", code="974", name="Île", slug="ile", region_code="04", cog_year=2026
    )
    Territory.objects.filter(code="20", kind="department").update(region_code="99")
    make(title="Bateau", territories=["department:974"])
    nation = Territory.objects.get(kind="nation")
    make(title="Partout en France", territories=[f"nation:{nation.code}"])
    make(title="Nulle part", territories=[], place_note="Partout")
    assert reunion.initiatives.count() == 1
    charts = {each.name: each.chart for each in charts_of(answer(criteria_of("")))}
    assert {bar.label: bar.value for bar in charts["outre-mer"].bars} == {
        "Outre-mer": 1,
        "Hexagone et Corse": 3,
        "Sans région": 2,
    }
    assert {bar.label: bar.value for bar in charts["etendue"].bars} == {
        "Un territoire": 5,
        "Sans territoire officiel": 1,
    }
    assert charts["outre-mer"].description == "Le plus souvent : Hexagone et Corse, 3 sur 6."


def test_each_chart_has_its_table_and_its_file(some: list[Initiative], client: Client) -> None:
    page = client.get("/initiatives/panorama/?theme=prevention")
    read = page.content.decode().replace("\u00a0", " ")
    for each in page.context["charts"]:
        text = client.get(f"/initiatives/panorama/{each.name}.csv?theme=prevention").content
        for bar in each.chart.bars:
            assert bar.label in text.decode()
            assert bar.label in read
    assert client.get("/initiatives/panorama/rien.csv").status_code == 404


def test_a_panorama_of_nothing_says_so(db: None, client: Client) -> None:
    assert "Rien à compter" in client.get("/initiatives/panorama/?q=rien").content.decode()


def test_the_map_counts_an_initiative_once_in_each_department(
    some: list[Initiative], client: Client
) -> None:
    spots = spots_of(answer(criteria_of("")))
    assert [(spot.department.code, spot.count) for spot in spots] == [("20", 2)]
    page = client.get("/initiatives/carte/")
    assert page.context["n_elsewhere"] == 1
    assert "<circle" in page.content.decode()
    assert len(answer(criteria_of(spots[0].query)).found) == 2


def test_the_timeline_says_what_has_no_year(some: list[Initiative], client: Client) -> None:
    page = client.get("/initiatives/frise/")
    assert [year for year, _ in page.context["years"]] == [2020, 2001]
    assert page.context["n_undated"] == 1


def test_the_timeline_shows_the_latest_and_counts_the_others(
    some: list[Initiative], make: MakeInitiative, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for title in ("Zèbre", "École", "Dépistage"):
        make(title=title, start_year=2020)
    years = client.get("/initiatives/frise/").context["years"]
    titles = [(year, [each.title for each, _ in ones]) for year, ones in years]
    assert titles == [(2020, ["Dépistage", "École", "Gardes", "Zèbre"]), (2001, ["Bus"])]
    monkeypatch.setattr(comparing, "PER_TIMELINE", 2)
    page = client.get("/initiatives/frise/")
    assert [len(ones) for _, ones in page.context["years"]] == [2]
    assert page.context["n_left_out"] == 3


def test_a_comparison_says_where_initiatives_differ(some: list[Initiative], client: Client) -> None:
    rows = {row.label: row for row in rows_of(some[:2])}
    assert rows["Porteurs"].cells == ("Ville", "Ville\nCPTS")
    assert rows["Porteurs"].differs
    assert not rows["Thème"].differs
    ids = "&".join(f"i={each.public_id}" for each in some)
    page = client.get(f"/initiatives/comparer/?{ids}")
    assert [each.title for each in page.context["initiatives"]] == ["Bus", "Gardes", "Bourses"]


def test_a_comparison_writes_a_funder_as_it_is_named(make: MakeInitiative) -> None:
    funder = {"funder": "Villes, bourgs et CPTS", "funder_kind": "commune"}
    lines = [funder | {"year": 2023, "amount_eur": "1250000"}, funder | {"funder": "ARS, Insee"}]
    rows = {row.label: row for row in rows_of([make(budget_lines=lines)])}
    funding = "Villes, bourgs et CPTS (2023) : 1\u202f250\u202f000 €\nARS, Insee"
    assert rows["Financement"].cells == (funding,)


def test_a_comparison_of_less_than_two_says_how_to_choose(
    some: list[Initiative], client: Client
) -> None:
    for query in ("", f"?i={some[0].public_id}", "?i=rien&i=non"):
        text = client.get(f"/initiatives/comparer/{query}").content.decode()
        assert "Choisissez deux à quatre initiatives" in text
