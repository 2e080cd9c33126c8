"""One step of a contribution: a part of the sheet, shown, read and saved."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from maillage.web.register.content.fields import STEP_BY_KEY, STEPS
from maillage.web.register.content.storing import content_of
from maillage.web.register.contributing.forms import field_views, read_form
from maillage.web.register.contributing.sessions import Writing
from maillage.web.register.life.editing import edit
from maillage.web.register.life.errors import STALE, NotComplete, StateChanged
from maillage.web.register.life.transitions import Action


def write_step(request: HttpRequest, writing: Writing, step_key: str) -> HttpResponse:
    step = STEP_BY_KEY.get(step_key)
    if step is None or not writing.may(Action.EDIT):
        raise Http404
    content = content_of(writing.initiative)
    problems: list[Any] = []
    if request.method == "POST":
        given, read = read_form(step.fields, request.POST)
        problems = list(read.problems)
        if not problems:
            try:
                return redirect(_saved(request, writing, step.key, read.content))
            except NotComplete as refused:
                problems = list(refused.problems)
        content = content | given
    context = {
        "writing": writing,
        "initiative": writing.initiative,
        "step": step,
        "steps": [(one, writing.step_url(one.key)) for one in STEPS],
        "views": field_views(step.fields, content, problems),
        "problems": problems,
        "next_url": _next_url(writing, step.key),
    }
    return render(request, "register/contributing/step.html", context)


def _saved(request: HttpRequest, writing: Writing, step: str, changes: dict[str, Any]) -> str:
    """Save one step and return where to go next. Raises NotComplete."""
    try:
        edit(
            initiative=writing.initiative,
            changes=changes,
            actor=writing.actor,
            at=timezone.now(),
        )
    except StateChanged:
        messages.error(request, STALE)
        return writing.step_url(step)
    messages.success(request, "Enregistré.")
    return _next_url(writing, step) if "suite" in request.POST else writing.step_url(step)


def _next_url(writing: Writing, step: str) -> str:
    keys = [one.key for one in STEPS]
    after = keys.index(step) + 1
    return writing.step_url(keys[after]) if after < len(keys) else writing.check_url
