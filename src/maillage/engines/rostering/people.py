"""The people who may be on duty."""

from dataclasses import dataclass
from enum import StrEnum

from maillage.core.errors import InputError


class Status(StrEnum):
    """How a person practises; rules and pay depend on it."""

    HOSPITAL = "hospital"
    PRIVATE = "private"
    SELF_EMPLOYED = "self_employed"
    CENTRE = "centre"
    POOL = "pool"


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who may be on duty.

    skills          what they may be called for
    bound_sites     sites where their contract binds them to take duties
    accepted_sites  sites where they volunteer; nobody is ever sent anywhere else
    contract_pct    share of a full time, in whole percent; weighs what they should carry
    presence_days   days of the period that count towards their share (long leave does not);
                    None: all of them
    absences        elapsed minutes, (start, end), in which they hold nothing
    free_from_min   elapsed minute from which they may start, after duties of the last period
    days_in_a_row   days worked without a break up to the eve of the period
    """

    person_id: str
    status: Status
    skills: frozenset[str] = frozenset()
    bound_sites: frozenset[str] = frozenset()
    accepted_sites: frozenset[str] = frozenset()
    contract_pct: int = 100
    presence_days: int | None = None
    absences: tuple[tuple[int, int], ...] = ()
    free_from_min: int = 0
    days_in_a_row: int = 0

    def __post_init__(self) -> None:
        if not self.person_id:
            raise InputError("A person has no identifier; give each one a text of its own.")
        for name in ("contract_pct", "presence_days", "days_in_a_row"):
            value = getattr(self, name)
            if value is not None and value < 0:
                raise InputError(f"{self.person_id}: {name} is {value}; expected 0 or more.")
        for start, end in self.absences:
            if not start < end:
                raise InputError(
                    f"{self.person_id}: an absence runs from minute {start} to {end}; expected "
                    "an end after its start."
                )

    def may_work_at(self, site: str) -> bool:
        """Say whether the person accepts a site, or is bound to it by contract."""
        return site in self.accepted_sites or site in self.bound_sites
