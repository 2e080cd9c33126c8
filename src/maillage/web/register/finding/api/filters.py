"""The filters of the list as parameters of the interface: documented, and refused when unknown."""

from typing import Any, Final

from django.http import QueryDict

from maillage.web.register.finding.criteria import (
    FILTERS,
    REGION,
    TERRITORY,
    YEARS,
    Criteria,
    Filter,
)

_YEAR: Final = {"type": "integer", "minimum": YEARS[0], "maximum": YEARS[1]}
_SINGLE: Final = (
    ("territoire", "Dans ce territoire", {"type": "string", "pattern": f"^{TERRITORY}$"}),
    ("annee_de", "Année de lancement, au plus tôt", _YEAR),
    ("annee_a", "Année de lancement, au plus tard", _YEAR),
    ("exact", "« 1 » : les mots tels quels, sans correction", {"type": "string", "enum": ["1"]}),
)
NAMES: Final = frozenset({each.name for each in FILTERS} | {name for name, *_ in _SINGLE})


def parameters() -> list[dict[str, Any]]:
    """Return the filters as an OpenAPI document writes them."""
    found = [
        _parameter(each.name, f"{each.label} : l’une de ces valeurs", _values_of(each))
        for each in FILTERS
    ]
    return found + [_parameter(name, about, schema) for name, about, schema in _SINGLE]


def refusals(asked: QueryDict, criteria: Criteria, *, others: frozenset[str]) -> list[str]:
    """Say what an address asks for that is not known here: names, values, values left empty.

    others  the names of the parameters that are no filters
    """
    known = NAMES | others
    names = [
        f"{name}: there is no such parameter, expected some of {', '.join(sorted(known))}."
        for name in asked
        if name not in known
    ]
    empty = [
        f"{name}: found nothing, expected a value, or the parameter left out."
        for name in sorted(NAMES)
        if "" in asked.getlist(name)
    ]
    values = [
        f"{each.name}: found {each.found!r}, expected {each.expected}." for each in criteria.unknown
    ]
    return [*names, *empty, *values]


def _parameter(name: str, about: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "description": about, "schema": schema}


def _values_of(each: Filter) -> dict[str, Any]:
    one = {"pattern": f"^{REGION}$"} if each.choices is None else {"enum": each.choices.values}
    return {"type": "array", "items": {"type": "string", **one}}
