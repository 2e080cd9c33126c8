"""Facilities: the workbook of the BPE, the extracts of FINESS, the yearbook of maternities."""

import math
from collections import Counter
from typing import Final

from numpy.random import Generator

from maillage.sources.fictional import facility_headers as headers
from maillage.sources.fictional import toponyms
from maillage.sources.fictional.department import Department
from maillage.sources.fictional.facilities import (
    CATEGORIES,
    CLINIC,
    CPTS,
    HEALTH_CENTRE,
    HEALTH_HOUSE,
    HOME_NURSING,
    HOSPITAL,
    LABORATORY,
    LOCAL_HOSPITAL,
    MENTAL_CENTRE,
    NURSING_HOME,
    PHARMACY,
    Facility,
)
from maillage.sources.fictional.history import (
    COG_YEAR,
    DEPARTMENT_CODE,
    REGION_CODE,
    Vintage,
)
from maillage.sources.fictional.place_files import postal_code
from maillage.sources.fictional.writing import BOM, Folder, Row

BPE_TYPES: Final = {
    "D101": "Établissement santé court séjour",
    "D102": "Établissement santé moyen séjour",
    "D103": "Établissement santé long séjour",
    "D104": "Établissement psychiatrique",
    "D105": "Centre lutte cancer",
    "D106": "Urgences",
    "D107": "Maternité",
    "D108": "Centre de santé",
    "D109": "Structures psychiatriques en ambulatoire",
    "D110": "Centre médecine préventive",
    "D111": "Dialyse",
    "D112": "Hospitalisation à domicile",
    "D113": "Maison de santé pluridisciplinaire",
    "D302": "Laboratoire d'analyses et de biologie médicale",
    "D303": "Ambulance",
    "D304": "Transfusion sanguine",
    "D305": "Établissement thermal",
    "D307": "Pharmacie",
}
_CAPITAL_DEPARTMENT: Final = "VEZILLOIS"
_SEMESTER: Final = "-06-01"


def write_care(folder: Folder, department: Department, rng: Generator) -> None:
    """Write the folders `bpe`, `finess` and `hospital`."""
    _write_bpe(folder, department)
    _write_establishments(folder, department)
    _write_activities(folder, department)
    _write_social_equipment(folder, department)
    _write_maternities(folder, department, rng)


def finess_of(rank: int) -> str:
    """Return the FINESS number of the establishment of that rank; its legal entity ends in 5…."""
    return f"{DEPARTMENT_CODE}{rank:06d}0"


def legal_finess_of(rank: int) -> str:
    """Return the FINESS number of the legal entity that holds that establishment."""
    return f"{DEPARTMENT_CODE}9{rank:05d}0"


def facility_name(department: Department, facility: Facility, rank: int) -> str:
    """Return the name of an establishment, in capitals as FINESS has it."""
    town = toponyms.capitals(department.history.names[facility.cell])
    return f"{_titles(rank)[facility.category]} {town}"


def _titles(rank: int) -> dict[str, str]:
    """Return what stands before the town in the name of each category; `rank` varies it."""
    return {
        HOSPITAL: "CH DE",
        CLINIC: "CLINIQUE DES AULNES",
        LOCAL_HOSPITAL: "HOPITAL LOCAL DE",
        HEALTH_HOUSE: "MAISON DE SANTE PLURIPROFESSIONNELLE",
        HEALTH_CENTRE: "CENTRE DE SANTE MUNICIPAL",
        PHARMACY: "PHARMACIE " + ("DE LA PLACE", "DU PONT", "DES TILLEULS", "DU MARCHE")[rank % 4],
        LABORATORY: "LABORATOIRE",
        NURSING_HOME: "EHPAD " + ("LES TILLEULS", "LES GENETS", "LE CLOS FLEURI")[rank % 3],
        CPTS: "CPTS",
        MENTAL_CENTRE: "CMP",
        HOME_NURSING: "SSIAD",
    }


def _write_bpe(folder: Folder, department: Department) -> None:
    """Write the counts of 2020 in the communes of 2021; there is no arrondissement."""
    vintage = department.vintage(2021)
    counts = _bpe_counts(department, vintage)
    labels: Row = (
        "CODGEO",
        "Libellé commune ou ARM",
        "Région",
        "Département",
        *BPE_TYPES.values(),
    )
    codes: Row = ("CODGEO", "LIBGEO", "REG", "DEP", *(f"NB_{code}" for code in BPE_TYPES))
    rows: list[Row] = [
        (
            vintage.codes[row],
            name,
            REGION_CODE,
            DEPARTMENT_CODE,
            *tuple(counts[row, code] for code in BPE_TYPES),
        )
        for row, name in enumerate(vintage.names)
    ]
    folder.workbook(
        "bpe/equip-serv-sante-com-2020.xlsx",
        {
            "COM": [*_bpe_heading("France - Communes"), labels, codes, *rows],
            "ARM": [*_bpe_heading("Arrondissements municipaux"), labels, codes],
        },
    )


