"""The list, its filters, its files and its feeds tell the same initiatives."""

import csv
import io
import json
from collections import Counter

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from maillage.web.accounts.models import Organisation
from maillage.web.register.finding.asking import answer
from maillage.web.register.finding.criteria import FILTERS, criteria_of
from maillage.web.register.finding.facets import facets_of
from maillage.web.register.models import Initiative, Portal
from maillage.web.register.models.choices import Stage
from tests.web.register.conftest import AT, MakeInitiative

LIST = "/initiatives/"
FILES = "/initiatives/fichiers/initiatives"


@pytest.fixture
def some(make: MakeInitiative) -> list[Initiative]:
    """Six initiatives that differ by theme, stage, year, holder and place."""
    return [
        make(
            title=f"Initiative {rank}",
            themes=["prevention"] if rank % 2 else ["digital", "training"],
            sub_themes=[],
            stage=list(Stage)[rank % 4].value,
            start_year=2015 + rank,
            territories=["commune:20001"] if rank < 3 else ["department:20"],
        )
        for rank in range(6)
    ]


@pytest.mark.parametrize(
    "query",
    [
        "",
        "theme=prevention",
        "theme=digital&theme=training",
        "avancement=idea&theme=digital",
        "region=99",
        "q=initiative",
        "q=initiative&theme=prevention",
        "annee_de=2017&annee_a=2018",
    ],
)
def test_the_count_of_a_value_is_what_its_filter_gives(query: str, some: list[Initiative]) -> None:
    criteria = criteria_of(query)
    for facet in facets_of(answer(criteria)):
        for choice in facet.choices:
            name = facet.filter.name
            others = "&".join(
                part for part in query.split("&") if part and not part.startswith(f"{name}=")
            )
            alone = criteria_of(f"{others}&{name}={choice.value}")
            assert len(answer(alone).found) == choice.count, (name, choice.value)


def test_every_filter_is_counted_somewhere(some: list[Initiative]) -> None:
    names = {facet.filter.name for facet in facets_of(answer(criteria_of("")))}
    assert {"theme", "avancement", "porteur", "region", "financeur", "preuve"} <= names
    assert names <= {each.name for each in FILTERS}


@pytest.mark.parametrize(
    ("territory", "count"),
    [
        ("commune-20001", 6),
        ("commune-20002", 3),
        ("epci-200000001", 3),
        ("department-20", 6),
        ("region-99", 6),
        ("department-75", 0),
        ("nation-FR", 6),
    ],
)
def test_a_territory_keeps_what_is_in_it_and_a_commune_what_holds_it(
    territory: str, count: int, some: list[Initiative]
) -> None:
    assert len(answer(criteria_of(f"territoire={territory}")).found) == count


@pytest.mark.parametrize("territory", ["living_zone-20001", "employment_zone-2001", "canton-1"])
def test_what_lies_in_a_zone_is_not_asked_for_since_nobody_knows_it(territory: str) -> None:
    assert criteria_of(f"territoire={territory}").is_empty


def test_criteria_are_the_same_whatever_the_order_of_the_address() -> None:
    first = criteria_of("theme=training&q=a+b&theme=digital&page=3&unknown=1&annee_de=12")
    second = criteria_of("theme=digital&theme=training&q=a++b&theme=nothing")
    assert first == second
    assert first.query() == "q=a+b&theme=digital&theme=training"
    assert criteria_of(first.query()) == first


def test_pages_hold_every_initiative_once(make: MakeInitiative, client: Client) -> None:
    titles = {make(title=f"Bus numéro {rank}").title for rank in range(45)}
    shown: Counter[str] = Counter()
    for page in (1, 2, 3):
        response = client.get(LIST, {"page": page, "q": "bus"})
        shown.update(line.title for line in response.context["lines"])
    assert shown == Counter(titles)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("theme=prevnetion", "« prevnetion » n’est pas une valeur du filtre « Thème »"),
        ("region=Bretagne", "« Bretagne » n’est pas une valeur du filtre « Région »"),
        ("territoire=Pau", "« Pau » n’est pas un territoire"),
        ("annee_a=20222", "« 20222 » n’est pas une année, de 1900 à 2100"),
        ("tri=hasard", "« hasard » n’est pas un ordre de la liste"),
    ],
)
def test_a_filter_that_nothing_is_made_of_is_told_wherever_it_is_asked(
    query: str, said: str, some: list[Initiative], client: Client
) -> None:
    Portal.objects.create(
        slug="p",
        name="P",
        is_open=True,
        organisation=Organisation.objects.create(name="O", kind="cpts", created_at=AT),
    )
    pages = ("", "carte/", "frise/", "panorama/", "suivre/", "integrer/", "portails/p/")
    for address in (*(f"{LIST}{page}" for page in pages), "/widget/initiatives/"):
        text = client.get(f"{address}?{query}").content.decode().replace("\u00a0", " ")
        assert said in text, address
        assert said not in client.get(address).content.decode().replace("\u00a0", " ")
    for feed in ("atom", "rss"):
        assert said in client.get(f"{LIST}flux/{feed}.xml?{query}").content.decode()
    for ending in ("csv", "geojson"):
        text = client.get(f"{FILES}.{ending}?{query}").getvalue().decode()
        assert said in text
        assert "laissé de côté" not in client.get(f"{FILES}.{ending}").getvalue().decode()


