"""Who may do what to a record, by state: one table, from which actions, pages and tests are made.

What no line of the table allows is refused.
"""

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from maillage.web.register.models.choices import State


class Role(StrEnum):
    """What a person is to one record."""

    VISITOR = "visitor"
    AUTHOR = "author"  # who wrote it, or who writes for the body that holds it
    MODERATOR = "moderator"  # judges what is said of its territories


class Action(StrEnum):
    """What may be done to a record."""

    EDIT = "edit"
    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    PUBLISH = "publish"
    SEND_BACK = "send_back"
    REJECT = "reject"
    ARCHIVE = "archive"
    RESTORE = "restore"
    MERGE = "merge"
    SPLIT = "split"
    REVERT = "revert"
    SUGGEST = "suggest"
    DECIDE = "decide"
    COMMENT = "comment"
    CHECK = "check"
    REVIEW = "review"


@dataclass(frozen=True, slots=True)
class Transition:
    """One line of the table: the state after, who may, and whether a reason must be given."""

    to: State
    roles: frozenset[Role]
    needs_reason: bool = False


_EVERYBODY = frozenset(Role)
_BOTH = frozenset({Role.AUTHOR, Role.MODERATOR})
_AUTHOR = frozenset({Role.AUTHOR})
_MODERATOR = frozenset({Role.MODERATOR})
_S, _A = State, Action

TRANSITIONS: Final = MappingProxyType(
    {
        (_S.DRAFT, _A.EDIT): Transition(_S.DRAFT, _AUTHOR),
        (_S.DRAFT, _A.SUBMIT): Transition(_S.SUBMITTED, _AUTHOR),
        (_S.DRAFT, _A.COMMENT): Transition(_S.DRAFT, _BOTH),
        (_S.SUBMITTED, _A.EDIT): Transition(_S.SUBMITTED, _BOTH),
        (_S.SUBMITTED, _A.WITHDRAW): Transition(_S.DRAFT, _AUTHOR),
        (_S.SUBMITTED, _A.PUBLISH): Transition(_S.PUBLISHED, _MODERATOR),
        (_S.SUBMITTED, _A.SEND_BACK): Transition(_S.DRAFT, _MODERATOR, needs_reason=True),
        (_S.SUBMITTED, _A.REJECT): Transition(_S.REJECTED, _MODERATOR, needs_reason=True),
        (_S.SUBMITTED, _A.MERGE): Transition(_S.MERGED, _MODERATOR),
        (_S.SUBMITTED, _A.REVERT): Transition(_S.SUBMITTED, _BOTH),
        (_S.SUBMITTED, _A.COMMENT): Transition(_S.SUBMITTED, _BOTH),
        (_S.SUBMITTED, _A.REVIEW): Transition(_S.SUBMITTED, _MODERATOR),
        (_S.PUBLISHED, _A.EDIT): Transition(_S.PUBLISHED, _BOTH),
        (_S.PUBLISHED, _A.ARCHIVE): Transition(_S.ARCHIVED, _BOTH, needs_reason=True),
        (_S.PUBLISHED, _A.MERGE): Transition(_S.MERGED, _MODERATOR),
        (_S.PUBLISHED, _A.REVERT): Transition(_S.PUBLISHED, _BOTH),
        (_S.PUBLISHED, _A.SUGGEST): Transition(_S.PUBLISHED, _EVERYBODY),
        (_S.PUBLISHED, _A.DECIDE): Transition(_S.PUBLISHED, _BOTH),
        (_S.PUBLISHED, _A.COMMENT): Transition(_S.PUBLISHED, _BOTH),
        (_S.PUBLISHED, _A.CHECK): Transition(_S.PUBLISHED, _BOTH),
        (_S.PUBLISHED, _A.REVIEW): Transition(_S.PUBLISHED, _MODERATOR),
        (_S.ARCHIVED, _A.RESTORE): Transition(_S.PUBLISHED, _MODERATOR),
        (_S.ARCHIVED, _A.MERGE): Transition(_S.MERGED, _MODERATOR),
        (_S.ARCHIVED, _A.COMMENT): Transition(_S.ARCHIVED, _BOTH),
        (_S.REJECTED, _A.EDIT): Transition(_S.REJECTED, _AUTHOR),
        (_S.REJECTED, _A.SUBMIT): Transition(_S.SUBMITTED, _AUTHOR),
        (_S.REJECTED, _A.COMMENT): Transition(_S.REJECTED, _BOTH),
        (_S.MERGED, _A.SPLIT): Transition(_S.ARCHIVED, _MODERATOR, needs_reason=True),
    }
)

WORDS: Final = MappingProxyType(
    {
        _A.SUBMIT: "Envoyée pour publication",
        _A.WITHDRAW: "Reprise par l’auteur",
        _A.PUBLISH: "Publiée",
        _A.SEND_BACK: "Rendue à l’auteur",
        _A.REJECT: "Refusée",
        _A.ARCHIVE: "Archivée",
        _A.RESTORE: "Remise en ligne",
        _A.MERGE: "Fusionnée dans une autre fiche",
        _A.SPLIT: "Fusion défaite",
    }
)
"""What the history says of each change of state for which nobody gave a reason."""


def allowed(state: str, action: Action, roles: frozenset[Role]) -> bool:
    """Say whether the table lets one of these roles do this in this state."""
    line = TRANSITIONS.get((State(state), action))
    return line is not None and bool(line.roles & roles)


def actions_for(state: str, roles: frozenset[Role]) -> list[Action]:
    """Return what these roles may do in this state, in the order of the table."""
    return [
        action
        for (from_state, action), line in TRANSITIONS.items()
        if from_state == state and line.roles & roles
    ]
