"""Why a duty is empty, why me, what freeing me costs; and three rosters to choose from."""

from dataclasses import replace

from maillage.engines.rostering.alternatives import alternatives
from maillage.engines.rostering.explaining import (
    Obstacle,
    _Inquiry,
    obstacles,
    price_of_freeing,
    why_empty,
    why_me,
)
from maillage.engines.rostering.fairness import Measure
from maillage.engines.rostering.levels import FAIR_FIRST, Level
from maillage.engines.rostering.model import Reason
from maillage.engines.rostering.people import Status
from maillage.engines.rostering.problem import Problem
from maillage.engines.rostering.roster import Roster
from maillage.engines.rostering.rules.rest import Gap
from maillage.engines.rostering.wishes import Wanted, Wish
from tests.engines.rostering.cases import DAY, case, duty, hard_sum, night, person

SURGEON = frozenset({"chirurgie"})
REST = Gap(least_min=660)


def published(problem, **holders):
    return Roster.named(problem.case, {name: who.split() for name, who in holders.items()})


def christmas():
    """One night of surgery at Oloron: Ada refuses the site, Bob is away, Eve is no surgeon."""
    oloron = frozenset({"oloron"})
    people = [
        person("ada", skills=SURGEON),
        person("bob", skills=SURGEON, accepted_sites=oloron, absences=((0, 2 * DAY),)),
        person("eve", accepted_sites=oloron),
    ]
    return Problem(case(people, [night(0, site="oloron", skills=SURGEON)]))


def test_a_night_that_nobody_can_hold_has_one_reason_for_each_person():
    problem = christmas()
    conflict = why_empty(problem, Roster.of(problem.case, ()), "night0", seed=1)
    assert conflict.certain
    assert set(conflict.reasons) == {
        Reason("volunteering", ("ada",), ("night0",)),
        Reason("absence", ("bob",), ("night0",)),
        Reason("skills", ("eve",), ("night0",)),
    }
    takers = {one.reason.rule: one.takers for one in conflict.relaxations if one.enough}
    assert takers == {"volunteering": ("ada",), "absence": ("bob",), "skills": ("eve",)}


def test_no_reason_of_a_conflict_is_idle():
    """Bob could take the night without his day; a night three days later is no matter."""
    people = [person("bob"), person("eve", accepted_sites=frozenset())]
    problem = Problem(case(people, [duty("day", 8 * 60), night(0), night(3)]), (REST,))
    conflict = why_empty(problem, published(problem, day="bob", night3="bob"), "night0", seed=1)
    assert set(conflict.reasons) == {
        Reason("coverage", (), ("day",)),
        Reason("rest", ("bob",)),
        Reason("volunteering", ("eve",), ("night0",)),
    }
    assert [one.takers for one in conflict.relaxations if one.reason.rule == "coverage"] == [
        ("bob",)
    ]


def test_leaving_out_a_reason_that_is_gone_already_asks_nothing():
    problem = christmas()
    inquiry = _Inquiry(problem, Roster.of(problem.case, ()), "night0", 1, days=7, work=5.0)
    kept = [Reason("skills", ("eve",), ("night0",))]
    assert inquiry._without(kept, [Reason("rest", ("bob",))]) is kept
    assert inquiry.left == 5.0


def test_giving_up_one_reason_may_not_be_enough():
    """Neither Ada's refusal nor her absence alone keeps her from the night."""
    away = person("ada", accepted_sites=frozenset(), absences=((0, DAY),))
    problem = Problem(case([away], [night(0)]))
    conflict = why_empty(problem, Roster.of(problem.case, ()), "night0", seed=1)
    assert len(conflict.reasons) == 1
    assert [(one.enough, one.takers) for one in conflict.relaxations] == [(False, ())]


def test_a_duty_that_could_be_held_after_all_comes_with_the_roster_that_holds_it():
    problem = Problem(case([person("ada")], [night(0), night(2)]), (REST,))
    conflict = why_empty(problem, published(problem, night2="ada"), "night0", seed=1)
    assert conflict.reasons == ()
    assert conflict.certain
    assert conflict.roster.holders == ((0,), (0,))


def test_without_work_nothing_is_certain():
    problem = hard_sum()
    empty = Roster.of(problem.case, ())
    conflict = why_empty(problem, empty, "night12", seed=1, days=40, work=0.0)
    assert conflict.roster is None
    assert not conflict.certain


def test_obstacles_say_what_each_other_person_would_break():
    problem = Problem(
        case([person("ada"), person("bob"), person("eve")], [duty("day", 8 * 60), night(0)]),
        (REST,),
    )
    roster = published(problem, day="bob", night0="ada")
    found = obstacles(problem, roster, "night0")
    assert [one.person_id for one in found] == ["bob", "eve"]
    assert [breach.rule for breach in found[0].breaches] == ["rest"]
    assert found[1] == Obstacle("eve", ())


def test_why_me_compares_with_everyone_else():
    people = [person("ada"), person("bob"), person("eve", accepted_sites=frozenset())]
    problem = Problem(case(people, [night(0), night(2)]), measures=(Measure("nights"),))
    roster = published(problem, night0="ada", night2="bob")
    answers = why_me(problem, roster, "night0", "ada", levels=FAIR_FIRST)
    assert [(one.obstacle.person_id, one.change) for one in answers] == [
        ("bob", (0, 10, 20, 0)),
        ("eve", ()),
    ]


def test_freeing_someone_has_a_price_by_level():
    people = [person("ada"), person("bob")]
    wish = Wish("w", "bob", Wanted.NONE, (("night0",),), strength=4)
    problem = Problem(case(people, [night(0)]), wishes=(wish,))
    roster = published(problem, night0="ada")
    freeing = price_of_freeing(problem, roster, "night0", "ada", seed=1, levels=FAIR_FIRST)
    assert freeing.change == (0, 0, 0, 4)
    assert [move.person_id for move in freeing.repair.moves] == ["ada", "bob"]


def trade_off():
    """Bob wishes no night and is paid more; Ada has half of them as her share."""
    people = [person("ada"), person("bob", status=Status.POOL)]
    pay = {Status.HOSPITAL: 300, Status.POOL: 500}
    duties = [night(d, pay_cents=pay) for d in (0, 2)]
    wish = Wish("w", "bob", Wanted.NONE, (("night0", "night2"),))
    return Problem(case(people, duties), (REST,), (wish,), (Measure("nights"),))


def test_three_rosters_put_fairness_wishes_and_cost_first():
    fair, wished, cheap = alternatives(trade_off(), seed=1, stop=lambda work, best: work > 5)
    assert [one.first for one in (fair, wished, cheap)] == [
        Level.MOST_UNFAIR,
        Level.WISHES,
        Level.COST,
    ]
    assert (fair.values[Level.MOST_UNFAIR], fair.values[Level.WISHES]) == (0, 1)
    assert (wished.values[Level.MOST_UNFAIR], wished.values[Level.WISHES]) == (10, 0)
    assert (fair.values[Level.COST], cheap.values[Level.COST]) == (800, 600)


def test_with_a_roster_before_the_last_one_is_the_most_stable():
    problem = trade_off()
    before = published(problem, night0="bob", night2="bob")
    *_, stable = alternatives(
        replace(problem, before=before), seed=1, stop=lambda work, best: work > 5
    )
    assert stable.first is Level.CHANGES
    assert stable.result.roster == before
