"""The figures of an outcome as people read them, in French, each modelled one with its error."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from maillage.studies.figures import told
from maillage.studies.french import french_name
from maillage.studies.indicators import french_number, indicator
from maillage.studies.scenarios import MODEL_ERROR, THRESHOLD
from maillage.studies.store import Store
from maillage.web.atlas.scenarios.outcome import (
    CommuneChange,
    Contribution,
    Outcome,
    TerritoryChange,
    commune_changes,
    contributions,
    net_lifted,
    territory_changes,
)
from maillage.web.territories.kinds import KIND_BY_NAME
from maillage.web.territories.models import territory_url

NOT_AVAILABLE: Final = "non disponible"
MODELLED: Final = "Estimation de Maillage, jamais un chiffre de la DREES"
_SPREAD: Final = 0.3 * MODEL_ERROR.relative
ERROR_SENTENCE: Final = (
    f"L’erreur du modèle est d’environ {MODEL_ERROR.relative * 100:.0f} % du gain "
    "(un écart type) : un gain de 0,30 se lit « entre "
    f"{french_number(0.3 - _SPREAD, decimals=2)} et "
    f"{french_number(0.3 + _SPREAD, decimals=2)} »."
)
_NAMED: Final = 6


@dataclass(frozen=True, slots=True)
class Card:
    """A figure for `ui/components/figure_card.html`."""

    label: str
    value: str
    unit: str
    comparison: str
    tone: str


@dataclass(frozen=True, slots=True)
class CommuneRow:
    """A commune of the table, in words; `passes` is a short label, or "" """

    name: str
    code: str
    url: str
    department_code: str
    population: str
    published: str
    estimated: str
    gain: str
    passes: str
    rises: bool


@dataclass(frozen=True, slots=True)
class TerritoryRow:
    """An EPCI or a department that gains or loses, in words."""

    name: str
    url: str
    acts: str
    share: str
    people: str
    published: str
    estimated: str
    holds_a_move: bool


@dataclass(frozen=True, slots=True)
class ContributionRow:
    """One move beside the others, in words."""

    sentence: str
    acts: str
    alone: str
    without: str


@dataclass(frozen=True, slots=True)
class Presented:
    """Everything that a page, a file or the PDF says of an outcome but the table of communes.

    headlines  "À Oloron…, publié 2,3 → estimé 2,6…", one per commune where something happens
    spill      who else gains or loses, in a sentence; "" when nobody does
    warnings   what the figures cannot say of this very scenario
    """

    cards: tuple[Card, ...]
    headlines: tuple[str, ...]
    spill: str
    epcis: tuple[TerritoryRow, ...]
    departments: tuple[TerritoryRow, ...]
    contributions: tuple[ContributionRow, ...]
    whole_net_lifted: str
    warnings: tuple[str, ...]
    year: str
    source: str


def presented(outcome: Outcome) -> Presented:
    """Return an outcome in words."""
    epcis = territory_changes(outcome, "epci")
    return Presented(
        cards=tuple(_cards(outcome)),
        headlines=tuple(_headlines(outcome)),
        spill=_spill(outcome, epcis),
        epcis=tuple(_territory_row(change) for change in epcis),
        departments=tuple(
            _territory_row(change) for change in territory_changes(outcome, "department")
        ),
        contributions=tuple(_contribution_row(one) for one in contributions(outcome)),
        whole_net_lifted=signed_people(net_lifted(outcome)),
        warnings=tuple(_warnings(outcome)),
        year=told(outcome.store, "apl_gp").year,
        source=source_of_apl(outcome.store),
    )


def source_of_apl(store: Store) -> str:
    """Return the producers of the published access."""
    wanted = indicator("apl_gp").sources
    producers = [item.producer for item in store.manifest.sources if item.name in wanted]
    return ", ".join(dict.fromkeys(producers)) or "Source non renseignée"


def commune_row(change: CommuneChange) -> CommuneRow:
    """Return a commune in words."""
    passes = {"above": "passe 2,5", "below": "descend sous 2,5", "": ""}[change.passes]
    published, estimated = before_and_after(change.published, change.estimated)
    error = f" ± {error_text(change.error)}" if change.error and estimated != NOT_AVAILABLE else ""
    return CommuneRow(
        name=change.name,
        code=change.code,
        url=territory_url("commune", change.code),
        department_code=change.department_code,
        population=french_number(change.population, decimals=0),
        published=published,
        estimated=estimated + error,
        gain=signed(change.gain, decimals=2),
        passes=passes,
        rises=change.gain > 0,
    )


def before_and_after(published: float, estimated: float) -> tuple[str, str]:
    """Return both figures with as many decimals as it takes to tell them from 2,5 and apart."""
    if published != published:
        return NOT_AVAILABLE, NOT_AVAILABLE
    near = any(abs(value - THRESHOLD) < 0.05 for value in (published, estimated))
    decimals = 2 if near else 1
    before, after = (french_number(one, decimals=decimals) for one in (published, estimated))
    if before == after:
        before, after = (french_number(one, decimals=2) for one in (published, estimated))
    return before, after


def error_text(error: float) -> str:
    """Return one standard deviation, never rounded down to nothing."""
    text = french_number(error, decimals=1 if error >= 0.1 else 2)
    return text if error >= 0.005 else "0,01"


def signed(value: float, *, decimals: int) -> str:
    """Return a number with its sign: "+0,30", "−0,30", "0" when it rounds to nothing."""
    text = french_number(abs(value), decimals=decimals)
    if not text.strip("0,"):
        return "moins de 0,01" if decimals and value else "0"
    return f"{'+' if value > 0 else '−'}{text}"


def people(value: float) -> str:
    """Return a number of inhabitants."""
    return french_number(value, decimals=0)


def signed_people(value: float) -> str:
    """Return a number of inhabitants with its sign."""
    return signed(round(value), decimals=0)


def inhabitants(value: float) -> str:
    """Return "1 habitant", "1 204 habitants"."""
    return f"{people(value)} habitant{'s' if value >= 2 else ''}"


def listed(names: Sequence[str], *, most: int = _NAMED) -> str:
    """Return names in a sentence: "Agnos, Bidos et 3 autres"."""
    shown = list(names[:most])
    left = len(names) - len(shown)
    if left:
        shown.append(f"{left} autre{'s' if left > 1 else ''}")
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} et {shown[-1]}"


def _cards(outcome: Outcome) -> list[Card]:
    cards = [
        Card(
            "Consultations par an",
            signed(outcome.acts, decimals=0),
            "réparties entre les habitants à portée",
            "",
            "strength" if outcome.acts >= 0 else "need",
        )
    ]
    if outcome.gaining:
        share = _reached(outcome)
        cards.append(Card("Leur accès augmente", people(outcome.gaining), "habitants", share, ""))
    if outcome.losing:
        cards.append(Card("Leur accès diminue", people(outcome.losing), "habitants", "", "need"))
    for label, value, span, communes, tone in (
        (
            "Passent au-dessus de 2,5",
            outcome.lifted,
            outcome.lifted_range,
            outcome.lifted_communes,
            "strength",
        ),
        (
            "Descendent sous 2,5",
            outcome.dropped,
            outcome.dropped_range,
            outcome.dropped_communes,
            "need",
        ),
    ):
        if value or span[1]:
            count = f"dans {communes} commune{'s' if communes > 1 else ''}" if communes else ""
            cards.append(
                Card(label, people(value), f"habitants {count}".strip(), _span(span), tone)
            )
    if not outcome.lifted and not outcome.lifted_range[1] and outcome.acts > 0:
        cards.append(Card("Passent au-dessus de 2,5", "0", "habitant", "", ""))
    return cards


def _reached(outcome: Outcome) -> str:
    count = int((outcome.scenario.gain[outcome.touched] > 0).sum())
    return f"dans {french_number(count, decimals=0)} commune{'s' if count > 1 else ''}"


def _span(span: tuple[float, float]) -> str:
    if span[0] == span[1]:
        return "quelle que soit l’erreur du modèle"
    return f"de {people(span[0])} à {people(span[1])} selon l’erreur du modèle"


def _headlines(outcome: Outcome) -> list[str]:
    store = outcome.store
    codes = list(dict.fromkeys(planned.move.code for planned in outcome.plan.moves))
    lines = []
    for code in codes[:_NAMED]:
        rows = store.rows_of_codes([code])
        name = next(item.place for item in outcome.plan.moves if item.move.code == code)
        for change in commune_changes(outcome, rows[:1]):
            row = commune_row(change)
            place = french_name("commune", code, name).at_start
            if row.published == NOT_AVAILABLE:
                lines.append(
                    f"{place} : la DREES ne publie pas de chiffre, il n’y a rien à ajouter."
                )
                continue
            where = f" ({change.name})" if rows.size > 1 else ""
            lines.append(
                f"{place}{where} : publié {row.published} → estimé {row.estimated} "
                "consultations par an et par habitant."
            )
    return lines


def _spill(outcome: Outcome, epcis: Sequence[TerritoryChange]) -> str:
    outside = [change for change in epcis if not change.holds_a_move]
    if not outside or not outcome.plan.moves:
        return ""
    share = sum(change.share for change in outside)
    if share < 0.005:
        return ""
    names = listed([change.name for change in outside], most=3)
    if outcome.gaining and outcome.losing:
        what = "du changement, compté en consultations, concernent des habitants"
    else:
        what = f"des consultations {'vont' if outcome.gaining else 'manqueraient'} à des habitants"
    share_pct = french_number(100 * share, decimals=0)
    return f"{share_pct} % {what} d’autres intercommunalités : {names}."


def _territory_row(change: TerritoryChange) -> TerritoryRow:
    published, estimated = before_and_after(change.published, change.estimated)
    gaining = f"{people(change.gaining)} y gagnent" if change.gaining else ""
    losing = f"{people(change.losing)} y perdent" if change.losing else ""
    return TerritoryRow(
        name=change.name,
        url=territory_url(change.kind, change.code),
        acts=signed(change.acts, decimals=0),
        share=f"{french_number(100 * change.share, decimals=0)} %",
        people=", ".join(text for text in (gaining, losing) if text),
        published=published,
        estimated=estimated,
        holds_a_move=change.holds_a_move,
    )


def _contribution_row(one: Contribution) -> ContributionRow:
    return ContributionRow(
        sentence=one.move.sentence,
        acts=signed(one.acts, decimals=0),
        alone=signed_people(one.alone),
        without=signed_people(one.without),
    )


def _warnings(outcome: Outcome) -> list[str]:
    found, lines = outcome.scenario, []
    if found.clipped.size:
        lines.append(
            "Le scénario retire plus de consultations qu’il n’en est publié : l’estimation est "
            f"ramenée à zéro pour {listed(outcome.names(found.clipped))}."
        )
    if found.unknown.size:
        lines.append(
            "La DREES ne publie pas de chiffre pour "
            f"{listed(outcome.names(found.unknown))} : l’effet n’y est pas estimé."
        )
    if found.unreached.size:
        lines.append(
            "Aucune route connue ne mène à "
            f"{listed(outcome.names(found.unreached))} : ces consultations ne sont pas réparties."
        )
    return lines


def kind_label(kind: str) -> str:
    """Return the French word of a kind of territory."""
    return KIND_BY_NAME[kind].label
