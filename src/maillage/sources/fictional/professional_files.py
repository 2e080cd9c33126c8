"""Professionals: the APL workbook of DREES, RPPS, SIRENE, and counts by department and zone."""

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.random import Generator

from maillage.sources.fictional import toponyms
from maillage.sources.fictional.apl import AGE_WEIGHTS, POPULATION_YEAR
from maillage.sources.fictional.density_files import write_densities
from maillage.sources.fictional.department import Department
from maillage.sources.fictional.facilities import PHARMACY
from maillage.sources.fictional.geography import IntArray
from maillage.sources.fictional.history import COG_YEAR, DEPARTMENT_CODE
from maillage.sources.fictional.place_files import postal_code
from maillage.sources.fictional.settlement import SUBPREFECTURE
from maillage.sources.fictional.writing import Folder, Row, statloc_heading
from maillage.sources.rpps import HEADERS

# Profession: code and label of RPPS, code and label of the "savoir-faire".
_PROFESSIONS: Final = {
    "gp": ("10", "Médecin", "SM54", "Médecine Générale"),
    "specialist": ("10", "Médecin", "SM04", "Cardiologie et maladies vasculaires"),
    "nurse": ("60", "Infirmier", "", ""),
    "physio": ("70", "Masseur-Kinésithérapeute", "", ""),
    "dentist": ("40", "Chirurgien-Dentiste", "", ""),
    "midwife": ("50", "Sage-Femme", "", ""),
    "speech_therapist": ("91", "Orthophoniste", "", ""),
    "pharmacist": ("21", "Pharmacien", "", ""),
}
_FIRST_NAMES: Final = (
    "Alix", "Bastien", "Camille", "Dominique", "Élise", "François", "Gaëlle", "Hugo", "Inès",
    "Jérôme", "Karine", "Loïc", "Maëlle", "Noël", "Odile", "Pascale", "Rémi", "Solène", "Théo",
)  # fmt: skip
_NAME_STARTS: Final = (
    "Arv",
    "Belz",
    "Corv",
    "Dalm",
    "Estev",
    "Farg",
    "Gralh",
    "Jouv",
    "Lavr",
    "Mord",
)
_NAME_ENDS: Final = ("ézan", "igol", "ouzet", "anel", "erval", "ignac", "oyer", "usson")
_TRUE_DUPLICATES: Final = 12
_SIRENE_ACTIVITIES: Final = (
    "ambulance", "analyse_medicale", "autre", "autre_specialiste", "chirurgien", "dentiste",
    "generaliste", "hopital", "infirmiers", "organe", "radiologiste", "reeducateur_podologue",
)  # fmt: skip
_AGE_LABELS: Final = (
    "Moins de 5 ans", *(f"de {age} à {age + 4} ans" for age in range(5, 90, 5)), "Plus de 90 ans"
)  # fmt: skip


def write_professionals(folder: Folder, department: Department, rng: Generator) -> None:
    """Write the folders `apl` and `health_pros`."""
    folder.workbook(
        "apl/apl_generalistes_2022_2023_drees.xlsx",
        {
            "Paramètres": _apl_parameters(),
            "APL 2022": _apl_sheet(department, 2022),
            "APL 2023": _apl_sheet(department, 2023),
        },
    )
    _write_rpps(folder, department, rng)
    _write_sirene(folder, department, rng)
    _write_department_counts(folder, department, rng)
    _write_commune_counts(folder, department)
    write_densities(folder, department)


