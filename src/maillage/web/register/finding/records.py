"""A public initiative as plain data: the same for files, JSON-LD and the public interface."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from maillage.web.register.finding.asking import Found
from maillage.web.register.models import Initiative
from maillage.web.register.models.choices import FACET_CHOICES, Facet, Licence

READ_FOR_RECORDS: Final = (
    "territories",
    "holders",
    "partners",
    "tags",
    "budget_lines",
    "figures",
    "resources",
)
READ_FOR_JSON_LD: Final = ("territories", "holders", "tags")
_BATCH: Final = 500
LICENCE_URLS: Final = {
    Licence.LO_2_0: "https://www.etalab.gouv.fr/licence-ouverte-open-licence/",
    Licence.ODBL_1_0: "https://opendatacommons.org/licenses/odbl/1-0/",
    Licence.CC_BY_4_0: "https://creativecommons.org/licenses/by/4.0/",
}


def all_of(found: Found, *, details: Sequence[str]) -> Iterator[Initiative]:
    """Yield every initiative of an answer in order, with some details, some hundreds at a time.

    Those of unknown licence are left out: what nobody allowed is not given to be used again.
    """
    keys = found.keys()
    for start in range(0, len(keys), _BATCH):
        for each in found.read(keys[start : start + _BATCH], details=details):
            if each.licence != Licence.UNKNOWN:
                yield each


def record_of(initiative: Initiative, *, site: str) -> dict[str, Any]:
    """Return an initiative as plain data; `site` is the origin of the site.

    The person to write to is not in it, whatever their consent: see `Contact`.
    """
    return {
        "id": initiative.public_id,
        "url": site + initiative.get_absolute_url(),
        "title": initiative.title,
        "promise": initiative.promise,
        "description": initiative.description,
        "stage": initiative.stage,
        "start_year": initiative.start_year,
        "end_year": initiative.end_year,
        **{f"{facet.value}s": values_of(initiative, facet) for facet in FACET_CHOICES},
        "holders": [
            {"name": each.name, "kind": each.kind, "role": each.role}
            for each in initiative.holders.all()
        ],
        "partners": [{"name": each.name, "role": each.role} for each in initiative.partners.all()],
        "territories": [
            {"kind": each.kind, "code": each.code, "name": each.name}
            for each in initiative.territories.all()
        ],
        "place_note": initiative.place_note,
        "country_code": initiative.country_code,
        "budget_lines": [_budget_line(each) for each in initiative.budget_lines.all()],
        "figures": [_figure(each) for each in initiative.figures.all()],
        "results": initiative.results,
        "pitfalls": initiative.pitfalls,
        "levers": initiative.levers,
        "transferability": initiative.transferability,
        "evidence_level": initiative.evidence_level,
        "reviewed_evidence_level": initiative.reviewed_evidence_level,
        "resources": [
            {"kind": each.kind, "title": each.title, "url": each.url}
            for each in initiative.resources.all()
        ],
        "source": {"name": initiative.source_name, "url": initiative.source_url},
        "licence": initiative.licence,
        "published_at": initiative.published_at,
        "updated_at": initiative.updated_at,
        "checked_at": initiative.checked_at,
    }


def values_of(initiative: Initiative, facet: Facet) -> list[str]:
    """Return the values of one facet in the order of its vocabulary; tags are prefetched."""
    tags = [tag for tag in initiative.tags.all() if tag.facet == facet]
    return [tag.value for tag in sorted(tags, key=lambda tag: tag.rank)]


def _budget_line(line: Any) -> dict[str, Any]:
    return {
        "funder": line.funder,
        "funder_kind": line.funder_kind,
        "year": line.year,
        "amount_eur": None if line.amount_eur is None else float(line.amount_eur),
        "share_pct": None if line.share_pct is None else float(line.share_pct),
    }


def _figure(figure: Any) -> dict[str, Any]:
    return {
        "kind": figure.kind,
        "label": figure.label,
        "value": float(figure.value),
        "unit": figure.unit,
        "year": figure.year,
        "source": figure.source,
    }


def json_ld_of(initiative: Initiative, *, site: str) -> dict[str, Any]:
    """Return an initiative in the words of schema.org: a project, its places, who holds it."""
    found: dict[str, Any] = {
        "@type": "Project",
        "@id": site + initiative.get_absolute_url(),
        "url": site + initiative.get_absolute_url(),
        "identifier": initiative.public_id,
        "name": initiative.title,
        "description": initiative.promise or initiative.description[:500],
        "keywords": [tag.label for tag in initiative.tags.all()],
        "areaServed": [
            {"@type": "AdministrativeArea", "name": each.name, "identifier": each.code}
            for each in initiative.territories.all()
        ],
        "parentOrganization": [
            {"@type": "Organization", "name": each.name} for each in initiative.holders.all()
        ],
        "dateModified": initiative.updated_at.isoformat(),
    }
    if initiative.start_year:
        found["foundingDate"] = str(initiative.start_year)
    licence = LICENCE_URLS.get(Licence(initiative.licence))
    if licence:
        found["subjectOf"] = {"@type": "CreativeWork", "license": licence, "url": found["url"]}
    return found
