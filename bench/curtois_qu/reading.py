"""Reads instances of Curtois & Qu into plain records: nothing of the engine in here."""

from dataclasses import dataclass, field
from pathlib import Path

BEST_KNOWN = {
    1: 607, 2: 828, 3: 1001, 4: 1716, 6: 1950, 7: 1056, 8: 1300, 10: 4631, 11: 3443, 12: 4040,
    14: 1278, 15: 3828, 16: 3225, 18: 4459, 19: 3149, 20: 4769, 22: 30241, 24: 42463,
}  # fmt: skip


@dataclass(frozen=True)
class Shift:
    minutes: int
    not_followed_by: tuple[str, ...]


@dataclass(frozen=True)
class Person:
    most_of: dict[str, int]
    most_minutes: int
    least_minutes: int
    most_in_a_row: int
    least_in_a_row: int
    least_days_off: int
    most_weekends: int


@dataclass(frozen=True)
class Instance:
    """One file: requests and cover as (person, day, shift, weight) and (day, shift, …)."""

    days: int
    shifts: dict[str, Shift]
    staff: dict[str, Person]
    days_off: dict[str, set[int]] = field(default_factory=dict)
    wanted: list[tuple[str, int, str, int]] = field(default_factory=list)
    unwanted: list[tuple[str, int, str, int]] = field(default_factory=list)
    cover: list[tuple[int, str, int, int, int]] = field(default_factory=list)


def read_instance(path: Path) -> Instance:
    """Read one InstanceN.txt."""
    sections = _sections(path)
    return Instance(
        days=int(sections["HORIZON"][0]),
        shifts={f[0]: _shift(f) for f in _fields(sections["SHIFTS"])},
        staff={f[0]: _person(f) for f in _fields(sections["STAFF"])},
        days_off={f[0]: {int(d) for d in f[1:]} for f in _fields(sections["DAYS_OFF"])},
        wanted=[_request(f) for f in _fields(sections["SHIFT_ON_REQUESTS"])],
        unwanted=[_request(f) for f in _fields(sections["SHIFT_OFF_REQUESTS"])],
        cover=[
            (int(f[0]), f[1], int(f[2]), int(f[3]), int(f[4])) for f in _fields(sections["COVER"])
        ],
    )


def _sections(path: Path) -> dict[str, list[str]]:
    sections: dict[str, list[str]] = {}
    for line in path.read_text().splitlines():
        text = line.strip()
        if text.startswith("SECTION_"):
            name = text.removeprefix("SECTION_")
            sections[name] = []
        elif text and not text.startswith("#"):
            sections[name].append(text)
    return sections


def _fields(lines: list[str]) -> list[list[str]]:
    return [line.split(",") for line in lines]


def _shift(fields: list[str]) -> Shift:
    return Shift(int(fields[1]), tuple(name for name in fields[2].split("|") if name))


def _person(fields: list[str]) -> Person:
    most = {name: int(n) for name, n in (part.split("=") for part in fields[1].split("|"))}
    return Person(most, *(int(number) for number in fields[2:8]))


def _request(fields: list[str]) -> tuple[str, int, str, int]:
    return fields[0], int(fields[1]), fields[2], int(fields[3])
