"""The clock of a published record, moved by hand: reminded, flagged, hidden, and back."""

from datetime import timedelta

from django.core import mail
from django.core.management import call_command

from maillage.web.accounts.models import User
from maillage.web.register.life.actors import MACHINE
from maillage.web.register.life.freshness import (
    FLAG_AFTER,
    HIDE_AFTER,
    REMIND_AFTER,
    Turned,
    confirm_fresh,
    turn_clock,
)
from maillage.web.register.models import Initiative
from maillage.web.register.models.choices import State
from tests.web.register.conftest import AT, MakeInitiative

SECOND = timedelta(seconds=1)
NOTHING = Turned(0, 0, 0)


def test_a_record_is_reminded_flagged_then_hidden_each_at_its_time_and_once(
    make: MakeInitiative, author: User
):
    initiative = make(created_by=author)
    reminded = AT + REMIND_AFTER
    assert turn_clock(at=reminded - SECOND) == NOTHING
    assert turn_clock(at=reminded) == Turned(1, 0, 0)
    assert turn_clock(at=reminded) == NOTHING
    assert [message.to for message in mail.outbox] == [["autrice@example.org"]]
    assert initiative.get_absolute_url() in mail.outbox[0].body
    flagged = reminded + FLAG_AFTER
    assert turn_clock(at=flagged - SECOND) == NOTHING
    assert turn_clock(at=flagged) == Turned(0, 1, 0)
    assert Initiative.objects.public().exists()
    hidden = flagged + HIDE_AFTER
    assert turn_clock(at=hidden - SECOND) == NOTHING
    assert turn_clock(at=hidden) == Turned(0, 0, 1)
    assert not Initiative.objects.public().exists()
    initiative.refresh_from_db()
    confirm_fresh(initiative=initiative, actor=MACHINE, at=hidden)
    assert Initiative.objects.public().exists()
    assert turn_clock(at=hidden + REMIND_AFTER - SECOND) == NOTHING


def test_a_site_that_slept_for_years_warns_before_it_hides(make: MakeInitiative):
    make()
    late = AT + timedelta(days=2_000)
    assert turn_clock(at=late) == Turned(1, 0, 0)
    assert turn_clock(at=late + FLAG_AFTER) == Turned(0, 1, 0)


def test_the_clock_moves_published_records_alone(make: MakeInitiative):
    for state in (State.DRAFT, State.SUBMITTED, State.REJECTED, State.ARCHIVED):
        make(state)
    assert turn_clock(at=AT + timedelta(days=2_000)) == NOTHING


def test_the_daily_command_says_what_it_did(make: MakeInitiative, capsys):
    make()
    call_command("turn_register")
    assert "reminded 0, flagged 0, hidden 0" in capsys.readouterr().out


def test_the_command_publishes_the_first_content(shown_store, capsys):
    call_command("load_first_content")
    assert "created 19, updated 0" in capsys.readouterr().out
