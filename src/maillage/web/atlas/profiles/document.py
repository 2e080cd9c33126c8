"""The four-page document of a territory: one JSON of words and drawings, typeset by Typst.

Nothing of the data is ever part of the markup: the template reads it all as text from its input,
so that a name with `#` or `$` in it is printed as it is.
"""

import json
from datetime import datetime
from functools import cache
from importlib.resources import as_file, files
from math import isfinite
from typing import Any, Final

import typst

from maillage.core.errors import NotEnoughDataError
from maillage.studies.store.layout import SourceRecord
from maillage.web.atlas.profiles.comparisons import ComparisonTable
from maillage.web.atlas.profiles.exports import records_used
from maillage.web.atlas.profiles.maps import MapImage, access_map, locator_map
from maillage.web.atlas.profiles.portrait import FindingShown, Portrait, ZoneShown
from maillage.web.ui.charts import Chart
from maillage.web.ui.words import NOT_AVAILABLE, sentence_of, typeset

PAGES: Final = 4
_TEMPLATE: Final = "profile.typ"
_FONT: Final = "Libertinus Serif"
_MAP_WIDTH: Final = 460
"""Narrower than on the page: letters are larger on paper."""
_FINDINGS: Final = 5
_AIDS: Final = 4
_ALIKE: Final = 6
_COMMUNES: Final = 10


def profile_pdf(portrait: Portrait, *, address: str) -> bytes:
    """Return the document of a territory as PDF: four pages, tagged, in French.

    address  where the page of the territory stands, printed at the foot
    """
    data = document_data(portrait, address=address)
    store = portrait.subject.store
    with as_file(files(__package__).joinpath(_TEMPLATE)) as template:
        made: bytes = typst.compile(
            str(template),
            format="pdf",
            sys_inputs={"document": json.dumps(data, ensure_ascii=False)},
            font_paths=_fonts(),
            timestamp=int(datetime.fromisoformat(store.manifest.built_at).timestamp()),
            pdf_standards="ua-1",
        )
    return made


def document_data(portrait: Portrait, *, address: str) -> dict[str, Any]:
    """Return everything that the template prints: text, tables of text, drawings as SVG text."""
    subject, store = portrait.subject, portrait.subject.store
    return {
        "title": subject.name,
        "kind": subject.kind_words.label,
        "address": address,
        "fictional": store.fictional,
        "vintage": f"Données {store.version}, code officiel géographique {store.cog_year}",
        "summary": _summary(portrait),
        "headline": list(portrait.headline),
        "unknown": portrait.unknown_access,
        "parents": [f"{link.name} ({link.detail})" for link in portrait.parents if link.detail],
        "locator": _drawing(_map(portrait, locator_map, 220) if subject.kind != "nation" else None),
        "map": _drawing(_map(portrait, access_map, _MAP_WIDTH)),
        "tiles": [
            {"label": one.label, "figure": one.figure, "unit": one.unit, "source": one.source}
            for one in portrait.tiles
        ],
        "needs": [_finding(one) for one in portrait.needs[:_FINDINGS]],
        "strengths": [_finding(one) for one in portrait.strengths[:_FINDINGS]],
        "context": [_finding(one) for one in portrait.context[:_FINDINGS]],
        "peers": portrait.peers,
        "has_peers": subject.kind != "nation",
        "charts": {
            "access": _chart(portrait.access_chart),
            "place": _chart(portrait.place_chart),
            "people": _chart(portrait.people_chart),
            "years": _chart(portrait.years_chart),
        },
        "zoning": _zoning(portrait),
        "services": _services(portrait),
        "patients": _patients(portrait),
        "comparison": _comparison(subject.name, portrait.comparison),
        "alike": [
            {"name": one.name, "access": one.access, "reasons": list(one.reasons[:2])}
            for one in portrait.alike[:_ALIKE]
        ],
        "communes": _communes(portrait),
        "sources": [_source(record) for record in records_used(store)],
    }


@cache
def _fonts() -> Any:
    # The fonts of the wheel alone: the same document on every machine.
    return typst.Fonts(include_system_fonts=False)


def _summary(portrait: Portrait) -> str:
    people = f"{portrait.population} habitants" if portrait.population else ""
    inside = "" if portrait.is_lone_commune else portrait.composition
    return typeset(", ".join(part for part in (people, inside) if part))


