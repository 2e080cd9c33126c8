"""The table of moves, tried line by line: every state, every action, every role."""

from itertools import product

import pytest

from maillage.web.register.life.actors import Actor
from maillage.web.register.life.amending import accept, suggest
from maillage.web.register.life.commenting import comment
from maillage.web.register.life.editing import edit, revert
from maillage.web.register.life.errors import MaillageError, NotAllowed, ReasonMissing, StateChanged
from maillage.web.register.life.freshness import confirm_fresh
from maillage.web.register.life.moving import MOVES, move, review_evidence
from maillage.web.register.life.transitions import TRANSITIONS, Action, Role, actions_for, allowed
from maillage.web.register.models import Initiative
from maillage.web.register.models.choices import EvidenceLevel, State
from tests.web.register.conftest import AT, MakeInitiative

V, A, M = Role.VISITOR, Role.AUTHOR, Role.MODERATOR
# Written by hand, apart from the code: (state, action) → the roles that may, and the state after.
EXPECTED = {
    "draft": {"edit": ({A}, "draft"), "submit": ({A}, "submitted"), "comment": ({A, M}, "draft")},
    "submitted": {
        "edit": ({A, M}, "submitted"),
        "withdraw": ({A}, "draft"),
        "publish": ({M}, "published"),
        "send_back": ({M}, "draft"),
        "reject": ({M}, "rejected"),
        "merge": ({M}, "merged"),
        "revert": ({A, M}, "submitted"),
        "comment": ({A, M}, "submitted"),
        "review": ({M}, "submitted"),
    },
    "published": {
        "edit": ({A, M}, "published"),
        "archive": ({A, M}, "archived"),
        "merge": ({M}, "merged"),
        "revert": ({A, M}, "published"),
        "suggest": ({V, A, M}, "published"),
        "decide": ({A, M}, "published"),
        "comment": ({A, M}, "published"),
        "check": ({A, M}, "published"),
        "review": ({M}, "published"),
    },
    "archived": {
        "restore": ({M}, "published"),
        "merge": ({M}, "merged"),
        "comment": ({A, M}, "archived"),
    },
    "rejected": {
        "edit": ({A}, "rejected"),
        "submit": ({A}, "submitted"),
        "comment": ({A, M}, "rejected"),
    },
    "merged": {"split": ({M}, "archived")},
}


def test_the_table_is_the_one_that_was_agreed():
    table = {state.value: {} for state in State}
    for (state, action), line in TRANSITIONS.items():
        table[state.value][action.value] = (set(line.roles), line.to.value)
    assert table == EXPECTED


@pytest.mark.parametrize(("state", "action", "role"), list(product(State, Action, Role)))
def test_each_role_does_in_each_state_what_the_table_says_and_no_more(
    make: MakeInitiative, state: State, action: Action, role: Role
):
    other = make(title="Une autre fiche")
    initiative = make(state)
    suggestion = None
    if action is Action.DECIDE and state == State.PUBLISHED:
        suggestion = suggest(
            initiative=initiative, changes={"promise": "Mieux."}, actor=Actor(), at=AT
        )
    actor = Actor(None, frozenset({role}))
    roles, after = EXPECTED[state].get(action, (set(), ""))
    try:
        _do(action, initiative, actor, other, suggestion)
        done = True
    except NotAllowed:
        done = False
    assert done == (role in roles) == allowed(state, action, frozenset({role}))
    initiative.refresh_from_db()
    assert initiative.state == (after if done else state)
    assert (action in actions_for(state, frozenset({role}))) == done


def _do(action: Action, initiative: Initiative, actor: Actor, other: Initiative, suggestion):
    common = {"initiative": initiative, "actor": actor, "at": AT}
    if action in MOVES:
        move(action=action, reason="parce que", into=other, **common)
    elif action is Action.EDIT:
        edit(changes={"promise": "Autrement."}, **common)
    elif action is Action.REVERT:
        first = initiative.versions.last()
        if first is None:
            raise NotAllowed("no version")
        revert(number=first.number, **common)
    elif action is Action.SUGGEST:
        suggest(changes={"promise": "Mieux."}, **common)
    elif action is Action.DECIDE:
        if suggestion is None:
            raise NotAllowed("no suggestion")
        accept(amendment=suggestion, actor=actor, at=AT)
    elif action is Action.COMMENT:
        comment(text="Bonjour", **common)
    elif action is Action.CHECK:
        confirm_fresh(**common)
    else:
        review_evidence(level=EvidenceLevel.PROMISING, **common)


@pytest.mark.parametrize(
    ("state", "action"),
    [key for key, line in TRANSITIONS.items() if line.needs_reason],
)
def test_what_takes_something_away_must_say_why(make: MakeInitiative, state, action):
    initiative = make(state)
    with pytest.raises(ReasonMissing):
        move(
            initiative=initiative,
            action=action,
            actor=Actor(None, frozenset(Role)),
            at=AT,
            reason="  ",
        )
    initiative.refresh_from_db()
    assert initiative.state == state


def test_of_two_moderators_at_once_one_publishes_and_the_other_is_told(make: MakeInitiative):
    first = make(State.SUBMITTED)
    second = Initiative.objects.get(pk=first.pk)
    moderator = Actor(None, frozenset({M}))
    move(initiative=first, action=Action.PUBLISH, actor=moderator, at=AT)
    with pytest.raises(StateChanged):
        move(initiative=second, action=Action.REJECT, actor=moderator, at=AT, reason="non")
    first.refresh_from_db()
    assert first.state == State.PUBLISHED
    assert first.moves.count() == 2


def test_a_record_is_not_merged_into_itself_nor_into_a_draft(make: MakeInitiative):
    initiative, draft = make(), make(State.DRAFT)
    for into in (initiative, draft, None):
        with pytest.raises(MaillageError):
            move(
                initiative=initiative,
                action=Action.MERGE,
                actor=Actor(None, frozenset({M})),
                at=AT,
                into=into,
            )
    initiative.refresh_from_db()
    assert initiative.state == State.PUBLISHED


def test_a_chain_of_mergers_leads_on_in_one_step(make: MakeInitiative):
    first, second, third = (make(title=f"Fiche {number}") for number in range(3))
    moderator = Actor(None, frozenset({M}))
    move(initiative=first, action=Action.MERGE, actor=moderator, at=AT, into=second)
    move(initiative=second, action=Action.MERGE, actor=moderator, at=AT, into=third)
    first.refresh_from_db()
    assert first.merged_into == third
