"""One step of a contribution: a part of the sheet, shown, read and saved."""

from dataclasses import dataclass
from typing import Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from maillage.web.register.content.checking import Problem
from maillage.web.register.content.differences import FieldDifference
from maillage.web.register.content.fields import STEP_BY_KEY, STEPS, Content, Step
from maillage.web.register.content.storing import content_of
from maillage.web.register.contributing.forms import field_views, read_form
from maillage.web.register.contributing.meanwhile import compared, marks_of
from maillage.web.register.contributing.sessions import Writing
from maillage.web.register.life.editing import edit
from maillage.web.register.life.errors import STALE, NotComplete, StateChanged
from maillage.web.register.life.transitions import Action
from maillage.web.register.models import Initiative

_TRIES: Final = 3
"""How often a save starts again because somebody else saved in the same instant."""


@dataclass(frozen=True, slots=True)
class _Shown:
    """A step as its page shows it.

    marks  of the values of the sheet that its reader has seen
    """

    content: Content
    marks: str
    problems: tuple[Problem, ...] = ()
    conflicts: tuple[FieldDifference, ...] = ()


def write_step(request: HttpRequest, writing: Writing, step_key: str) -> HttpResponse:
    """Show a step, or save it and go on. What does not read, or collides, is shown as typed."""
    step = STEP_BY_KEY.get(step_key)
    if step is None or not writing.may(Action.EDIT):
        raise Http404
    if request.method == "POST":
        shown = _save(request, writing, step)
        if shown is None:
            messages.success(request, "Enregistré.")
            goes_on = "suite" in request.POST
            return redirect(_after(writing, step) if goes_on else writing.step_url(step.key))
    else:
        content = content_of(writing.initiative)
        shown = _Shown(content, marks_of(step.fields, content))
    context = {
        "writing": writing,
        "initiative": writing.initiative,
        "step": step,
        "steps": [(one, writing.step_url(one.key)) for one in STEPS],
        "shown": shown,
        "views": field_views(step.fields, shown.content, shown.problems),
    }
    return render(request, "register/contributing/step.html", context)


def _save(request: HttpRequest, writing: Writing, step: Step) -> _Shown | None:
    """Save what was sent; return what to show again when it could not be, as it was typed."""
    given, read = read_form(step.fields, request.POST)
    initiative = writing.initiative
    for _ in range(_TRIES):
        today = content_of(initiative)
        marks = request.POST.get("lu", marks_of(step.fields, today))
        if read.problems:
            return _Shown(today | given, marks, problems=read.problems)
        sent = compared(marks, today=today, sent=read.content)
        if sent.conflicts:
            typed = {key: given[key] for key in sent.changes}
            seen = marks_of(step.fields, today)  # saved again, it is knowingly
            return _Shown(today | typed, seen, conflicts=sent.conflicts)
        try:
            edit(
                initiative=initiative,
                changes=sent.changes,
                actor=writing.actor,
                at=timezone.now(),
            )
        except NotComplete as refused:
            return _Shown(today | given, marks, problems=refused.problems)
        except StateChanged:
            initiative = Initiative.objects.get(pk=initiative.pk)
        else:
            return None
    messages.error(request, STALE)
    return _Shown(content_of(initiative) | given, marks)


def _after(writing: Writing, step: Step) -> str:
    """Return the address of what comes after a step."""
    after = STEPS.index(step) + 1
    return writing.step_url(STEPS[after].key) if after < len(STEPS) else writing.check_url
