"""Dates, hours, durations and amounts as the French say them."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from maillage.studies.french import is_plural
from maillage.studies.indicators import french_number

_DAYS: Final = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_MONTHS: Final = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip


def day_in_french(day: date, *, weekday: bool = True) -> str:
    """Return "vendredi 1er mai 2026", or "1er mai 2026"."""
    number = "1er" if day.day == 1 else str(day.day)
    said = f"{number} {_MONTHS[day.month - 1]} {day.year}"
    return f"{_DAYS[day.weekday()]} {said}" if weekday else said


def hour_in_french(moment: datetime) -> str:
    """Return "20 h" or "8 h 30"."""
    return f"{moment.hour}\u00a0h" + (f"\u00a0{moment.minute:02}" if moment.minute else "")


def duration_in_french(minutes: int) -> str:
    """Return "11 h", "11 h 30" or "45 min"."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest}\u00a0min"
    return f"{hours}\u00a0h" + (f"\u00a0{rest:02}" if rest else "")


def euros_in_french(cents: int) -> str:
    """Return "1 250 €" or "1 250,50 €"."""
    return f"{french_number(cents / 100, decimals=2 if cents % 100 else 0)}\u00a0€"


def tenths_in_french(tenths: int) -> str:
    """Return "1,5" or "2"."""
    return french_number(tenths / 10, decimals=1 if tenths % 10 else 0)


def counted(number: int, one: str, several: str) -> str:
    """Return "1 garde" or "3 gardes"."""
    return f"{number}\u00a0{several if is_plural(number) else one}"


def listed(items: Sequence[str]) -> str:
    """Return "a, b et c"."""
    return " et ".join(part for part in (", ".join(items[:-1]), *items[-1:]) if part)
