"""Curtois & Qu → the engine's arrays, and back."""

import numpy as np

from curtois_qu.checking import Plan
from curtois_qu.reading import Instance
from maillage.engines.rostering.search.grid import (
    HARD,
    DutyGrid,
    Eve,
    IntArray,
    Limits,
    Roster,
    Tallies,
)  # fmt: skip


def to_grid(instance: Instance) -> tuple[DutyGrid, int]:
    """Return the grid, and what to add to its cost: the weight of all that was wanted."""
    people, lines, days = list(instance.staff), list(instance.shifts), instance.days
    shape = (len(people), days, len(lines))
    allowed, cost = np.ones(shape, bool), np.zeros(shape, np.int64)
    for who, off in instance.days_off.items():
        allowed[people.index(who), sorted(off)] = False
    for who, person in instance.staff.items():
        for name, most in person.most_of.items():
            if most == 0:
                allowed[people.index(who), :, lines.index(name)] = False
    for requests, sign in ((instance.wanted, -1), (instance.unwanted, 1)):
        for who, day, name, weight in requests:
            cost[people.index(who), day, lines.index(name)] += sign * weight
    need, under, over = (np.zeros(shape[1:], np.int64) for _ in range(3))
    for day, name, *values in instance.cover:
        for array, value in zip((need, under, over), values, strict=True):
            array[day, lines.index(name)] = value
    minutes = [instance.shifts[name].minutes for name in lines]
    day_numbers = np.arange(days)
    grid = DutyGrid(
        minutes=np.tile(np.array(minutes, np.int64), (days, 1)),
        allowed=allowed, must_work=np.zeros(shape[:2], bool), cost=cost,
        need=need, under=under, over=over,
        wait_days=_waits(instance),
        weekend_of_day=np.where(day_numbers % 7 >= 5, day_numbers // 7, -1),
        limits=_limits(instance), eve=Eve.rested(len(people)),
        tallies=_most_of_each(instance),
    )  # fmt: skip
    return grid, sum(weight for *_, weight in instance.wanted)


def _waits(instance: Instance) -> IntArray:
    names = list(instance.shifts)
    return np.array(
        [[1 + (u in instance.shifts[t].not_followed_by) for u in names] for t in names], np.int64
    )


def _limits(instance: Instance) -> Limits:
    staff = instance.staff.values()
    columns = [
        [p.least_minutes for p in staff], [p.most_minutes for p in staff],
        [p.least_in_a_row for p in staff], [p.most_in_a_row for p in staff],
        [p.least_days_off for p in staff], [p.most_weekends for p in staff],
    ]  # fmt: skip
    return Limits(*(np.array(column, np.int64) for column in columns))


def _most_of_each(instance: Instance) -> Tallies:
    """One group per shift of which somebody may have fewer than there are days."""
    names = list(instance.shifts)
    most = np.array([[p.most_of[name] for name in names] for p in instance.staff.values()])
    bound = np.flatnonzero(((most > 0) & (most < instance.days)).any(axis=0))
    weight = np.zeros((bound.size, instance.days, len(names)), np.int64)
    weight[np.arange(bound.size), :, bound] = 1
    hard = np.full((len(instance.staff), bound.size), HARD)
    return Tallies(weight, np.zeros_like(hard), most[:, bound].astype(np.int64), hard, hard)


def to_plan(instance: Instance, roster: Roster) -> Plan:
    """Return the roster in the words of the instance."""
    names = list(instance.shifts)
    return {
        who: [names[line] if line >= 0 else None for line in row]
        for who, row in zip(instance.staff, roster.tolist(), strict=True)
    }
