"""Densities of professionals and APL by living and employment zone, as CartoSanté exports them."""

from collections.abc import Mapping
from typing import Final

import numpy as np

from maillage.sources.fictional import toponyms
from maillage.sources.fictional.department import Department
from maillage.sources.fictional.facilities import PHARMACY
from maillage.sources.fictional.geography import BoolArray, IntArray
from maillage.sources.fictional.history import REGION_CODE
from maillage.sources.fictional.people_files import living_zone_centres
from maillage.sources.fictional.writing import BOM, Folder, Row, statloc_heading

_FEWEST_DOCTORS: Final = 3  # under that the share of long illnesses is a statistical secret
_LIVING_ZONE_HEADER: Final = (
    "Code",
    "Libellé",
    "Part des bénéf. ophtalmo. dans pop. 2024",
    "APL Médecins généralistes 2023",
    "Densité d'orthophonistes lib. 2024",
    "Densité de généralistes lib. 2024",
    "Densité d'infirmiers lib. 2024",
    "Densité de sages-femmes lib. 2024",
    "Part des bénéf. en ALD dans la pop 2024",
    "Densité des pharmacies pour 10 000 hab. 2024",
)
_EMPLOYMENT_ZONE_LABELS: Final = (
    "Libelle;Densite de generalistes lib. 2024;Densite de population en 2022;"
    "Part des personnes agees de 75 ans ou plus, 2022;Taux d'activité, 2022;"
    "Part des ménages fiscaux imposés, 2021;Part des actifs en transports en commun, 2022;"
    "Présence d'une faculté de médecine;Part de bénéf. de produits pharma dans la pop 2024;"
    "Densité d'infirmiers lib. 2024;Densité de kinés lib. 2024;Densité de sages-femmes lib. 2024"
)
_EMPLOYMENT_ZONE_HEADER: Final = (
    "ZONE;DENS_MED_LIB;DENSITE;PART_75;TAUX_ACTIV;PART_IMPOT;PART_TRANS_COMM;UNIV;PART_PHARMA;"
    "DENS_INF;DENS_KIN;DENS_SAGE_FEMME"
)


def write_densities(folder: Folder, department: Department) -> None:
    """Write the densities by living and employment zone, and the APL of the living zones."""
    _write_living_zones(folder, department)
    _write_employment_zones(folder, department)
    apl = living_zone_apl(department)
    names = department.history
    folder.csv(
        "apl/cartosante_apl_mg_2023_tvs.csv",
        ("Code", "Libellé", "APL Médecins généralistes 2023"),
        [(names.codes[zone], names.names[zone], round(apl[zone], 1)) for zone in apl],
        delimiter=";",
        before=statloc_heading("bassin de vie / canton-ville", n_columns=3, producer="CartoSanté"),
    )


def living_zone_apl(department: Department) -> dict[int, float]:
    """Return the mean APL of 2023 of each living zone, by its central cell."""
    problem, vintage = department.apl_problem(2023), department.vintage(2024)
    access = problem.access(problem.acts)
    zone = department.zones.living[vintage.seat]
    return {
        centre: float(np.average(access[zone == centre], weights=problem.demand[zone == centre]))
        for centre in living_zone_centres(department)
    }


def employment_zone_code(department: Department, cell: int) -> str:
    """Return the code of the employment zone of a cell: 9901 to 9904."""
    centres = sorted(set(department.zones.employment.tolist()))
    return f"{REGION_CODE}{centres.index(int(department.zones.employment[cell])) + 1:02d}"


def _counts(department: Department) -> dict[str, IntArray]:
    """Return the professionals and pharmacies of 2024, each of shape (n_cells,)."""
    size = department.settlement.people.size
    gps = department.gps.cell[department.gps.present(2024)]
    pharmacies = [f.cell for f in department.facilities if f.category == PHARMACY]
    return department.others | {
        "gp": np.bincount(gps, minlength=size),
        "pharmacy": np.bincount(pharmacies, minlength=size),
    }


def _densities(
    department: Department, counts: Mapping[str, IntArray], inside: BoolArray
) -> dict[str, float]:
    """Return the professionals of each kind per 10,000 people of the cells `inside`."""
    people = float(department.settlement.in_year(2022)[inside].sum())
    return {name: round(1e4 * float(n[inside].sum()) / people, 1) for name, n in counts.items()}


def _old_share(department: Department, inside: BoolArray) -> float:
    """Return the share of people of 75 and more among the cells `inside`."""
    by_age = department.settlement.by_age[inside].sum(axis=(0, 2))
    return float(by_age[15:].sum() / by_age.sum())


def _write_living_zones(folder: Folder, department: Department) -> None:
    counts, apl = _counts(department), living_zone_apl(department)
    rows: list[Row] = []
    for centre in living_zone_centres(department):
        inside = department.zones.living == centre
        per_10k, old = _densities(department, counts, inside), _old_share(department, inside)
        secret = counts["gp"][inside].sum() < _FEWEST_DOCTORS
        rows.append(
            (
                department.history.codes[centre],
                department.history.names[centre],
                round(18 + 60 * old, 1),
                round(apl[centre], 1),
                round(10 * per_10k["speech_therapist"], 1),  # per 100,000 in that file
                per_10k["gp"],
                per_10k["nurse"],
                per_10k["midwife"],
                "N/A - secret statistique" if secret else round(8 + 80 * old, 1),
                per_10k["pharmacy"],
            )
        )
    folder.csv(
        "health_pros/cartosante_bv2022_densites_2024.csv",
        _LIVING_ZONE_HEADER,
        rows,
        delimiter=";",
        before=statloc_heading(
            "bassin de vie", n_columns=len(_LIVING_ZONE_HEADER), producer="CartoSanté"
        ),
    )


def _write_employment_zones(folder: Folder, department: Department) -> None:
    """Write two files in one order: densities without codes nor accents, then codes."""
    counts = _counts(department)
    rows: list[Row] = []
    listed: list[Row] = []
    for centre in sorted(set(department.zones.employment.tolist())):
        inside = department.zones.employment == centre
        per_10k, old = _densities(department, counts, inside), _old_share(department, inside)
        people = float(department.settlement.in_year(2022)[inside].sum())
        density = round(people / float(department.land.area_km2[inside].sum()), 1)
        name = department.history.names[centre]
        bare = toponyms.without_accents(name)
        rows.append(
            (
                bare,
                per_10k["gp"],
                density,
                round(100 * old, 1),
                90.4,
                46,
                2.1,
                0,
                91.2,
                per_10k["nurse"],
                per_10k["physio"],
                per_10k["midwife"],
            )
        )
        listed.append((employment_zone_code(department, centre), name))
    folder.csv(
        "health_pros/cartosante_ze2020_densites_2024.csv",
        _EMPLOYMENT_ZONE_HEADER.split(";"),
        rows,
        delimiter=";",
        before=_EMPLOYMENT_ZONE_LABELS + "\n",
        encoding="latin-1",
    )
    folder.csv(
        "health_pros/ze2020_codes_cartosante.csv",
        ("Code", "Libellé"),
        listed,
        delimiter=";",
        before=f"{BOM}CartoSanté\nRéférentiel géographique : France par zone d'emploi\n",
    )
