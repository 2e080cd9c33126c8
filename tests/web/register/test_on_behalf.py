"""On whose behalf a sheet is written: chosen, changed, and what it gives to whom."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from maillage.studies.store import Store
from maillage.web.accounts.models import JournalEntry, Membership, Organisation, User
from maillage.web.accounts.rights import HELD_ROLES, ROLE_PERMISSIONS, Permission, Role
from maillage.web.register.content.storing import content_of
from maillage.web.register.contributing.on_behalf import may_choose, write_for
from maillage.web.register.importing.running import run_batch
from maillage.web.register.importing.steering import start_batch
from maillage.web.register.life.actors import Actor
from maillage.web.register.life.errors import NotAllowed, StateChanged
from maillage.web.register.models import ImportBatch, Initiative
from maillage.web.register.models.choices import Licence, State
from maillage.web.territories.models import Territory
from tests.web.register.conftest import AT, MakeInitiative
from tests.web.register.test_importing import TABLE, batch_of, outcomes
from tests.web.register.test_importing import run as import_table
from tests.web.register.test_pages import logged_in

FIRST_PAGE = {"title": "Navette", "promise": "Une navette vers le soin."}
MakeOrganisation = Callable[..., Organisation]


@pytest.fixture
def organisation(shown_store: Store) -> MakeOrganisation:
    """Make an organisation with members: organisation("CPTS", author="contributor")."""

    def make(name: str, kind: str = "cpts", **members: tuple[User, str]) -> Organisation:
        made = Organisation.objects.create(name=name, kind=kind, created_at=AT)
        for user, role in members.values():
            made.memberships.create(user=user, role=role, joined_at=AT)
        return made

    return make


@pytest.fixture
def draft(make: MakeInitiative, author: User) -> Initiative:
    """A draft that the author began in their own name."""
    return make(State.DRAFT, created_by=author)


def test_the_first_page_offers_ones_organisations_and_says_the_holder(
    organisation: MakeOrganisation, author: User
) -> None:
    organisation("CPTS d’à côté", a=(author, "contributor"))
    chosen = organisation("CC du Levant", "local_authority", a=(author, "coordinator"))
    organisation("Lue seulement", a=(author, "reader"))
    client = logged_in(author)
    page = client.get(reverse("register:start")).content.decode()
    assert "CPTS d’à côté" in page
    assert "Lue seulement" not in page
    client.post(reverse("register:start"), FIRST_PAGE | {"organisation": chosen.public_id})
    initiative = Initiative.objects.get()
    assert initiative.organisation == chosen
    (holder,) = content_of(initiative)["holders"]
    assert (holder["name"], holder["kind"]) == ("CC du Levant", "local_authority")


def test_one_writes_in_ones_own_name_by_saying_so(
    organisation: MakeOrganisation, author: User
) -> None:
    organisation("CPTS", a=(author, "contributor"))
    logged_in(author).post(reverse("register:start"), FIRST_PAGE | {"organisation": ""})
    initiative = Initiative.objects.get()
    assert initiative.organisation is None
    assert content_of(initiative)["holders"] == []


@pytest.mark.parametrize("role", ["", *HELD_ROLES])
def test_one_writes_for_an_organisation_by_the_table_of_rights(
    role: str, organisation: MakeOrganisation, author: User
) -> None:
    where = organisation("CPTS", **({"a": (author, role)} if role else {}))
    allowed = bool(role) and Permission.CONTRIBUTE in ROLE_PERMISSIONS[Role(role)]
    sent = FIRST_PAGE | {"organisation": where.public_id}
    answer = logged_in(author).post(reverse("register:start"), sent)
    assert answer.status_code == (302 if allowed else 404)
    assert Initiative.objects.filter(organisation=where).exists() is allowed


def test_a_visitor_is_offered_no_organisation(
    organisation: MakeOrganisation, client: Client
) -> None:
    where = organisation("CPTS")
    assert "Au nom de" not in client.get(reverse("register:start")).content.decode()
    client.post(reverse("register:start"), FIRST_PAGE | {"organisation": where.public_id})
    assert Initiative.objects.get().organisation is None


def test_who_began_a_sheet_hands_it_over_and_takes_it_back(
    draft: Initiative, organisation: MakeOrganisation, author: User
) -> None:
    where = organisation("CPTS", a=(author, "contributor"))
    client = logged_in(author)
    address = reverse("register:write", args=[draft.public_id, "verifier"])
    assert "Au nom de" in client.get(address).content.decode()
    client.post(address, {"geste": "organisation", "organisation": where.public_id})
    draft.refresh_from_db()
    assert draft.organisation == where
    client.post(address, {"geste": "organisation", "organisation": ""})
    draft.refresh_from_db()
    assert draft.organisation is None
    verbs = JournalEntry.objects.filter(verb__contains="initiative").order_by("number")
    assert [entry.verb for entry in verbs][-3:] == [
        "initiative.handed_over",
        "initiative.handed_over",
        "organisation.initiative_left",
    ]


def test_a_sheet_is_handed_to_no_organisation_of_others(
    draft: Initiative, organisation: MakeOrganisation, author: User
) -> None:
    other = organisation("ARS", a=(User.objects.create_user("x@example.org"), "manager"))
    address = reverse("register:write", args=[draft.public_id, "verifier"])
    sent = {"geste": "organisation", "organisation": other.public_id}
    assert logged_in(author).post(address, sent).status_code == 404
    actor = Actor.of(author, draft)
    with pytest.raises(NotAllowed):
        write_for(initiative=draft, organisation=other, actor=actor, at=AT)
    draft.refresh_from_db()
    assert draft.organisation is None


def test_a_colleague_writes_the_sheet_but_does_not_take_it_away(
    draft: Initiative, organisation: MakeOrganisation, author: User
) -> None:
    colleague = User.objects.create_user("collegue@example.org")
    where = organisation("CPTS", a=(author, "contributor"), b=(colleague, "contributor"))
    write_for(initiative=draft, organisation=where, actor=Actor.of(author, draft), at=AT)
    actor = Actor.of(colleague, draft)
    assert not may_choose(draft, actor)
    with pytest.raises(NotAllowed):
        write_for(initiative=draft, organisation=None, actor=actor, at=AT)
    page = logged_in(colleague).get(reverse("register:write", args=[draft.public_id, "verifier"]))
    assert "écrite au nom de CPTS" in page.content.decode()


def test_handing_over_what_was_handed_over_meanwhile_is_refused(
    draft: Initiative, organisation: MakeOrganisation, author: User
) -> None:
    one = organisation("A", a=(author, "contributor"))
    two = organisation("B", a=(author, "contributor"))
    actor, same_read_before = Actor.of(author, draft), Initiative.objects.get(pk=draft.pk)
    assert write_for(initiative=draft, organisation=one, actor=actor, at=AT)
    assert not write_for(initiative=draft, organisation=one, actor=actor, at=AT)
    with pytest.raises(StateChanged):
        write_for(initiative=same_read_before, organisation=two, actor=actor, at=AT)


def test_who_left_the_organisation_writes_its_sheets_no_more(
    draft: Initiative, organisation: MakeOrganisation, author: User
) -> None:
    where = organisation("CPTS", a=(author, "contributor"))
    write_for(initiative=draft, organisation=where, actor=Actor.of(author, draft), at=AT)
    Membership.objects.all().delete()
    gone = User.objects.get(pk=author.pk)
    assert not Initiative.objects.written_by(gone).exists()
    assert not Initiative.objects.visible_to(gone).exists()
    assert not may_choose(draft, Actor.of(gone, draft))


@pytest.mark.parametrize("role", HELD_ROLES)
def test_a_role_in_an_organisation_imports_on_its_territories_by_the_table(
    role: Role, organisation: MakeOrganisation, author: User
) -> None:
    where = organisation("CPTS", a=(author, role))
    where.territories.set(Territory.objects.filter(kind="commune", code__in=["20001", "20002"]))
    allowed = Permission.IMPORT in ROLE_PERMISSIONS[role]
    answer = logged_in(author).get(reverse("register:imports"))
    assert answer.status_code == (200 if allowed else 404)
    if allowed:
        assert "CPTS" in answer.content.decode()
        # The second row is also on a commune that the organisation does not cover.
        assert outcomes(batch_of(TABLE, by=author)) == ["waiting", "error"]


def test_records_imported_for_an_organisation_are_its_own(
    organisation: MakeOrganisation, author: User
) -> None:
    where = organisation("CPTS", a=(author, "coordinator"))
    where.territories.set(Territory.objects.filter(kind="department", code="20"))
    other = organisation("ARS", b=(User.objects.create_user("x@example.org"), "coordinator"))
    client = logged_in(author)
    sent = {"source": "Source", "licence": Licence.LO_2_0}
    for asked, status in ((other, 404), (where, 302)):
        answer = client.post(
            reverse("register:imports"),
            sent | {"organisation": asked.public_id, "fichier": _file()},
        )
        assert answer.status_code == status
    batch = ImportBatch.objects.get()
    start_batch(batch=batch, at=AT)
    run_batch(batch=batch, clock=lambda: AT)
    assert set(Initiative.objects.values_list("organisation", flat=True)) == {where.pk}


def test_an_import_writes_over_nobody_elses_record(
    organisation: MakeOrganisation, author: User
) -> None:
    stranger = User.objects.create_user("y@example.org")
    for user in (author, stranger):
        where = organisation(f"CPTS de {user}", a=(user, "coordinator"))
        where.territories.set(Territory.objects.filter(kind="department", code="20"))
    import_table(TABLE, by=author)
    again = import_table(TABLE.replace("Un bus.", "Volé."), by=stranger)
    assert outcomes(again) == ["error", "error"]
    assert not Initiative.objects.filter(promise="Volé.").exists()
    assert outcomes(import_table(TABLE, by=author)) == ["unchanged", "unchanged"]


def test_an_import_whose_importer_has_left_writes_over_no_record(
    administrator: User, shown_store: Store
) -> None:
    leaving = User.objects.create_user("y@example.org", is_platform_administrator=True)
    import_table(TABLE, by=administrator)
    batch = batch_of(TABLE.replace("Un bus.", "Volé."), by=leaving)
    start_batch(batch=batch, at=AT)
    leaving.delete()
    batch.refresh_from_db()
    assert outcomes(run_batch(batch=batch, clock=lambda: AT)) == ["error", "error"]
    assert not Initiative.objects.filter(promise="Volé.").exists()


def _file() -> SimpleUploadedFile:
    return SimpleUploadedFile("f.csv", TABLE.encode())
