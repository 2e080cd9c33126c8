"""What every file of communes holds: its columns, its figures, the words that must go with them.

A figure that repeats files whose producer gives no licence is shown by the site, and is in no file.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from maillage.sources.catalogue import source_named
from maillage.studies.figures import unit_values
from maillage.studies.findings import source_of
from maillage.studies.indicators import Indicator
from maillage.studies.store import Store
from maillage.studies.store.tables import IntArray
from maillage.web.ui.spreadsheets import Value

PLACE_COLUMNS: Final = (
    "code_commune",
    "commune",
    "code_departement",
    "departement",
    "code_epci",
    "population",
)
_PUBLISHED_DECIMALS: Final = 6


def header(items: Sequence[Indicator]) -> list[str]:
    """Return the names of the columns, without accents nor spaces: machines read them."""
    return [*PLACE_COLUMNS, *(item.id for item in _further(given_on(items)))]


def records(store: Store, items: Sequence[Indicator], rows: IntArray) -> Iterator[list[Value]]:
    """Yield the communes of unit `rows` under the columns of `header`; None where unknown."""
    columns = [_column(store, item, rows) for item in _further(given_on(items))]
    units = store.units
    for at, row in enumerate(rows.tolist()):
        people = float(units["population"][row])
        department = str(units["department_code"][row])
        yield [
            str(units["code"][row]),
            str(units["name"][row]),
            department,
            store.territory_name("department", department),
            str(units["epci_code"][row]),
            None if people != people else int(people),
            *(column[at] for column in columns),
        ]


def provenance(store: Store, items: Sequence[Indicator], *, where: str) -> list[str]:
    """Return the lines that head a file: where, of when, and for each column what and from whom."""
    lines = [f"Maillage, chiffres par commune : {where}"]
    if store.fictional:
        lines.append("DONNÉES FICTIVES : ce département n’existe pas, ses chiffres sont inventés.")
    lines.append(
        f"Version des données : {store.version}, code officiel géographique {store.cog_year}."
    )
    return [*lines, *(_meaning(item) for item in items)]


def stored_value(item: Indicator, value: float) -> float | None:
    """Return a figure as files write it: as published, an estimate without digits it has not.

    A share runs from 0 to 1. None where it is not known.
    """
    if value != value:
        return None
    exact = not item.modelled and item.aggregate != "ratio"
    return round(value, _PUBLISHED_DECIMALS if exact else item.stored_decimals + 1)


def given_on(items: Sequence[Indicator]) -> list[Indicator]:
    """Return the indicators that we have the right to give, at least in part from open data."""
    return [item for item in items if _may_be_given_on(item)]


def _may_be_given_on(item: Indicator) -> bool:
    return any(source_named(name).may_be_given_on for name in item.sources)


def _further(items: Sequence[Indicator]) -> list[Indicator]:
    """Return the indicators that are not among the columns of every file."""
    return [item for item in items if item.id not in PLACE_COLUMNS]


def _column(store: Store, item: Indicator, rows: IntArray) -> list[Value]:
    if item.is_class:
        classes = store.text_indicator(item.id)[rows].tolist()
        return [item.label_of(value) if value else None for value in classes]
    return [stored_value(item, value) for value in unit_values(store, item)[rows].tolist()]


def _meaning(item: Indicator) -> str:
    unit = "part, de 0 à 1" if item.display == "share" else item.unit
    words = ", ".join(part for part in (item.title, unit, item.year) if part)
    if not _may_be_given_on(item):
        return (
            f"{item.id} : {words}. Pas dans ce fichier : le producteur n'indique pas de licence. "
            f"À demander à la source : {source_of(item)}."
        )
    licences = dict.fromkeys(source_named(name).licence for name in item.sources)
    origin = f"Source : {source_of(item)}. Licence : {', '.join(licences)}."
    estimate = f" Valeur estimée par Maillage : {item.model_error}." if item.modelled else ""
    return f"{item.id} : {words}. {origin}{estimate}"
