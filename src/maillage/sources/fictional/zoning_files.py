"""Zonings (doctors, nurses, ZRR), memberships, and what only some territories have."""

from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from numpy.random import Generator

from maillage.sources.fictional import toponyms
from maillage.sources.fictional.cog_files import (
    canton_code,
    district_code,
    epci_code,
    epci_name,
)
from maillage.sources.fictional.density_files import employment_zone_code, living_zone_apl
from maillage.sources.fictional.department import Department
from maillage.sources.fictional.facilities import School
from maillage.sources.fictional.geography import IntArray
from maillage.sources.fictional.history import COG_YEAR, DEPARTMENT_CODE, REGION_CODE
from maillage.sources.fictional.people_files import NOT_AVAILABLE, living_zone_centres
from maillage.sources.fictional.place_files import POSTAL_YEAR, postal_code
from maillage.sources.fictional.settlement import MARKET_TOWN, SUBPREFECTURE
from maillage.sources.fictional.writing import Folder, Row, statloc_heading

_ZIP_PEOPLE, _ZAC_PEOPLE = 0.28, 0.80  # shares of the people up to which zones are ZIP, then ZAC
_NURSE_LEVELS: Final = (
    "1_Tres_sous_dotee", "2_Sous_dotee", "3_intermediaire", "4_Tres_dotee", "5_Sur_dotee",
)  # fmt: skip
LONGEST_TRIP_MIN: Final = 60.0


def write_zonings(folder: Folder, department: Department, rng: Generator) -> None:
    """Write `zonages`, `initiatives`, `schools`, `travel`, and the patients without a doctor."""
    _write_doctor_zoning(folder, department)
    _write_nurse_zoning(folder, department)
    _write_zrr(folder, department)
    _write_memberships(folder, department)
    _write_small_towns(folder, department)
    _write_schools(folder, department, rng)
    _write_travel_times(folder, department)
    _write_patients_without_doctor(folder, department, rng)


def _write_doctor_zoning(folder: Folder, department: Department) -> None:
    """Write the zone of each commune by postal code and name, as the real file: no Insee code.

    Whole living zones are classed, the worst APL first, as the regional agencies do.
    """
    zone_of = _doctor_zones(department)
    vintage = department.vintage(POSTAL_YEAR)
    rows: list[Row] = [
        (
            int(postal_code(department, cell)),
            vintage.names[row],
            zone_of[int(department.zones.living[cell])],
        )
        for row, cell in enumerate(vintage.seat.tolist())
    ]
    island = int(vintage.row[department.land.island])
    rows[island] = (*rows[island][:2], NOT_AVAILABLE)
    header = ("Code_postal", "Nom_commune", "Zonage")
    folder.csv("zonages/zonmed_communes.csv", header, rows)


def _doctor_zones(department: Department) -> dict[int, str]:
    people = department.settlement.people
    apl = living_zone_apl(department)
    seen, zones = 0, {}
    for centre in sorted(apl, key=lambda key: apl[key]):
        share = seen / people.sum()
        names = "1_ZIP" if share < _ZIP_PEOPLE else "2_ZAC" if share < _ZAC_PEOPLE else "3_HZ"
        zones[centre] = names
        seen += int(people[department.zones.living == centre].sum())
    return zones


def _write_nurse_zoning(folder: Folder, department: Department) -> None:
    vintage = department.vintage(2024)
    centres = living_zone_centres(department)
    density = [_nurse_density(department, centre) for centre in centres]
    cuts = np.quantile(density, [0.08, 0.25, 0.65, 0.88])
    level = {
        centre: _NURSE_LEVELS[int(np.searchsorted(cuts, value))]
        for centre, value in zip(centres, density, strict=True)
    }
    rows = [
        (vintage.codes[row], vintage.names[row], level[int(department.zones.living[cell])])
        for row, cell in enumerate(vintage.seat.tolist())
    ]
    heading = statloc_heading("commune et arrondissement mun.", n_columns=3, producer="CartoSanté")
    folder.csv(
        "zonages/zonage_infirmiers_cartosante.csv",
        ("Code", "Libellé", "Zonage infirmiers"),
        rows,
        delimiter=";",
        before=heading,
    )


