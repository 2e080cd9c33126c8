"""What may change in the supply of care, each as acts per year at sites."""

from dataclasses import dataclass
from typing import Final, Protocol

from maillage.core.errors import InputError
from maillage.engines.accessibility.arrays import IntArray
from maillage.engines.accessibility.decay import Decay

# Acts per year of a full-time general practitioner: what DREES imputes to a newcomer (APL 2022 and
# 2023, feuille Paramètres), and what the ARS Bourgogne-Franche-Comté takes for one full-time post.
ACTS_PER_FTE: Final = 5_400.0
# A convention of ours: 5,400 acts over 45 weeks of 5 days.
ACTS_PER_DAY: Final = 24.0
WEEKS_PER_YEAR: Final = 45.0


@dataclass(frozen=True, slots=True)
class SupplyChange:
    """Acts per year that appear (or, below 0, vanish) at a site.

    site   position of the site
    acts   acts per year
    decay  who comes, by minutes, when not as to a doctor's practice; never farther than the
           prepared catchment goes
    """

    site: int
    acts: float
    decay: Decay | None = None


class Move(Protocol):
    """Something that a territory may do, or that may happen to it."""

    def changes(self) -> tuple[SupplyChange, ...]:
        """Return what it changes in supply."""
        ...


@dataclass(frozen=True, slots=True)
class Doctors:
    """General practitioners who settle at a site, or, when `count` is below 0, leave it.

    count  full-time equivalents
    """

    site: int
    count: float
    acts_per_fte: float = ACTS_PER_FTE

    def __post_init__(self) -> None:
        _check("acts_per_fte", self.acts_per_fte)

    def changes(self) -> tuple[SupplyChange, ...]:
        """Return the acts of the doctors, at their site."""
        return (SupplyChange(self.site, self.count * self.acts_per_fte),)


@dataclass(frozen=True, slots=True)
class HealthHouse:
    """A health house (maison de santé): new doctors, and time freed for those who join it.

    new_doctors          full-time equivalents who come from elsewhere
    joining_doctors      full-time equivalents of the same site who move in
    freed_time_share     share of their acts that working together adds, 0 to 1; 0 unless told:
                         no published figure holds for every house
    """

    site: int
    new_doctors: float
    joining_doctors: float = 0.0
    freed_time_share: float = 0.0
    acts_per_fte: float = ACTS_PER_FTE

    def __post_init__(self) -> None:
        _check("new_doctors", self.new_doctors)
        _check("joining_doctors", self.joining_doctors)
        _check_share("freed_time_share", self.freed_time_share)
        _check("acts_per_fte", self.acts_per_fte)

    def changes(self) -> tuple[SupplyChange, ...]:
        """Return the acts of the newcomers and those that freed time adds."""
        doctors = self.new_doctors + self.joining_doctors * self.freed_time_share
        return (SupplyChange(self.site, doctors * self.acts_per_fte),)


@dataclass(frozen=True, slots=True)
class SalariedCentre:
    """A health centre: the acts that its salaried doctors really do; activity bounds do not apply.

    acts_per_doctor  acts per year and doctor, as the centre plans them
    """

    site: int
    doctors: float
    acts_per_doctor: float

    def __post_init__(self) -> None:
        _check("doctors", self.doctors)
        _check("acts_per_doctor", self.acts_per_doctor)

    def changes(self) -> tuple[SupplyChange, ...]:
        """Return the acts of the centre, at its site."""
        return (SupplyChange(self.site, self.doctors * self.acts_per_doctor),)


@dataclass(frozen=True, slots=True)
class BusDay:
    """A bus with a doctor aboard, so many days a week, shared evenly between its stops."""

    stops: tuple[int, ...]
    days_per_week: float = 1.0
    acts_per_day: float = ACTS_PER_DAY
    weeks_per_year: float = WEEKS_PER_YEAR
    decay: Decay | None = None

    def __post_init__(self) -> None:
        if not self.stops:
            raise InputError("The bus has no stop; expected at least one site.")
        _check("days_per_week", self.days_per_week, most=7)
        _check("acts_per_day", self.acts_per_day)
        _check("weeks_per_year", self.weeks_per_year, most=53)

    def changes(self) -> tuple[SupplyChange, ...]:
        """Return the acts of a year, an equal part at each stop."""
        acts = self.days_per_week * self.weeks_per_year * self.acts_per_day / len(self.stops)
        return tuple(SupplyChange(stop, acts, self.decay) for stop in self.stops)


@dataclass(frozen=True, slots=True)
class TeleconsultationCabin:
    """A cabin for téléconsultation: supply with a catchment of its own, counted in part.

    acts_per_year  téléconsultations held in it
    counted_share  share that takes the place of a consultation, 0 to 1: told by the user, since
                   what a screen cannot do (examine, vaccinate…) is not in it
    decay          who comes to it, by minutes
    """

    site: int
    acts_per_year: float
    counted_share: float
    decay: Decay

    def __post_init__(self) -> None:
        _check("acts_per_year", self.acts_per_year)
        _check_share("counted_share", self.counted_share)

    def changes(self) -> tuple[SupplyChange, ...]:
        """Return the counted acts, with the catchment of the cabin."""
        return (SupplyChange(self.site, self.acts_per_year * self.counted_share, self.decay),)


@dataclass(frozen=True, slots=True)
class Retirements:
    """Doctors over 65 whom the inhabitants of some places reach stop, part of them not replaced.

    places              positions of inhabited places, shape (n,)
    not_replaced_share  0 (all replaced) to 1 (none)

    The age of doctors by commune is not public. What is: the APL of all doctors, and that of
    doctors of 65 or less. This slides the one towards the other, for these inhabitants, wherever
    the doctors practise; inhabitants of other places keep their figure.
    """

    places: IntArray
    not_replaced_share: float

    def __post_init__(self) -> None:
        _check_share("not_replaced_share", self.not_replaced_share)

    def changes(self) -> tuple[SupplyChange, ...]:
        """Return nothing: it acts on the published access, not on a site."""
        return ()


def _check(name: str, value: float, *, most: float = 1e9) -> None:
    if not 0 <= value <= most:
        raise InputError(f"{name} is {value}; expected 0 to {most:g}.")


def _check_share(name: str, value: float) -> None:
    if not 0 <= value <= 1:
        raise InputError(f"{name} is {value}; expected a share from 0 to 1 (0.3 for 30 %).")
