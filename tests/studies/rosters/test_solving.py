"""A search that is watched tells each step forward, and stops when it is asked to."""

from itertools import pairwise

from maillage.engines.rostering.fairness import Measure
from maillage.engines.rostering.problem import Problem
from maillage.studies.rosters.solving import solve_live
from tests.studies.rosters.territory import case


def problem():
    return Problem(case(), measures=(Measure("nights"),))


def solved(**options):
    points = []
    given = {"seed": 1, "on_point": points.append, "stop": lambda: False} | options
    return solve_live(problem(), **given), points


def test_the_curve_ends_at_the_result_and_never_goes_back():
    result, points = solved()
    assert points[-1].values == result.values
    assert points[-1].bounds == tuple(level.bound for level in result.levels)
    assert points[-1].roster == result.roster
    for earlier, later in pairwise(points):
        assert (later.values, later.bounds) != (earlier.values, earlier.bounds)
        assert later.values <= earlier.values
        assert later.work >= earlier.work


def test_a_search_told_to_stop_gives_its_best():
    asked = iter([False])
    result, points = solved(stop=lambda: next(asked, True))
    assert problem().breaches(result.roster) == []
    assert result.values <= points[0].values


def test_a_search_ends_with_its_work_and_goes_on_from_where_it_was():
    result, _ = solved(most_work=0.0)
    again, points = solved(start=result.roster)
    assert points[0].roster == result.roster
    assert again.values <= result.values
