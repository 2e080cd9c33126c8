"""The page that documents the interface: the OpenAPI document, in French, without any script."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from maillage.web.register.finding.api.operations import api
from maillage.web.register.finding.files import site_of


@dataclass(frozen=True, slots=True)
class Operation:
    """One address: how to call it, what it takes, what it gives."""

    method: str
    path: str
    summary: str
    parameters: tuple[tuple[str, str, str], ...]
    gives: str


@require_safe
def documentation(request: HttpRequest) -> HttpResponse:
    """Show the addresses, their parameters and the fields of an initiative."""
    document = api.get_openapi_schema(path_prefix="/api/v1")
    schemas = document["components"]["schemas"]
    context = {
        "operations": list(operations_of(document)),
        "fields": [(name, _kind(each)) for name, each in _fields(schemas["InitiativeOut"])],
        "site": site_of(request),
        "description": document["info"]["description"],
    }
    return render(request, "register/finding/api.html", context)


def operations_of(document: dict[str, Any]) -> list[Operation]:
    """Return the operations of an OpenAPI document, in its order."""
    return [
        Operation(
            method=method.upper(),
            path=path,
            summary=each.get("summary", ""),
            parameters=tuple(
                (one["name"], _kind(one["schema"]), one.get("description", ""))
                for one in each.get("parameters", ())
            ),
            gives=_kind(each["responses"][200]["content"]["application/json"]["schema"]),
        )
        for path, methods in document["paths"].items()
        for method, each in methods.items()
    ]


def _fields(schema: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return list(schema["properties"].items())


def _kind(schema: dict[str, Any]) -> str:
    """Return the type of a field in French words."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2].removesuffix("Out")
    if "anyOf" in schema:
        return " ou ".join(_kind(each) for each in schema["anyOf"])
    if schema.get("type") == "array":
        return f"liste de {_kind(schema['items'])}"
    words = {"string": "texte", "integer": "entier", "number": "nombre", "null": "rien"}
    known = words.get(schema.get("type", ""), "objet")
    return "date et heure" if schema.get("format") == "date-time" else known
