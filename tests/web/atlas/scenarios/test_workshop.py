"""The page of scenarios: works by links and forms alone."""

import html
import re

import pytest

from maillage.studies.scenarios import MOST_MOVES
from maillage.web.atlas.scenarios.drawing import NO_SHADE
from maillage.web.territories.loading import switch_to
from tests.web.conftest import NOON


def text_of(response):
    return html.unescape(response.content.decode())


def links(response, words):
    return [
        html.unescape(target)
        for target, label in re.findall(r'<a[^>]*href="([^"]*)"[^>]*>(.*?)</a>', text_of(response))
        if words in label
    ]


def test_an_empty_scenario_asks_for_a_commune(client, shown_line):
    response = client.get("/simuler/")
    assert response.status_code == 200
    assert "Choisissez d’abord une commune" in text_of(response)


def test_a_commune_is_found_by_name_and_leads_to_its_gestures(client, shown_line):
    response = client.get("/simuler/", {"q": "grandville", "m": "gp:20001:1"})
    assert links(response, "Grandville") == ["/simuler/?m=gp:20001:1&lieu=20100"]
    page = client.get("/simuler/?m=gp:20001:1&lieu=20100")
    assert "Que se passe-t-il à Grandville\u00a0?" in text_of(page)
    assert text_of(page).count('name="geste" value=') == 7


def test_an_unknown_commune_is_told(client, shown_line):
    assert "Aucune commune ne ressemble" in text_of(client.get("/simuler/?q=xyzzyqw"))
    assert "n’est le code d’aucune commune" in text_of(client.get("/simuler/?lieu=99999"))


def test_a_form_adds_its_move_to_the_address(client, shown_line):
    sent = {
        "m": ["gp:20001:1"],
        "lieu": "20003",
        "geste": "bus",
        "nombre": "1,5",
        "actes": "30",
    }
    response = client.get("/simuler/", sent)
    assert response.status_code == 302
    assert response.headers["Location"] == "/simuler/?m=gp:20001:1&m=bus:20003:1.5:30"


def test_percentages_are_kept_as_shares(client, shown_line):
    sent = {"lieu": "20003", "geste": "cabin", "nombre": "1000", "part": "40"}
    response = client.get("/simuler/", sent)
    assert response.headers["Location"] == "/simuler/?m=cabin:20003:1000::0.4"


def test_a_departure_is_asked_as_a_positive_number(client, shown_line):
    response = client.get("/simuler/", {"lieu": "20003", "geste": "leave", "nombre": "1"})
    assert response.headers["Location"] == "/simuler/?m=gp:20003:-1"


@pytest.mark.parametrize(
    "wrong",
    [
        {"nombre": "-1"},
        {"nombre": ""},
        {"nombre": "beaucoup"},
        {"nombre": "1e400"},
        {"geste": "tram"},
        {"lieu": "99999"},
        {"lieu": ""},
        {"actes": "999999"},
    ],
)
def test_a_wrong_form_is_shown_again_with_its_error(client, shown_line, wrong):
    sent = {"lieu": "20003", "geste": "arrive", "nombre": "1"} | wrong
    response = client.get("/simuler/", sent)
    assert response.status_code == 422
    assert 'role="alert"' in text_of(response)


def test_a_wrong_form_keeps_what_was_typed(client, shown_line):
    sent = {"lieu": "20003", "geste": "bus", "nombre": "9", "actes": "31"}
    page = text_of(client.get("/simuler/", sent))
    assert 'name="actes" value="31"' in page
    assert "attendu de 0,1 à 7" in page


def test_the_page_says_published_then_estimated_with_the_error(client, shown_line):
    page = text_of(client.get("/simuler/?m=gp:20003:1"))
    assert "publié 1,0 → estimé 2,4 ± 0,5" in page
    assert "jamais un chiffre de la DREES" in page
    assert "2\u202f000" in page
    assert "37\u00a0% du gain" in page


def test_the_last_gesture_of_the_list_is_taken_off_and_each_can_be_removed(client, shown_line):
    response = client.get("/simuler/?m=gp:20003:1&m=bus:20001:1")
    assert links(response, "Retirer le dernier de la liste") == ["/simuler/?m=gp:20003:1"]
    assert not links(client.get("/simuler/?m=gp:20003:1"), "Retirer le dernier de la liste")
    assert links(response, "Retirer") == [
        "/simuler/?m=bus:20001:1",
        "/simuler/?m=gp:20003:1",
        "/simuler/?m=gp:20003:1",
    ]


def test_a_gesture_is_changed_step_by_step_within_its_bounds(client, shown_line):
    response = client.get("/simuler/?m=gp:20003:2:4500")
    assert "/simuler/?m=gp:20003:3:4500" in links(response, "+")
    assert "/simuler/?m=gp:20003:1:4500" in links(response, "−")
    assert links(client.get("/simuler/?m=gp:20003:1"), "−") == []
    assert links(client.get("/simuler/?m=retire:20003:1"), "+") == []


