"""The map of initiatives: the same initiatives as points, as areas, as a picture and as a table."""

import json

import numpy as np
import pytest
from django.test import Client
from django.utils import timezone

from maillage.studies.store import Store
from maillage.studies.store.membership import Membership
from maillage.web.register.finding.coverage import Coverage, coverage_of
from maillage.web.register.finding.mapping.data import FROM_COUNTS, MIXED_AT_ONCE, cover_counts
from maillage.web.register.models import Initiative
from maillage.web.register.models.choices import State
from maillage.web.territories.loading import switch_to
from tests.web.conftest import NOON
from tests.web.register.conftest import MakeInitiative


@pytest.fixture
def shown_store(db: None, fictional_store: Store) -> Store:
    """The fictional department, shown by the site: it has contours."""
    switch_to(fictional_store.path, now=NOON)
    return fictional_store


def points(client: Client, query: str = "") -> dict[tuple[str, str], int]:
    answer = client.get(f"/initiatives/carte/points.json?{query}").json()
    return {(kind, code): n for kind, code, _, _, _, _, n in answer["points"]}


def cover(client: Client, store: Store, query: str = "") -> list[int]:
    """Return the class of each unit, in the order of the store."""
    body = client.get(f"/initiatives/carte/couverture/{store.version}.bin?{query}").content
    classes = np.empty(store.n_units, dtype=np.int64)
    classes[store.map_order] = np.frombuffer(body, dtype=np.uint8)
    return classes.tolist()


def test_points_count_the_initiatives_of_each_territory(
    client: Client, make: MakeInitiative
) -> None:
    make(title="Bus", territories=["commune:20001", "epci:992000013"], stage="closed")
    make(title="Gardes", territories=["commune:20001", "department:20"])
    assert points(client) == {
        ("commune", "20001"): 2,
        ("department", "20"): 1,
        ("epci", "992000013"): 1,
    }
    assert points(client, "avancement=closed") == {
        ("commune", "20001"): 1,
        ("epci", "992000013"): 1,
    }


def test_what_covers_a_territory_covers_its_communes_once(
    client: Client, make: MakeInitiative, shown_store: Store
) -> None:
    make(title="Bus", territories=["epci:992000013"])
    make(title="Gardes", territories=["department:20", "commune:20001", "epci:992000013"])
    inside = np.zeros(shown_store.n_units, dtype=bool)
    inside[shown_store.rows("epci", "992000013")] = True
    counts = cover_counts(coverage_of(shown_store))
    assert set(counts[inside].tolist()) == {2}
    assert set(counts[~inside].tolist()) == {1}
    classes = cover(client, shown_store)
    assert classes == [2 if one else 1 for one in inside.tolist()]
    assert cover(client, shown_store, "q=gardes") == [1] * shown_store.n_units


def places_of_many(store: Store, n_initiatives: int) -> Coverage:
    """Return a coverage whose every initiative names a commune, an EPCI and an employment zone."""
    numbers = np.arange(n_initiatives)
    kinds = ("commune", "epci", "employment_zone")
    places = {kind: (numbers % len(store.membership(kind)), numbers + 1) for kind in kinds}
    return Coverage(store, places, {}, np.empty(0, dtype=np.int64))


def test_initiatives_of_several_kinds_of_territory_count_once_in_each_unit(
    fictional_store: Store,
) -> None:
    coverage = places_of_many(fictional_store, MIXED_AT_ONCE + 40)
    expected = np.zeros(fictional_store.n_units, dtype=np.int64)
    for rank in range(MIXED_AT_ONCE + 40):
        inside = np.zeros(fictional_store.n_units, dtype=bool)
        for kind, (rows, _) in coverage.places.items():
            inside |= fictional_store.membership(kind).group == rows[rank]
        expected += inside
    assert cover_counts(coverage).tolist() == expected.tolist()


def test_initiatives_of_several_kinds_are_not_read_one_by_one(
    fictional_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    plain = Store.membership

    def counted(self: Store, kind: str) -> Membership:
        read.append(kind)
        return plain(self, kind)

    monkeypatch.setattr(Store, "membership", counted)
    reads = []
    for n_initiatives in (2, 200):
        coverage = places_of_many(fictional_store, n_initiatives)
        read.clear()
        cover_counts(coverage)
        reads.append(len(read))
    assert reads[0] == reads[1]


@pytest.mark.parametrize("n", [0, 1, 3, 4, 8])
def test_classes_begin_at_the_counts_of_the_legend(
    client: Client, make: MakeInitiative, shown_store: Store, n: int
) -> None:
    for rank in range(n):
        make(title=f"Initiative {rank}", territories=["commune:20001"])
    expected = max(rank for rank, first in enumerate(FROM_COUNTS) if n >= first)
    (row,) = shown_store.rows("commune", "20001")
    assert cover(client, shown_store)[row] == expected
    legend = client.get("/initiatives/carte/").context["legend"]
    assert [row.label for row in legend] == ["aucune", "1", "2 ou 3", "4 à 7", "8 ou plus"]
    assert sum(row.communes for row in legend) == shown_store.n_units


def test_a_place_tells_its_own_initiatives_within_the_filters(
    client: Client, make: MakeInitiative
) -> None:
    make(title="Bus <b>rapide</b>", territories=["commune:20001"])
    make(title="Gardes", territories=["department:20"])
    page = client.get("/initiatives/carte/lieu/commune/20001/").content.decode()
    assert "Bus &lt;b&gt;rapide" in page
    assert "Gardes" not in page
    assert (
        "0 initiative"
        in client.get("/initiatives/carte/lieu/commune/20001/?q=xylophone").content.decode()
    )
    assert client.get("/initiatives/carte/lieu/commune/99999/").status_code == 404


def test_nothing_unpublished_is_on_the_map(
    client: Client, make: MakeInitiative, shown_store: Store
) -> None:
    for state in (State.DRAFT, State.SUBMITTED, State.ARCHIVED, State.REJECTED):
        make(state, title="Secrète", territories=["commune:20001"])
    hidden = make(title="Secrète", territories=["commune:20001"])
    assert points(client) == {("commune", "20001"): 1}
    Initiative.objects.filter(pk=hidden.pk).update(hidden_at=timezone.now())
    assert points(client) == {}
    assert set(cover(client, shown_store, "q=bus")) == {0}
    assert "Secrète" not in client.get("/initiatives/carte/lieu/commune/20001/").content.decode()


def test_the_page_leads_its_script_to_the_same_answer(
    client: Client, make: MakeInitiative, shown_store: Store
) -> None:
    make(title="Bus", territories=["commune:20001"])
    page = client.get("/initiatives/carte/?theme=prevention")
    text = page.content.decode()
    state = json.loads(text.split('id="carte-etat" type="application/json">')[1].split("<")[0])
    assert state == page.context["state"] | {"jumps": state["jumps"], "labels": state["labels"]}
    for name in ("points", "cover", "overview", "names"):
        assert client.get(state[name]).status_code == 200, name
    assert "theme=prevention" in state["points"]
    assert "<circle" in text  # what stands for the map without script


def test_contours_of_another_version_are_not_mixed_with_these(
    client: Client, shown_store: Store
) -> None:
    assert client.get("/initiatives/carte/couverture/autre.bin").status_code == 404
