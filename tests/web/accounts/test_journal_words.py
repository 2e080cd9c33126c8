"""Every verb that the code writes in the journal has French words, and no words are for nothing."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import maillage.web
from maillage.web.accounts.journal.words import WORDS, in_french
from maillage.web.register.life.moving import MOVES
from maillage.web.register.life.transitions import Action

ROOT = Path(maillage.web.__file__).parent
WRITERS = ("record", "journal")
FIRST_ARGUMENT_IS_NO_VERB = ("accounts/journal/writing.py", "register/life/journaling.py")
BY_ACTION = {
    "register/life/moving.py": MOVES,
    "register/life/editing.py": {Action.EDIT, Action.REVERT, Action.DECIDE},
}
"""Where a verb is made of an action, the actions that come there."""


def verbs_of(node: ast.expr, function: ast.AST, path: str) -> Iterator[str]:
    """Yield what the first argument may be; fail on what cannot be told by reading."""
    match node:
        case ast.Constant(value=str(verb)):
            yield verb
        case ast.IfExp(body=one, orelse=other):
            yield from verbs_of(one, function, path)
            yield from verbs_of(other, function, path)
        case ast.Name(id=name):
            for made in ast.walk(function):
                if isinstance(made, ast.Assign) and ast.unparse(made.targets[0]) == name:
                    yield from verbs_of(made.value, function, path)
        case ast.JoinedStr(values=[ast.Constant(value=str(start)), ast.FormattedValue()]):
            yield from (f"{start}{action}" for action in BY_ACTION[path])
        case _:
            pytest.fail(f"{path}: the verb {ast.unparse(node)} cannot be read: write it whole")


def written() -> set[str]:
    """Return every verb that a call of `record` or `journal` writes."""
    found: set[str] = set()
    for file in sorted(ROOT.rglob("*.py")):
        path = file.relative_to(ROOT).as_posix()
        if path in FIRST_ARGUMENT_IS_NO_VERB:
            continue
        for function in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(function, ast.FunctionDef):
                continue
            for call in ast.walk(function):
                name = ast.unparse(call.func) if isinstance(call, ast.Call) else ""
                if isinstance(call, ast.Call) and name in WRITERS and call.args:
                    verbs = set(verbs_of(call.args[0], function, path))
                    assert verbs, f"{path}: {ast.unparse(call)}"
                    found |= verbs
    return found


def test_every_verb_that_is_written_has_words_and_all_words_serve() -> None:
    verbs = written()
    assert len(verbs) > 40
    assert verbs - set(WORDS) == set()
    assert set(WORDS) - verbs == set()


def test_words_are_sentences_that_differ() -> None:
    assert len(set(WORDS.values())) == len(WORDS)
    assert all(words[0].isupper() and not words.endswith(".") for words in WORDS.values())
    assert in_french("gone.forever") == "gone.forever"
