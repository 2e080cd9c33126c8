"""What a worker process knows about itself while it computes."""

import os
import secrets
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from maillage.web.runs.timing import Timing


def _new_owner() -> str:
    return f"{socket.gethostname()[:60]}:{os.getpid()}:{secrets.token_hex(8)}"


def _never() -> bool:
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerContext:
    """A worker's name, unique among all workers ever; its clockwork; whether it must end."""

    owner: str = field(default_factory=_new_owner)
    timing: Timing = field(default_factory=Timing)
    stop: Callable[[], bool] = _never


_current: ContextVar[WorkerContext | None] = ContextVar("maillage_runs_worker", default=None)


def current_context() -> WorkerContext:
    """Return the worker at work here; a plain `db_worker`, which sets none, gets a new one."""
    return _current.get() or WorkerContext()


@contextmanager
def working_as(context: WorkerContext) -> Iterator[WorkerContext]:
    """Make `context` the worker at work inside the block."""
    token = _current.set(context)
    try:
        yield context
    finally:
        _current.reset(token)
