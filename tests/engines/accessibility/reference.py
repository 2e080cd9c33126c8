"""The plain way: loops as in the papers, for small catchments. Nothing here is fast."""

import math


def pairs(catchment):
    """List (place, site, minutes) of a catchment."""
    return [
        (place, int(catchment.destination[pair]), float(catchment.travel_time_min[pair]))
        for place in range(catchment.demand.size)
        for pair in range(catchment.indptr[place], catchment.indptr[place + 1])
    ]


def drees_weight(minutes):
    """Sheet "Paramètres": under 10, 10 to 15, 15 to 20, over 20 minutes."""
    if minutes < 10:
        return 1.0
    if minutes < 15:
        return 2 / 3
    return 1 / 3 if minutes <= 20 else 0.0


def two_step(catchment, weight):
    """R_j = S_j / Σ w P; A_i = Σ w R."""
    trips = [(i, j, weight(t)) for i, j, t in pairs(catchment)]
    reaching = [0.0] * catchment.supply.size
    for i, j, w in trips:
        reaching[j] += w * catchment.demand[i]
    access = [0.0] * catchment.demand.size
    for i, j, w in trips:
        if reaching[j] > 0:
            access[i] += w * catchment.supply[j] / reaching[j]
    return access


def three_step(catchment, weight):
    """The same with w replaced by w·G, G = w / Σ_k w."""
    trips = pairs(catchment)
    total = [0.0] * catchment.demand.size
    for i, _, t in trips:
        total[i] += weight(t)
    reaching = [0.0] * catchment.supply.size
    access = [0.0] * catchment.demand.size
    chosen = [(i, j, weight(t) ** 2 / total[i]) for i, j, t in trips if total[i] > 0]
    for i, j, w in chosen:
        reaching[j] += w * catchment.demand[i]
    for i, j, w in chosen:
        if reaching[j] > 0:
            access[i] += w * catchment.supply[j] / reaching[j]
    return access


def potential(catchment, weight):
    """A_i = Σ w S."""
    access = [0.0] * catchment.demand.size
    for i, j, t in pairs(catchment):
        access[i] += weight(t) * catchment.supply[j]
    return access


def shortest_minutes(n_nodes, stretches, origin):
    """Bellman and Ford's shortest times from a node, over (tail, head, minutes)."""
    best = [math.inf] * n_nodes
    best[origin] = 0.0
    for _ in range(n_nodes):
        for tail, head, minutes in stretches:
            best[head] = min(best[head], best[tail] + minutes)
    return best
