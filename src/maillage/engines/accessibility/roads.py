"""Minutes by road: a graph of nodes and one-way stretches, and a bounded search from each place."""

from dataclasses import dataclass
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from maillage.core.errors import InputError
from maillage.engines.accessibility import arrays
from maillage.engines.accessibility.arrays import (
    BoolArray,
    Float32Array,
    FloatArray,
    Int32Array,
    IntArray,
)
from maillage.engines.accessibility.catchment import row_starts
from maillage.engines.accessibility.compiled import njit
from maillage.engines.accessibility.crow_fly import Trips, arc_km, unit_sphere

Number = TypeVar("Number", np.int32, np.float32)
Queue = tuple[Int32Array, Float32Array, Int32Array]  # node, time, next entry of the bucket
BUCKETS: Final = 512  # of time, up to the limit: changes speed only
VERSION: Final = "bounded shortest paths, version 1"


@dataclass(frozen=True, slots=True)
class RoadGraph:
    """One-way stretches between nodes.

    indptr   stretches that leave node i from indptr[i] to indptr[i + 1], shape (n_nodes + 1,)
    head     node where each ends, shape (n_stretches,)
    minutes  time of each, above or equal to 0, finite, shape (n_stretches,)
    lon, lat degrees, shape (n_nodes,)
    """

    indptr: IntArray
    head: Int32Array
    minutes: Float32Array
    lon: FloatArray
    lat: FloatArray

    def __post_init__(self) -> None:
        n_nodes, n_stretches = self.lon.size, self.head.size
        arrays.check_shape(self.lat, name="lat", size=n_nodes)
        arrays.check_shape(self.minutes, name="minutes", size=n_stretches)
        arrays.check_positions(self.head, name="head", below=n_nodes)
        arrays.check_row_starts(self.indptr, name="indptr", n_rows=n_nodes, n_pairs=n_stretches)
        arrays.quantity(self.minutes, name="minutes")

    @classmethod
    def from_stretches(
        cls,
        *,
        lon: FloatArray,
        lat: FloatArray,
        tail: IntArray,
        head: IntArray,
        minutes: FloatArray,
    ) -> "RoadGraph":
        """Make a graph of one-way stretches in any order; those of inf minutes are left out."""
        for name, ends in (("tail", tail), ("head", head)):
            arrays.check_shape(ends, name=name, size=minutes.size)
            arrays.check_positions(ends, name=name, below=lon.size)
        is_open = np.flatnonzero(minutes < np.inf)
        order = is_open[np.argsort(tail[is_open], kind="stable")]
        return cls(
            indptr=row_starts(tail[order], n_rows=lon.size),
            head=head[order].astype(np.int32),
            minutes=minutes[order].astype(np.float32),
            lon=np.asarray(lon, dtype=np.float64),
            lat=np.asarray(lat, dtype=np.float64),
        )

    @property
    def n_nodes(self) -> int:
        """Number of nodes."""
        return int(self.lon.size)

    def largest_part(self) -> BoolArray:
        """Say which nodes belong to the largest part where every node reaches every other."""
        shape = (self.n_nodes, self.n_nodes)
        ones = np.ones(self.head.size, dtype=np.int8)
        links = csr_array((ones, self.head, self.indptr.astype(np.int32)), shape=shape)
        n_parts, label = connected_components(links, directed=True, connection="strong")
        sizes = np.bincount(label, minlength=n_parts)
        return np.asarray(label == sizes.argmax())


@dataclass(frozen=True, slots=True)
class Snapped:
    """Places put on the road.

    node         nearest allowed node, -1 where none is within `farthest_km`, shape (n_places,)
    distance_km  as the crow flies to it, inf where there is none, shape (n_places,)
    """

    node: Int32Array
    distance_km: FloatArray

    @property
    def off_road(self) -> IntArray:
        """Places that no road was found for."""
        return np.flatnonzero(self.node < 0)


def snap(
    graph: RoadGraph,
    *,
    lon: FloatArray,
    lat: FloatArray,
    farthest_km: float,
    allowed: BoolArray | None = None,
) -> Snapped:
    """Put each place on the nearest node, among those `allowed`, shape (n_nodes,).

    Leave `allowed` out to allow all; give `graph.largest_part()` so that no place ends up in a
    car park cut from the network. Islands with roads of their own need all nodes.
    """
    nodes = np.arange(graph.n_nodes) if allowed is None else np.flatnonzero(allowed)
    if not nodes.size:
        raise InputError("The road graph has no allowed node: nothing to put the places on.")
    tree = cKDTree(unit_sphere(graph.lon[nodes], graph.lat[nodes]))
    chords, found = tree.query(unit_sphere(lon, lat))
    km = arc_km(np.asarray(chords))
    near = km <= farthest_km
    node = np.where(near, nodes[found], -1).astype(np.int32)
    return Snapped(node, np.where(near, km, np.inf))


def trips_by_road(graph: RoadGraph, *, places: Snapped, sites: Snapped, limit_min: float) -> Trips:
    """Return every trip by road of at most `limit_min` from places to sites, sites rising.

    Places and sites off the road have no trip. One search per place, which touches only the
    nodes it reaches; exact for the graph, minutes added up in float32.
    """
    if not 0 <= limit_min < np.inf:
        raise InputError(f"limit_min is {limit_min}; expected a finite number, 0 or more.")
    on_road = np.flatnonzero(sites.node >= 0)
    order = on_road[np.argsort(sites.node[on_road], kind="stable")]
    site_starts = row_starts(sites.node[order], n_rows=graph.n_nodes)
    starts, destination, minutes = _search_all(
        graph.indptr,
        graph.head,
        graph.minutes,
        places.node,
        site_starts,
        order.astype(np.int32),
        np.float32(limit_min),
    )
    rows = np.repeat(np.arange(places.node.size), np.diff(starts))
    by_site = np.lexsort((destination, rows))
    return Trips(starts, destination[by_site], minutes[by_site])


