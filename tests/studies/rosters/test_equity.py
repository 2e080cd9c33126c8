"""The board of equity shows what each carries, beside what would be fair."""

from datetime import time

from maillage.engines.rostering.duties import Match
from maillage.engines.rostering.fairness import Account, Measure
from maillage.engines.rostering.people import Status
from maillage.engines.rostering.problem import Problem
from maillage.engines.rostering.roster import Roster
from maillage.studies.rosters.equity import PersonTotals, boards, totals
from tests.studies.rosters.territory import case, line


def test_each_account_has_target_history_and_deviation():
    facts = case(line(), line("jour", starts=time(8), ends=time(20)))
    nights = Measure("nights", match=Match(types=frozenset({"night"})), history={"eve": 2})
    roster = Roster.named(facts, {f"urgences/pau/2026-12-2{day}": ["ada"] for day in (1, 3)})
    (board,) = boards(Problem(facts, measures=(nights,)), roster)
    assert board.measure == "nights"
    assert board.accounts == (
        Account("ada", "nights", 30, 0, 20),
        Account("bob", "nights", 30, 0, 0),
        Account("eve", "nights", 30, 20, 0),
    )
    assert [one.deviation for one in board.accounts] == [-10, -30, -10]
    assert board.spread == 20
    assert round(board.gini, 3) == 0.333


def test_totals_add_up_by_type_minutes_and_both_grids():
    pay = {Status.HOSPITAL: 26_500}
    night = line(points=3, pay_cents=pay, harmonised_pay_cents=30_000)
    astreinte = line("astreinte", points=1, work_min=60)
    facts = case(night, astreinte)
    held = ["urgences/pau/2026-12-24", "urgences/pau/2026-12-26", "astreinte/pau/2026-12-25"]
    found = totals(facts, Roster.named(facts, {duty: ["ada"] for duty in held}))
    assert found[0] == PersonTotals(
        "ada", 3, {"night": 3, "weekend": 1, "holiday": 1}, 7, 1500, 53_000, 60_000
    )
    assert found[1] == PersonTotals("bob", 0, {}, 0, 0, 0, 0)
