"""Who lives there: age shares, ages by sex, series of population, distance to facilities."""

from typing import Any, Final

import numpy as np
from numpy.random import Generator

from maillage.sources.fictional import toponyms
from maillage.sources.fictional.department import Department
from maillage.sources.fictional.facilities import PHARMACY
from maillage.sources.fictional.geography import FloatArray
from maillage.sources.fictional.history import DEPARTMENT_CODE, REGION_CODE, Vintage
from maillage.sources.fictional.settlement import MARKET_TOWN, SUBPREFECTURE
from maillage.sources.fictional.writing import BOM, Folder, Row, statloc_heading

NOT_AVAILABLE: Final = "N/A - résultat non disponible"
# Classes of the census file, by their last five-year class: 0-14, 15-29 … 75-89, 90 and more.
_CLASSES: Final = {
    "0014": (0, 3), "1529": (3, 6), "3044": (6, 9), "4559": (9, 12),
    "6074": (12, 15), "7589": (15, 18), "90P": (18, 19),
}  # fmt: skip
_BROAD: Final = {"0019": (0, 4), "2064": (4, 13), "65P": (13, 19)}


def write_people(folder: Folder, department: Department, rng: Generator) -> None:
    """Write the folder `demand` and the series of population."""
    _write_age_shares(folder, department)
    _write_ages(folder, department)
    _write_series(folder, department)
    _write_distances(folder, department, rng)
    _write_living_zones(folder, department, rng)


def _shares(by_age: FloatArray) -> FloatArray:
    """Return the shares in % of under 25, 25 to 64, 65 and more, shape (n, 3), one decimal."""
    totals = np.add.reduceat(by_age, [0, 5, 13], axis=1)
    return np.asarray(np.round(100 * totals / by_age.sum(axis=1, keepdims=True), 1))


def _write_age_shares(folder: Folder, department: Department) -> None:
    vintage = department.vintage(2023)
    by_age = vintage.totals(department.people_by_age(2020).sum(axis=2))
    whole = _shares(by_age.sum(axis=0, keepdims=True))[0].tolist()
    header: Row = (
        "code_insee",
        "nom",
        "scale",
        "Part des pers. âgées de - de 25 ans 2020",
        "Part des pers. âgées de 25 à 64 ans 2020",
        "Part des pers. âgées de 65 ans ou + 2020",
    )
    communes: list[Row] = [
        (vintage.codes[row], vintage.names[row], "Commune", *shares)
        for row, shares in enumerate(_shares(by_age).tolist())
    ]
    # As in the real workbook: codes of levels are numbers, and regions have their shares rotated.
    department_row = (int(DEPARTMENT_CODE), toponyms.DEPARTMENT, "Département", *whole)
    region_row = (int(REGION_CODE), toponyms.REGION, "Région", whole[2], whole[0], whole[1])
    folder.workbook(
        "demand/insee_statloc_parts_age_communes_2020.xlsx",
        {"Data": [header, *communes, department_row, region_row]},
    )


def _write_ages(folder: Folder, department: Department) -> None:
    """Write people by sex and age class of the census of 2022, in the communes of 2025."""
    vintage = department.vintage(2025)
    by_age = vintage.totals(department.people_by_age(2022))
    columns: dict[str, FloatArray] = {"P22_POP": by_age.sum(axis=(1, 2))}
    both = by_age.sum(axis=2)
    columns |= {f"P22_POP{name}": both[:, a:b].sum(axis=1) for name, (a, b) in _CLASSES.items()}
    for letter, sex in (("H", by_age[:, :, 0]), ("F", by_age[:, :, 1])):
        columns[f"P22_POP{letter}"] = sex.sum(axis=1)
        for name, (a, b) in (_CLASSES | _BROAD).items():
            columns[f"P22_{letter}{name}"] = sex[:, a:b].sum(axis=1)
    values = np.round(np.column_stack(list(columns.values())), 6).tolist()
    rows = [(code, *line) for code, line in zip(vintage.codes, values, strict=True)]
    folder.csv("demand/base-cc-evol-struct-pop-2022.csv", ("CODGEO", *columns), rows, delimiter=";")


def _write_series(folder: Folder, department: Department) -> None:
    vintage = department.vintage(2024)
    people = vintage.totals(department.settlement.by_year)[:, :9].tolist()
    header = ["objectid", "reg", "dep", "cv", "codgeo", "libgeo"]
    header += [f"p{year}_pop" for year in range(13, 22)]
    rows = [
        (100001 + row, REGION_CODE, DEPARTMENT_CODE, "", vintage.codes[row], name, *people[row])
        for row, name in enumerate(vintage.names)
    ]
    folder.csv("communes/odt_population_2013_2021_geo2024.csv", header, rows, before=BOM)


def _far_shares(department: Department, vintage: Vintage) -> dict[str, FloatArray]:
    """Return the % of people far from proximity, intermediate and superior facilities."""
    level = department.settlement.level
    shops = np.isin(np.arange(level.size), [f.cell for f in _of(department, PHARMACY)])
    shops |= department.settlement.people > 700
    places = {
        "proximity": (shops, 7.0),
        "intermediate": (level >= MARKET_TOWN, 15.0),
        "superior": (level >= SUBPREFECTURE, 30.0),
    }
    minutes = department.minutes[vintage.seat]
    far = {}
    for name, (sites, limit) in places.items():
        nearest = np.minimum(minutes[:, sites].min(axis=1), 240.0)
        share = 100 / (1 + np.exp(-np.clip((nearest - limit) / (0.08 * limit), -40, 40)))
        whole = np.where(share < 3, 0.0, np.where(share > 97, 100.0, share))
        far[name] = np.asarray(np.round(whole, 1), dtype=np.float64)
    return far


