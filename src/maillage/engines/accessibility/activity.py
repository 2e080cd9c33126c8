"""How much of a doctor's year counts as supply: the activity bounds of DREES, dated."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from maillage.core.errors import InputError
from maillage.engines.accessibility import arrays
from maillage.engines.accessibility.arrays import BoolArray, FloatArray


@dataclass(frozen=True, slots=True)
class ActivityBounds:
    """What counts of the acts (consultations, visits, téléconsultations) of a doctor in a year.

    none_up_to   acts up to which nothing counts, itself included
    floor        what counts for those who do more than that and less than this
    cap          the most that counts
    newcomer     what counts for a liberal doctor with no liberal activity the year before
    source       where these figures stand

    The workbook puts exactly 250 acts in no class ("moins de 250": 0; "entre 251 et 3 600":
    3 600). It counts for nothing here: the class of 3,600 starts, in its own words, at 251.
    """

    none_up_to: float
    floor: float
    cap: float
    newcomer: float
    source: str

    def __post_init__(self) -> None:
        if not 0 <= self.none_up_to < self.floor <= self.cap < np.inf:
            raise InputError(
                f"Bounds {self.none_up_to}, {self.floor}, {self.cap} acts: expected rising "
                "numbers, 0 or more."
            )
        if not 0 <= self.newcomer <= self.cap:
            raise InputError(
                f"newcomer is {self.newcomer} acts; expected 0 to the cap, {self.cap}."
            )


DREES_2022_2023: Final = ActivityBounds(
    none_up_to=250.0,
    floor=3_600.0,
    cap=6_000.0,
    newcomer=5_400.0,
    source="DREES, APL aux médecins généralistes 2022 et 2023, feuille Paramètres",
)


def counted_acts(
    acts: FloatArray,
    *,
    bounds: ActivityBounds = DREES_2022_2023,
    in_centre: BoolArray | None = None,
    newcomer: BoolArray | None = None,
) -> FloatArray:
    """Return what counts of each doctor's acts of a year, shape (n_doctors,).

    acts       acts of the year, all practices of the doctor, shape (n_doctors,)
    in_centre  salaried by a health centre: the bounds do not apply
    newcomer   liberal without liberal activity the year before: the flat figure applies
    """
    done = arrays.quantity(acts, name="acts")
    counted = np.where(done > bounds.none_up_to, np.clip(done, bounds.floor, bounds.cap), 0.0)
    if newcomer is not None:
        arrays.check_shape(newcomer, name="newcomer", size=done.size)
        counted = np.where(newcomer, bounds.newcomer, counted)
    if in_centre is not None:
        arrays.check_shape(in_centre, name="in_centre", size=done.size)
        counted = np.where(in_centre, done, counted)
    return counted
