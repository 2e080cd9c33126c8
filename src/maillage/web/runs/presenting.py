"""What pages and the JSON of a run show of it."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.http import HttpRequest

from maillage.studies.registry import WORDS
from maillage.web.runs.chores import RETRY, offered
from maillage.web.runs.models import ChoreState, Run, State

MAX_SHOWN_CHARACTERS = 200_000
"""A longer result is offered as a file: a browser is no place for it."""

STATE_COLOURS = {
    State.QUEUED: "secondary",
    State.RUNNING: "primary",
    State.SUCCEEDED: "success",
    State.FAILED: "danger",
    State.CANCELLED: "secondary",
    State.EXPIRED: "secondary",
}


@dataclass(frozen=True, slots=True)
class Fact:
    """A named value of a result: short text, or (`is_long`) indented JSON."""

    label: str
    value: str
    is_long: bool = False


@dataclass(frozen=True, slots=True)
class ChoreShown:
    """A chore as administrators read it: what, how often, where it stands."""

    label: str
    pace: str
    standing: str
    colour: str
    state: ChoreState | None


_PACES: Final = {
    timedelta(minutes=10): "toutes les dix minutes",
    timedelta(hours=1): "chaque heure",
    timedelta(days=1): "chaque jour",
}


def chores_shown(*, at: datetime) -> list[ChoreShown]:
    """Return every chore and where it stands, those that went wrong or are late told as such."""
    states = ChoreState.objects.in_bulk()
    shown = []
    for chore in offered():
        state = states.get(chore.name)
        standing, colour = _standing(state, at)
        pace = _PACES.get(chore.every, f"toutes les {chore.every.total_seconds():.0f} secondes")
        shown.append(ChoreShown(chore.label, pace, standing, colour, state))
    return shown


def _standing(state: ChoreState | None, at: datetime) -> tuple[str, str]:
    """Return the word and the colour of where a chore stands."""
    if state is None or state.due_at < at - RETRY:
        return "en retard", "warning"
    if not state.is_free(at=at):
        return "en cours", "primary"
    if state.error:
        return f"en échec ({state.error})", "danger"
    return "à jour", "success"


def run_as_json(run: Run, request: HttpRequest) -> str:
    """Return all of a run as JSON text; the stored result is inserted as it is, not read again."""
    fields = {
        "id": run.public_id,
        "url": request.build_absolute_uri(run.get_absolute_url()),
        "study": run.study,
        "title": run.title,
        "state": run.state,
        "progress": run.progress,
        "message": run.message,
        "error": run.error,
        "seed": run.seed,
        "data_version": run.data_version,
        "code_version": run.code_version,
        "repeat_of": run.repeat_of.public_id if run.repeat_of else None,
        "created_at": _iso(run.created_at),
        "started_at": _iso(run.started_at),
        "finished_at": _iso(run.finished_at),
        "expires_at": _iso(run.expires_at),
        "inputs": json.loads(run.inputs),
        "result_sha256": run.result_hash or None,
    }
    text = json.dumps(fields, ensure_ascii=False)
    return f'{text[:-1]}, "result": {run.result or "null"}}}'


def facts_of(text: str) -> list[Fact]:
    """Return what JSON text says, name by name, in its own order; [] for no text."""
    if not text:
        return []
    value = json.loads(text)
    named = value if isinstance(value, dict) else {"résultat": value}
    return [_fact(name, part) for name, part in named.items()]


def announced(run: Run) -> str:
    """Return the sentence that a screen reader says; it changes at most every ten per cent."""
    if run.state != State.RUNNING:
        return f"Calcul : {run.get_state_display().lower()}."
    return f"Calcul en cours, {run.progress_pct // 10 * 10} % faits."


def same_as_original(run: Run) -> bool | None:
    """Say whether a repeated run found what the first one did; None if that cannot be told."""
    if run.repeat_of is None or not run.result_hash or not run.repeat_of.result_hash:
        return None
    return run.result_hash == run.repeat_of.result_hash


def _fact(label: str, value: Any) -> Fact:
    words = WORDS.get(label, label.replace("_", " "))
    if isinstance(value, bool):
        return Fact(words, "oui" if value else "non")
    if value is None:
        return Fact(words, "non disponible")
    if isinstance(value, str):
        return Fact(words, value)
    if isinstance(value, int | float):
        return Fact(words, _french_number(value))
    return Fact(words, json.dumps(value, ensure_ascii=False, indent=2), is_long=True)


def _french_number(value: float) -> str:
    whole = isinstance(value, int) or abs(value) >= 1e6
    text = f"{value:,.0f}" if whole else f"{value:,.6g}"
    return text.replace(",", "\u202f").replace(".", ",")


def _iso(moment: Any) -> str | None:
    return moment.isoformat() if moment else None
