"""The list as files: CSV, XLSX, GeoJSON, JSON-LD; they follow the filters and say their terms.

No file is held whole, nor all that it says: the initiatives are read some hundreds at a time.
"""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from maillage.web.register.finding.asking import Answer, answer
from maillage.web.register.finding.criteria import read_criteria
from maillage.web.register.finding.presenting import left_out, title_of
from maillage.web.register.finding.records import READ_FOR_JSON_LD, all_of, json_ld_of
from maillage.web.register.models import Initiative
from maillage.web.register.models.choices import FACET_CHOICES, Licence
from maillage.web.ui.json_files import json_pieces, json_text
from maillage.web.ui.spreadsheets import Value, csv_pieces, xlsx_pieces

XLSX_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_CELL: Final = 32_000
"""A cell of a spreadsheet holds no more: longer texts are cut, and end with an ellipsis."""

HEADER: Final = (
    "identifiant",
    "titre",
    "promesse",
    "description",
    "avancement",
    "annee_de_lancement",
    "annee_de_fin",
    *(facet.value for facet in FACET_CHOICES),
    "porteurs",
    "types_de_porteur",
    "territoires",
    "codes_des_territoires",
    "budget_eur",
    "financeurs",
    "niveau_de_preuve",
    "resultats",
    "source",
    "licence",
    "mise_a_jour",
    "adresse",
)

_READ_FOR_ROWS: Final = ("territories", "holders", "tags", "budget_lines")


@require_safe
def csv_view(request: HttpRequest) -> StreamingHttpResponse:
    """Return the list as CSV for French spreadsheets."""
    found, site = answer(read_criteria(request.GET)), site_of(request)
    pieces = csv_pieces(
        rows_of(found, site=site), header=HEADER, provenance=provenance_of(found, site)
    )
    return _streamed(pieces, "text/csv; charset=utf-8", "initiatives.csv")


@require_safe
def xlsx_view(request: HttpRequest) -> StreamingHttpResponse:
    """Return the list as a workbook."""
    found, site = answer(read_criteria(request.GET)), site_of(request)
    pieces = xlsx_pieces(
        rows_of(found, site=site),
        header=HEADER,
        provenance=provenance_of(found, site),
        title="Initiatives",
    )
    return _streamed(pieces, XLSX_TYPE, "initiatives.xlsx")


@require_safe
def geojson_view(request: HttpRequest) -> StreamingHttpResponse:
    """Return the list as GeoJSON: one point per territory that has a place."""
    found, site = answer(read_criteria(request.GET)), site_of(request)
    head = {"type": "FeatureCollection", "provenance": provenance_of(found, site)}
    features = (
        json_text(feature)
        for each in all_of(found.found, details=("territories",))
        for feature in features_of(each, site)
    )
    pieces = json_pieces(head, "features", features)
    return _streamed(pieces, "application/geo+json", "initiatives.geojson")


@require_safe
def jsonld_view(request: HttpRequest) -> StreamingHttpResponse:
    """Return the list as JSON-LD."""
    found, site = answer(read_criteria(request.GET)), site_of(request)
    head = {
        "@context": "https://schema.org",
        "@type": "ItemList",
        "name": f"Initiatives de santé : {title_of(found.criteria)}",
    }
    elements = (
        json_text(json_ld_of(each, site=site))
        for each in all_of(found.found, details=READ_FOR_JSON_LD)
    )
    pieces = json_pieces(head, "itemListElement", elements)
    return _streamed(pieces, "application/ld+json", "initiatives.jsonld")


def site_of(request: HttpRequest) -> str:
    """Return the origin of the site as this visitor sees it."""
    return f"{request.scheme}://{request.get_host()}"


def provenance_of(found: Answer, site: str) -> list[str]:
    """Return the lines that head every file of records: of those it holds, and on what terms."""
    held = found.initiatives.exclude(licence=Licence.UNKNOWN).count()
    return [
        *origin_of(found, site, count=held),
        "La licence de chaque fiche est dans sa ligne ; les fiches de licence inconnue n’y sont "
        "pas.",
    ]


def origin_of(found: Answer, site: str, *, count: int) -> list[str]:
    """Return the lines that head every file: what, asked how, how many, when, where from."""
    title = f"Initiatives de santé des territoires : {title_of(found.criteria)}"
    return [
        f"{title} ({settings.OPERATOR})" if settings.OPERATOR else title,
        f"{count} initiatives, le {timezone.localdate():%d/%m/%Y}, depuis {site}",
        *left_out(found.criteria),
    ]


def rows_of(found: Answer, *, site: str) -> Iterator[list[Value]]:
    """Yield the initiatives under the columns of `HEADER`."""
    for each in all_of(found.found, details=_READ_FOR_ROWS):
        yield [_cut(value) if isinstance(value, str) else value for value in _row(each, site)]


def _row(each: Initiative, site: str) -> list[Value]:
    holders, places = list(each.holders.all()), list(each.territories.all())
    amounts = [line.amount_eur for line in each.budget_lines.all() if line.amount_eur is not None]
    funders = dict.fromkeys(line.funder for line in each.budget_lines.all())
    return [
        each.public_id,
        each.title,
        each.promise,
        each.description,
        each.get_stage_display(),
        each.start_year,
        each.end_year,
        *("; ".join(each.labels(facet)) for facet in FACET_CHOICES),
        "; ".join(holder.name for holder in holders),
        "; ".join(dict.fromkeys(str(holder.get_kind_display()) for holder in holders)),
        "; ".join(place.name for place in places),
        "; ".join(f"{place.kind}:{place.code}" for place in places),
        float(sum(amounts)) if amounts else None,
        "; ".join(funders),
        each.get_evidence_level_display(),
        each.results,
        each.source_name,
        each.get_licence_display(),
        f"{timezone.localtime(each.updated_at):%Y-%m-%d}",
        site + each.get_absolute_url(),
    ]


def features_of(initiative: Initiative, site: str) -> Iterator[dict[str, Any]]:
    """Yield an initiative as points, one for each of its territories that has a place."""
    for place in initiative.territories.all():
        if place.lon is None or place.lat is None:
            continue
        yield {
            "type": "Feature",
            "id": f"{initiative.public_id}-{place.kind}-{place.code}",
            "geometry": {
                "type": "Point",
                "coordinates": [round(place.lon, 5), round(place.lat, 5)],
            },
            "properties": {
                "id": initiative.public_id,
                "title": initiative.title,
                "promise": initiative.promise,
                "stage": initiative.stage,
                "territory": place.name,
                "territory_code": place.code,
                "licence": initiative.licence,
                "url": site + initiative.get_absolute_url(),
            },
        }


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - 1] + "…"


def _streamed(
    pieces: Iterable[str] | Iterable[bytes], content_type: str, name: str
) -> StreamingHttpResponse:
    response = StreamingHttpResponse(pieces, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
