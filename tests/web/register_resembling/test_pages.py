"""The part in the page of a territory, and the page behind it."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.test import Client
from django.utils import timezone

from maillage.studies.alike import alike
from maillage.studies.store import Store
from maillage.web.register.finding.coverage import coverage_of
from maillage.web.register.models import Initiative
from maillage.web.register.resembling.needs import SUBJECTS_BY_NEED, needs_of
from maillage.web.territories.models import CustomTerritory, territory_url
from maillage.web.territories.profile_parts import Portrayed
from maillage.web.ui.words import typeset
from tests.web.conftest import NOON
from tests.web.register.conftest import MakeInitiative
from tests.web.register_resembling.conftest import portrayed

TITLE = "Médecins volants"


@pytest.fixture
def needy(shown_store: Store) -> Portrayed:
    """An intercommunality that has a need."""
    codes = shown_store.membership("epci").codes.tolist()
    found = (portrayed(shown_store, "epci", code) for code in codes)
    return next(one for one in found if needs_of(one.report.findings))


@pytest.fixture
def closest(needy: Portrayed) -> str:
    """The code of the intercommunality that resembles it most."""
    return alike(needy.store, "epci", needy.rows, code=needy.code, k=1)[0].code


@pytest.fixture
def made(needy: Portrayed, closest: str, make: MakeInitiative) -> Initiative:
    """An initiative of the closest, on the first need."""
    subject = SUBJECTS_BY_NEED[needs_of(needy.report.findings)[0].indicator_id][0]
    return make(title=TITLE, territories=[f"epci:{closest}"], sub_themes=[str(subject)])


def part_of(client: Client, url: str) -> str:
    page = client.get(url, follow=True).content.decode()
    return page[page.index('<h2 id="initiatives">') : page.index('<h2 id="communes">')]


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", "", html).split())


def test_the_page_tells_the_initiative_and_why_line_by_line(
    client: Client, needy: Portrayed, closest: str, made: Initiative
) -> None:
    text = words(part_of(client, territory_url("epci", needy.code, needy.name)))
    near = alike(needy.store, "epci", needy.rows, code=needy.code, k=1)[0]
    need = needs_of(needy.report.findings)[0]
    assert TITLE in text
    assert words(typeset(need.sentence)) in text
    assert f"{near.name} et {needy.name} se ressemblent" in text
    assert len(near.likenesses) > 3
    for line in near.likenesses:
        assert words(typeset(line.sentence)) in text
    assert words(typeset(need.written)) in text[text.index("Le besoin") :]
    assert str(SUBJECTS_BY_NEED[need.indicator_id][0].label) in text


def test_the_page_behind_tells_the_same_and_how_it_is_chosen(
    client: Client, needy: Portrayed, made: Initiative
) -> None:
    profile = client.get(territory_url("epci", needy.code, needy.name)).content.decode()
    url = territory_url("epci", needy.code, needy.name) + "initiatives/"
    assert f'href="{url}"' in profile
    text = words(client.get(url).content.decode())
    assert TITLE in text
    assert "Comment ces initiatives sont choisies" in text


def test_other_spellings_of_the_address_lead_to_one(client: Client, needy: Portrayed) -> None:
    answer = client.get(f"/territoires/intercommunalite/{needy.code}/initiatives/")
    assert answer["Location"] == territory_url("epci", needy.code, needy.name) + "initiatives/"


def test_an_initiative_hidden_since_is_not_shown(
    client: Client, needy: Portrayed, made: Initiative
) -> None:
    coverage_of(needy.store)  # read while it was public, and kept
    Initiative.objects.filter(pk=made.pk).update(hidden_at=timezone.now())
    for end in ("", "initiatives/"):
        url = territory_url("epci", needy.code, needy.name) + end
        page = client.get(url)
        assert page.status_code == 200
        assert TITLE not in page.content.decode()
        assert "Aucune initiative publiée" in page.content.decode()


def test_without_initiative_the_page_says_so_and_invites(
    client: Client, shown_store: Store
) -> None:
    text = part_of(client, territory_url("department", "20"))
    assert "Aucune initiative publiée" in text
    assert "/initiatives/proposer/" in text


def test_a_visitor_s_own_list_has_its_suggestions(
    client: Client, needy: Portrayed, closest: str, made: Initiative
) -> None:
    mine = CustomTerritory.objects.create(
        name="Mon PETR",
        commune_codes=needy.store.units["code"][needy.rows].tolist(),
        cog_year=needy.store.cog_year,
        created_at=NOON,
    )
    assert "et Mon PETR se ressemblent" in words(part_of(client, mine.get_absolute_url()))
    page = client.get(mine.get_absolute_url() + "initiatives/").content.decode()
    assert TITLE in page
    assert "noindex" in page


def test_the_nation_resembles_nobody(client: Client, shown_store: Store, made: Initiative) -> None:
    page = client.get(territory_url("nation", "FR", shown_store.territory_name("nation", "FR")))
    assert 'id="initiatives"' not in page.content.decode()
    assert client.get(page.request["PATH_INFO"] + "initiatives/").status_code == 404


def test_the_part_takes_two_queries_however_many_initiatives(
    client: Client,
    needy: Portrayed,
    made: Initiative,
    make: MakeInitiative,
    django_assert_num_queries: Callable[[int], AbstractContextManager[object]],
) -> None:
    url = territory_url("epci", needy.code, needy.name)
    codes = needy.store.membership("epci").codes.tolist()
    for end in ("", "initiatives/"):
        client.get(url + end)
        with django_assert_num_queries(3):  # the version, the state of the register, the sheets
            client.get(url + end)
        for code in codes:
            make(title=f"{TITLE} {code}", territories=[f"epci:{code}"])