def _apl_parameters() -> list[Row]:
    weights = zip(_AGE_LABELS, AGE_WEIGHTS[2022], AGE_WEIGHTS[2023], strict=True)
    acts = "Nombre de consultations, visites et téléconsultations"
    return [
        ("Paramètres de l'indicateur d'APL aux médecins généralistes",),
        (),
        ("Champ de l'indicateur",),
        ("Omnipraticiens libéraux et médecins salariés des centres de santé (données fictives)",),
        (),
        ("Comptabilisation de l'activité",),
        (f"{acts} effectuées dans l'année", f"{acts} comptabilisées"),
        ("Moins de 250", 0),
        ("Entre 251 et 3 600", 3600),
        ("Entre 3 601 et 6 000", "Nombre de consultations et visites effectués dans l'année"),
        ("Plus de 6 000", 6000),
        (
            "Exceptions : Pour les médecins libéraux n'ayant pas exercé durant toute l'année "
            "(nouvelles installations), 5 400 consultations et visites sont comptabilisées. Les "
            "bornes ne s'appliquent pas aux médecins salariés des centres de santé.",
        ),
        (),
        ("Décroissance de l'accessibilité avec la distance",),
        ("Temps de trajet entre communes", "Accessibilité"),
        ("Moins de  10 minutes", 1),
        ("Entre 10 et 15 minutes", 2 / 3),
        ("Entre 15 et 20 minutes", 1 / 3),
        ("Plus de 20 minutes", 0),
        (),
        ("Pondération de la population selon l'âge",),
        (
            "Tranche d'âge",
            "Poids de la tranche d'âge en 2022",
            "Poids de la tranche d'âge en 2023",
        ),
        *weights,
        ("Données fictives, au format de la Drees.",),
    ]


def _apl_sheet(department: Department, year: int) -> Iterator[Row]:
    """Yield the sheet of a year: header on row 9, units on row 10, data below, three decimals."""
    people_year = POPULATION_YEAR[year]
    title = (
        f"Indicateur d'accessibilité potentielle localisée (APL) {year} aux médecins généralistes"
    )
    yield from [(title,), (), (f"Millésime : {year}",)]
    yield ("Sources : données fictives, au format de la Drees.",)
    yield ("Champ : département fictif.",)
    yield ("Lecture : accès des habitants de la commune à tant de consultations par an.",)
    yield (
        "Note : Pour calculer un APL moyen (agrégé au niveau du territoire), pondérer par la "
        "population standardisée.",
    )
    yield ()
    apl = "APL aux médecins généralistes"
    people = f"Population standardisée {people_year} pour la médecine générale"
    yield (
        "Code commune INSEE",
        "Commune",
        apl,
        f"{apl} de moins de 65 ans",
        people,
        f"Population totale {people_year}",
    )
    unit = "En nombre de consultations/visites accessibles par habitant standardisé"
    yield ("", "", unit, unit, "En nombre d'habitants standardisés", "En nombre d'habitants")
    yield from _apl_rows(department, year)


def _apl_rows(department: Department, year: int) -> list[Row]:
    problem, vintage = department.apl_problem(year), department.vintage(year + 1)
    people = vintage.totals(department.settlement.in_year(POPULATION_YEAR[year]))
    columns = (
        np.round(problem.access(problem.acts), 3).tolist(),
        np.round(problem.access(problem.acts_under_65), 3).tolist(),
        np.round(problem.demand, 3).tolist(),
        people.tolist(),
    )
    return list(zip(vintage.codes, vintage.names, *columns, strict=True))


def _write_rpps(folder: Folder, department: Department, rng: Generator) -> None:
    """Write one line per activity: some people have two, and some lines stand twice."""
    lines = []
    for person, (profession, cell, salaried) in enumerate(_people_at_work(department)):
        identity = _identity(person, profession, rng)
        lines.append(_rpps_line(department, identity, profession, cell, salaried=salaried))
        second = int(department.zones.living[cell])
        if rng.random() < 0.05 and second != cell:
            lines.append(_rpps_line(department, identity, profession, second, salaried=True))
    lines += [lines[k] for k in rng.choice(len(lines), _TRUE_DUPLICATES, replace=False).tolist()]
    content = "\n".join("|".join(line) for line in (HEADERS, *lines)) + "\n"
    folder.text("health_pros/PS_LibreAcces_Personne_activite.txt", content)


