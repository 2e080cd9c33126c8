"""How much has been done, in units that do not depend on the machine, and when to stop."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from maillage.engines.rostering.search.grid import Roster


@dataclass(frozen=True, slots=True)
class Incumbent:
    """The best roster so far (None before the first), its cost, and the proven bound."""

    roster: Roster | None
    cost: float
    bound: float


Stop = Callable[[float, Incumbent], bool]
"""Told the work done, in seconds of a slow core as counted and not as timed; True ends it."""


@dataclass
class Effort:
    """Adds up work, keeps the best roster and bound, and asks the caller whether to go on."""

    stop: Stop
    work: float = 0.0
    best: Incumbent = field(default_factory=lambda: Incumbent(None, np.inf, -np.inf))
    is_over: bool = False

    def spend(self, work: float) -> None:
        """Count work done, and ask."""
        self.work += work
        self._ask()

    def found(self, roster: Roster, cost: int) -> None:
        """Keep a roster that is the best so far."""
        self.best = Incumbent(roster, cost, self.best.bound)
        self._ask()

    def proved(self, bound: float) -> None:
        """Keep a bound if it is the best. Costs are whole: it rounds up."""
        if bound > self.best.bound:
            whole = float(np.ceil(bound - 1e-6)) if np.isfinite(bound) else bound
            self.best = Incumbent(self.best.roster, self.best.cost, whole)
        self._ask()

    def _ask(self) -> None:
        is_proven = self.best.bound >= self.best.cost
        self.is_over = self.is_over or is_proven or self.stop(self.work, self.best)

    def share(self, limit: float) -> "Effort":
        """Return an effort of at most `limit` work, counted here too."""
        counted = 0.0

        def stop(work: float, _: Incumbent) -> bool:
            nonlocal counted
            extra, counted = work - counted, work
            self.spend(extra)
            return self.is_over or work >= limit

        return Effort(stop)
