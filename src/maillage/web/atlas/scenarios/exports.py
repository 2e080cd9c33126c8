"""A scenario as a file: CSV, XLSX, JSON, and a page to print."""

import json
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any, Final

import typst

from maillage.studies.scenarios import MODEL_ERROR, scenario_report
from maillage.web.atlas.scenarios.drawing import draw
from maillage.web.atlas.scenarios.outcome import Outcome, commune_changes
from maillage.web.atlas.scenarios.presenting import (
    ERROR_SENTENCE,
    MODELLED,
    commune_row,
    presented,
    source_of_apl,
)
from maillage.web.ui.spreadsheets import Value, csv_file, xlsx_file

HEADER: Final = (
    "code_commune",
    "commune",
    "code_departement",
    "population",
    "apl_publie",
    "apl_estime",
    "gain_estime",
    "erreur_type_du_gain",
    "passage_du_seuil_2_5",
)
_PASSES: Final = {"above": "au-dessus", "below": "au-dessous", "": ""}
_LINES_ON_PAPER: Final = 34
_FEWEST_COMMUNES: Final = 10


def provenance(outcome: Outcome, *, name: str) -> list[str]:
    """Return the lines that say what the figures are, of when, from whom."""
    shown = presented(outcome)
    lines = [f"Scénario « {name} »" if name else "Scénario"]
    if outcome.store.fictional:
        lines.append("DONNÉES FICTIVES : ce département n’existe pas, ses chiffres sont inventés.")
    lines += [f"Geste : {planned.sentence}" for planned in outcome.plan.moves]
    lines += [
        f"apl_publie : consultations par an et par habitant, {shown.year}, source {shown.source}.",
        f"apl_estime, gain_estime : {MODELLED}. {ERROR_SENTENCE}",
        f"Erreur mesurée par : {MODEL_ERROR.source}.",
        f"Version des données : {outcome.store.version}.",
    ]
    return lines


def as_csv(outcome: Outcome, *, name: str) -> str:
    """Return every commune touched as CSV, largest change first."""
    return csv_file(_records(outcome), header=HEADER, provenance=provenance(outcome, name=name))


def as_xlsx(outcome: Outcome, *, name: str) -> bytes:
    """Return every commune touched as a workbook."""
    return xlsx_file(
        _records(outcome),
        header=HEADER,
        provenance=provenance(outcome, name=name),
        title="Communes",
    )


def as_json(outcome: Outcome, *, name: str, url: str) -> dict[str, Any]:
    """Return the study's own report, with what makes it readable alone."""
    return {
        "name": name,
        "url": url,
        "fictional": outcome.store.fictional,
        "moves": outcome.plan.tokens,
        "source": source_of_apl(outcome.store),
        "notice": f"{MODELLED}. {ERROR_SENTENCE}",
        **scenario_report(outcome.store, outcome.plan.inputs),
    }


def as_pdf(outcome: Outcome, *, name: str, url: str) -> bytes:
    """Return one A4 page to hand out. Texts travel as data, never as markup."""
    drawing = draw(outcome)
    page = paper(outcome, name=name, url=url)
    page["map"] = drawing.svg if drawing else ""
    page["legend"] = [[shade.colour, shade.label] for shade in drawing.shades] if drawing else []
    found: bytes = typst.compile(
        _template(), format="pdf", sys_inputs={"page": json.dumps(page, ensure_ascii=False)}
    )
    return found


def paper(outcome: Outcome, *, name: str, url: str) -> dict[str, Any]:
    """Return what the printed page says, as plain JSON."""
    shown = presented(outcome)
    rows = [commune_row(one) for one in commune_changes(outcome, outcome.touched)]
    # What the moves and the cards take of the page, the table leaves them.
    taken = 2 * len(outcome.plan.moves) + 2 * len(shown.cards)
    first = rows[: max(_LINES_ON_PAPER - taken, _FEWEST_COMMUNES)]
    return {
        "title": name or "Scénario sans nom",
        "fictional": outcome.store.fictional,
        "moves": [planned.sentence for planned in outcome.plan.moves[:12]],
        "moves_left": max(len(outcome.plan.moves) - 12, 0),
        "headlines": list(shown.headlines[:4]),
        "cards": [[card.label, card.value, card.unit, card.comparison] for card in shown.cards],
        "spill": shown.spill,
        "communes": [
            [row.name, row.population, row.published, row.estimated, row.gain] for row in first
        ],
        "communes_left": len(rows) - len(first),
        "warnings": list(shown.warnings[:2]),
        "error": ERROR_SENTENCE,
        "modelled": MODELLED,
        "source": f"{shown.source}, {shown.year}",
        "version": outcome.store.version,
        "url": url,
    }


def _records(outcome: Outcome) -> Iterator[tuple[Value, ...]]:
    for change in commune_changes(outcome, outcome.touched):
        yield (
            change.code,
            change.name,
            change.department_code,
            round(change.population),
            _known(change.published),
            _known(change.estimated),
            round(change.gain, 4),
            round(change.error, 4),
            _PASSES[change.passes],
        )


def _known(value: float) -> float | None:
    return None if value != value else round(value, 4)


@cache
def _template() -> bytes:
    return files("maillage.web.atlas.scenarios").joinpath("summary.typ").read_bytes()
