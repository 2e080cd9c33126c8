"""What duties are paid, in whole cents: today's grids and the harmonised one."""

from maillage.engines.rostering.case import Case
from maillage.engines.rostering.roster import Pair, Roster


def pay_cents(case: Case, pair: Pair, *, harmonised: bool) -> int:
    """Return what one holder of one duty is paid."""
    duty, person = case.duties[pair[0]], case.people[pair[1]]
    return duty.harmonised_pay_cents if harmonised else duty.pay_cents.get(person.status, 0)


def total_pay_cents(case: Case, roster: Roster, *, harmonised: bool = False) -> int:
    """Return what a whole roster is paid."""
    return sum(pay_cents(case, pair, harmonised=harmonised) for pair in roster.pairs)
