"""What a person does to runs: ask, cancel, repeat."""

import json
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Case, F, Q, Value, When

import maillage
from maillage.web.runs.askers import Asker
from maillage.web.runs.canonical import inputs_text, question_hash
from maillage.web.runs.errors import QueueFull, RunNotCancellable, TooManyRuns
from maillage.web.runs.models import UNFINISHED, Run, State
from maillage.web.runs.studies import Study, current_data_version, find_study
from maillage.web.runs.tasks import wake_worker
from maillage.web.runs.timing import KEEP_RESULT

MAX_UNFINISHED_PER_ASKER = 5
MAX_UNFINISHED = 200


def ask_run(
    *,
    study: str,
    inputs: dict[str, Any],
    asker: Asker,
    at: datetime,
    seed: int = 0,
    title: str = "",
    repeat_of: Run | None = None,
) -> Run:
    """Write a run to be computed and wake a worker, or write nothing.

    title  ours, never a visitor's words: who asks the same question later is shown this run

    Raises UnknownStudy, InputError (inputs that the study refuses), TooManyRuns, QueueFull.
    """
    asked = find_study(study)
    text = _complete(asked, inputs)
    _check_room(asker)
    data_version = current_data_version()
    with transaction.atomic():
        run = Run.objects.create(
            study=study,
            title=(title or asked.title)[:200],
            user_id=asker.user_id,
            visitor_hash=asker.visitor_hash,
            inputs=text,
            question_hash=_question(study, text, data_version),
            seed=seed,
            data_version=data_version,
            code_version=maillage.__version__,
            repeat_of=repeat_of,
            created_at=at,
            queued_at=at,
            expires_at=at + KEEP_RESULT,
        )
        wake_worker(run=run, at=at)
    return run


def reusable_run(
    *, study: str, inputs: dict[str, Any], asker: Asker, at: datetime, seed: int = 0
) -> Run | None:
    """Return the newest run that answers, or will answer, this very question; None if none does.

    Same study, inputs, data, software and seed: done by anybody and still kept, or under way for
    this asker. Raises UnknownStudy and InputError as `ask_run` does.
    """
    text = _complete(find_study(study), inputs)
    same = Run.objects.filter(
        question_hash=_question(study, text, current_data_version()), seed=seed
    ).without_result()
    done = Q(state=State.SUCCEEDED, expires_at__gt=at)
    own_under_way = Q(
        state__in=UNFINISHED,
        cancel_requested=False,
        pk__in=Run.objects.asked_by(asker).values("pk"),
    )
    return same.filter(done | own_under_way).first()


def repeat_run(*, run: Run, asker: Asker, at: datetime) -> Run:
    """Ask the same question again, with the same seed, of today's data and software.

    Raises what `ask_run` raises: a study may have changed its mind about old inputs.
    """
    return ask_run(
        study=run.study,
        inputs=json.loads(run.inputs),
        asker=asker,
        at=at,
        seed=run.seed,
        title=run.title,
        repeat_of=run,
    )


def cancel_run(*, run: Run, asker: Asker, at: datetime) -> None:
    """End a waiting run at once, or ask the worker of a running one to stop.

    Raises RunNotCancellable if it is finished or somebody else's. One update, so that a run
    taken or put back at this very moment is cancelled all the same.
    """
    waits = Q(state=State.QUEUED)
    mine = Run.objects.asked_by(asker).filter(pk=run.pk, state__in=UNFINISHED)
    updated = mine.update(
        cancel_requested=True,
        state=Case(When(waits, then=Value(State.CANCELLED.value)), default=F("state")),
        finished_at=Case(When(waits, then=Value(at)), default=F("finished_at")),
        expires_at=Case(When(waits, then=Value(at + KEEP_RESULT)), default=F("expires_at")),
    )
    if not updated:
        raise RunNotCancellable(f"run {run.public_id} is finished or belongs to somebody else.")


def _complete(study: Study, inputs: dict[str, Any]) -> str:
    """Return the one text of the inputs with the study's defaults; raise InputError."""
    inputs_text(inputs)  # named values, bounded, before the study reads them
    return inputs_text(study.check(inputs))


def _question(study: str, inputs: str, data_version: str) -> str:
    return question_hash(
        study=study, inputs=inputs, data_version=data_version, code_version=maillage.__version__
    )


def _check_room(asker: Asker) -> None:
    """Refuse one run too many. Two requests at once may pass together: a courtesy, not a wall."""
    unfinished = Run.objects.unfinished()
    if asker.is_known and unfinished.asked_by(asker).count() >= MAX_UNFINISHED_PER_ASKER:
        raise TooManyRuns(f"{MAX_UNFINISHED_PER_ASKER} runs are unfinished: wait or cancel one.")
    if unfinished.count() >= MAX_UNFINISHED:
        raise QueueFull(f"{MAX_UNFINISHED} runs wait on this site: try again later.")