def _nurse_density(department: Department, centre: int) -> float:
    inside = department.zones.living == centre
    nurses, people = department.others["nurse"][inside], department.settlement.people[inside]
    return float(nurses.sum() / people.sum())


def _write_zrr(folder: Folder, department: Department) -> None:
    """Write the rural zones of 2022: whole EPCI of fewer than 60 people per km²."""
    vintage = department.vintage(2021)
    epci, people = department.zones.epci, department.settlement.people
    sparse = {
        int(centre)
        for centre in np.unique(epci)
        if people[epci == centre].sum() / department.land.area_km2[epci == centre].sum() < 60
    }
    rows = [
        (code, "C" if int(epci[cell]) in sparse else "NC")
        for code, cell in zip(vintage.codes, vintage.seat.tolist(), strict=True)
    ]
    folder.csv("zonages/zrr_communes_2022.csv", ("code_insee", "statut_zrr"), rows)


def _rank_code(centre: int, centres: IntArray, stem: str, width: int) -> str:
    rank = sorted({int(value) for value in centres if value >= 0}).index(centre) + 1
    return f"{stem}{rank:0{width}d}"


def _write_memberships(folder: Folder, department: Department) -> None:
    vintage = department.vintage(2022)
    labels: Row = (
        "Code géographique", "Libellé géographique", "Département", "Région", "Arrondissement",
        "Canton ville", "Intercommunalité - Métropole", "Nature d'EPCI", "Zone d'emploi 2020",
        "Unité urbaine 2020", "Tranche d'unité urbaine 2020 calculée sur la population 2017",
        "Tranche détaillée d'unité urbaine 2020 calculée sur la population 2017",
        "Aire d'attraction des villes 2020",
        "Tranche d'aire d'attraction des villes 2020 calculée sur la population 2017",
        "Tranche détaillée d'aire d'attraction des villes 2020 calculée sur la population 2017",
        "Catégorie commune dans aire d'attraction des villes 2020", "Bassin de vie 2012",
    )  # fmt: skip
    codes: Row = (
        "CODGEO", "LIBGEO", "DEP", "REG", "ARR", "CV", "EPCI", "NATURE_EPCI", "ZE2020", "UU2020",
        "TUU2017", "TDUU2017", "AAV2020", "TAAV2017", "TDAAV2017", "CATEAAV2020", "BV2012",
    )  # fmt: skip
    rows = [
        (vintage.codes[row], vintage.names[row], *_membership(department, cell))
        for row, cell in enumerate(vintage.seat.tolist())
    ]
    folder.workbook(
        "zonages/table-appartenance-geo-communes-22.xlsx",
        {
            "COM": [*_membership_heading("France - Communes"), labels, codes, *rows],
            "ARM": [
                *_membership_heading("Arrondissements municipaux"),
                (*labels, "Commune englobante"),
                (*codes, "COM"),
            ],
            "Zones_supra_communales": [
                *_membership_heading("Zones supra - communales"),
                (
                    "Niveau géographique",
                    "Code géographique",
                    "Libellé géographique",
                    "Nombre communes",
                ),
                ("NIVGEO", "CODGEO", "LIBGEO", "NB_COM"),
                *_zone_rows(department, rows),
            ],
        },
    )


def _membership_heading(scope: str) -> list[Row]:
    return [
        ("Liste des communes au 1er janvier 2022",),
        (scope,),
        ("Mise en ligne le 27/09/2022       Géographie au 01/01/2022",),
        ("Données fictives, au format de l'Insee",),
    ]


