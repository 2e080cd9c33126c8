"""The chain under several processes at once, and the command that verifies it."""

import os
import subprocess
import sys

from django.db import connection

from maillage.web.accounts.journal.triggers import create_triggers, drop_triggers
from maillage.web.accounts.journal.verification import verify
from maillage.web.accounts.models import JournalEntry
from tests.web.runs.conftest import (  # noqa: F401  (fixtures: a database of its own per engine)
    database_templates,
    workshop,
)

WRITERS, ENTRIES_EACH = 3, 30
SCRIPT = """
import sys, django
django.setup()
from django.utils import timezone
from maillage.web.accounts.journal.models import JournalHead
from maillage.web.accounts.journal.writing import record
print("ready", flush=True)
sys.stdin.readline()
for number in range(int(sys.argv[1])):
    record("test.written", on=JournalHead(), by=None, at=timezone.now())
"""


def environment_of(place):
    return os.environ | {
        "MAILLAGE_DATABASE_URL": place.url,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
    }


def test_processes_that_write_together_make_one_chain(workshop):  # noqa: F811
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", SCRIPT, str(ENTRIES_EACH)],
            env=environment_of(workshop),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(WRITERS)
    ]
    try:
        for writer in writers:
            assert writer.stdout.readline() == "ready\n"
        for writer in writers:
            writer.stdin.write("go\n")
            writer.stdin.flush()
        assert [writer.wait(timeout=120) for writer in writers] == [0] * WRITERS
    finally:
        for writer in writers:
            writer.kill()
            writer.communicate()
    verdict = verify()
    assert verdict.faults == ()
    assert verdict.entries == WRITERS * ENTRIES_EACH
    assert JournalEntry.objects.values("previous").distinct().count() == verdict.entries


def maillage(place, *arguments):
    return subprocess.run(
        [sys.executable, "-m", "maillage.cli", "journal", "verify", *arguments],
        env=environment_of(place),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_command_says_whether_the_chain_holds(workshop):  # noqa: F811
    place = workshop
    subprocess.run(
        [sys.executable, "-c", SCRIPT, "3"],
        env=environment_of(place),
        input="go\n",
        text=True,
        check=True,
        capture_output=True,
        timeout=120,
    )
    good = maillage(place)
    assert good.returncode == 0, good.stderr
    assert good.stdout.startswith("3 entrées, dernière empreinte ")
    head = good.stdout.split()[-1]
    assert maillage(place, "--contains", head).returncode == 0
    assert maillage(place, "--contains", "0" * 64).returncode == 1
    drop_triggers(connection)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_journalentry SET verb = 'x' WHERE number = 2")
    create_triggers(connection)
    broken = maillage(place, "--json")
    assert broken.returncode == 1
    assert '"sound": false' in broken.stdout
    assert "entry 2 was changed" in broken.stdout