def _people_at_work(department: Department) -> Iterator[tuple[str, int, bool]]:
    """Yield profession, cell and whether salaried, of each person at work in 2026."""
    gps = department.gps
    for row in gps.present(COG_YEAR).tolist():
        yield "gp", int(gps.cell[row]), bool(gps.salaried[row])
    for profession, counts in department.others.items():
        for cell in np.repeat(np.arange(counts.size), counts).tolist():
            hospital = department.settlement.level[cell] >= SUBPREFECTURE
            yield profession, cell, profession == "specialist" and hospital
    for facility in department.facilities:
        if facility.category == PHARMACY:
            yield "pharmacist", facility.cell, False
            yield "pharmacist", facility.cell, True


def _identity(person: int, profession: str, rng: Generator) -> dict[str, str]:
    """Return who the person is; numbers begin with 99, which no real RPPS number does."""
    stem = f"99{person:08d}"
    number = stem + str(luhn_key(stem))
    code, label, skill, skill_label = _PROFESSIONS[profession]
    start, end = rng.choice(_NAME_STARTS), rng.choice(_NAME_ENDS)
    doctor = code == "10"
    return {
        "Type d'identifiant PP": "8",
        "Identifiant PP": number,
        "Identification nationale PP": "8" + number,
        "Code civilité d'exercice": "DR" if doctor else "",
        "Libellé civilité d'exercice": "Docteur" if doctor else "",
        "Nom d'exercice": f"{start}{end}".upper(),
        "Prénom d'exercice": str(rng.choice(_FIRST_NAMES)),
        "Code profession": code,
        "Libellé profession": label,
        "Code catégorie professionnelle": "C",
        "Libellé catégorie professionnelle": "Civil",
        "Code type savoir-faire": "S" if skill else "",
        "Libellé type savoir-faire": "Spécialité ordinale" if skill else "",
        "Code savoir-faire": skill,
        "Libellé savoir-faire": skill_label,
        "Autorité d'enregistrement": "Données fictives",
    }


def luhn_key(stem: str) -> int:
    """Return the digit to add to `stem` so that Luhn's key holds."""
    doubled = [int(digit) * (2 - rank % 2) for rank, digit in enumerate(reversed(stem))]
    return -sum(value - 9 if value > 9 else value for value in doubled) % 10


def _rpps_line(
    department: Department, identity: dict[str, str], profession: str, cell: int, *, salaried: bool
) -> list[str]:
    vintage = department.vintage(COG_YEAR)
    row = int(vintage.row[cell])
    pharmacy = profession == "pharmacist"
    place = {
        "Code mode exercice": "S" if salaried else "L",
        "Libellé mode exercice": "Salarié"
        if salaried
        else "Libéral, indépendant, artisan, commerçant",
        "Code postal (coord. structure)": postal_code(department, cell),
        "Code commune (coord. structure)": vintage.codes[row],
        "Libellé commune (coord. structure)": vintage.names[row],
        "Code Département (structure)": DEPARTMENT_CODE,
        "Libellé Département (structure)": toponyms.DEPARTMENT,
        "Code secteur d'activité": "SA33" if pharmacy else "SA07",
        "Libellé secteur d'activité": "Pharmacie d'officine" if pharmacy else "Cabinet individuel",
        "Code genre activité": "GENR01",
        "Libellé genre activité": "Activité standard de soin ou de pharmacien",
    }
    values = identity | place
    return [values.get(name, "") for name in HEADERS]


def _write_sirene(folder: Folder, department: Department, rng: Generator) -> None:
    """Write active units of 2019, which over-count; communes with none are absent."""
    vintage = department.vintage(2019)
    gps = np.bincount(department.gps.cell, minlength=vintage.row.size)
    others = department.others
    columns: dict[str, IntArray] = {
        "generaliste": np.round(gps * 1.6).astype(np.int64),
        "infirmiers": others["nurse"],
        "dentiste": others["dentist"],
        "reeducateur_podologue": others["physio"] + others["speech_therapist"],
        "autre_specialiste": others["specialist"],
        "autre": rng.poisson(department.settlement.people / 900),
    }
    table = np.column_stack(
        [columns.get(name, np.zeros_like(gps)) for name in _SIRENE_ACTIVITIES]
    ).astype(np.float64)
    totals = vintage.totals(table)
    rows = [
        (code, *counts)
        for code, counts in zip(vintage.codes, totals.tolist(), strict=True)
        if sum(counts)
    ]
    header = ("codecommuneetablissement", *_SIRENE_ACTIVITIES)
    folder.csv("health_pros/sirene2019_ps_communes.csv", header, rows, delimiter=";")