def _finding(finding: FindingShown) -> dict[str, str]:
    estimate = "Estimation. " if finding.modelled else ""
    return {
        "figure": finding.written,
        "unit": finding.unit,
        "sentence": finding.sentence,
        "source": f"{estimate}{finding.title}. {sentence_of(finding.provenance)}",
    }


def _chart(chart: Chart | None) -> dict[str, Any] | None:
    if chart is None:
        return None
    highest = max([abs(bar.value) for bar in chart.bars if isfinite(bar.value)], default=0) or 1
    return {
        "title": typeset(chart.title),
        "alt": typeset(chart.description),
        "svg": _with_our_font(chart.svg),
        "bars": [
            {
                "label": typeset(bar.label),
                "text": typeset(bar.text),
                "share": abs(bar.value) / highest if isfinite(bar.value) else 0,
                "strong": bar.highlighted,
            }
            for bar in chart.bars
        ],
    }


def _map(portrait: Portrait, draw: Any, width: int) -> MapImage | None:
    try:
        image: MapImage = draw(portrait.subject, width=width)
    except NotEnoughDataError:
        return None
    return image


def _drawing(image: MapImage | None) -> dict[str, str] | None:
    if image is None:
        return None
    return {"alt": image.alt, "note": image.note, "svg": _with_our_font(image.svg)}


def _with_our_font(svg: str) -> str:
    return svg.replace('font-family="sans-serif"', f'font-family="{_FONT}"', 1)


def _zoning(portrait: Portrait) -> dict[str, Any]:
    zoning = portrait.zoning
    return {
        "year": zoning.year,
        "zones": [_zone(zone, alone=portrait.is_lone_commune) for zone in zoning.zones],
        "limits": [text for text, _ in zoning.limits],
        "advice": zoning.advice,
        "checked_on": f"{zoning.checked_on:%d/%m/%Y}",
    }


def _zone(zone: ZoneShown, *, alone: bool) -> dict[str, Any]:
    return {
        "label": zone.label,
        "extent": "" if alone else zone.extent,
        "meaning": zone.meaning,
        "aids": [
            {"title": aid.title, "detail": typeset(f"{aid.funder} ; {aid.contact}.")}
            for aid in zone.aids[:_AIDS]
        ],
    }


def _services(portrait: Portrait) -> dict[str, Any]:
    with_rates = bool(portrait.services) and bool(portrait.services[0].per_people)
    header = ["Service", "Nombre", "Pour 100\u202f000 habitants", "Ensemble du pays"]
    rows = [
        [one.label, one.count, _short(one.per_people), _short(one.nation)]
        for one in portrait.services
    ]
    # The nation is not set against itself.
    kept = 2 if not with_rates else 3 if portrait.subject.kind == "nation" else 4
    return {
        "header": header[:kept],
        "rows": [row[:kept] for row in rows],
        "source": portrait.service_sources,
    }


def _short(figure: str) -> str:
    """Return a figure for a narrow column; the foot of the page says what « n. d. » is."""
    return "n. d." if figure == NOT_AVAILABLE else figure


def _patients(portrait: Portrait) -> list[str]:
    told = [f"{one.title} : {one.text} ({one.origin})." for one in portrait.patients]
    return [typeset(text) for text in told] + (
        [portrait.patients_unknown] if portrait.patients_unknown else []
    )


def _comparison(name: str, table: ComparisonTable) -> dict[str, Any]:
    return {
        "header": ["Indicateur", name, *table.columns],
        "rows": [
            [
                f"{row.title}{' (estimation)' if row.modelled else ''}, {row.year}",
                row.mine,
                *row.others,
            ]
            for row in table.rows
        ],
    }


def _communes(portrait: Portrait) -> dict[str, Any]:
    return {
        "title": "Communes les plus proches" if portrait.is_lone_commune else "Communes",
        "header": ["Commune", "Habitants", "APL", "Sans les + de 65 ans", "65 ans et +", "Zone"],
        "rows": [
            [one.name, one.population, *one.figures[:3], one.zone]
            for one in portrait.communes[:_COMMUNES]
        ],
    }


def _source(record: SourceRecord) -> str:
    return typeset(f"{record.title} : {record.producer}, {record.vintage}, {record.licence}.")