def _of(department: Department, category: str) -> list[Any]:
    return [facility for facility in department.facilities if facility.category == category]


def _write_distances(folder: Folder, department: Department, rng: Generator) -> None:
    vintage = department.vintage(2023)
    far = _far_shares(department, vintage)
    label = "Part de la population éloignée des équipements"
    rows: list[Row] = [
        ("Insee - Statistiques locales", "", "", "", ""),
        ("Référentiel géographique : France par commune", "", "", "", ""),
        ("", "", "Indic6", "Indic7", "Indic8"),
        (
            "Code",
            "Libellé",
            f"{label} intermédiaires, 2021",
            f"{label} de proximité, 2021",
            f"{label} supérieurs, 2021",
        ),
    ]
    hidden = set(rng.integers(0, len(vintage), 2).tolist())
    for row, (code, name) in enumerate(zip(vintage.codes, vintage.names, strict=True)):
        shares = [float(far[kind][row]) for kind in ("intermediate", "proximity", "superior")]
        rows.append((code, name, *([NOT_AVAILABLE] * 3 if row in hidden else shares)))
    folder.workbook(
        "demand/insee_statloc_eloignement_equipements_communes_2021.xlsx",
        {"Data": rows, "Indic6": [("Libellé",), (f"{label} intermédiaires, 2021",)]},
    )


def _write_living_zones(folder: Folder, department: Department, rng: Generator) -> None:
    header = [
        "Code",
        "Libellé",
        "Nombre de décès domiciliés 2024",
        "Part des pers. âgées de 75 ans ou + 2022",
        "Taux de pauvreté 2021",
        "Médiane du niveau de vie 2021",
        "Part des non ou peu diplômés dans la pop. non scolarisée de 15 ans ou + 2022",
        "Part des ouvriers dans le nb d’emplois au LT 2022",
        "Part des familles monoparentales 2022",
        "Part des pers. âgées de - 15 ans 2022",
        "Taille moyenne des ménages 2022",
        "Part des locataires dans les rés. principales 2022",
        "Part des locataires HLM dans les rés. principales 2022",
        "Part des résidences principales en suroccupation accentuée 2022",
        "Part des rés. principales dans le total des logements 2022",
        "Part des appartements dans le total des logements 2022",
        "Part des maisons dans le total des logements 2022",
        "Densité de population (historique depuis 1876) 2022",
    ]
    rows = [_living_zone_row(department, centre, rng) for centre in living_zone_centres(department)]
    heading = statloc_heading(
        "bassin de vie", n_columns=len(header), producer="Insee - Statistiques locales"
    )
    folder.csv("demand/insee_statloc_bv2022.csv", header, rows, delimiter=";", before=heading)
    folder.csv(
        "demand/taux_pauvrete_2021_tvs_ou_bv.csv",
        ("Code", "Libellé", "Taux de pauvreté 2021"),
        [(row[0], row[1], row[4]) for row in rows],
        delimiter=";",
        before=statloc_heading(
            "bassin de vie", n_columns=3, producer="Insee - Statistiques locales"
        ),
    )


def living_zone_centres(department: Department) -> list[int]:
    """Return the centres of the living zones, in the order of their codes."""
    codes = department.history.codes
    return sorted(set(department.zones.living.tolist()), key=lambda cell: codes[cell])


def _living_zone_row(department: Department, centre: int, rng: Generator) -> Row:
    inside = department.zones.living == centre
    by_age = department.people_by_age(2022)[inside].sum(axis=(0, 2))
    people = float(by_age.sum())
    old, young = by_age[15:].sum() / people, by_age[:3].sum() / people
    poverty = round(float(np.clip(rng.normal(14.0 + 30 * (old - 0.12), 1.8), 7, 26)), 1)
    town = min(1.0, department.settlement.people[centre] / 40_000)
    flats = round(12 + 50 * town + float(rng.uniform(-3, 3)), 1)
    tenants = round(22 + 22 * town + float(rng.uniform(-3, 3)), 1)
    return (
        department.history.codes[centre],
        department.history.names[centre],
        round(people * (0.003 + 0.062 * old)),
        round(100 * old, 1),
        poverty,
        round(27_200 - 280 * poverty, -1),
        round(float(rng.uniform(17, 26)), 1),
        round(float(rng.uniform(18, 32)), 1),
        round(float(rng.uniform(11, 16)), 1),
        round(100 * young, 1),
        round(2.0 + 1.2 * young, 2),
        tenants,
        round(tenants * 0.32, 1),
        round(float(rng.uniform(0.1, 0.5)), 1),
        round(92 - 90 * old + float(rng.uniform(-4, 4)), 1),
        flats,
        round(99.2 - flats, 1),
        round(people / float(department.land.area_km2[inside].sum()), 1),
    )
