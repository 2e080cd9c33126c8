"""How many people one more doctor would lift above a threshold, for each possible site at once."""

import numpy as np

from maillage.engines.accessibility import arrays
from maillage.engines.accessibility.arrays import FloatArray, Int32Array, IntArray
from maillage.engines.accessibility.compiled import njit
from maillage.engines.accessibility.moves import ACTS_PER_FTE
from maillage.engines.accessibility.scenario import Baseline
from maillage.engines.accessibility.threshold import lack


def people_lifted_by_each(
    baseline: Baseline, *, threshold: float, acts: float = ACTS_PER_FTE
) -> FloatArray:
    """Return people who would pass from under `threshold` to it or above, shape (n_sites,).

    threshold  acts per year and standardised person
    acts       acts per year added at each site, one site at a time
    """
    arrays.quantity([acts], name="acts")
    lacking = lack(baseline.published, threshold)
    lacking = np.where(lacking > 0, lacking, np.inf)  # nan and those above: nobody to lift
    catchment = baseline.catchment
    return _lifted(
        catchment.site_indptr,
        catchment.origin,
        catchment.site_weight,
        baseline.demand_reaching,
        lacking,
        baseline.population,
        acts,
    )


@njit
def _lifted(
    site_indptr: IntArray,
    origin: Int32Array,
    weight: FloatArray,
    reaching: FloatArray,
    lacking: FloatArray,
    population: FloatArray,
    acts: float,
) -> FloatArray:
    lifted = np.zeros(reaching.size)
    for site in range(reaching.size):
        if reaching[site] > 0:
            each = acts / reaching[site]
            total = 0.0
            for pair in range(site_indptr[site], site_indptr[site + 1]):
                if weight[pair] * each >= lacking[origin[pair]]:
                    total += population[origin[pair]]
            lifted[site] = total
    return lifted