def test_what_is_left_empty_in_a_form_is_no_filter(some: list[Initiative], client: Client) -> None:
    query = "q=&theme=&territoire=&annee_de=&annee_a=&tri=&exact="
    assert criteria_of(query).unknown == ()
    assert "pas comprise" not in client.get(f"{LIST}?{query}").content.decode()


def test_an_empty_answer_says_what_to_do(some: list[Initiative], client: Client) -> None:
    for query in ("q=xylophonique", "q=de+la", "q=initiative&theme=organisation"):
        response = client.get(f"{LIST}?{query}")
        assert response.status_code == 200
        assert "Aucune initiative ne répond" in response.content.decode()


def test_a_correction_is_told_on_the_page(some: list[Initiative], client: Client) -> None:
    text = client.get(LIST, {"q": "inititaive"}).content.decode()
    assert "Résultats pour <strong>initiative</strong>" in text
    assert "exact=1" in text


def test_what_people_write_is_escaped_in_lists_and_extracts(
    make: MakeInitiative, client: Client
) -> None:
    make(title="<script>bus</script>", promise="<img src=x onerror=bus>")
    for query in ("", "q=bus", "q=<script>"):
        text = client.get(f"{LIST}?{query}").content.decode()
        assert "<script>bus" not in text
        assert "<img src=x" not in text


def test_files_hold_what_the_list_shows(some: list[Initiative], client: Client) -> None:
    query = "theme=prevention&tri=titre"
    ids = [each.public_id for each in answer(criteria_of(query)).found[:]]
    text = client.get(f"{FILES}.csv?{query}").getvalue().decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text), delimiter=";"))
    rows = [line for line in lines if not line[0].startswith("#")]
    assert [row[0] for row in rows[1:]] == ids
    book = CalamineWorkbook.from_filelike(
        io.BytesIO(client.get(f"{FILES}.xlsx?{query}").getvalue())
    )
    assert [row[0] for row in book.get_sheet_by_name("Initiatives").to_python()[1:]] == ids
    features = json.loads(client.get(f"{FILES}.geojson?{query}").getvalue())["features"]
    assert {each["properties"]["id"] for each in features} == set(ids)
    items = json.loads(client.get(f"{FILES}.jsonld?{query}").getvalue())["itemListElement"]
    assert [each["identifier"] for each in items] == ids


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r="])
def test_no_file_makes_a_formula_of_a_title(
    start: str, make: MakeInitiative, client: Client
) -> None:
    made = make(title="Titre")
    Initiative.objects.filter(pk=made.pk).update(title=f'{start}HYPERLINK("http://x")')
    text = client.get(f"{FILES}.csv").getvalue().decode("utf-8-sig")
    cells = [cell for line in csv.reader(io.StringIO(text), delimiter=";") for cell in line]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_files_leave_out_what_nobody_allowed_to_use_again(
    make: MakeInitiative, client: Client
) -> None:
    made = make(title="Sans licence")
    Initiative.objects.filter(pk=made.pk).update(licence="unknown")
    for ending in ("csv", "geojson", "jsonld"):
        assert "Sans licence" not in client.get(f"{FILES}.{ending}").getvalue().decode()


def test_a_file_says_how_many_initiatives_it_holds_and_a_chart_how_many_it_counts(
    some: list[Initiative], client: Client
) -> None:
    Initiative.objects.filter(pk=some[0].pk).update(licence="unknown")
    for ending in ("csv", "geojson"):
        text = client.get(f"{FILES}.{ending}").getvalue().decode()
        assert f"{len(some) - 1} initiatives, le" in text
        assert "licence inconnue n’y sont pas" in text
    chart = client.get("/initiatives/panorama/theme.csv").content.decode()
    assert f"{len(some)} initiatives, le" in chart
    assert "licence" not in chart


def test_feeds_tell_the_latest_first(some: list[Initiative], client: Client) -> None:
    for name in ("atom", "rss"):
        text = client.get(f"/initiatives/flux/{name}.xml?theme=prevention").content.decode()
        assert "Initiative 1" in text
        assert "Initiative 2" not in text


def test_the_list_asks_the_database_the_same_number_of_times_however_long(
    make: MakeInitiative, client: Client, django_assert_max_num_queries
) -> None:
    for rank in range(25):
        make(title=f"Bus {rank}")
    with django_assert_max_num_queries(30):
        client.get(LIST, {"q": "bus", "theme": "prevention"})