def _membership(department: Department, cell: int) -> Row:
    zones = department.zones
    urban, attraction = int(zones.urban[cell]), int(zones.attraction[cell])
    uu = (
        f"{DEPARTMENT_CODE}000" if urban < 0 else _rank_code(urban, zones.urban, DEPARTMENT_CODE, 3)
    )
    aav = "000" if attraction < 0 else _rank_code(attraction, zones.attraction, "9", 2)
    uu_size = (
        "0" if urban < 0 else "1" if department.settlement.level[urban] < SUBPREFECTURE else "3"
    )
    aav_size = "0" if attraction < 0 else "2"
    return (
        DEPARTMENT_CODE,
        REGION_CODE,
        district_code(department, cell),
        canton_code(department, cell),
        epci_code(department, cell) or "ZZZZZZZZZ",
        epci_name(department, cell)[:2] if zones.epci[cell] >= 0 else "ZZ",
        employment_zone_code(department, cell),
        uu,
        uu_size,
        f"{uu_size}{uu_size if uu_size == '0' else '1'}",
        aav,
        aav_size,
        f"{aav_size}{aav_size if aav_size == '0' else '1'}",
        str(int(zones.attraction_category[cell])),
        department.history.codes[int(zones.living[cell])],
    )


def _zone_rows(department: Department, rows: list[Any]) -> list[Row]:
    """Return the name and size of each zone; `rows` are those of the sheet COM."""
    zones, names = department.zones, department.history.names
    centres = {
        ("ARR", 4): zones.employment,
        ("EPCI", 6): zones.epci,
        ("ZE2020", 8): zones.employment,
        ("UU2020", 9): zones.urban,
        ("AAV2020", 12): zones.attraction,
        ("BV2012", 16): zones.living,
    }
    seats = department.vintage(2022).seat
    found: dict[tuple[str, str], list[Any]] = {}
    for (level, column), centre_of in centres.items():
        for row, cell in zip(rows, seats.tolist(), strict=True):
            centre = int(centre_of[cell])
            outside = f"{'Communes hors zone' if level == 'AAV2020' else 'Rural'} (fictif)"
            name = names[centre] if centre >= 0 else outside
            name = epci_name(department, cell) if level == "EPCI" and centre >= 0 else name
            found.setdefault((level, str(row[column])), [name, 0])[1] += 1
    return [(*key, name, count) for key, (name, count) in sorted(found.items())]


def _write_small_towns(folder: Folder, department: Department) -> None:
    """Write the "Petites villes de demain": the sub-prefectures and half of the market towns."""
    vintage = department.vintage(2021)
    level = department.settlement.level
    chosen = [int(c) for c in department.settlement.towns if level[c] == SUBPREFECTURE]
    chosen += [int(c) for c in department.settlement.towns if level[c] == MARKET_TOWN][::2]
    rows = []
    for rank, cell in enumerate(sorted(chosen, key=lambda c: department.history.codes[c])):
        row = int(vintage.row[cell])
        number = f"pvd-{REGION_CODE}-{DEPARTMENT_CODE}-{rank + 1}" if rank % 3 else ""
        people = int(department.settlement.people[cell])
        rows.append(
            (
                number,
                vintage.codes[row],
                vintage.names[row],
                toponyms.REGION,
                DEPARTMENT_CODE,
                toponyms.DEPARTMENT,
                "",
                "",
                people,
                "",
                epci_code(department, cell),
                epci_name(department, cell),
            )
        )
    header = (
        "id_pvd", "insee_com", "lib_com", "lib_reg", "insee_dep", "lib_dep", "site_mairie",
        "regroupement", "pop", "date_signature", "siren_epci", "lib_epci",
    )  # fmt: skip
    folder.csv("initiatives/pvd_carte-interactive_20200122.csv", header, rows)


