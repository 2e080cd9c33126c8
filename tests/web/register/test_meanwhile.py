"""Two people with the same form open: nothing typed is lost, nothing is written over unread."""

import pytest
from django.test import Client
from django.urls import reverse
from zeal import zeal_ignore

from maillage.web.accounts.models import User
from maillage.web.register.content.fields import STEP_BY_KEY, STEPS
from maillage.web.register.content.storing import content_of
from maillage.web.register.contributing import stepping
from maillage.web.register.contributing.forms import field_views
from maillage.web.register.contributing.meanwhile import compared, marks_of
from maillage.web.register.life.actors import MACHINE
from maillage.web.register.life.editing import edit
from maillage.web.register.life.errors import StateChanged
from maillage.web.register.models import Amendment, Initiative
from maillage.web.register.models.choices import State
from tests.web.register.conftest import AT, MakeInitiative
from tests.web.register.test_pages import logged_in

STEP = STEP_BY_KEY["essentiel"]


def form_of(initiative: Initiative, **typed: str) -> dict[str, object]:
    """Return what a browser sends of the form as it is shown now, with some fields typed over."""
    content = content_of(Initiative.objects.get(pk=initiative.pk))
    views = field_views(STEP.fields, content)
    sent: dict[str, object] = {"lu": marks_of(STEP.fields, content)}
    for view in views:
        assert not view.rows
        chosen = [option.value for option in view.options if option.chosen]
        sent[view.name] = chosen if view.options else view.text
    return sent | typed


def promise_of(initiative: Initiative) -> str:
    return Initiative.objects.get(pk=initiative.pk).promise


def change(initiative: Initiative, **values: str) -> None:
    fresh = Initiative.objects.get(pk=initiative.pk)
    edit(initiative=fresh, changes=values, actor=MACHINE, at=AT)


@pytest.mark.parametrize("state", [State.DRAFT, State.PUBLISHED])
def test_what_two_people_changed_is_refused_and_shown_then_saved_knowingly(
    make: MakeInitiative, author: User, state: State
):
    initiative = make(state, created_by=author)
    url = reverse("register:write", args=[initiative.public_id, STEP.key])
    client = logged_in(author)
    mine = form_of(initiative, promise="Ma phrase.")
    change(initiative, promise="La leur.")
    page = client.post(url, mine)
    assert page.status_code == 200
    assert promise_of(initiative) == "La leur."
    assert "pendant que vous écriviez" in page.text
    assert "La leur" in page.text
    assert 'value="Ma phrase."' in page.text
    again = mine | {"lu": page.context["shown"].marks}
    assert client.post(url, again).status_code == 302
    assert promise_of(initiative) == "Ma phrase."


def test_what_only_the_other_changed_stays_and_what_only_one_changed_is_saved(
    make: MakeInitiative, author: User
):
    initiative = make(State.DRAFT, created_by=author)
    url = reverse("register:write", args=[initiative.public_id, STEP.key])
    mine = form_of(initiative, title="Mon titre")
    change(initiative, promise="La leur.")
    assert logged_in(author).post(url, mine).status_code == 302
    initiative.refresh_from_db()
    assert (initiative.title, initiative.promise) == ("Mon titre", "La leur.")


def test_a_problem_hides_no_conflict(make: MakeInitiative, author: User):
    initiative = make(State.DRAFT, created_by=author)
    url = reverse("register:write", args=[initiative.public_id, STEP.key])
    client = logged_in(author)
    mine = form_of(initiative, promise="Ma phrase.", title="x" * 500)
    change(initiative, promise="La leur.")
    page = client.post(url, mine)
    assert "500 caractères" in page.text
    mended = mine | {"title": "Court", "lu": page.context["shown"].marks}
    assert "pendant que vous écriviez" in client.post(url, mended).text
    assert promise_of(initiative) == "La leur."


def test_a_save_in_the_same_instant_as_another_starts_again(
    make: MakeInitiative, author: User, monkeypatch: pytest.MonkeyPatch
):
    initiative = make(State.DRAFT, created_by=author)
    url = reverse("register:write", args=[initiative.public_id, STEP.key])
    mine = form_of(initiative, title="Mon titre")
    met: list[str] = []

    def edited_just_before(**asked: object) -> object:
        if not met:
            met.append("once")
            change(initiative, promise="La leur.")
            raise StateChanged("somebody was first")
        return edit(**asked)  # type: ignore[arg-type]

    monkeypatch.setattr(stepping, "edit", edited_just_before)
    with zeal_ignore():  # the sheet is read again as often as somebody was first
        assert logged_in(author).post(url, mine).status_code == 302
    initiative.refresh_from_db()
    assert (initiative.title, initiative.promise) == ("Mon titre", "La leur.")


def test_a_sheet_that_never_stops_changing_loses_nothing_typed(
    make: MakeInitiative, author: User, monkeypatch: pytest.MonkeyPatch
):
    initiative = make(State.DRAFT, created_by=author)
    url = reverse("register:write", args=[initiative.public_id, STEP.key])

    def always_late(**_: object) -> None:
        raise StateChanged("somebody was first")

    monkeypatch.setattr(stepping, "edit", always_late)
    with zeal_ignore():
        page = logged_in(author).post(url, form_of(initiative, promise="Ma phrase."))
    assert 'value="Ma phrase."' in page.text


def test_a_suggestion_undoes_nothing_that_changed_while_it_was_written(make: MakeInitiative):
    initiative = make()
    url = reverse("register:suggest", args=[initiative.public_id, STEP.key])
    typed = form_of(initiative, title="Meilleur titre", email="a@example.org")
    change(initiative, promise="La leur.")
    assert Client().post(url, typed).status_code == 302
    assert set(Amendment.objects.get().changes) == {"title"}


def test_a_suggestion_on_what_changed_meanwhile_is_shown_before_it_is_sent(make: MakeInitiative):
    initiative = make()
    url = reverse("register:suggest", args=[initiative.public_id, STEP.key])
    typed = form_of(initiative, promise="Ma phrase.", email="a@example.org")
    change(initiative, promise="La leur.")
    page = Client().post(url, typed)
    assert "pendant que vous écriviez" in page.text
    assert 'value="Ma phrase."' in page.text
    assert not Amendment.objects.exists()
    assert Client().post(url, typed | {"lu": page.context["marks"]}).status_code == 302
    assert Amendment.objects.get().changes["promise"]["after"] == "Ma phrase."


def test_a_form_sent_back_as_it_was_shown_changes_nothing(make: MakeInitiative, author: User):
    initiative = make(State.PUBLISHED, created_by=author)
    url = reverse("register:write", args=[initiative.public_id, STEP.key])
    logged_in(author).post(url, form_of(initiative))
    assert Initiative.objects.get(pk=initiative.pk).version == initiative.version


def test_marks_that_are_not_ours_are_taken_for_none():
    today = {"title": "Aujourd’hui"}
    sent = compared("title", today=today, sent={"title": "Demain"})
    assert (sent.changes, sent.conflicts) == ({"title": "Demain"}, ())


def test_every_step_carries_a_mark_of_each_of_its_fields(make: MakeInitiative):
    content = content_of(make())
    for step in STEPS:
        marks = dict(part.split(":") for part in marks_of(step.fields, content).split())
        assert set(marks) == {field.key for field in step.fields}
