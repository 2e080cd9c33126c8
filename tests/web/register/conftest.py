"""Records, people and a clock for the tests of the register."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from maillage.studies.store import Store
from maillage.web.accounts.models import TerritoryRole, User
from maillage.web.register.content.fields import Content
from maillage.web.register.life.actors import MACHINE
from maillage.web.register.life.editing import start_draft
from maillage.web.register.life.moving import move
from maillage.web.register.life.transitions import Action
from maillage.web.register.models import Initiative
from maillage.web.register.models.choices import State
from maillage.web.territories.models import Territory

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
SHEET: Content = {
    "title": "Bus de dépistage du Levant",
    "promise": "Un bus va vers ceux que le soin ne voit pas.",
    "description": "Le bus **dépiste** et oriente.",
    "themes": ["prevention"],
    "sub_themes": ["prevention.screening"],
    "territories": ["commune:20001", "epci:200000001"],
    "holders": [{"name": "Communauté de communes du Levant", "kind": "local_authority"}],
    "stage": "deployed",
    "start_year": 2019,
    "budget_lines": [
        {"funder": "ARS", "funder_kind": "ars", "year": 2023, "amount_eur": "120000.5"}
    ],
    "figures": [{"kind": "activity", "label": "Personnes vues", "value": "1250", "year": 2023}],
    "resources": [{"kind": "report", "title": "Bilan", "url": "https://example.org/bilan"}],
    "success_factors": ["sponsorship", "funding"],
}
ROAD_TO = {
    State.DRAFT: (),
    State.SUBMITTED: (Action.SUBMIT,),
    State.PUBLISHED: (Action.SUBMIT, Action.PUBLISH),
    State.ARCHIVED: (Action.SUBMIT, Action.PUBLISH, Action.ARCHIVE),
    State.REJECTED: (Action.SUBMIT, Action.REJECT),
    State.MERGED: (Action.SUBMIT, Action.MERGE),
}
MakeInitiative = Callable[..., Initiative]


@pytest.fixture
def make(shown_store: Store) -> MakeInitiative:
    """Write a record in any state: make(State.PUBLISHED, title="…", created_by=somebody)."""

    def _make(
        state: State = State.PUBLISHED, *, created_by: Any = None, at: datetime = AT, **sheet: Any
    ) -> Initiative:
        into = _make(title="Fiche qui reste") if state == State.MERGED else None
        initiative = start_draft(content=SHEET | sheet, actor=MACHINE, at=at)
        if created_by is not None:
            Initiative.objects.filter(pk=initiative.pk).update(created_by=created_by)
        for action in ROAD_TO[state]:
            move(
                initiative=initiative,
                action=action,
                actor=MACHINE,
                at=at,
                reason="parce que",
                into=into,
            )
        return Initiative.objects.get(pk=initiative.pk)

    return _make


@pytest.fixture
def author(db: None) -> User:
    """Somebody with an account and no role."""
    return User.objects.create_user("autrice@example.org", full_name="Autrice")


@pytest.fixture
def administrator(db: None) -> User:
    """Who administers the platform."""
    return User.objects.create_user("admin@example.org", is_platform_administrator=True)


@pytest.fixture
def moderator(shown_store: Store) -> User:
    """Who moderates the department."""
    user = User.objects.create_user("moderatrice@example.org", full_name="Modératrice")
    department = Territory.objects.get(kind="department", code="20")
    TerritoryRole.objects.create(user=user, territory=department, role="moderator", given_at=AT)
    return user
