"""While a study computes: its signs of life written, and the requests to stop brought to it."""

import logging
import math
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from threading import Event, Thread

from django.db import DatabaseError, connections
from django.utils import timezone

from maillage.web.runs.contexts import WorkerContext
from maillage.web.runs.errors import LeaseLost
from maillage.web.runs.leases import Claim, give_back, is_cancel_requested, renew_lease

logger = logging.getLogger(__name__)

_LONGEST_MESSAGE = 300


class Watch:
    """What the study in hand said last, and whether it must stop.

    The study's thread only reads and sets attributes; the database is spoken to by `look`, so
    that a study is never slowed by it and a silent study keeps its lease.
    """

    def __init__(self, *, claim: Claim, worker: WorkerContext, at: datetime) -> None:
        self.claim = claim
        self.worker = worker
        self.cancelled = False
        self.handed_back = False
        self.lost = False
        self.was_told_to_stop = False
        self._said = (0.0, "")
        self._written_at = at
        self._ending_since: datetime | None = None
        self._must_hand_back = False

    def progress(self, share: float, message: str = "") -> None:
        """Note how far the study is: a share from 0 to 1 (brought within), and the step."""
        known = 0.0 if math.isnan(share) else min(max(float(share), 0.0), 1.0)
        self._said = (known, message[:_LONGEST_MESSAGE])

    def stop(self) -> bool:
        """Say whether the study must stop now."""
        must = self.cancelled or self.lost or self._must_hand_back
        self.was_told_to_stop |= must
        return must

    def look(self, at: datetime) -> None:
        """Learn of a request to cancel, write a sign of life if one is due, mind a shutdown."""
        try:
            self.cancelled |= is_cancel_requested(self.claim)
            self._write_if_due(at)
            self._mind_shutdown(at)
        except LeaseLost:
            self.lost = not self.handed_back

    def _write_if_due(self, at: datetime) -> None:
        timing = self.worker.timing
        if (at - self._written_at).total_seconds() < timing.write_s:
            return
        share, message = self._said
        renew_lease(claim=self.claim, progress=share, message=message, at=at, lease=timing.lease)
        self._written_at = at

    def _mind_shutdown(self, at: datetime) -> None:
        """Give the study its grace, then its order to stop, then (if deaf) its run to another."""
        if not self.worker.stop():
            return
        self._ending_since = self._ending_since or at
        timing = self.worker.timing
        late_s = (at - self._ending_since).total_seconds() - timing.grace_s
        self._must_hand_back = late_s >= 0
        if late_s >= timing.obey_s and not self.cancelled:
            give_back(claim=self.claim, at=at)
            self.handed_back = True


@contextmanager
def watched(*, claim: Claim, worker: WorkerContext) -> Iterator[Watch]:
    """Look after the claim from a second thread until the block ends."""
    watch = Watch(claim=claim, worker=worker, at=timezone.now())
    over = Event()
    thread = Thread(target=_keep_looking, args=(watch, over), name="run-watch", daemon=True)
    thread.start()
    try:
        yield watch
    finally:
        over.set()
        thread.join()


def _keep_looking(watch: Watch, over: Event) -> None:
    try:
        while not over.wait(watch.worker.timing.look_s) and not watch.handed_back:
            _look_once(watch)
    finally:
        connections.close_all()


def _look_once(watch: Watch) -> None:
    """Look; a database out of reach is tried again at the next turn, the lease bears the wait."""
    try:
        watch.look(timezone.now())
    except DatabaseError:
        logger.warning("Run %s: the database did not answer.", watch.claim.public_id, exc_info=True)
        connections.close_all()
