"""Territories side by side: the address says which, the table says what."""

from maillage.studies import figures
from maillage.studies.indicators import indicator
from maillage.web.atlas.profiles.comparing import MOST, lines_of, read_asked


def page_of(client, query=""):
    response = client.get(f"/comparer/{query}")
    assert response.status_code == 200
    return response


def test_the_page_begins_empty_and_says_what_to_do(client, shown_store):
    assert "Aucun territoire choisi" in page_of(client).content.decode()


def test_figures_are_those_of_the_studies(tiny_store):
    asked = read_asked(tiny_store, ["commune:20001", "departement:20"])
    item = indicator("apl_gp")
    line = next(one for one in lines_of(tiny_store, asked) if one.title.startswith("Accès aux"))
    expected = [
        item.written(figures.value(tiny_store, item, subject.rows)) for subject in asked.subjects
    ]
    assert list(line.figures[:2]) == expected


def test_zonings_are_told_as_shares_of_people(tiny_store):
    asked = read_asked(tiny_store, ["intercommunalite:200000001"])
    line = next(one for one in lines_of(tiny_store, asked) if one.title.startswith("Zonage des"))
    complementary = "Zone d’action complémentaire\u00a0: 82\u202f%"
    priority = "Zone d’intervention prioritaire\u00a0: 18\u202f%"
    assert line.figures[0] == f"{complementary}, {priority}"


def test_a_territory_is_compared_once(tiny_store):
    asked = read_asked(tiny_store, ["commune:20001", "commune:20001", "commune:20002"])
    assert [subject.code for subject in asked.subjects] == ["20001", "20002"]


def test_at_most_four_are_kept_and_it_is_said(client, shown_store):
    tokens = "&".join(f"t=commune:2000{n}" for n in range(1, 6))
    response = page_of(client, f"?{tokens}")
    assert len(response.context["columns"]) == MOST
    assert "au plus 4 territoires" in response.content.decode()
    assert 'name="q"' not in response.content.decode().split("<main")[1]


def test_what_names_nothing_is_said_and_the_rest_is_kept(client, shown_store):
    response = page_of(client, "?t=x&t=commune:99999&t=sur-mesure:zzz&t=commune:20001&t=%3Cb%3E")
    page = response.content.decode()
    assert len(response.context["columns"]) == 1
    assert page.count("ne désigne aucun territoire") == 4
    assert "<b>" not in page


def test_a_search_proposes_territories_to_add(client, shown_store):
    response = page_of(client, "?t=commune:20001&q=grandvile")
    assert "?t=commune:20001&amp;t=commune:20100" in response.content.decode()
    assert "Aucun territoire trouvé" in page_of(client, "?q=xyzzyqw").content.decode()


def test_each_territory_can_be_taken_out(client, shown_store):
    response = page_of(client, "?t=commune:20001&t=commune:20002")
    assert [one.without_url for one in response.context["columns"]] == [
        "/comparer/?t=commune:20002",
        "/comparer/?t=commune:20001",
    ]


def test_a_list_of_communes_is_compared_too(client, list_of_mine):
    response = page_of(client, f"?t=sur-mesure:{list_of_mine.public_id}&t=departement:20")
    assert response.context["columns"][0].name == "Mon PETR"


def test_the_page_takes_one_query(client, shown_store, django_assert_num_queries):
    with django_assert_num_queries(1):
        page_of(client, "?t=commune:20001&t=departement:20&q=grand")
