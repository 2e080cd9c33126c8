"""Everything that the page and the document of a territory show, made once from the studies."""

from dataclasses import dataclass, replace
from datetime import date
from math import isnan
from typing import Final

import numpy as np

from maillage.studies import figures
from maillage.studies.alike import Alike
from maillage.studies.findings import FICTIONAL_SOURCE, Finding
from maillage.studies.indicators import indicator
from maillage.studies.profile import PatientFigure, ProfileReport, Service
from maillage.studies.store import Store
from maillage.studies.store.tables import IntArray
from maillage.studies.zoning import Aid, ZoneShare, Zoning
from maillage.web.atlas.profiles import charts
from maillage.web.atlas.profiles.communes import CommuneRow, commune_rows, sorted_rows
from maillage.web.atlas.profiles.comparisons import ComparisonTable, comparison_table
from maillage.web.atlas.profiles.subject import KEPT_KINDS, Subject, report_of
from maillage.web.territories.kinds import KIND_BY_NAME
from maillage.web.territories.models import territory_url
from maillage.web.ui.charts import Chart
from maillage.web.ui.words import counted, number, percent, sentence_of, typeset

COMMUNES_SHOWN: Final = 10
NEIGHBOURS_SHOWN: Final = 10
RATES_FROM: Final = 10_000
"""Under so many inhabitants, a number of services per 100,000 means nothing."""
PATIENTS_WHO_TO_ASK: Final = (
    "Ces chiffres se demandent à la caisse primaire d’assurance maladie (CPAM) ou à l’agence "
    "régionale de santé (ARS) ; déposés dans le dossier de données, ils paraîtront ici."
)
_TILES: Final = (
    ("apl_gp", "Accès aux généralistes", "consultations par an et par habitant"),
    ("time_emergency_min", "Urgences, estimation", "en voiture"),
    ("share_65_plus", "65 ans et plus", "des habitants"),
)
_THEMES: Final = {
    "access": "Accès aux généralistes",
    "services": "Services et trajets",
    "population": "Population",
    "zoning": "Zonages",
}


@dataclass(frozen=True, slots=True)
class Link:
    """A territory to go to, with a word on what it is."""

    name: str
    detail: str
    url: str