def _bpe_heading(scope: str) -> list[Row]:
    return [
        ("BPE 2020 - Base permanente des équipements : services santé",),
        (scope,),
        ("Mise en ligne le 06/07/2021       Géographie au 01/01/2021",),
        ("Données fictives, au format de l'Insee",),
    ]


def _bpe_counts(department: Department, vintage: Vintage) -> Counter[tuple[int, str]]:
    counts: Counter[tuple[int, str]] = Counter()
    for facility in department.facilities:
        row = int(vintage.row[facility.cell])
        kind = CATEGORIES[facility.category][2]
        if facility.opened <= 2020 and kind:
            counts[row, kind] += 1
        counts[row, "D106"] += facility.emergency
        counts[row, "D107"] += facility.maternity
        if facility.category == HOSPITAL:
            counts[row, "D111"] += facility.maternity
            counts[row, "D112"] += facility.maternity
            counts[row, "D103"] += 1
    for cell, people in enumerate(department.settlement.people.tolist()):
        counts[int(vintage.row[cell]), "D303"] += (people + 3500) // 9000
    return counts


def lambert93(lon: float, lat: float) -> tuple[float, float]:
    """Return the Lambert-93 coordinates in metres of a point in degrees (IGN, NTG_71)."""
    e, parallels, a = 0.0818191910428158, (math.radians(44), math.radians(49)), 6378137.0

    def isometric(phi: float) -> float:
        return math.atanh(math.sin(phi)) - e * math.atanh(e * math.sin(phi))

    def radius(phi: float) -> float:
        return a * math.cos(phi) / math.sqrt(1 - (e * math.sin(phi)) ** 2)

    south, north = parallels
    n = math.log(radius(north) / radius(south)) / (isometric(south) - isometric(north))
    c = radius(south) / n * math.exp(n * isometric(south))
    top = 6_600_000 + c * math.exp(-n * isometric(math.radians(46.5)))
    r = c * math.exp(-n * isometric(math.radians(lat)))
    gamma = n * (math.radians(lon) - math.radians(3))
    return 700_000 + r * math.sin(gamma), top - r * math.cos(gamma)


def _write_establishments(folder: Folder, department: Department) -> None:
    vintage = department.vintage(COG_YEAR)
    rows: list[Row] = []
    for rank, facility in enumerate(department.facilities):
        label, group, _, _ = CATEGORIES[facility.category]
        code = vintage.codes[int(vintage.row[facility.cell])]
        town = toponyms.capitals(department.history.names[facility.cell])
        name = facility_name(department, facility, rank)
        x_m, y_m = (round(value, 1) for value in lambert93(*facility.lonlat))
        opened = f"{facility.opened}{_SEMESTER}"
        rows.append(
            (
                finess_of(rank),
                legal_finess_of(rank),
                name[:38],
                name,
                "",
                1 + rank % 40,
                "R",
                "DES ECOLES",
                "",
                "",
                "",
                code[2:],
                f"{postal_code(department, facility.cell)} {town}",
                DEPARTMENT_CODE,
                _CAPITAL_DEPARTMENT,
                facility.category,
                label,
                "",
                "",
                x_m,
                y_m,
                opened,
                opened,
                *facility.lonlat,
                group,
                code,
            )
        )
    folder.csv(
        "finess/finess_etablissements_fictif.csv", headers.ESTABLISHMENTS, rows, delimiter=";"
    )


def _write_activities(folder: Folder, department: Department) -> None:
    """Write the national list of authorisations and its located extract."""
    rows: list[Row] = []
    for rank, facility in enumerate(department.facilities):
        name = facility_name(department, facility, rank)
        for activity in _activities(facility):
            number = f"99{len(rows):07d}"
            rows.append(
                (
                    legal_finess_of(rank),
                    name,
                    *activity,
                    number,
                    "2019-01-10",
                    finess_of(rank),
                    name,
                    str(len(rows)),
                    "",
                    "",
                    "",
                    "",
                    "",
                    "2019-02-01",
                    "2033-02-01",
                )
            )
    folder.csv("finess/finess_activites_soin_france.csv", headers.ACTIVITIES, rows, delimiter=";")
    _write_located_activities(folder, department)


