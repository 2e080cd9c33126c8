"""A worker: takes tasks one by one, settles runs of dead workers, does chores, ends when told."""

import logging
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from django.db import DatabaseError, close_old_connections, connections
from django.utils import timezone
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult
from django_tasks_db.utils import exclusive_transaction

from maillage.web.runs.chores import do_due
from maillage.web.runs.contexts import WorkerContext, working_as
from maillage.web.runs.sweeping import SweepReport, sweep
from maillage.web.runs.timing import Timing

logger = logging.getLogger(__name__)

_NAP_S = 0.1
"""An idle worker's longest deaf moment: the time to end is asked this often."""


def run_worker(
    *,
    stop: Callable[[], bool] | None = None,
    timing: Timing | None = None,
    until_empty: bool = False,
) -> int:
    """Take tasks until `stop()` says yes, or (`until_empty`) none is left; return how many.

    Without `stop`, SIGTERM and SIGINT are the order to end: the study in hand has a grace to
    finish, then its run is given back to the queue. A second signal ends the process at once, and
    another worker takes the run when its lease is over. Start as many processes as there are
    cores to spare; they share the database only.
    """
    with _ending(stop) as must_end:
        context = WorkerContext(timing=timing or Timing(), stop=must_end)
        with working_as(context):
            return RunWorker(context).work(until_empty=until_empty)


class RunWorker(Worker):
    """The queue's own worker, with a sweep between tasks and an end from outside."""

    def __init__(self, context: WorkerContext) -> None:
        super().__init__(
            queue_names=["*"],
            interval=context.timing.poll_s,
            batch=False,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=context.owner[-64:],
            excluded_queue_names=[],
        )
        self.context = context
        self._look_around_s = 0.0

    def work(self, *, until_empty: bool) -> int:
        """Take tasks one by one; a database out of reach is waited for."""
        logger.info("Worker %s: ready.", self.context.owner)
        done = 0
        while not self.context.stop():
            worked = self._turn()
            done += worked is True
            if worked is None or (not worked and not until_empty):
                self._nap()
            elif not worked:
                break
        logger.info("Worker %s: ends after %d tasks.", self.context.owner, done)
        return done

    def _turn(self) -> bool | None:
        """Do what is due and one task; say whether there was one, None if the database is away."""
        close_old_connections()
        try:
            self._housekeep()
            task = self._take()
        except DatabaseError:
            logger.warning("The database did not answer; trying again.", exc_info=True)
            connections.close_all()
            return None
        if task is not None:
            self.run_task(task)
        return task is not None

    def _take(self) -> DBTaskResult | None:
        """Claim the next task. An empty queue is seen without taking SQLite's one write lock."""
        ready = DBTaskResult.objects.ready().filter(backend_name=self.backend_name)
        if not ready.exists():
            return None
        with exclusive_transaction(ready.db):
            task = ready.get_locked()
            if task is not None:
                task.claim(self.worker_id)
        return task

    def _housekeep(self) -> None:
        """Every few seconds, settle the runs of dead workers and do the chores that are due."""
        now_s = time.monotonic()
        if now_s < self._look_around_s:
            return
        timing = self.context.timing
        self._look_around_s = now_s + timing.sweep_s
        report = sweep(at=timezone.now(), lease=timing.lease)
        if report != SweepReport():
            logger.warning("Sweep: %s.", report)
        do_due(owner=self.context.owner, clock=timezone.now)

    def _nap(self) -> None:
        until_s = time.monotonic() + self.context.timing.poll_s
        while time.monotonic() < until_s and not self.context.stop():
            time.sleep(min(_NAP_S, self.context.timing.poll_s))


@contextmanager
def _ending(stop: Callable[[], bool] | None) -> Iterator[Callable[[], bool]]:
    """Give `stop`, or a reading of this process's signals when there is none."""
    if stop is not None:
        yield stop
        return
    told = threading.Event()
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}

    def end(number: int, frame: FrameType | None) -> None:
        told.set()
        signal.signal(number, signal.SIG_DFL)

    for number in before:
        signal.signal(number, end)
    try:
        yield told.is_set
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