def _write_department_counts(folder: Folder, department: Department, rng: Generator) -> None:
    values = {
        "Médecin généraliste (en nombre) 2024": len(department.gps.present(2024)),
        "Taux de pauvreté 2021": 15.2,
        "Bassin de natation (en nombre) 2024": 14 + int(rng.integers(0, 8)),
        "Salles multisports (gymnases) (en nombre) 2024": 80 + int(rng.integers(0, 30)),
        "Urgences (en nombre) 2024": sum(f.emergency for f in department.facilities),
        "Infirmier (en nombre) 2024": int(department.others["nurse"].sum()),
        "Pharmacie (en nombre) 2024": sum(f.category == PHARMACY for f in department.facilities),
        "Chirurgien dentiste (en nombre) 2024": int(department.others["dentist"].sum()),
        "Espérance de vie des femmes à la naissance 2024": 85.3,
        "Espérance de vie des hommes à la naissance 2024": 79.4,
        "Médiane du niveau de vie 2021": 22180,
        "Densité de population (historique depuis 1876) 2022": round(
            float(department.settlement.in_year(2022).sum() / department.land.area_km2.sum()), 1
        ),
        "Taux brut de mortalité 2024": 11.2,
        "Taux de mortalité standardisé des 0 à 64 ans 2024": 1.9,
        "Part des diplômés d'un BAC+5 ou plus dans la pop. non scolarisée de 15 ans ou + 2022": 7.4,
        "Part des non ou peu diplômés dans la pop. non scolarisée de 15 ans ou + 2022": 21.9,
        "Part des diplômés d'un BAC+2 dans la pop. non scolarisée de 15 ans ou + 2022": 11.8,
        "Part des pers., dont le diplôme le plus élevé est un CAP ou un BEP, dans la pop. "
        "non scolarisée de 15 ans ou + 2022": 28.4,
        "Part des actifs occ 15 ans ou plus vélo pour travailler 2022": 2.0,
        "Part des actifs occ 15 ans ou plus voiture pour travailler 2022": 82.0,
        "Part des actifs occupés de 15 ans ou plus  les transports en commun 2022": 3.6,
        "Estimations de population 2025": int(department.settlement.in_year(2023).sum()),
    }
    folder.csv(
        "health_pros/insee_statloc_departements_bpe2024.csv",
        ("Code", "Libellé", *values),
        [(DEPARTMENT_CODE, toponyms.DEPARTMENT, *values.values())],
        delimiter=";",
        before=statloc_heading(
            "département", n_columns=len(values) + 2, producer="Insee - Statistiques locales"
        ),
    )


def _write_commune_counts(folder: Folder, department: Department) -> None:
    """Write the BPE by commune and type as Insee's Melodi gives it: no row where there is none."""
    n_cells = department.land.area_km2.size
    practising = department.gps.cell[department.gps.present(2024)]
    by_type = {
        "D265": np.bincount(practising, minlength=n_cells),
        "D281": department.others["nurse"],
        "D277": department.others["dentist"],
    }
    communes = department.vintage(2025)
    rows: list[Row] = []
    for kind, by_cell in by_type.items():
        counts = communes.totals(by_cell)
        place = ("D", "D2", kind, "FACILITIES", 2024)
        rows += [
            (code, "COM", *place, int(count))
            for code, count in zip(communes.codes, counts, strict=True)
            if count
        ]
        rows.append((DEPARTMENT_CODE, "DEP", *place, int(counts.sum())))
    folder.csv(
        "bpe/DS_BPE_2024_data.csv",
        ("GEO", "GEO_OBJECT", "FACILITY_DOM", "FACILITY_SDOM", "FACILITY_TYPE", "BPE_MEASURE",
         "TIME_PERIOD", "OBS_VALUE"),
        rows,
        delimiter=";",
        quote_all=True,
    )  # fmt: skip
