"""The journal: added to, never rewritten, and verified."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from maillage.web.accounts.journal.models import (
    AccessEntry,
    AppendOnlyError,
    Identity,
    JournalEntry,
    JournalHead,
)
from maillage.web.accounts.journal.triggers import create_triggers, drop_triggers
from maillage.web.accounts.journal.verification import START, verify
from maillage.web.accounts.journal.writing import hash_of, pseudonym_of, record, record_access
from tests.web.conftest import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def entries(person, organisation):
    user, where = person(), organisation()
    return [
        record(f"organisation.{verb}", on=where, by=user, at=NOON, fields=("name", "kind"))
        for verb in ("created", "edited", "shown", "closed")
    ]


def sql(text, *values):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(text, values)


def forged(text, *values):
    """Change a row as somebody would who owns the database and takes the triggers away."""
    drop_triggers(connection)
    sql(text, *values)
    create_triggers(connection)


def test_an_entry_holds_a_pseudonym_and_names_of_fields_and_no_value(entries, person):
    entry = entries[0]
    assert (entry.number, entry.previous) == (1, START)
    assert entry.fields == "kind name"
    assert entry.object_kind == "accounts.organisation"
    row = JournalEntry.objects.filter(pk=entry.pk).values_list().get()
    assert "camille" not in str(row)
    assert "Deux-Vallées" not in str(row)
    assert entry.actor == Identity.objects.get().pseudonym


def test_each_entry_holds_the_hash_of_the_one_before(entries):
    assert [entry.previous for entry in entries[1:]] == [entry.hash for entry in entries[:-1]]
    verdict = verify()
    assert verdict.sound
    assert (verdict.entries, verdict.head_hash) == (4, entries[-1].hash)


def test_an_entry_reads_back_to_the_same_hash(entries):
    """Dates come back from either engine with the same microseconds, in the same zone."""
    at = datetime(2026, 3, 29, 1, 59, 59, 123456, tzinfo=UTC)
    record("x", on=JournalHead.objects.get(), by=None, at=at)
    for entry in JournalEntry.objects.all():
        assert entry.hash == hash_of(entry)


def test_an_empty_journal_is_sound():
    assert verify().sound
    assert verify().entries == 0


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE accounts_journalentry SET verb = 'x'",
        "UPDATE accounts_journalentry SET verb = verb WHERE number = 1",
        "DELETE FROM accounts_journalentry",
        "DELETE FROM accounts_journalentry WHERE number = 4",
    ],
)
def test_the_database_itself_refuses_to_rewrite(entries, statement):
    with pytest.raises(DatabaseError, match="append-only"):
        sql(statement)
    assert verify().sound
    assert verify().entries == 4


def test_the_database_refuses_to_empty_or_replace(entries):
    statement = (
        "TRUNCATE accounts_journalentry"
        if connection.vendor == "postgresql"
        else "INSERT OR REPLACE INTO accounts_journalentry "
        "SELECT id, number, at, actor, 'x', object_kind, object_id, fields, previous, hash "
        "FROM accounts_journalentry"
    )
    with pytest.raises(DatabaseError, match="append-only"):
        sql(statement)
    assert verify().sound


def test_python_refuses_first(entries):
    entry = JournalEntry.objects.first()
    for rewrite in (
        entry.save,
        entry.delete,
        JournalEntry.objects.all().delete,
        lambda: JournalEntry.objects.update(verb="x"),
    ):
        with pytest.raises(AppendOnlyError):
            rewrite()


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("UPDATE accounts_journalentry SET verb = 'x' WHERE number = 2", "entry 2 was changed"),
        ("UPDATE accounts_journalentry SET actor = '' WHERE number = 3", "entry 3 was changed"),
        ("DELETE FROM accounts_journalentry WHERE number = 2", "entry 2 is missing"),
        ("DELETE FROM accounts_journalentry WHERE number = 1", "entry 1 is missing"),
        ("DELETE FROM accounts_journalentry WHERE number = 4", "the end is missing"),
        ("DELETE FROM accounts_journalentry", "the end is missing"),
        ("UPDATE accounts_journalhead SET number = 3", "stands after the head"),
        ("DELETE FROM accounts_journalhead", "stands after the head"),
    ],
)
def test_who_takes_the_triggers_away_is_found_out(entries, statement, fault):
    forged(statement)
    verdict = verify()
    assert not verdict.sound
    assert any(fault in said for said in verdict.faults), verdict.faults


def test_a_chain_made_again_from_scratch_does_not_hold_the_hash_noted_earlier(entries):
    noted = entries[-1].hash
    assert verify(must_contain=noted).sound
    forged("DELETE FROM accounts_journalentry")
    forged("DELETE FROM accounts_journalhead")
    record("organisation.created", on=entries[0], by=None, at=NOON)
    assert verify().sound
    assert "made again" in verify(must_contain=noted).faults[0]


def test_faults_are_cut_off_after_some(entries):
    forged("UPDATE accounts_journalentry SET verb = 'x'")
    assert len(verify(most_faults=2).faults) == 2


def test_nothing_is_written_when_the_change_itself_fails(entries, organisation, person):
    where = organisation("Autre")

    @transaction.atomic
    def change_that_fails():
        record("organisation.edited", on=where, by=None, at=NOON)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        change_that_fails()
    assert JournalEntry.objects.count() == 4
    assert verify().sound


def test_erasing_a_person_keeps_the_chain_and_loses_the_name(entries, person):
    actor = entries[0].actor
    Identity.objects.get(pseudonym=actor).user.delete()
    assert not Identity.objects.exists()
    assert verify().sound
    assert JournalEntry.objects.filter(actor=actor).count() == 4


def test_a_person_has_one_pseudonym_for_ever(person):
    user = person()
    assert pseudonym_of(user) == pseudonym_of(user)
    assert pseudonym_of(None) == ""
    entry = record("user.edited", on=user, by=user, at=NOON)
    assert entry.object_id == entry.actor == pseudonym_of(user)


def test_a_look_at_personal_data_is_kept_a_year(person, organisation):
    user, where = person(), organisation()
    record_access(on=where, by=user, at=timezone.now(), purpose="liste des membres")
    (entry,) = AccessEntry.objects.all()
    assert (entry.actor, entry.object_id) == (pseudonym_of(user), where.public_id)
    for statement in (
        "UPDATE accounts_accessentry SET purpose = ''",
        "DELETE FROM accounts_accessentry",
    ):
        with pytest.raises(DatabaseError, match=r"append-only|kept a year"):
            sql(statement)
    AccessEntry.objects.create(
        at=timezone.now() - timedelta(days=366),
        actor=entry.actor,
        object_kind=entry.object_kind,
        object_id=entry.object_id,
        purpose="",
    )
    sql("DELETE FROM accounts_accessentry WHERE purpose = ''")
    assert AccessEntry.objects.get() == entry
