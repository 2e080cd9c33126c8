"""The APL (accessibilité potentielle localisée) of DREES: a two-step measure, dated."""

from dataclasses import dataclass
from typing import Final

from maillage.engines.accessibility import activity, decay, standardisation
from maillage.engines.accessibility.activity import ActivityBounds
from maillage.engines.accessibility.arrays import FloatArray
from maillage.engines.accessibility.catchment import PreparedCatchment
from maillage.engines.accessibility.decay import StepDecay
from maillage.engines.accessibility.methods import Access, two_step
from maillage.engines.accessibility.standardisation import AgeWeights


@dataclass(frozen=True, slots=True)
class AplParameters:
    """Every parameter of one series of the APL to general practitioners.

    year               year of the activity, which names the series
    decay              weight by minutes
    bounds             what counts of a doctor's year
    age_weights        demand by age
    oldest_doctor_age  in the variant that leaves out doctors about to retire
    low_access         acts per person per year under which access is low
    source             document
    """

    year: int
    decay: StepDecay
    bounds: ActivityBounds
    age_weights: AgeWeights
    oldest_doctor_age: int
    low_access: float
    source: str


_SOURCE: Final = (
    "DREES, APL aux médecins généralistes 2022 et 2023 (décembre 2024), feuille Paramètres"
)

APL_2022: Final = AplParameters(
    year=2022,
    decay=decay.DREES_2022_2023,
    bounds=activity.DREES_2022_2023,
    age_weights=standardisation.DREES_2022,
    oldest_doctor_age=65,
    low_access=2.5,
    source=_SOURCE,
)

APL_2023: Final = AplParameters(
    year=2023,
    decay=decay.DREES_2022_2023,
    bounds=activity.DREES_2022_2023,
    age_weights=standardisation.DREES_2023,
    oldest_doctor_age=65,
    low_access=2.5,
    source=_SOURCE,
)


def apl(
    prepared: PreparedCatchment, *, standardised_population: FloatArray, counted_acts: FloatArray
) -> Access:
    """Return the APL of each place: acts per year and per standardised person.

    prepared                 trips weighed by the decay of the series (`APL_2023.decay`)
    standardised_population  shape (n_places,), from `standardised_demand`
    counted_acts             acts per site, shape (n_sites,), from `counted_acts` summed by site

    What it returns is an estimate of ours, never a value published by DREES.
    """
    return two_step(prepared, demand=standardised_population, supply=counted_acts)
