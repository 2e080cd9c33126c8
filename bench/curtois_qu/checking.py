"""An independent checker of rosters for Curtois & Qu: reads the format, not the engine."""

from itertools import groupby, pairwise

from curtois_qu.reading import Instance, Person

Plan = dict[str, list[str | None]]
"""Person → shift of each day, None when off."""


def penalty(instance: Instance, plan: Plan) -> int:
    """Return the cost of a plan, as the problem's page defines it."""
    paid = sum(w for who, day, shift, w in instance.wanted if plan[who][day] != shift)
    paid += sum(w for who, day, shift, w in instance.unwanted if plan[who][day] == shift)
    for day, shift, need, under, over in instance.cover:
        there = sum(row[day] == shift for row in plan.values())
        paid += under * max(0, need - there) + over * max(0, there - need)
    return paid


def faults(instance: Instance, plan: Plan) -> list[str]:
    """List, in words, each hard rule that the plan breaks."""
    found = [f"{who}: no row" for who in instance.staff if who not in plan]
    for who, person in instance.staff.items():
        row = plan.get(who, [])
        if len(row) != instance.days:
            found.append(f"{who}: {len(row)} days")
            continue
        found += [f"{who}: {what}" for what in _row_faults(instance, who, person, row)]
    return found


def _row_faults(instance: Instance, who: str, person: Person, row: list[str | None]) -> list[str]:
    found = [f"works day {d}, off by right" for d in instance.days_off.get(who, ()) if row[d]]
    for day, (today, tomorrow) in enumerate(pairwise(row)):
        if today and tomorrow in instance.shifts[today].not_followed_by:
            found.append(f"{tomorrow} after {today} on day {day + 1}")
    for name, most in person.most_of.items():
        if row.count(name) > most:
            found.append(f"{row.count(name)} shifts {name}, at most {most}")
    minutes = sum(instance.shifts[name].minutes for name in row if name)
    if not person.least_minutes <= minutes <= person.most_minutes:
        found.append(f"{minutes} minutes")
    weekends = sum(bool(row[d] or row[d + 1]) for d in range(5, instance.days - 1, 7))
    if weekends > person.most_weekends:
        found.append(f"{weekends} weekends")
    return found + _block_faults(instance, person, row)


def _block_faults(instance: Instance, person: Person, row: list[str | None]) -> list[str]:
    found, day = [], 0
    for worked, group in groupby(bool(name) for name in row):
        length = len(list(group))
        inside = day > 0 and day + length < instance.days
        if worked and length > person.most_in_a_row:
            found.append(f"{length} days in a row from {day}")
        if worked and inside and length < person.least_in_a_row:
            found.append(f"only {length} days in a row from {day}")
        if not worked and inside and length < person.least_days_off:
            found.append(f"only {length} days off from {day}")
        day += length
    return found
