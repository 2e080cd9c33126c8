"""Bench `whatif`: one scenario on the nation, one more doctor everywhere at once, k places.

    make bench NAME=whatif

CPU seconds of the process, medians, on the synthetic country of 35,000 communes; compiled
functions warm. Checked before it is timed: a scenario equals measuring the whole country again.
Also measures how wrong a gain is because minutes are estimated (`error` below), on the sample of
METRIC minutes of MAILLAGE_DATA_DIR when it is there. The last line is the headline.
"""

import csv
import os
import sys
from pathlib import Path

import numpy as np
from national.country import Country, country
from national.measuring import claim, cpu_s, versions

from maillage.engines.accessibility.catchment import Catchment, prepare
from maillage.engines.accessibility.crow_fly import METRIC_GIRONDE
from maillage.engines.accessibility.decay import DREES_2022_2023
from maillage.engines.accessibility.methods import two_step
from maillage.engines.accessibility.moves import BusDay, Doctors
from maillage.engines.accessibility.one_more import people_lifted_by_each
from maillage.engines.accessibility.placement import best_sites
from maillage.engines.accessibility.scenario import Baseline, ModelError, simulate

THRESHOLD = 2.5


def main() -> int:
    versions("numpy", "scipy", "numba")
    land = country(35_000)
    baseline = baseline_of(land)
    check(baseline, land)
    moves = [Doctors(100, 2), Doctors(20_000, -1), BusDay((5, 6, 7))]
    places = np.arange(0, 35_000, 10)

    def placed():
        return best_sites(baseline, candidates=places, k=20, threshold=THRESHOLD)

    whole_s = cpu_s(
        lambda: two_step(baseline.catchment, demand=land.people, supply=5_400 * land.doctors),
        runs=9,
    )
    scenario_s = cpu_s(lambda: simulate(baseline, moves).crossing(THRESHOLD), runs=51)
    everywhere_s = cpu_s(lambda: people_lifted_by_each(baseline, threshold=THRESHOLD), runs=21)
    placed_s = cpu_s(placed, runs=3)
    report_gain_error()
    found = placed()
    holds = [
        claim("whatif: 20 sites among 3,500", figure=placed_s, unit="CPU s", bar=2,
              note=f"at least {found.proven_share:.1%} of the best possible, proven"),
        claim("whatif: one more doctor in each of 35,000 communes", figure=1e3 * everywhere_s,
              unit="CPU ms", bar=50),
        claim("whatif: one scenario on the nation", figure=1e3 * scenario_s, unit="CPU ms",
              peer="measuring the whole country again, prepared", peer_figure=1e3 * whole_s,
              bar=0),
        claim("whatif: one scenario on the nation", figure=1e3 * scenario_s, unit="CPU ms", bar=5),
    ]  # fmt: skip
    return 0 if all(holds) else 1


def baseline_of(land: Country) -> Baseline:
    catchment = Catchment.from_pairs(
        demand=land.people,
        supply=5_400 * land.doctors,
        origin=land.origin,
        destination=land.destination,
        travel_time_min=land.minutes,
    )
    prepared = prepare(catchment, DREES_2022_2023)
    access = two_step(prepared, demand=land.people, supply=catchment.supply).access
    return Baseline(
        catchment=prepared,
        published=access,
        published_younger=0.88 * access,
        standardised_population=land.people,
        population=land.people,
        error=ModelError(0.0, "synthetic country"),
    )


def check(baseline: Baseline, land: Country) -> None:
    """Hold a scenario to the whole country measured again."""
    supply = 5_400 * land.doctors
    supply[123] += 5_400
    again = two_step(baseline.catchment, demand=land.people, supply=supply).access
    np.testing.assert_allclose(simulate(baseline, [Doctors(123, 1)]).estimated, again, rtol=1e-9)


def report_gain_error() -> None:
    """Print how far gains made with estimated minutes are from those made with METRIC's.

    Around a site, communes are drawn at the distances of a uniform plane and given METRIC minutes
    of sampled pairs at about their distance; the gain of each under those minutes is compared with
    its gain under the crow-fly model. People are log-normal, so the error of D_j is in it.
    """
    folder = os.environ.get("MAILLAGE_DATA_DIR")
    path = Path(folder or "", "travel", "gironde_metric_vs_osrm_2500_couples.csv")
    if not folder or not path.is_file():
        print("gain error: not measured, MAILLAGE_DATA_DIR has no travel sample", file=sys.stderr)
        return
    with path.open(encoding="utf-8") as lines:
        rows = [row for row in csv.DictReader(lines) if float(row["metric_min_hc"]) < 9999]
    km = np.array([float(row["crow_km"]) for row in rows])
    minutes = np.array([float(row["metric_min_hc"]) for row in rows])
    rng = np.random.default_rng(0)
    order = np.argsort(km)
    squares = modelled_squares = wrong = 0.0
    for _ in range(2_000):
        there = 30 * np.sqrt(rng.random(40))  # 40 communes within 30 km
        near = np.searchsorted(km[order], there) + rng.integers(-6, 7, there.size)
        true = minutes[order][np.clip(near, 0, km.size - 1)]
        people = rng.lognormal(6.3, 1.2, there.size)
        gains = []
        for times in (true, METRIC_GIRONDE.minutes(there)):
            weights = DREES_2022_2023(times)
            own = np.concatenate(([1.0], weights))  # the site's own commune, always near
            everyone = np.concatenate(([np.exp(6.3 + 0.72)], people))
            gains.append(own / (own @ everyone))
        squares += float((gains[0] - gains[1]) ** 2 @ everyone)
        modelled_squares += float(gains[1] ** 2 @ everyone)
        wrong += float(np.abs(gains[0] - gains[1]) @ everyone) / 2
    print(
        f"gain error: standard deviation {np.sqrt(squares / modelled_squares):.0%} of the gain "
        f"(root mean square over people); {wrong / 2_000:.0%} of the acts go to the wrong commune"
    )


if __name__ == "__main__":
    raise SystemExit(main())
