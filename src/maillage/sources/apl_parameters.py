"""The sheet "Paramètres" of the DREES APL workbooks: how the indicator was computed.

Producer DREES, Licence Ouverte 2.0. The sheet is text laid out for readers: each figure is found
by the words beside it, never by its place. Numbers are written with spaces ("3 600").
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from maillage.core.errors import InputError
from maillage.sources.names import fold_header

_NUMBER: Final = re.compile(r"\d+(?: \d{3})*")
_YEAR: Final = re.compile(r"\b(20\d\d)\b")

Lines = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class ActivityBounds:
    """How many of a GP's acts in a year count, all in acts/year.

    ignored_below   a GP with fewer acts counts for none
    floor, ceiling  acts are raised to the floor and cut at the ceiling
    newcomer        what a GP who did not practise the year before counts for
    """

    ignored_below: float
    floor: float
    ceiling: float
    newcomer: float

    def __post_init__(self) -> None:
        if not 0 <= self.ignored_below <= self.floor <= self.newcomer <= self.ceiling:
            raise InputError(
                f"Bounds of activity {self} are not in order: ignored_below, floor, newcomer, "
                "ceiling. Compare with the sheet “Paramètres”."
            )


@dataclass(frozen=True, slots=True)
class AplParameters:
    """What the sheet "Paramètres" says.

    field           which practitioners count, in the words of the sheet
    activity        bounds of activity; None for the professions counted in full-time equivalents
    decay_min       upper ends of the steps of travel time, in minutes
    decay_weights   weight inside each step, then beyond the last: one more than `decay_min`
    age_from        first age of each age group, in years
    age_weights     year → weight of each group in demand, the mean of the nation being 1
    """

    field: str
    activity: ActivityBounds | None
    decay_min: tuple[float, ...]
    decay_weights: tuple[float, ...]
    age_from: tuple[int, ...]
    age_weights: Mapping[int, tuple[float, ...]]

    def __post_init__(self) -> None:
        if len(self.decay_weights) != len(self.decay_min) + 1:
            raise InputError(
                f"{len(self.decay_min)} steps of travel time and {len(self.decay_weights)} "
                "weights; expected one weight more than steps, for what lies beyond."
            )
        if list(self.decay_min) != sorted(set(self.decay_min)):
            raise InputError(f"Steps of travel time {self.decay_min} are not in order.")
        if list(self.age_from) != sorted(set(self.age_from)) or self.age_from[:1] != (0,):
            raise InputError(f"Age groups start at {self.age_from}; expected 0, then in order.")
        for year, weights in self.age_weights.items():
            if len(weights) != len(self.age_from):
                raise InputError(
                    f"{len(weights)} age weights in {year}, {len(self.age_from)} age groups."
                )


def parse_parameters(cells: Lines, *, file: str) -> AplParameters:
    """Return the parameters written in a sheet; raise InputError when a section is missing."""
    lines = [[fold_header(cell).replace(" ", " ") for cell in line] for line in cells]
    age_from, age_weights = _ages(lines, file=file)
    decay_min, decay_weights = _decay(lines, file=file)
    return AplParameters(
        field=_below(cells, lines, "champ de l'indicateur", file=file),
        activity=_activity(lines),
        decay_min=decay_min,
        decay_weights=decay_weights,
        age_from=age_from,
        age_weights=age_weights,
    )


def _row(lines: Lines, start: str) -> int | None:
    for row, line in enumerate(lines):
        if line and line[0].startswith(start):
            return row
    return None


def _needed_row(lines: Lines, start: str, *, file: str) -> int:
    row = _row(lines, start)
    if row is None:
        raise InputError(
            f"{file}, sheet “Paramètres”: no line begins with {start!r}. DREES may have rewritten "
            "the sheet: compare it with the one of 2023."
        )
    return row


def _below(cells: Lines, lines: Lines, start: str, *, file: str) -> str:
    row = _needed_row(lines, start, file=file)
    return next((line[0] for line in cells[row + 1 :] if line and line[0]), "")


def _section(
    lines: Lines, row: int, holds: Callable[[str], bool]
) -> list[tuple[str, Sequence[str]]]:
    """Return the lines below `row` for as long as their first cell `holds`."""
    kept = []
    for line in lines[row + 1 :]:
        if not holds(line[0]):
            break
        kept.append((line[0], line[1:]))
    return kept


def _activity(lines: Lines) -> ActivityBounds | None:
    row = _row(lines, "nombre de consultations")
    if row is None:
        return None
    section = _section(lines, row, lambda text: text.startswith(("moins", "entre", "plus")))
    bounds = [_numbers(text) for text, _ in section]
    newcomer = _row(lines, "exceptions")
    if len(bounds) != 4 or newcomer is None:
        raise InputError(
            f"Sheet “Paramètres”: found the bounds of activity {[text for text, _ in section]}; "
            "expected “Moins de…”, two “Entre… et…”, “Plus de…”, then the exceptions."
        )
    return ActivityBounds(
        ignored_below=bounds[0][0],
        floor=bounds[1][1],
        ceiling=bounds[3][0],
        newcomer=max(_numbers(lines[newcomer][0])),
    )


def _decay(lines: Lines, *, file: str) -> tuple[tuple[float, ...], tuple[float, ...]]:
    row = _needed_row(lines, "temps de trajet", file=file)
    section = _section(lines, row, lambda text: "minute" in text)
    weights = tuple(_weight(rest[0], file=file) for _, rest in section)
    ends = tuple(_numbers(text)[-1] for text, _ in section[:-1])
    return ends, weights


def _ages(lines: Lines, *, file: str) -> tuple[tuple[int, ...], dict[int, tuple[float, ...]]]:
    row = _needed_row(lines, "tranche d'age", file=file)
    years = {
        position: int(found[1])
        for position, header in enumerate(lines[row][1:])
        if (found := _YEAR.search(header))
    }
    section = _section(lines, row, lambda text: bool(re.search(r"\bans\b", text)))
    age_from = tuple(0 if "moins" in text else int(_numbers(text)[0]) for text, _ in section)
    weights = {
        year: tuple(_weight(rest[position], file=file) for _, rest in section)
        for position, year in years.items()
    }
    if not weights:
        raise InputError(f"{file}, sheet “Paramètres”: no year above the weights of the ages.")
    return age_from, weights


def _numbers(text: str) -> list[float]:
    return [float(found.replace(" ", "")) for found in _NUMBER.findall(text)]


def _weight(text: str, *, file: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise InputError(
            f"{file}, sheet “Paramètres”: {text!r} stands where a weight is due."
        ) from None