@njit
def _search_all(
    indptr: IntArray,
    head: Int32Array,
    minutes: Float32Array,
    origins: Int32Array,
    site_starts: IntArray,
    site_at: Int32Array,
    limit: np.float32,
) -> tuple[IntArray, Int32Array, Float32Array]:
    """Search from each origin in turn with the same buffers; gather the sites reached.

    Arrays grow here, never in a called loop, where counting their references costs more than the
    search itself.
    """
    best = np.full(indptr.size - 1, np.inf, dtype=np.float32)
    touched = np.empty(indptr.size - 1, dtype=np.int32)
    bucket = np.full(BUCKETS + 1, -1, dtype=np.int32)
    waiting, since = np.empty(4096, dtype=np.int32), np.empty(4096, dtype=np.float32)
    after = np.empty(4096, dtype=np.int32)
    starts = np.zeros(origins.size + 1, dtype=np.int64)
    found, times = np.empty(1024, dtype=np.int32), np.empty(1024, dtype=np.float32)
    for rank in range(origins.size):
        n_touched, n_found = 0, 0
        if origins[rank] >= 0:
            queue = (waiting, since, after)
            n_touched = _search_one(
                indptr, head, minutes, origins[rank], limit, best, touched, bucket, queue
            )
            while n_touched < 0:  # the queue is too short: start again with a longer one
                waiting, since = _longer(waiting, 0), _longer(since, 0)
                after = _longer(after, 0)
                queue = (waiting, since, after)
                n_touched = _search_one(
                    indptr, head, minutes, origins[rank], limit, best, touched, bucket, queue
                )
            n_found = _count_sites(touched[:n_touched], site_starts)
        starts[rank + 1] = starts[rank] + n_found
        if starts[rank + 1] > found.size:
            found, times = _longer(found, starts[rank + 1]), _longer(times, starts[rank + 1])
        _collect(touched[:n_touched], best, site_starts, site_at, found, times, starts[rank])
    kept = starts[-1]
    return starts, found[:kept].copy(), times[:kept].copy()


@njit
def _search_one(
    indptr: IntArray,
    head: Int32Array,
    minutes: Float32Array,
    origin: int,
    limit: np.float32,
    best: Float32Array,
    touched: Int32Array,
    bucket: Int32Array,
    queue: Queue,
) -> int:
    """Write times from `origin` into `best`, the nodes reached into `touched`; return their number.

    Nodes wait in buckets of time, each a chain of queue entries (node, time, next entry). Within
    a bucket nodes leave in any order and come back if a shorter way is found, so that times are
    exact whatever the width; buckets only save the sorting (Denardo and Fox 1979).
    Returns -1, all buffers as before, when the queue is full.
    """
    waiting, since, after = queue
    scale = np.float32(bucket.size - 1) / max(limit, np.float32(1e-6))
    best[origin] = np.float32(0.0)
    touched[0] = origin
    waiting[0] = origin
    since[0] = np.float32(0.0)
    after[0] = -1
    bucket[0] = 0
    n_touched = 1
    n_entries = 1
    for rank in range(bucket.size):
        while bucket[rank] >= 0:
            entry = bucket[rank]
            bucket[rank] = after[entry]
            node = waiting[entry]
            now = since[entry]
            if now > best[node]:
                continue  # a shorter way was found meanwhile
            if n_entries + indptr[node + 1] - indptr[node] > waiting.size:
                best[touched[:n_touched]] = np.inf
                bucket[:] = -1
                return -1
            for stretch in range(indptr[node], indptr[node + 1]):
                end = head[stretch]
                then = now + minutes[stretch]
                if then <= limit and then < best[end]:
                    if best[end] == np.inf:
                        touched[n_touched] = end
                        n_touched += 1
                    best[end] = then
                    slot = min(int(then * scale), bucket.size - 1)
                    waiting[n_entries] = end
                    since[n_entries] = then
                    after[n_entries] = bucket[slot]
                    bucket[slot] = n_entries
                    n_entries += 1
    return n_touched


@njit
def _count_sites(nodes: Int32Array, site_starts: IntArray) -> int:
    total = 0
    for node in nodes:
        total += site_starts[node + 1] - site_starts[node]
    return total


@njit
def _collect(
    nodes: Int32Array,
    best: Float32Array,
    site_starts: IntArray,
    site_at: Int32Array,
    found: Int32Array,
    times: Float32Array,
    kept: int,
) -> None:
    """Write the sites on these nodes and their times from rank `kept` on; forget the times."""
    for node in nodes:
        for slot in range(site_starts[node], site_starts[node + 1]):
            found[kept] = site_at[slot]
            times[kept] = best[node]
            kept += 1
        best[node] = np.inf


@njit
def _longer(values: NDArray[Number], wanted: int) -> NDArray[Number]:
    """Return the same values at the head of an array at least twice as long."""
    longer = np.empty(max(2 * values.size, wanted), dtype=values.dtype)
    longer[: values.size] = values
    return longer
