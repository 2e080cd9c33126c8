"""A small world in which everybody owns something, and one may try to take what is another's."""

from dataclasses import dataclass, field
from datetime import timedelta

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.utils import timezone

from maillage.web.accounts.link_secrets import hashed, new_secret
from maillage.web.accounts.models import (
    ApiKey,
    Invitation,
    Membership,
    Organisation,
    TerritoryRole,
    User,
)
from maillage.web.accounts.rights import Role
from maillage.web.atlas.models import Scenario
from maillage.web.register.models import (
    Amendment,
    Attachment,
    Contact,
    ContactMessage,
    Contribution,
    ImportBatch,
    Initiative,
    Portal,
)
from maillage.web.register.models.choices import Licence, State
from maillage.web.runs.models import Run
from maillage.web.territories.models import Territory
from tests.web.register.conftest import AT, MakeInitiative

SECRET = "xylophagie"
"""A word that is in everything of which strangers may read nothing."""


@dataclass(slots=True)
class World:
    """What there is: owners by name, values of addresses by name."""

    owners: dict[str, User]
    strangers: dict[str, User]
    values: dict[str, str] = field(default_factory=dict)


def make_world(make: MakeInitiative) -> World:
    """Write everything that has an address of its own, and people who have no business there."""
    here = Territory.objects.get(kind="commune", code="20001")
    elsewhere = Territory.objects.get(kind="commune", code="20005")
    ours, theirs = _organisation(f"Ours {SECRET}", here), _organisation("Theirs", elsewhere)
    owners = {
        "author": _member(ours, Role.MANAGER, "author"),
        "moderator": _on(here, Role.MODERATOR, "moderator"),
        "administrator": _user("admin@example.org", is_platform_administrator=True),
    }
    world = World(owners, _strangers(theirs, elsewhere))
    given = TerritoryRole.objects.get(user=owners["moderator"])
    world.values |= {"place": str(here.pk), "place_role": str(given.pk)}
    world.values |= _of_organisation(ours, owners["author"])
    world.values |= _of_register(make, ours, owners["author"], owners["moderator"])
    world.values |= _of_account(owners["author"])
    world.values |= _of_computations(owners["author"])
    return world


def _strangers(theirs: Organisation, elsewhere: Territory) -> dict[str, User]:
    return {
        "somebody": _user("somebody@example.org"),
        "reader elsewhere": _member(theirs, Role.READER, "reader"),
        "manager elsewhere": _member(theirs, Role.MANAGER, "manager"),
        "moderator of another body": _member(theirs, Role.MODERATOR, "body"),
        "contributor of another place": _on(elsewhere, Role.CONTRIBUTOR, "contributor"),
        "moderator of another place": _on(elsewhere, Role.MODERATOR, "other-moderator"),
        "coordinator of another place": _on(elsewhere, Role.COORDINATOR, "coordinator"),
        "manager of another place": _on(elsewhere, Role.MANAGER, "other-manager"),
    }


def _organisation(name: str, territory: Territory) -> Organisation:
    made = Organisation.objects.create(name=name, kind="cpts", created_at=AT)
    made.territories.add(territory)
    return made


def _user(email: str, **fields: bool) -> User:
    user = User.objects.create_user(email, **fields)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def _member(organisation: Organisation, role: Role, name: str) -> User:
    user = _user(f"{name}@example.org")
    Membership.objects.create(organisation=organisation, user=user, role=role, joined_at=AT)
    return user


def _on(territory: Territory, role: Role, name: str) -> User:
    user = _user(f"{name}@example.org")
    TerritoryRole.objects.create(territory=territory, user=user, role=role, given_at=AT)
    return user


def _of_organisation(ours: Organisation, author: User) -> dict[str, str]:
    second = _member(ours, Role.READER, "second")
    invitation = Invitation.objects.create(
        organisation=ours,
        email="p@example.org",
        role=Role.READER,
        secret_hash=hashed("invitation"),
        invited_by=author,
        created_at=timezone.now(),
        expires_at=timezone.now() + timedelta(days=7),
    )
    return {
        "organisation": ours.public_id,
        "member": second.public_id,
        "invitation": invitation.public_id,
    }


