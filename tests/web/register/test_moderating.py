"""The queue of moderators."""

import time_machine
from django.urls import reverse

from maillage.web.accounts.models import User
from maillage.web.register.models import ContactMessage
from maillage.web.register.sheets.relay import SILENT_AFTER
from tests.web.register.conftest import AT, MakeInitiative
from tests.web.register.test_pages import logged_in


def test_the_queue_counts_each_silent_message_once_however_many_its_places(
    make: MakeInitiative, moderator: User
):
    initiative = make(territories=["commune:20001", "commune:20002", "epci:200000001"])
    times = {
        "silent": {"sent_at": AT},
        "silent too": {"sent_at": AT},
        "answered": {"sent_at": AT, "answered_at": AT},
        "not sent": {},
    }
    for name, dates in times.items():
        ContactMessage.objects.create(
            initiative=initiative, secret_hash=name, sender_name=name, created_at=AT, **dates
        )
    with time_machine.travel(AT + SILENT_AFTER, tick=False):
        page = logged_in(moderator).get(reverse("register:queue"))
    assert [one.n_silent for one in page.context["silent"]] == [2]
