"""The clock of a published record, moved by hand: reminded, flagged, hidden, and back."""

import re
from datetime import timedelta

import time_machine
from django.core import mail
from django.core.management import call_command
from django.test import Client

from maillage.web.accounts.models import Notice, User
from maillage.web.register.life.actors import MACHINE
from maillage.web.register.life.freshness import (
    FLAG_AFTER,
    HIDE_AFTER,
    REMIND_AFTER,
    Turned,
    confirm_fresh,
    turn_clock,
)
from maillage.web.register.models import Contact, Initiative
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
    notice = Notice.objects.get()
    assert (notice.user, notice.path) == (author, initiative.get_absolute_url())
    assert mail.outbox == []  # it leaves with the notices, at the author's pace
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


def test_who_has_no_account_confirms_by_the_link_of_the_reminder_once(
    make: MakeInitiative, client: Client
):
    initiative = make()
    Contact.objects.create(initiative=initiative, email="porteuse@example.org", confirmed_at=AT)
    turn_clock(at=AT + REMIND_AFTER)
    (message,) = mail.outbox
    assert message.to == ["porteuse@example.org"]
    link = re.search(r"http://127.0.0.1:8000(/initiatives/rappels/\S+)", message.body)[1]
    client.get(link)
    assert Initiative.objects.get().reminded_at is not None  # a look changes nothing
    later = AT + REMIND_AFTER + SECOND
    with time_machine.travel(later, tick=False):
        assert client.post(link, follow=True).status_code == 200
    initiative.refresh_from_db()
    assert (initiative.reminded_at, initiative.checked_at) == (None, later)
    assert client.post(link).status_code == 404
    assert client.get("/initiatives/rappels/faux:abc/").status_code == 404


def test_a_reminder_that_the_server_refuses_is_for_the_next_turn(make: MakeInitiative, settings):
    initiative = make()
    Contact.objects.create(initiative=initiative, email="porteuse@example.org", confirmed_at=AT)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert turn_clock(at=AT + REMIND_AFTER) == NOTHING
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert turn_clock(at=AT + REMIND_AFTER + SECOND) == Turned(1, 0, 0)


def test_the_command_publishes_the_first_content(shown_store, capsys):
    call_command("load_first_content")
    assert "created 19, updated 0" in capsys.readouterr().out