def _write_schools(folder: Folder, department: Department, rng: Generator) -> None:
    """Write the yearbook of schools: places as plain WKB, pupils unknown for one in six."""
    vintage = department.vintage(2025)
    schools = department.schools
    codes = [vintage.codes[int(vintage.row[school.cell])] for school in schools]
    points = shapely.points([school.lonlat for school in schools])
    unknown = rng.random(len(schools)) < 0.16
    table = pa.table(
        {
            "identifiant_de_l_etablissement": [f"020{k:04d}Z" for k in range(len(schools))],
            "nom_etablissement": [_school_name(department, school) for school in schools],
            "type_etablissement": [school.kind for school in schools],
            "statut_public_prive": ["Privé" if s.private else "Public" for s in schools],
            "code_commune": codes,
            "nom_commune": [vintage.names[int(vintage.row[s.cell])] for s in schools],
            "code_region": [REGION_CODE] * len(schools),
            "code_academie": [REGION_CODE] * len(schools),
            "ecole_maternelle": [1.0 if s.kind == "Ecole" else None for s in schools],
            "ecole_elementaire": [1.0 if s.kind == "Ecole" else None for s in schools],
            "voie_generale": ["1" if s.kind == "Lycée" else "0" for s in schools],
            "nombre_d_eleves": [
                None if hidden else float(school.pupils)
                for school, hidden in zip(schools, unknown.tolist(), strict=True)
            ],
            "geometry": pa.array(shapely.to_wkb(points).tolist(), pa.binary()),
        }
    )
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink)
    folder.bytes("schools/annuaire_ecoles_france_mini.parquet", sink.getvalue().to_pybytes())


def _school_name(department: Department, school: School) -> str:
    town = department.history.names[school.cell]
    kind = {"Ecole": "École primaire"}.get(school.kind, school.kind)
    return f"{kind} {'privée' if school.private else 'publique'} de {town}"


def _write_travel_times(folder: Folder, department: Department) -> None:
    """Write the minutes between the communes of 2026, both ways, up to 60 minutes."""
    vintage = department.vintage(COG_YEAR)
    minutes = department.minutes[np.ix_(vintage.seat, vintage.seat)]
    origins, destinations = np.nonzero(minutes <= LONGEST_TRIP_MIN)
    codes = vintage.codes
    rows = zip(
        origins.tolist(),
        destinations.tolist(),
        minutes[minutes <= LONGEST_TRIP_MIN].tolist(),
        strict=True,
    )
    folder.csv(
        "travel/travel_times.csv",
        ("origin", "destination", "minutes"),
        [(codes[origin], codes[destination], value) for origin, destination, value in rows],
    )


def _write_patients_without_doctor(folder: Folder, department: Department, rng: Generator) -> None:
    """Write the shares of patients without a médecin traitant and of those who give up care."""
    people: dict[tuple[str, str], int] = {}
    without: dict[tuple[str, str], float] = {}
    apl = living_zone_apl(department)
    for centre in np.unique(department.zones.epci[department.zones.epci >= 0]).tolist():
        inside = department.zones.epci == centre
        key = ("epci", epci_code(department, centre))
        people[key] = int(department.settlement.people[inside].sum())
        access = np.mean([apl[zone] for zone in department.zones.living[inside].tolist()])
        without[key] = float(np.clip(0.19 - 0.022 * access + rng.normal(0, 0.008), 0.04, 0.28))
    mean = sum(without[key] * people[key] for key in people) / sum(people.values())
    without[("department", DEPARTMENT_CODE)] = mean
    rows: list[Row] = []
    for (kind, code), share in sorted(without.items()):
        for year, change in ((2023, 0.0), (2024, 0.004)):
            figures = {
                "share_without_medecin_traitant": round(share + change, 3),
                "share_giving_up_care": round(0.17 + 0.9 * share + change, 3),
            }
            rows += [(kind, code, year, name, figures[name], "Fictif") for name in figures]
    header = ("territory_kind", "territory_code", "year", "indicator", "value", "source")
    folder.csv("health_pros/medecin_traitant.csv", header, rows, delimiter=";")
