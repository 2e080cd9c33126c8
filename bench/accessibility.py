"""Bench `accessibility`: access measures on a country of 35,000 communes, beside PySAL's `access`.

    make bench NAME=accessibility
    python bench/accessibility.py [table raam cold roads] [--full]

--full runs RAAM on 5,000 communes (about a minute for the peer) in place of 2,000.
Figures are CPU seconds of the process, all threads, medians: other work on the machine does not
count. Compiled functions are warm (kept on disk after the first run); the peer's are not compiled.
Everything is checked equal before it is timed. The last line is the headline.
"""

import json
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path

import numpy as np
from national.country import Country, country
from national.measuring import claim, cpu_s, extra_mb, versions

from maillage.engines.accessibility.catchment import Catchment, prepare
from maillage.engines.accessibility.congestion import RationalAgents
from maillage.engines.accessibility.decay import DREES_2022_2023
from maillage.engines.accessibility.methods import TwoStep, two_step
from maillage.engines.accessibility.roads import RoadGraph, Snapped, trips_by_road

PARTS = ("cold", "roads", "raam", "table")


def main() -> int:
    wanted = [part for part in PARTS if part in sys.argv] or PARTS
    versions("numpy", "scipy", "numba", "access", "pandas", "pyarrow")
    holds = [globals()[f"{part}_claims"]() for part in wanted]
    return 0 if all(holds) else 1


def table_claims() -> bool:
    """E2SFCA with the steps of the APL: from the table, and from prepared catchments."""
    land = country(35_000)
    peer = peer_access(land)

    def theirs():
        return peer.enhanced_two_stage_fca(name="e2", cost="cost", max_cost=REACH, weight_fn=steps)

    ours, ready = catchment_of(land), prepare(catchment_of(land), DREES_2022_2023)
    method = TwoStep(DREES_2022_2023)
    # `access` leaves out the places that reach nothing, and keeps supply as doctors.
    column = theirs()["e2_doctors"].reindex(range(land.people.size)).fillna(0).to_numpy()
    np.testing.assert_allclose(method.measure(ours).access, column, rtol=1e-9)
    print(f"{land.origin.size:,} trips; results equal to 1e-9")

    peer_s = cpu_s(theirs, runs=3)
    name = "access 1.1.10 E2SFCA"
    memory, peer_memory = extra_mb(lambda: method.measure(ours)), extra_mb(theirs)
    whole_s = cpu_s(lambda: method.measure(catchment_of(land)), runs=9)
    table_s = cpu_s(lambda: method.measure(ours), runs=9)
    ready_s = cpu_s(lambda: two_step(ready, demand=land.people, supply=land.doctors), runs=9)
    return all(
        [
            claim("accessibility: table, checks of the table included", figure=whole_s,
                  unit="CPU s", peer=name, peer_figure=peer_s, bar=None,
                  note="the peer's own checks (its constructor) are not in its figure"),
            claim("accessibility: extra memory", figure=memory, unit="MB", peer=name,
                  peer_figure=peer_memory, bar=5),
            claim("accessibility: prepared", figure=ready_s, unit="CPU s", peer=name,
                  peer_figure=peer_s, bar=300),
            claim("accessibility: table in memory", figure=table_s, unit="CPU s", peer=name,
                  peer_figure=peer_s, bar=40),
        ]
    )  # fmt: skip


REACH = 60


def steps(minutes: float) -> float:
    """The decay of the APL, one number at a time, as `access` takes it."""
    if minutes < 10:
        return 1.0
    if minutes < 15:
        return 2 / 3
    return 1 / 3 if minutes <= 20 else 0.0


def catchment_of(land: Country) -> Catchment:
    return Catchment.from_pairs(
        demand=land.people,
        supply=land.doctors,
        origin=land.origin,
        destination=land.destination,
        travel_time_min=land.minutes,
    )


def peer_access(land: Country):
    """Return `access`'s object on the same tables."""
    warnings.simplefilter("ignore")
    import pandas as pd
    from access import Access

    rows = range(land.people.size)
    table = pd.DataFrame(
        {"origin": land.origin, "dest": land.destination, "cost": land.minutes.astype(float)}
    )
    return Access(
        demand_df=pd.DataFrame({"id": rows, "people": land.people}),
        demand_index="id",
        demand_value="people",
        supply_df=pd.DataFrame({"id": rows, "doctors": land.doctors}),
        supply_index="id",
        supply_value="doctors",
        cost_df=table,
        cost_origin="origin",
        cost_dest="dest",
        cost_name="cost",
    )