def _of_register(
    make: MakeInitiative, ours: Organisation, author: User, moderator: User
) -> dict[str, str]:
    words = {
        "title": f"Titre {SECRET}",
        "promise": f"Promesse {SECRET}",
        "territories": ["commune:20001"],
    }
    draft = make(State.DRAFT, created_by=author, **words)
    sent = make(State.SUBMITTED, created_by=author, **words)
    public = make(title="Fiche publique", created_by=author, territories=["commune:20001"])
    all_three = [draft.pk, sent.pk, public.pk]
    Initiative.objects.filter(pk__in=all_three).update(organisation=ours)
    found = {"draft": draft.public_id, "sent": sent.public_id, "public": public.public_id}
    found |= {"draft_file": _file(draft), "public_version": str(public.version)}
    amendment = Amendment.objects.create(
        initiative=public,
        base_version=public.version,
        changes={"promise": {"before": public.promise, "after": SECRET}},
        created_at=AT,
    )
    batch = ImportBatch.objects.create(
        source_name=SECRET,
        licence=Licence.LO_2_0,
        file_name=f"{SECRET}.csv",
        mapping={},
        by=moderator,
        created_at=AT,
    )
    portal = Portal.objects.create(organisation=ours, slug="ferme", name=SECRET, is_open=False)
    found |= {"amendment": amendment.public_id, "batch": batch.public_id, "portal": portal.slug}
    return found | _links(make, public)


def _file(initiative: Initiative) -> str:
    file = Attachment.objects.create(
        public_id="fichier",
        initiative=initiative,
        name=f"{SECRET}.pdf",
        content_type="application/pdf",
        size=5,
        sha256="0" * 64,
        body=b"%PDF-",
        added_at=AT,
    )
    return file.public_id


def _links(make: MakeInitiative, public: Initiative) -> dict[str, str]:
    """Write what opens by a secret, and return the secrets."""
    by_link = make(State.DRAFT, title=f"Par lien {SECRET}")
    now = timezone.now()
    found = {
        name: new_secret() for name in ("contribution", "mailed", "suggestion", "asked", "answer")
    }
    Contribution.objects.create(
        initiative=by_link,
        secret_hash=hashed(found["contribution"]),
        mailed_hash=hashed(found["mailed"]),
        email="link@example.org",
        created_at=now,
        expires_at=now + timedelta(days=90),
    )
    Contact.objects.create(initiative=public, email="holder@example.org", confirmed_at=now)
    Amendment.objects.create(
        initiative=public,
        base_version=public.version,
        changes={},
        author_email="who@example.org",
        secret_hash=hashed(found["suggestion"]),
        status=Amendment.Status.UNCONFIRMED,
        created_at=now,
    )
    for name, sent_at in (("asked", None), ("answer", now)):
        ContactMessage.objects.create(
            initiative=public,
            secret_hash=hashed(found[name]),
            sender_name="Ada",
            sender_email="ada@example.org",
            text=SECRET,
            created_at=now,
            sent_at=sent_at,
        )
    return found


def _of_account(author: User) -> dict[str, str]:
    key = ApiKey.objects.create(
        user=author, name=SECRET, secret_hash="x", scopes="read", created_at=AT
    )
    # Of its own browser, whose session is there.
    Session.objects.create(
        session_key="s" * 32, session_data="", expire_date=timezone.now() + timedelta(days=1)
    )
    session = UserSession.objects.create(
        user=author, session_key="s" * 32, ip="127.0.0.1", user_agent=SECRET, data={}
    )
    return {"key": key.public_id, "session": str(session.pk)}


def _of_computations(author: User) -> dict[str, str]:
    now = timezone.now()
    run = Run.objects.create(
        study="x",
        title="Calcul",
        user=author,
        inputs="{}",
        question_hash="0" * 64,
        data_version="2026-a",
        code_version="0",
        created_at=now,
        queued_at=now,
        expires_at=now + timedelta(days=1),
    )
    scenario = Scenario.objects.create(
        name="Scénario",
        moves=["gp:20003:1"],
        store_version="1",
        user=author,
        created_at=now,
        expires_at=now + timedelta(days=1),
    )
    return {"run": run.public_id, "scenario": scenario.public_id}
