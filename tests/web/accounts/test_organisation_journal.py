"""The journal of an organisation: who may read it, what is in it, whose names it tells."""

import csv
import io

import pytest

from maillage.web.accounts.journal.belonging import entries_of
from maillage.web.accounts.journal.writing import pseudonym_of, record
from maillage.web.accounts.models import AccessEntry, Membership, Organisation
from maillage.web.accounts.organisations import journal_views
from maillage.web.accounts.organisations.actions import edit_organisation
from maillage.web.accounts.organisations.inviting import invite
from maillage.web.accounts.rights import HELD_ROLES, ROLE_PERMISSIONS, Permission, Role
from maillage.web.register.life.actors import Actor
from maillage.web.register.life.editing import edit, start_draft
from maillage.web.register.models import ImportBatch
from maillage.web.register.models.choices import Licence
from tests.web.accounts.test_pages import is_sound
from tests.web.conftest import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def where(organisation):
    return organisation()


@pytest.fixture
def manager(where, member):
    return member(where, Role.MANAGER, name="=cmd")


def page_of(where):
    return f"/organisations/{where.public_id}/journal/"


def file_of(where):
    return f"/organisations/{where.public_id}/journal.csv"


def table(response):
    text = response.content.decode("utf-8-sig")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return list(csv.DictReader(io.StringIO("\n".join(lines)), delimiter=";"))


@pytest.mark.parametrize("role", ["", *HELD_ROLES])
def test_the_journal_is_read_by_the_table_of_rights(where, member, person, as_user, role):
    allowed = bool(role) and Permission.READ_JOURNAL in ROLE_PERMISSIONS[Role(role)]
    client = as_user(member(where, role) if role else person("etranger"))
    assert client.get(page_of(where)).status_code == (200 if allowed else 404)
    assert client.get(file_of(where)).status_code == (200 if allowed else 404)
    shown = page_of(where) in client.get(where.get_absolute_url()).content.decode()
    assert shown is allowed
    assert AccessEntry.objects.filter(purpose__startswith="journal").count() == 2 * allowed


def test_it_holds_what_was_done_to_the_organisation_and_to_what_is_its_own(
    where, manager, organisation, as_user
):
    other = organisation("ARS")
    for one in (where, other):
        record("organisation.created", on=one, by=None, at=NOON)
    invite(organisation=where, email="paul@example.fr", role=Role.READER, by=manager, at=NOON)
    actor = Actor(manager, frozenset(["author"]))
    ours = start_draft(
        content={"title": "Bus du Levant"}, actor=actor, at=NOON, organisation_id=where.pk
    )
    edit(initiative=ours, changes={"promise": "Un bus."}, actor=actor, at=NOON)
    start_draft(content={"title": "Ailleurs"}, actor=actor, at=NOON, organisation_id=other.pk)
    batch = ImportBatch.objects.create(
        organisation=where, file_name="a.csv", licence=Licence.LO_2_0, mapping={}, created_at=NOON
    )
    record("import.done", on=batch, by=manager, at=NOON)
    page = is_sound(as_user(manager).get(page_of(where))).replace("\u00a0", " ")
    for words in (
        "Organisation créée", "le site", "invitation pour paul@example.fr",
        "Fiche modifiée", "fiche « Bus du Levant »", "import « a.csv »",
    ):  # fmt: skip
        assert words in page
    assert "Ailleurs" not in page
    assert entries_of(where).count() == 5
    rows = table(as_user(manager).get(file_of(where)))
    assert [row["geste"] for row in rows] == [
        "Tableur importé", "Fiche modifiée", "Fiche commencée", "Invitation envoyée",
        "Organisation créée",
    ]  # fmt: skip
    assert rows[1]["champs"] == "promise"
    assert rows[0]["qui"] == "'=cmd@example.fr"  # never a formula


def test_it_names_members_alone_and_everybody_to_an_administrator(
    where, manager, member, person, as_user
):
    outsider, leaver = (
        person("ailleurs", is_platform_administrator=True),
        member(where, Role.MANAGER),
    )
    for user in (outsider, leaver, manager):
        values = {"name": f"Nom {user.pk}", "kind": "cpts"}
        edit_organisation(organisation=where, values=values, by=user, at=NOON)
        where = Organisation.objects.get(pk=where.pk)
    Membership.objects.filter(user=leaver).delete()
    page = as_user(manager).get(page_of(where)).content.decode()
    assert manager.email in page
    for unknown in (outsider, leaver):
        assert unknown.email not in page
        assert pseudonym_of(unknown)[:8] in page
        assert pseudonym_of(unknown) not in page
    page = as_user(outsider).get(page_of(where)).content.decode()
    assert leaver.email in page
    leaver.delete()
    assert leaver.email not in as_user(outsider).get(page_of(where)).content.decode()


def test_a_long_journal_is_cut_in_pages_and_costs_no_more(
    where, manager, as_user, monkeypatch, django_assert_max_num_queries
):
    monkeypatch.setattr(journal_views, "_AT_ONCE", 50)
    monkeypatch.setattr(journal_views, "MOST_IN_A_FILE", 100)
    for _ in range(120):
        record("organisation.edited", on=where, by=manager, at=NOON, fields=("name",))
    client = as_user(manager)
    with django_assert_max_num_queries(16):
        page = is_sound(client.get(page_of(where)))
    assert page.count("Organisation modifiée") == 50
    assert client.get(page_of(where), {"page": 3}).content.decode().count("modifiée") == 20
    answer = client.get(file_of(where))
    assert len(table(answer)) == 100
    assert "les 100 dernières de 120" in answer.content.decode()


def test_an_empty_journal_says_so(where, manager, as_user):
    assert "Rien pour l’instant" in is_sound(as_user(manager).get(page_of(where)))
    assert table(as_user(manager).get(file_of(where))) == []
