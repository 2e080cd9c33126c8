"""The links of a sheet to others: who they name, and what is wrong with them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet

from maillage.web.register.content.checking import Problem
from maillage.web.register.content.fields import Content
from maillage.web.register.models import Initiative

Links = Sequence[Mapping[str, Any]]
"""The lines of the field « relations » of a sheet: {"kind": …, "target": …}."""


def targets_of(contents: Iterable[Content], *, among: QuerySet[Initiative]) -> dict[str, int]:
    """Return the numbers of the records that sheets are linked to, by their lasting names."""
    wanted = {link["target"] for content in contents for link in content.get("relations", ())}
    if not wanted:
        return {}
    return dict(among.filter(public_id__in=wanted).values_list("public_id", "pk"))


def problems_of_links(
    links: Links, *, known: Collection[str], own: str = ""
) -> tuple[Problem, ...]:
    """Return what is wrong with links, in French.

    known  the lasting names of the records that may be named
    own    that of the record itself, "" for one that is not written yet
    """
    return tuple(
        Problem("relations", _said(link["target"], own), row=number, column="target")
        for number, link in enumerate(links)
        if link["target"] == own or link["target"] not in known
    )


def problems_of_new_links(
    before: Content, after: Content, *, own: str, among: QuerySet[Initiative]
) -> tuple[Problem, ...]:
    """Return what is wrong with the links of a sheet; those that were there are not questioned."""
    given = {link["target"] for link in before["relations"]}
    known = given.union(targets_of([after], among=among))
    return problems_of_links(after["relations"], known=known, own=own)


def still_there(links: Links) -> list[Mapping[str, Any]]:
    """Return the links whose other end was not erased since."""
    known = targets_of([{"relations": links}], among=Initiative.objects.all())
    return [link for link in links if link["target"] in known]


def _said(target: str, own: str) -> str:
    if target == own:
        return "Une fiche ne se lie pas à elle-même."
    return f"Aucune fiche ne porte l’identifiant « {target} » : il suit « /initiatives/ »."
