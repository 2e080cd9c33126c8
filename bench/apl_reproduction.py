"""Bench `apl_reproduction`: how near a modelled APL comes to the published one, by kind of supply.

    MAILLAGE_DATA_DIR=… make bench NAME=apl_reproduction

The engine is given the standardised population of DREES (APL 2023), crow-fly minutes calibrated
on METRIC, and one proxy of supply after the other, since counts and activity of doctors by commune
are not in the folder. Metropolitan France; the national level is set to that of DREES, so that
what is judged is the map. A modelled value is never shown as a DREES value: this is why.
Bar: within 0.02 of the correlations of the first study of these files. The last line is the best.
"""

import csv
import gzip
import os
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from national.measuring import claim, versions
from scipy.stats import rankdata

from maillage.engines.accessibility.aggregation import mean_access, mean_by_group, share_below
from maillage.engines.accessibility.apl import apl
from maillage.engines.accessibility.catchment import Catchment, PreparedCatchment, prepare
from maillage.engines.accessibility.crow_fly import METRIC_GIRONDE, trips_within
from maillage.engines.accessibility.decay import DREES_2022_2023

# Correlation, weighted by standardised people, found by the first study of these files.
EXPECTED = {
    "none: supply as population": 0.43,
    "SIRENE 2019, raw": 0.63,
    "SIRENE on CartoSanté ZE 2024": 0.69,
    "√(SIRENE × pharmacies) on ZE": 0.69,
    "√(SIRENE × pharmacies) on BPE départements": 0.66,
}


@dataclass(frozen=True)
class Communes:
    """Metropolitan communes of APL 2023, one row each."""

    published: np.ndarray
    standardised: np.ndarray
    people: np.ndarray
    lon: np.ndarray
    lat: np.ndarray
    department: np.ndarray
    zone: np.ndarray
    sirene: np.ndarray
    pharmacies: np.ndarray
    modelled: np.ndarray


def main() -> int:
    folder = os.environ.get("MAILLAGE_DATA_DIR")
    if not folder:
        print("MAILLAGE_DATA_DIR names no folder of official files", file=sys.stderr)
        return 2
    versions("numpy", "scipy", "numba")
    communes = read_communes(Path(folder))
    prepared = prepared_catchment(communes)
    supplies = supplies_of(communes, zone_totals(Path(folder), communes))
    print(f"{communes.people.size} communes, {prepared.weight.size:,} useful trips")
    print(f"{'supply':44} r(w)  rho   MAE   r(dép) right side  <2.5")
    holds = [report(communes, prepared, name, supply) for name, supply in supplies.items()]
    return 0 if all(holds) else 1


def report(communes: Communes, prepared: PreparedCatchment, name: str, supply: np.ndarray) -> bool:
    """Print the line of one supply and claim its correlation."""
    modelled = apl(
        prepared, standardised_population=communes.standardised, counted_acts=supply
    ).access
    weights, truth = communes.standardised, communes.published
    level = mean_access(truth, standardised_population=weights)
    modelled = modelled * level / mean_access(modelled, standardised_population=weights)
    r = correlation(modelled, truth, weights)
    rho = correlation(rankdata(modelled), rankdata(truth), np.ones(truth.size))
    mae = float(np.abs(modelled - truth) @ weights / weights.sum())
    right = float(communes.people[(modelled < 2.5) == (truth < 2.5)].sum() / communes.people.sum())
    below = share_below(modelled, population=communes.people, threshold=2.5)
    by_department = correlation(
        *(departments(communes, values) for values in (modelled, truth, None))
    )
    print(
        f"{name:44} {r:.2f}  {rho:.2f}  {mae:.2f}  {by_department:.2f}   {right:.1%}    {below:.1%}"
    )
    gap = abs(r - EXPECTED[name])
    return claim(f"apl_reproduction: {name}", figure=round(gap, 4), unit=f"|r - {EXPECTED[name]}|",
                 bar=0.02, note=f"r = {r:.3f}")  # fmt: skip


