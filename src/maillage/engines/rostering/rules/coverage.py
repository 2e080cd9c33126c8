"""Every duty is held, by as many people as it has places."""

from dataclasses import dataclass

from maillage.engines.rostering.breaches import Breach
from maillage.engines.rostering.case import Case
from maillage.engines.rostering.model import Model
from maillage.engines.rostering.roster import Roster
from maillage.engines.rostering.rules.rule import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class NotTooMany(Rule):
    """No duty is held by more people than it has places."""

    name: str = "too_many"

    def breaches(self, case: Case, roster: Roster) -> list[Breach]:
        """List the duties with too many holders."""
        return [
            self.breach(
                case,
                people=holders,
                duties=[at],
                found=len(holders),
                limit=case.duties[at].places,
                unit="people",
            )
            for at, holders in enumerate(roster.holders)
            if len(holders) > case.duties[at].places
        ]

    def constrain(self, model: Model) -> None:
        """Hold each duty to its places."""
        for at in model.duties:
            reason = self.reason(model.case, duties=[at])
            model.at_most([*model.holders_of(at).values()], model.case.duties[at].places, reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage(Rule):
    """Every duty has its people. Among what is minimised, first: a hard rule only to explain."""

    name: str = "coverage"

    def breaches(self, case: Case, roster: Roster) -> list[Breach]:
        """List the duties with too few holders."""
        return [
            self.breach(
                case,
                people=holders,
                duties=[at],
                found=len(holders),
                limit=case.duties[at].places,
                unit="people",
            )
            for at, holders in enumerate(roster.holders)
            if len(holders) < case.duties[at].places
        ]

    def constrain(self, model: Model) -> None:
        """Ask for every place of each duty."""
        for at in model.duties:
            self.require(model, at)

    def require(self, model: Model, duty: int) -> None:
        """Ask for every place of one duty."""
        reason = self.reason(model.case, duties=[duty])
        held = [*model.holders_of(duty).values()]
        model.at_least(held, model.case.duties[duty].places, reason)
