"""Versions and changes of state: told by pages, in French, brought back."""

from django.urls import reverse

from maillage.web.accounts.models import User
from maillage.web.register.content.storing import content_of
from maillage.web.register.life.actors import MACHINE
from maillage.web.register.life.editing import edit, revert
from maillage.web.register.life.moving import MOVES, move
from maillage.web.register.life.transitions import WORDS, Action
from maillage.web.register.models import Initiative
from maillage.web.register.models.choices import State
from tests.web.register.conftest import AT, MakeInitiative
from tests.web.register.test_pages import logged_in


def test_a_long_history_goes_by_pages_and_loses_no_difference_between_them(
    make: MakeInitiative, author: User
):
    initiative = make(State.PUBLISHED, created_by=author)
    for number in range(30):
        edit(initiative=initiative, changes={"promise": f"Phrase {number}."}, actor=MACHINE, at=AT)
    url = reverse("register:history", args=[initiative.public_id])
    client = logged_in(author)
    first, second = client.get(url), client.get(url, {"page": 2})
    versions = [*first.context["versions"], *second.context["versions"]]
    assert [one.number for one, _ in versions] == list(range(32, 0, -1))
    assert all(changes for one, changes in versions if one.number > 2)
    assert "Revenir à la version 32" not in first.text
    assert "Revenir à la version 12" in second.text


def test_a_change_of_state_without_reason_is_told_in_french(make: MakeInitiative):
    assert set(WORDS) == MOVES
    initiative = make(State.SUBMITTED)
    move(initiative=initiative, action=Action.PUBLISH, actor=MACHINE, at=AT)
    assert initiative.versions.get(number=initiative.version).reason == "Publiée"


def test_a_version_comes_back_without_its_links_to_what_was_erased(
    make: MakeInitiative, author: User
):
    initiative, erased = make(created_by=author), make(State.DRAFT)
    links = [{"kind": "part_of", "target": erased.public_id}]
    edit(initiative=initiative, changes={"relations": links}, actor=MACHINE, at=AT)
    number = initiative.version
    edit(initiative=initiative, changes={"promise": "Autre."}, actor=MACHINE, at=AT)
    erased.delete()
    revert(initiative=initiative, number=number, actor=MACHINE, at=AT)
    assert initiative.promise != "Autre."
    assert content_of(Initiative.objects.get(pk=initiative.pk))["relations"] == []