def departments(communes: Communes, values: np.ndarray | None) -> np.ndarray:
    """Return the mean of each department, or, without values, its standardised people."""
    _, group = np.unique(communes.department, return_inverse=True)
    if values is None:
        return np.bincount(group, weights=communes.standardised)
    return mean_by_group(
        values,
        standardised_population=communes.standardised,
        group=group,
        n_groups=int(group.max()) + 1,
    )


def correlation(a: np.ndarray, b: np.ndarray, weights: np.ndarray) -> float:
    """Return Pearson's weighted correlation."""
    share = weights / weights.sum()
    a, b = a - share @ a, b - share @ b
    return float(share @ (a * b) / np.sqrt((share @ a**2) * (share @ b**2)))


def prepared_catchment(communes: Communes) -> PreparedCatchment:
    trips = trips_within(model=METRIC_GIRONDE, minutes=20.0, lon=communes.lon, lat=communes.lat)
    catchment = Catchment(
        demand=communes.standardised,
        supply=communes.people,
        indptr=trips.indptr,
        destination=trips.destination,
        travel_time_min=trips.travel_time_min,
    )
    return prepare(catchment, DREES_2022_2023)


def supplies_of(communes: Communes, totals: np.ndarray) -> dict[str, np.ndarray]:
    """Return acts, up to a constant, by kind of supply; `totals` are doctors by zone of the row."""
    mixed = np.sqrt(communes.sirene * (communes.pharmacies + 0.05))
    return {
        "none: supply as population": communes.people,
        "SIRENE 2019, raw": communes.sirene,
        "√(SIRENE × pharmacies) on BPE départements": communes.modelled,
        "SIRENE on CartoSanté ZE 2024": calibrated(communes.sirene, communes.zone, totals),
        "√(SIRENE × pharmacies) on ZE": calibrated(mixed, communes.zone, totals),
    }


def calibrated(pattern: np.ndarray, zone: np.ndarray, totals: np.ndarray) -> np.ndarray:
    """Scale a pattern so that each zone has its known total."""
    _, group = np.unique(zone, return_inverse=True)
    sums = np.bincount(group, weights=pattern)
    return pattern * totals / np.where(sums[group] > 0, sums[group], 1.0)


def zone_totals(folder: Path, communes: Communes) -> np.ndarray:
    """Return the doctors of the employment zone of each commune: density × people of the zone."""
    codes = read_lines(folder / "health_pros" / "ze2020_codes_cartosante.csv", "utf-8-sig")[3:]
    rows = read_lines(folder / "health_pros" / "cartosante_ze2020_densites_2024.csv", "latin-1")[2:]
    density = {
        code[0]: float(row[1].replace(",", ".")) for code, row in zip(codes, rows, strict=False)
    }
    zones, group = np.unique(communes.zone, return_inverse=True)
    people = np.bincount(group, weights=communes.people)
    doctors = np.array([density.get(zone, np.nan) for zone in zones.tolist()]) * people / 10_000
    return np.where(np.isnan(doctors), 0.0, doctors)[group]


def read_lines(path: Path, encoding: str) -> list[list[str]]:
    with path.open(encoding=encoding, newline="") as lines:
        return [row for row in csv.reader(lines, delimiter=";") if row and row[0].strip()]


def read_communes(folder: Path) -> Communes:
    """Read the joined table; overseas departments left out (no crossing, other distances)."""
    path = folder / "derived" / "base_communes_apl_2022_2023.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [row for row in csv.DictReader(lines) if len(row["departement"]) == 2]

    def numbers(name: str) -> np.ndarray:
        return np.array([float(row[name] or 0) for row in rows])

    def texts(name: str) -> np.ndarray:
        return np.array([row[name].zfill(4) if name == "ZE2020" else row[name] for row in rows])

    return Communes(
        published=numbers("apl_mg_2023"),
        standardised=numbers("pop_std_2021"),
        people=numbers("pop_2021"),
        lon=numbers("lon"),
        lat=numbers("lat"),
        department=texts("departement"),
        zone=texts("ZE2020"),
        sirene=numbers("sirene2019_generaliste"),
        pharmacies=numbers("bpe2020_pharmacie"),
        modelled=numbers("mg_estimes_modele"),
    )


if __name__ == "__main__":
    raise SystemExit(main())
