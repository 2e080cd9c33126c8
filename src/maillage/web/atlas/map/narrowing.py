"""The choices of the list's form: regions, departments, and the EPCI of one of them."""

from dataclasses import dataclass

import numpy as np

from maillage.sources.names import fold_accents
from maillage.studies.store import Store
from maillage.web.atlas.map.choices import Area

Option = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Narrowing:
    """The three lists of the form and what is chosen in each.

    epcis  of the department chosen, or of the one that holds the EPCI chosen; else none
    """

    regions: list[Option]
    departments: list[Option]
    epcis: list[Option]
    region: str
    department: str
    epci: str


def narrowing_of(store: Store, area: Area | None) -> Narrowing:
    """Return the choices that go with the area in force: what holds it is chosen too."""
    held = {"region": "", "department": "", "epci": ""}
    if area is not None:
        held[area.kind] = area.code
        row = store.territory_row(area.kind, area.code)
        if area.kind == "epci":
            held["department"] = str(store.territories["department_code"][row])
        if area.kind != "region":
            held["region"] = str(store.territories["region_code"][row])
    return Narrowing(
        _options(store, "region"),
        _departments(store, held["region"]),
        _epcis(store, held["department"]) if held["department"] else [],
        held["region"],
        held["department"],
        held["epci"],
    )


def _options(store: Store, kind: str) -> list[Option]:
    def make() -> list[Option]:
        codes = store.membership(kind).codes.tolist()
        found = [(code, store.territory_name(kind, code)) for code in codes]
        return sorted(found, key=lambda option: fold_accents(option[1]))

    return store.cached(("options", kind), make)


def _departments(store: Store, region: str) -> list[Option]:
    named = sorted(_options(store, "department"))
    if not region:
        return named
    inside = set(np.unique(store.units["department_code"][store.rows("region", region)]).tolist())
    return [option for option in named if option[0] in inside]


def _epcis(store: Store, department: str) -> list[Option]:
    rows = store.rows("department", department)
    inside = set(store.units["epci_code"][rows].tolist()) - {""}
    return [option for option in _options(store, "epci") if option[0] in inside]
