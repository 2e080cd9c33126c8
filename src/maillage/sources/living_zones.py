"""Living zones (bassins de vie 2022): age, poverty, income, housing, deaths.

Producer Insee (Statistiques locales), Licence Ouverte 2.0. Vintage 2021 to 2024, told by the header
of each column.

Traps: a mark and two junk lines above the header; the code of a zone is that of its main commune;
"N/A - secret statistique" (hidden) and "N/A - résultat non disponible" (unknown, most of overseas)
stand in numeric columns and are kept apart in the `…_status` columns. Which commune belongs to
which zone is not in these files (see `memberships`).
"""

from pathlib import Path
from typing import Any, Final

from maillage.core.tables import Column, Schema, Table
from maillage.sources.csv_files import read_csv_columns
from maillage.sources.text_columns import codes, numbers

# Our name → (unit, beginning of the producer's header).
_FIGURES: Final = {
    "deaths": ("people/year", "Nombre de décès domiciliés"),
    "share_75_plus_pct": ("%", "Part des pers. âgées de 75 ans ou +"),
    "poverty_rate_pct": ("%", "Taux de pauvreté"),
    "median_income": ("EUR/year", "Médiane du niveau de vie"),
    "share_low_education_pct": ("%", "Part des non ou peu diplômés"),
    "share_blue_collar_jobs_pct": ("%", "Part des ouvriers dans le nb d'emplois"),
    "share_single_parents_pct": ("%", "Part des familles monoparentales"),
    "share_under_15_pct": ("%", "Part des pers. âgées de - 15 ans"),
    "household_size": ("people", "Taille moyenne des ménages"),
    "share_tenants_pct": ("%", "Part des locataires dans les rés. principales"),
    "share_social_tenants_pct": ("%", "Part des locataires HLM"),
    "share_overcrowded_pct": ("%", "Part des résidences principales en suroccupation"),
    "share_main_homes_pct": ("%", "Part des rés. principales dans le total"),
    "share_flats_pct": ("%", "Part des appartements dans le total"),
    "share_houses_pct": ("%", "Part des maisons dans le total"),
    "population_density": ("people/km²", "Densité de population"),
}


def _schema(name: str, figures: tuple[str, ...]) -> Schema:
    columns = [Column("living_zone_code", "text"), Column("name", "text")]
    for figure in figures:
        columns.append(Column(figure, "float", unit=_FIGURES[figure][0], nullable=True))
        columns.append(Column(f"{figure}_status", "text", nullable=True))
    return Schema(name, tuple(columns), key=("living_zone_code",))


LIVING_ZONES = _schema("living_zones", tuple(_FIGURES))
POVERTY = _schema("living_zone_poverty", ("poverty_rate_pct",))


def read_living_zones(path: Path) -> Table:
    """Read `insee_statloc_bv2022.csv`: sixteen figures for each living zone."""
    return _read(path, LIVING_ZONES, tuple(_FIGURES))


def read_poverty(path: Path) -> Table:
    """Read `taux_pauvrete_AAAA_tvs_ou_bv.csv`: the poverty rate of each living zone."""
    return _read(path, POVERTY, ("poverty_rate_pct",))


def _read(path: Path, schema: Schema, figures: tuple[str, ...]) -> Table:
    headers = {figure: _FIGURES[figure][1] for figure in figures}
    read = read_csv_columns(
        path,
        {"living_zone_code": "Code", "name": "Libellé", **headers},
        delimiter=";",
        by_prefix=True,
    )
    code, repaired = codes(read, "living_zone_code")
    columns: dict[str, Any] = {"living_zone_code": code, "name": read["name"]}
    for figure in figures:
        columns[figure], columns[f"{figure}_status"] = numbers(read, figure)
    return Table(schema, columns, read.notes + repaired + _hidden(figures, columns))


def _hidden(figures: tuple[str, ...], columns: dict[str, Any]) -> tuple[str, ...]:
    count = sum(int((columns[f"{figure}_status"] == "hidden").sum()) for figure in figures)
    return (f"{count} figures are hidden by statistical secrecy.",) if count else ()