@dataclass(frozen=True, slots=True)
class FindingShown:
    """A finding ready to be shown.

    unit        words after the figure, "" when the figure bears its own
    provenance  source and year
    limits      what the figure does not say, the error of a model included
    place       its place among territories of the same kind, in words; "" when none
    """

    sentence: str
    theme: str
    title: str
    written: str
    unit: str
    provenance: str
    place: str
    tone: str
    modelled: bool
    limits: str


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure to see at a glance."""

    label: str
    figure: str
    unit: str
    source: str


@dataclass(frozen=True, slots=True)
class ServiceShown:
    """One line of the table of services.

    per_people, nation  per 100,000 inhabitants; "" where the territory is too small for a rate
    """

    label: str
    count: str
    per_people: str
    nation: str
    communes_with: str
    pupils: str
    is_strength: bool


@dataclass(frozen=True, slots=True)
class ZoneShown:
    """One class of the zoning of doctors: where it holds, and the aids it opens."""

    label: str
    meaning: str
    extent: str
    aids: tuple[Aid, ...]


@dataclass(frozen=True, slots=True)
class ZoningShown:
    """The zoning of doctors in a territory; no zone when it is not known."""

    zones: tuple[ZoneShown, ...]
    year: str
    checked_on: date
    advice: str
    limits: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class PatientShown:
    """A figure on patients, with its source, year and level."""

    title: str
    text: str
    origin: str


@dataclass(frozen=True, slots=True)
class AlikeShown:
    """A territory alike, and why, line by line."""

    name: str
    url: str
    access: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Portrait:
    """A territory as its page and its document show it.

    communes        rows of the communes most populated, or nearest to a lone commune
    unknown_access  sentence on communes without a published APL; "" when all have one
    """

    subject: Subject
    report: ProfileReport
    headline: tuple[str, ...]
    peers: str
    population: str
    composition: str
    parents: tuple[Link, ...]
    tiles: tuple[Tile, ...]
    needs: tuple[FindingShown, ...]
    strengths: tuple[FindingShown, ...]
    context: tuple[FindingShown, ...]
    access_chart: Chart | None
    years_chart: Chart | None
    people_chart: Chart | None
    place_chart: Chart | None
    zoning_chart: Chart | None
    comparison: ComparisonTable
    services: tuple[ServiceShown, ...]
    service_sources: str
    zoning: ZoningShown
    patients: tuple[PatientShown, ...]
    patients_unknown: str
    alike: tuple[AlikeShown, ...]
    communes: tuple[CommuneRow, ...]
    unknown_access: str

    @property
    def is_lone_commune(self) -> bool:
        """True when there is no commune inside to list: those around are listed instead."""
        return self.subject.rows.size == 1


def portrait_of(subject: Subject) -> Portrait:
    """Return the portrait of a territory; kept with the store for the kinds that are few."""
    if subject.kind in KEPT_KINDS:
        key = ("portrait", subject.kind, subject.code)
        return subject.store.cached(key, lambda: _portrait(subject))
    return _portrait(subject)


def _portrait(subject: Subject) -> Portrait:
    report, store = report_of(subject), subject.store
    lone = subject.rows.size == 1
    listed = (
        nearest_units(store, int(subject.rows[0]))
        if lone
        else sorted_rows(store, subject.rows, sort="-habitants")[:COMMUNES_SHOWN]
    )
    return Portrait(
        subject=subject,
        report=report,
        headline=tuple(typeset(sentence) for sentence in report.headline),
        peers=KIND_BY_NAME[report.alike_kind].plural,
        population=number(report.population) if report.population else "",
        composition=composition(store, subject.rows),
        parents=parents_of(subject),
        tiles=_tiles(subject, report),
        needs=tuple(_finding(report, one) for one in report.needs),
        strengths=tuple(_finding(report, one) for one in report.strengths),
        context=tuple(_finding(report, one) for one in report.context),
        access_chart=charts.access_chart(subject, report),
        years_chart=charts.years_chart(subject),
        people_chart=charts.people_chart(subject),
        place_chart=charts.place_chart(subject, report),
        zoning_chart=charts.zoning_chart(report),
        comparison=comparison_table(store, report),
        services=tuple(
            _service(one, with_rates=report.population >= RATES_FROM) for one in report.services
        ),
        service_sources=_service_sources(store, report),
        zoning=_zoning(report.zoning),
        patients=tuple(_patient(report, one) for one in report.patients if one.available),
        patients_unknown=_patients_unknown(report),
        alike=tuple(_alike(store, one) for one in report.alike),
        communes=tuple(commune_rows(store, listed)),
        unknown_access=_unknown_access(subject),
    )


def composition(store: Store, rows: IntArray) -> str:
    """Return "48 communes", "20 arrondissements" or both."""
    arrondissements = int((store.units["parent_code"][rows] != "").sum())
    communes = rows.size - arrondissements
    parts = [
        counted(count, word)
        for count, word in ((communes, "commune"), (arrondissements, "arrondissement"))
        if count
    ]
    return " et ".join(parts)


def parents_of(subject: Subject) -> tuple[Link, ...]:
    """Return the territories that hold this one, narrowest first."""
    store = subject.store
    columns = {
        "epci": "epci_code",
        "living_zone": "living_zone_code",
        "employment_zone": "employment_zone_code",
        "department": "department_code",
        "region": "region_code",
    }
    found = []
    for kind, column in columns.items():
        codes = np.unique(store.units[column][subject.rows].astype(str))
        if codes.size != 1 or not codes[0] or kind == subject.kind or subject.kind == "nation":
            continue
        code = str(codes[0])
        name = store.territory_name(kind, code)
        found.append(Link(name, KIND_BY_NAME[kind].label, territory_url(kind, code, name)))
    if subject.kind != "nation":
        name = charts.nation_name(subject)
        found.append(Link(name, "", territory_url("nation", "FR", name)))
    return tuple(found)


def nearest_units(store: Store, row: int, *, k: int = NEIGHBOURS_SHOWN) -> IntArray:
    """Return the units nearest to one, as the crow flies, nearest first; none without a point."""
    lon, lat = store.units["lon"], store.units["lat"]
    if isnan(lon[row]):
        return np.empty(0, dtype=np.int64)
    east = (lon - lon[row]) * np.cos(np.radians(lat[row]))
    distance = np.where(np.isnan(lon), np.inf, east**2 + (lat - lat[row]) ** 2)
    distance[row] = np.inf
    nearest = np.argpartition(distance, min(k, distance.size - 1))[:k]
    nearest = nearest[np.isfinite(distance[nearest])]
    return nearest[np.argsort(distance[nearest], kind="stable")].astype(np.int64)


def _tiles(subject: Subject, report: ProfileReport) -> tuple[Tile, ...]:
    """Return the figures that sum up a territory; those that are not known are left out."""
    found = {one.indicator_id: one for one in report.findings}
    tiles = [
        Tile(label, typeset(one.written), unit, typeset(f"{one.source}, {one.year}"))
        for name, label, unit in _TILES
        if (one := found.get(name))
    ]
    item = figures.told(subject.store, "apl_gp")
    below = figures.people_beyond_threshold(subject.store, item, subject.rows)
    if below.total and subject.rows.size > 1:
        source = f"DREES, {item.year}"
        tiles.insert(1, Tile("Sous le seuil de 2,5", percent(below.share), "des habitants", source))
    return tuple(tiles)


def _finding(report: ProfileReport, finding: Finding) -> FindingShown:
    error = sentence_of(finding.model_error) if finding.modelled else ""
    limits = f"{sentence_of(finding.limits)} {f'Erreur du modèle : {error}' if error else ''}"
    return FindingShown(
        sentence=typeset(finding.sentence),
        theme=_THEMES[finding.theme],
        title=typeset(finding.title),
        written=typeset(finding.written),
        unit="" if finding.unit == "minutes" else finding.unit,
        provenance=typeset(f"{finding.source}, {finding.year}"),
        place=_place(report, finding),
        tone=finding.tone,
        modelled=finding.modelled,
        limits=typeset(limits.strip()),
    )


def _place(report: ProfileReport, finding: Finding) -> str:
    """Say which share of its peers do worse, or have less where neither end is better."""
    if isnan(finding.share_worse) or report.kind == "nation":
        return ""
    peers = KIND_BY_NAME[report.alike_kind].plural
    neutral = indicator(finding.indicator_id).direction == "neutral"
    better = "Plus élevé" if neutral else "Plus favorable"
    return f"{better} que dans {percent(finding.share_worse)} des {peers}."


def _service(service: Service, *, with_rates: bool) -> ServiceShown:
    here, nation = service.per_100k, service.nation_per_100k
    return ServiceShown(
        label=typeset(service.label[:1].upper() + service.label[1:]),
        count=number(service.count),
        per_people=number(here, decimals=1) if with_rates else "",
        nation=number(nation, decimals=1) if with_rates else "",
        communes_with=number(service.communes_with),
        pupils=service.pupils,
        is_strength=here >= nation,
    )


def _service_sources(store: Store, report: ProfileReport) -> str:
    """Return who counts the services shown, and of which year."""
    if store.fictional:
        return sentence_of(FICTIONAL_SOURCE)
    kinds = [service.kind for service in report.services]
    table = store.facilities()
    names = store.cached(
        "sources of services",
        lambda: {
            kind: set(table["source"][table["kind"] == kind].tolist())
            for kind in np.unique(table["kind"].astype(str)).tolist()
        },
    )
    used = {name for kind in kinds for name in names.get(kind, ())}
    records = [record for record in store.manifest.sources if record.name in used]
    return typeset(" ; ".join(f"{one.title} ({one.producer}, {one.vintage})" for one in records))


def _zoning(zoning: Zoning) -> ZoningShown:
    return ZoningShown(
        zones=tuple(_zone(one) for one in zoning.shares),
        year=typeset(zoning.year),
        checked_on=zoning.checked_on,
        advice=typeset(zoning.advice),
        limits=tuple((typeset(text), typeset(source)) for text, source in zoning.limits),
    )


def _zone(share: ZoneShare) -> ZoneShown:
    people = percent(share.people_share)
    return ZoneShown(
        label=typeset(share.label),
        meaning=typeset(share.meaning),
        extent=f"{counted(share.communes, 'commune')}, {people} des habitants",
        aids=tuple(_aid(aid) for aid in share.aids),
    )


def _aid(aid: Aid) -> Aid:
    words = ("title", "who", "funder", "contact", "since", "source")
    return replace(aid, **{name: typeset(getattr(aid, name)) for name in words})


def _patient(report: ProfileReport, figure: PatientFigure) -> PatientShown:
    origin = f"{figure.source}, {figure.year}"
    if figure.level != report.kind:
        origin += f", chiffre de niveau {KIND_BY_NAME[figure.level].label}"
    return PatientShown(figure.title, typeset(figure.text), typeset(origin))


def _patients_unknown(report: ProfileReport) -> str:
    """Say once what is not available, and whom to ask."""
    unknown = [one for one in report.patients if not one.available]
    if not unknown:
        return ""
    titles = " ; ".join(f"{one.title[:1].lower()}{one.title[1:]}" for one in unknown)
    return typeset(f"Non disponible dans les données chargées : {titles}. {PATIENTS_WHO_TO_ASK}")


def _alike(store: Store, alike: Alike) -> AlikeShown:
    item = indicator("apl_gp")
    value = figures.value(store, item, store.rows(alike.kind, alike.code))
    return AlikeShown(
        name=alike.name,
        url=territory_url(alike.kind, alike.code, alike.name),
        access=item.written(value),
        reasons=tuple(typeset(likeness.sentence) for likeness in alike.likenesses),
    )


def _unknown_access(subject: Subject) -> str:
    values = figures.unit_values(subject.store, indicator("apl_gp"))[subject.rows]
    unknown = np.isnan(values)
    count = int(unknown.sum())
    if not count:
        return ""
    if count == values.size:
        return (
            "L’accès aux médecins généralistes n’est pas publié ici, dans les données chargées : "
            "aucun chiffre n’est donc montré, ni estimé."
        )
    people = np.nan_to_num(subject.store.units["population"][subject.rows])[unknown].sum()
    verb = "n’a" if count == 1 else "n’ont"
    return (
        f"{counted(count, 'commune')} sur {number(values.size)} ({number(people)} habitants) "
        f"{verb} pas de chiffre publié : les moyennes portent sur les autres."
    )
