import numpy as np
import pytest

from maillage.core.errors import InputError
from maillage.sources.cog import read_communes
from maillage.sources.islands import parse_islands, read_islands, road_groups

LIST = """
written_on = 2026-01-01
source = "ici"
[[group]]
name = "Belle-Île"
cut_off_by = "sea"
access = "bateau"
communes = [{ code = "56009", name = "Bangor" }, { code = "56241", name = "Sauzon" }]
"""


def test_communes_of_one_island_are_linked_by_road_and_to_no_other():
    groups = road_groups(["56009", "01004", "56241", "29155", "75101"], read_islands())
    assert groups[0] == groups[2] > 0
    assert groups[1] == groups[4] == 0
    assert groups[3] not in (0, groups[0])


def test_the_two_islands_of_les_saintes_are_apart():
    assert np.unique(road_groups(["97130", "97131"], read_islands())).size == 2


@pytest.mark.parametrize(
    ("found", "replaced", "message"),
    [
        ('cut_off_by = "sea"', 'cut_off_by = "lake"', "cut_off_by is 'lake'"),
        ('access = "bateau"', "", "cannot be read"),
        ("56009", "5609", "is not a commune code"),
        ("[[group]]", "[group", "cannot be read"),
        ("56241", "56009", "a second time"),
    ],
)
def test_a_list_with_a_fault_is_refused(found, replaced, message):
    assert len(parse_islands(LIST)) == 2
    with pytest.raises(InputError, match=message):
        parse_islands(LIST.replace(found, replaced))


@pytest.mark.data
def test_every_island_bears_its_official_name(data_dir):
    communes = read_communes(data_dir / "cog/communes.csv")
    current = communes.where(communes["kind"] == "COM")
    official = dict(zip(current["commune_code"], current["name"], strict=True))
    islands = read_islands()
    listed = dict(zip(islands["commune_code"], islands["name"], strict=True))
    assert listed == {code: official[code] for code in listed}