def _write_located_activities(folder: Folder, department: Department) -> None:
    vintage = department.vintage(COG_YEAR)
    rows: list[Row] = []
    for rank, facility in enumerate(department.facilities):
        name = facility_name(department, facility, rank)
        code = vintage.codes[int(vintage.row[facility.cell])]
        x_m, y_m = (round(value, 1) for value in lambert93(*facility.lonlat))
        for activity, label, _, _, form, form_label in _activities(facility):
            rows.append(
                (
                    finess_of(rank),
                    name,
                    activity,
                    label,
                    form,
                    form_label,
                    legal_finess_of(rank),
                    name,
                    name,
                    code[2:],
                    DEPARTMENT_CODE,
                    _CAPITAL_DEPARTMENT,
                    facility.category,
                    CATEGORIES[facility.category][0],
                    y_m,
                    x_m,
                    *facility.lonlat,
                    label,
                    code,
                )
            )
    folder.csv("finess/finess_soins_fictif.csv", headers.LOCATED_ACTIVITIES, rows, delimiter=";")


def _activities(facility: Facility) -> list[tuple[str, str, str, str, str, str]]:
    """Return code and label of the activity, of its modality and of its form."""
    full = ("01", "Hospitalisation complète (24 heures consécutives ou plus)")
    births = "Gynécologie, obstétrique, néonatologie, réanimation néonatale"
    activities = []
    if facility.category in (HOSPITAL, CLINIC):
        activities += [("01", "Médecine", "00", "Pas de modalité", *full)]
        activities += [("02", "Chirurgie", "00", "Pas de modalité", *full)]
    if facility.emergency:
        emergency = ("14", "Médecine d'urgence")
        activities += [(*emergency, "23", "SU Structure des urgences", "14", "Non saisonnier")]
    if facility.maternity:
        activities += [("03", births, "01", "Gynécologie obstétrique", *full)]
    return activities


def _write_social_equipment(folder: Folder, department: Department) -> None:
    vintage = department.vintage(COG_YEAR)
    rows: list[Row] = []
    for rank, facility in enumerate(department.facilities):
        label, group, _, _ = CATEGORIES[facility.category]
        code = vintage.codes[int(vintage.row[facility.cell])]
        name = facility_name(department, facility, rank)
        x_m, y_m = (round(value, 1) for value in lambert93(*facility.lonlat))
        for equipment, form, places, client, kind in _places(facility):
            rows.append(
                (
                    legal_finess_of(rank),
                    finess_of(rank),
                    equipment,
                    form,
                    label,
                    y_m,
                    x_m,
                    name[:38],
                    name,
                    places,
                    code[2:],
                    DEPARTMENT_CODE,
                    _CAPITAL_DEPARTMENT,
                    client,
                    *facility.lonlat,
                    group,
                    kind,
                    code,
                )
            )
    folder.csv(
        "finess/finess_equipements_sociaux_fictif.csv",
        headers.SOCIAL_EQUIPMENT,
        rows,
        delimiter=";",
    )


def _places(facility: Facility) -> list[tuple[str, str, int, str, str]]:
    if facility.category == HOME_NURSING:
        form = "Prestation en milieu ordinaire"
        client = "Personnes Agées (Sans Autre Indication)"
        kind = "Aide et soins à domicile"
        return [("Soins infirmiers à Domicile", form, facility.places, client, kind)]
    if facility.category != NURSING_HOME:
        return []
    housed = ("Accueil pour Personnes Âgées", "Hébergement Complet Internat")
    apart = facility.places // 6
    dependent, alzheimer = (
        "Personnes Agées dépendantes",
        "Personnes Alzheimer ou maladies apparentées",
    )
    return [
        (*housed, facility.places - apart, dependent, "Personnes âgées"),
        (*housed, apart, alzheimer, "Personnes âgées"),
    ]


def _write_maternities(folder: Folder, department: Department, rng: Generator) -> None:
    """Write 2013 to 2023: two maternities all along, and one that closed after 2017."""
    births = 0.0100 * float(department.settlement.people.sum())
    sites = [
        (rank, facility, 0.66 if rank == 0 else 0.20, 2023 if facility.maternity else 2017)
        for rank, facility in enumerate(department.facilities)
        if facility.category == HOSPITAL
    ]
    rows: list[Row] = []
    for year in range(2013, 2024):
        for rank, facility, share, last in sites:
            if year > last:
                continue
            total = round(births * share * (1 - 0.016 * (year - 2013)) * rng.uniform(0.97, 1.03))
            code = department.history.codes[facility.cell]
            town = toponyms.capitals(department.history.names[facility.cell])
            name = facility_name(department, facility, rank)
            rows.append(
                (
                    year,
                    name,
                    "2b" if rank == 0 else "1",
                    "PUBLIC",
                    finess_of(rank),
                    legal_finess_of(rank),
                    code,
                    town,
                    postal_code(department, facility.cell),
                    "1 R DES ECOLES",
                    max(4, total // 55),
                    max(2, total // 500),
                    total,
                )
            )
    folder.csv(
        "hospital/annuaire_maternites_DREES.csv",
        headers.MATERNITIES,
        rows,
        delimiter=";",
        line_end="\r\n",
        before=BOM,
    )