def raam_claims() -> bool:
    """Rational agents: ours to a gap of 1 ‰; theirs with its default 150 cycles."""
    n_communes = 5_000 if "--full" in sys.argv else 2_000
    land = country(n_communes)
    ours, method = catchment_of(land), RationalAgents(tau_min=60.0)
    found = method.measure(ours)
    peer = peer_access(land)
    answers = []
    peer_s = cpu_s(lambda: answers.append(peer.raam(name="r", cost="cost", tau=60)), runs=1)
    theirs = answers[0]["r_doctors"].reindex(range(n_communes)).to_numpy()
    both = ~np.isnan(theirs) & ~found.unserved
    apart = np.abs(theirs[both] / found.access[both] - 1)
    paid = (theirs[both] @ land.people[both]) / (found.access[both] @ land.people[both])
    print(
        f"{n_communes} communes: our gap {found.gap:.1e}; costs differ by {apart.mean():.1%} on "
        f"the mean, {np.quantile(apart, 0.99):.0%} at the 99th hundredth: theirs has not settled "
        f"(people pay {paid:.4f} times as much in it; see the reference test, where it settles)"
    )
    figure = cpu_s(lambda: method.measure(ours), runs=5)
    return claim(
        f"accessibility: RAAM {n_communes}", figure=figure, unit="CPU s",
        peer="access 1.1.10 RAAM, 150 cycles", peer_figure=peer_s, bar=100,
    )  # fmt: skip


COLD = """
import json, sys, time
import numpy as np
import pyarrow.parquet as parquet
from maillage.engines.accessibility.catchment import Catchment
from maillage.engines.accessibility.decay import DREES_2022_2023
from maillage.engines.accessibility.methods import TwoStep
started, cpu = time.perf_counter(), time.process_time()
trips, places = parquet.read_table(sys.argv[1]), parquet.read_table(sys.argv[2])
column = lambda table, name: table[name].to_numpy()
catchment = Catchment.from_pairs(
    demand=column(places, "people"), supply=column(places, "doctors"),
    origin=column(trips, "origin"), destination=column(trips, "destination"),
    travel_time_min=column(trips, "minutes"))
access = TwoStep(DREES_2022_2023).measure(catchment).access
print(json.dumps([time.perf_counter() - started, time.process_time() - cpu, float(access.sum())]))
"""


def cold_claims() -> bool:
    """A fresh process reads Parquet and measures; imports told apart."""
    import pyarrow
    import pyarrow.parquet as parquet

    land = country(35_000)
    with tempfile.TemporaryDirectory() as folder:
        trips, places = Path(folder, "trips.parquet"), Path(folder, "places.parquet")
        columns = {"origin": land.origin, "destination": land.destination, "minutes": land.minutes}
        parquet.write_table(pyarrow.table(columns), trips)
        parquet.write_table(pyarrow.table({"people": land.people, "doctors": land.doctors}), places)
        runs = []
        for _ in range(4):
            started = time.perf_counter()
            command = [sys.executable, "-c", COLD, str(trips), str(places)]
            told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
            runs.append((*json.loads(told)[:2], time.perf_counter() - started))
    wall, cpu, process = (float(np.median(column)) for column in zip(*runs[1:], strict=True))
    claim("accessibility: cold, interpreter and imports included", figure=process, unit="wall s",
          bar=None, note="no claim: depends on what else runs")  # fmt: skip
    return claim(
        "accessibility: cold from Parquet, compiled code on disk", figure=max(wall, cpu),
        unit="s (the longer of wall and CPU)", bar=1.5, note=f"wall {wall:.2f}, CPU {cpu:.2f}",
    )  # fmt: skip


def roads_claims() -> bool:
    """5,000 communes within 30 minutes on a generated grid of 250,000 nodes."""
    rng = np.random.default_rng(0)
    side = 500
    node = np.arange(side * side)
    row, column = node // side, node % side
    east, south = node[column < side - 1], node[row < side - 1]
    tail, head = np.concatenate((east, south)), np.concatenate((east + 1, south + side))
    kept = rng.random(tail.size) < 0.89
    tail, head = tail[kept], head[kept]
    minutes = rng.uniform(0.15, 0.65, tail.size)
    graph = RoadGraph.from_stretches(
        lon=column / 100, lat=row / 100, tail=np.concatenate((tail, head)),
        head=np.concatenate((head, tail)), minutes=np.concatenate((minutes, minutes)),
    )  # fmt: skip
    nodes = rng.choice(node.size, 5_000, replace=False).astype(np.int32)
    places = Snapped(nodes, np.zeros(nodes.size))
    trips = trips_by_road(graph, places=places, sites=places, limit_min=30.0)
    figure = cpu_s(
        lambda: trips_by_road(graph, places=places, sites=places, limit_min=30.0), runs=3
    )
    return claim(
        "accessibility: roads, 5,000 communes within 30 min", figure=figure, unit="CPU s", bar=15,
        note=f"{node.size:,} nodes, {tail.size:,} streets, {trips.destination.size:,} trips",
    )  # fmt: skip


if __name__ == "__main__":
    raise SystemExit(main())