@pytest.mark.parametrize(
    "query",
    [
        "m=",
        "m=%00",
        "m=gp:99999:1",
        "m=gp:20001:-99999999999",
        "m=gp:20001:1e308",
        "m=tram:20001:1",
        "m=" + "9" * 3000,
        "m=gp:20001:2&v=7",
        "&".join(["m=gp:20001:1"] * 900),
    ],
)
def test_a_hostile_address_is_answered_in_french_and_never_breaks(client, shown_line, query):
    response = client.get(f"/simuler/?{query}")
    assert response.status_code == 400
    assert "n’a pas été comprise" in text_of(response)


def test_ten_thousand_moves_are_an_error_of_the_asker_not_of_the_site(client, shown_line):
    response = client.get("/simuler/?" + "&".join(["m=gp:20001:1"] * 10_000))
    assert response.status_code == 400
    assert '<html lang="fr">' in text_of(response)


def test_markup_in_an_address_is_escaped(client, shown_line):
    response = client.get("/simuler/", {"m": "<script>alert(1)</script>:1:1", "q": "<script>"})
    assert b"<script>alert" not in response.content
    assert b'value="<script>' not in response.content


def test_the_largest_scenario_is_computed(client, shown_line):
    query = "&".join(["m=gp:20001:1"] * MOST_MOVES)
    assert client.get(f"/simuler/?{query}").status_code == 200


def test_the_table_is_sorted_and_paged_by_links(client, shown_line):
    page = text_of(client.get("/simuler/?m=gp:20003:1&tri=name"))
    rows = re.findall(r"Commune (2000\d)</a> <span", page)
    assert rows == ["20002", "20003", "20004"]
    assert client.get("/simuler/?m=gp:20003:1&tri=nonsense&page=999").status_code == 200


def test_several_gestures_are_compared(client, shown_line):
    page = text_of(client.get("/simuler/?m=gp:20003:1&m=bus:20001:1"))
    assert "Chaque geste, avec et sans" in page


def test_suggestions_keep_the_moves_already_made(client, shown_line):
    answer = client.get("/simuler/communes/", {"q": "grandv", "m": "gp:20001:1"}).json()
    assert answer["suggestions"][0]["url"] == "/simuler/?m=gp:20001:1&lieu=20100"
    assert client.get("/simuler/communes/").json() == {"suggestions": []}


def test_a_store_without_trips_says_that_nothing_can_be_simulated(client, shown_store):
    for path in ("/simuler/", "/simuler/?m=gp:20001:1", "/simuler/?lieu=20001"):
        response = client.get(path)
        assert response.status_code == 200
        assert "Rien à simuler" in text_of(response)


def test_a_page_takes_one_query(client, shown_line, django_assert_num_queries):
    with django_assert_num_queries(1):
        client.get("/simuler/?m=gp:20003:1&m=bus:20001:1&m=retire:20002:1")


def test_the_menu_leads_to_the_workshop(client, shown_line):
    assert '<a href="/simuler/"' in text_of(client.get("/"))


def test_no_page_calls_a_territory_a_desert(client, shown_line):
    for path in ("/simuler/?m=gp:20003:1", "/simuler/meilleurs-lieux/", "/simuler/enregistres/"):
        assert "désert" not in text_of(client.get(path)).casefold()


def test_without_a_packed_map_the_page_has_no_interactive_map(client, shown_line):
    page = text_of(client.get("/simuler/?m=gp:20003:1"))
    assert "carte-scenario" not in page
    assert '<svg class="gain-map"' in page


@pytest.fixture
def shown_fictional(db, fictional_store):
    """The fictional department, which has a packed map, shown by the site."""
    switch_to(fictional_store.path, now=NOON)
    return fictional_store


def test_the_interactive_map_is_told_where_its_data_are(client, shown_fictional):
    code = str(shown_fictional.units["code"][0])
    page = text_of(client.get(f"/simuler/?m=gp:{code}:1"))
    assert f'data-gains="/simuler/gains.bin?m=gp:{code}:1"' in page
    assert f'data-place="/simuler/?m=gp:{code}:1&lieu="' in page


def test_the_shades_of_the_map_are_one_byte_a_commune_in_map_order(client, shown_fictional):
    code = str(shown_fictional.units["code"][0])
    answer = client.get(f"/simuler/gains.bin?m=gp:{code}:1").content
    shades = dict(zip(shown_fictional.map_order.tolist(), answer, strict=True))
    assert shades[0] != NO_SHADE
    assert set(client.get("/simuler/gains.bin").content) == {NO_SHADE}
