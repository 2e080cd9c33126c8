"""The profile of a territory: what matters first, in sentences an elected person can read aloud."""

from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np

from maillage.core.errors import InputError, NotEnoughDataError
from maillage.core.privacy import may_show, may_show_share
from maillage.studies import figures
from maillage.studies.alike import Alike, alike
from maillage.studies.findings import Finding, Place, findings, holding, threshold_sentence
from maillage.studies.french import french_name
from maillage.studies.indicators import french_number, indicator
from maillage.studies.store.membership import KINDS
from maillage.studies.store.reading import Store
from maillage.studies.store.tables import BoolArray, IntArray
from maillage.studies.zoning import Zoning, zoning_of

SERVICES: Final = {
    "emergency": "services d'urgences",
    "maternity": "maternités",
    "hospital": "hôpitaux",
    "pharmacy": "pharmacies",
    "health_house": "maisons de santé",
    "health_centre": "centres de santé",
    "laboratory": "laboratoires d'analyses",
    "care_home": "établissements pour personnes âgées",
    "primary_school": "écoles",
    "middle_school": "collèges",
    "high_school": "lycées",
}
_SCHOOLS: Final = ("primary_school", "middle_school", "high_school")
PATIENT_QUESTIONS: Final = {
    "share_without_medecin_traitant": "Part des patients sans médecin traitant",
    "patients_without_medecin_traitant": "Patients sans médecin traitant",
    "share_long_illness_without_medecin_traitant": (
        "Part des patients en affection de longue durée sans médecin traitant"
    ),
    "share_giving_up_care": "Part des habitants ayant renoncé à des soins",
}
_FEW: Final = "moins de 11 personnes (non montré)"
_RATE_FROM: Final = 10_000
_COUNTED: Final = 0.8
_SAME_IN_EVERY_SET: Final = frozenset({"pharmacy", "laboratory"})
_WHO_TO_ASK: Final = (
    "À demander à la caisse primaire d'assurance maladie (CPAM) ou à l'agence régionale de santé "
    "(ARS), puis à déposer dans le dossier de données."
)


@dataclass(frozen=True, slots=True)
class Service:
    """How many of one kind of service a territory has, against the nation.

    per_100k, nation_per_100k  per 100,000 inhabitants; nan without inhabitants, and for the nation
                               where no data set counts the service everywhere
    pupils                     of schools: "" when unknown or too few to be shown
    """

    kind: str
    label: str
    count: float
    per_100k: float
    nation_per_100k: float
    communes_with: int
    pupils: str
    sentence: str


@dataclass(frozen=True, slots=True)
class PatientFigure:
    """A figure on patients, from the file that a user gives, or why there is none.

    level  the level at which the figure is true, which may be wider than the territory
    """

    indicator: str
    title: str
    available: bool
    text: str
    year: str
    source: str
    level: str


@dataclass(frozen=True, slots=True)
class ProfileReport:
    """Everything a page or a document says of a territory.

    headline   three to five sentences, to be read aloud
    needs, strengths, context   findings, most important first
    """

    kind: str
    code: str
    name: str
    of_name: str
    at_name: str
    population: float
    n_communes: int
    store_version: str
    fictional: bool
    cog_year: int
    headline: tuple[str, ...]
    needs: tuple[Finding, ...]
    strengths: tuple[Finding, ...]
    context: tuple[Finding, ...]
    services: tuple[Service, ...]
    zoning: Zoning
    patients: tuple[PatientFigure, ...]
    alike: tuple[Alike, ...]
    alike_kind: str

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Every finding, most important first."""
        every = (*self.needs, *self.strengths, *self.context)
        return tuple(sorted(every, key=lambda one: (-one.importance, one.indicator_id)))

    def as_json(self) -> dict[str, Any]:
        """Return the report as plain JSON: nan becomes None, dates become ISO text."""
        plain = _plain(asdict(self))
        assert isinstance(plain, dict)
        return plain


def profile(
    store: Store,
    kind: str,
    code: str = "",
    *,
    rows: IntArray | None = None,
    name: str = "",
    n_alike: int = 6,
) -> ProfileReport:
    """Return the profile of a territory, or of a list of units named by a user.

    kind  a kind of territory; "custom" with `rows`, unit rows, and `name`

    Raises InputError when there is no such territory, or the list is empty.
    """
    place = _place(store, kind, code, rows, name)
    found = findings(store, place)
    return ProfileReport(
        kind=place.kind,
        code=place.code,
        name=place.name.name,
        of_name=place.name.of,
        at_name=place.name.at,
        population=float(np.nansum(store.units["population"][place.rows])),
        n_communes=place.rows.size,
        store_version=store.version,
        fictional=store.fictional,
        cog_year=store.cog_year,
        headline=_headline(store, place, found),
        needs=tuple(one for one in found if one.tone == "need"),
        strengths=tuple(one for one in found if one.tone == "strength"),
        context=tuple(one for one in found if one.tone == "context"),
        services=_services(store, place),
        zoning=zoning_of(store, place.rows),
        patients=_patients(store, place),
        alike=_alike(store, place, n_alike),
        alike_kind=place.peer_kind,
    )


def warm(store: Store) -> None:
    """Work out what all profiles share (0.3 s for the nation), so that no visitor waits for it.

    To be called once by each process that serves profiles, when it opens a version.
    """
    for kind in ("commune", "epci", "department", "region"):
        codes = store.membership(kind).codes
        if codes.size:
            profile(store, kind, str(codes[0]))


def _place(store: Store, kind: str, code: str, rows: IntArray | None, name: str) -> Place:
    if kind == "custom":
        if rows is None or not rows.size or not name.strip():
            raise InputError(
                "A list of communes needs a name and at least one commune.",
                french="une liste de communes a un nom et au moins une commune.",
            )
        return Place(kind, code, french_name(kind, code, name.strip()), rows, _peers(rows.size))
    if kind not in KINDS:
        raise InputError(
            f"{kind!r} is not a kind of territory: expected one of {KINDS}.",
            french=f"type de territoire inconnu ; types possibles : {', '.join(KINDS)}.",
        )
    found = store.rows(kind, code)
    called = french_name(kind, code, store.territory_name(kind, code))
    return Place(kind, code, called, found, kind)


def _peers(n_units: int) -> str:
    """Return the level whose territories a list of so many communes resembles most."""
    return "commune" if n_units == 1 else "epci" if n_units < 150 else "department"


def _headline(store: Store, place: Place, found: tuple[Finding, ...]) -> tuple[str, ...]:
    """Begin with access, then what will come, then the sharpest need and the best strength."""
    by_id = {one.indicator_id: one for one in found}
    said: list[str] = []
    if access := by_id.get("apl_gp"):
        said += [access.sentence, threshold_sentence(store, place)]
    said.append(_retirements(store, place))
    for tone in ("need", "strength"):
        rest = [one for one in found if one.tone == tone and one.sentence not in said]
        said += [one.sentence for one in rest[:1] if one.indicator_id != "apl_gp_over_65"]
    return tuple(sentence for sentence in said if sentence)


def _retirements(store: Store, place: Place) -> str:
    """Say what share of access rests on doctors over 65; "" when it is unknown or nothing."""
    today = figures.value(store, indicator("apl_gp"), place.rows)
    younger = figures.value(store, indicator("apl_gp_65"), place.rows)
    if np.isnan(today) or np.isnan(younger) or today <= 0 or today - younger < 0.005 * today:
        return ""
    share = french_number((1 - younger / today) * 100, decimals=0)
    left = french_number(younger, decimals=1)
    return (
        f"{place.name.at_start}, {share} % des consultations accessibles sont assurées par des "
        f"médecins de plus de 65 ans : sans remplaçants, il en resterait {left} par an et par "
        "habitant."
    )


def _services(store: Store, place: Place) -> tuple[Service, ...]:
    people = float(np.nansum(store.units["population"][place.rows]))
    nation = float(np.nansum(store.units["population"]))
    counts = store.facility_counts
    return tuple(
        _service(store, place, kind, counts[kind], people, nation)
        for kind in SERVICES
        if kind in counts
        and counts[kind][place.rows].sum() > 0
        and _is_counted_all_over(store, kind, place.rows)
    )


def _is_counted_all_over(store: Store, kind: str, rows: IntArray) -> bool:
    """Say whether a count of that service is whole in the territory made of unit `rows`.

    An extract of one region names no service elsewhere: a territory that it leaves in part has no
    count. A service counted nearly all over the country may be missing from a department.
    """
    counted = _departments_counted(store, kind)
    if counted.mean() >= _COUNTED:
        return True
    return bool(counted[np.unique(store.membership("department").group[rows])].all())


def _departments_counted(store: Store, kind: str) -> BoolArray:
    """Return which departments have that service at all, shape (n_departments,)."""

    def make() -> BoolArray:
        departments = store.membership("department")
        counted = np.zeros(len(departments), dtype=np.bool_)
        counted[departments.group[store.facilities(kind)["unit_row"]]] = True
        return counted

    return store.cached(("departments counted", kind), make)


def _service(
    store: Store, place: Place, kind: str, by_unit: Any, people: float, nation: float
) -> Service:
    count = float(by_unit[place.rows].sum())
    here = count / people * 1e5 if people else float("nan")
    everywhere = store.cached(("service rate", kind), lambda: _national_rate(store, kind, nation))
    label = SERVICES[kind]
    said = f"{place.name.at_start}, {label} : {french_number(count, decimals=0)}"
    if people >= _RATE_FROM and place.kind != "nation":
        said += f", soit {french_number(here, decimals=1)} pour 100\u202f000 habitants"
        if everywhere == everywhere:
            said += f" (France : {french_number(everywhere, decimals=1)})"
    return Service(
        kind=kind,
        label=label,
        count=count,
        per_100k=here,
        nation_per_100k=everywhere,
        communes_with=int((by_unit[place.rows] > 0).sum()),
        pupils=_pupils(store, place, kind),
        sentence=f"{said}.",
    )


def _national_rate(store: Store, kind: str, people: float) -> float:
    """Return how many of a service the nation has per 100,000 inhabitants.

    nan when it is not counted all over the country by one data set, or by two that mean the same:
    the care homes of a few departments, health houses of 2020 here and of 2026 there make no
    national figure.
    """
    table = store.facilities(kind)
    mixed = kind not in _SAME_IN_EVERY_SET and np.unique(table["source"].astype(str)).size > 1
    if mixed or _departments_counted(store, kind).mean() < _COUNTED:
        return float("nan")
    return float(table["count"].sum()) / people * 1e5


def _pupils(store: Store, place: Place, kind: str) -> str:
    """Return the number of pupils; "" when no school tells it, or it is under the small count."""
    if kind not in _SCHOOLS:
        return ""
    by_unit = store.cached(("pupils", kind), lambda: _pupils_by_unit(store, kind))
    total = int(by_unit[place.rows].sum())
    return french_number(total, decimals=0) if total and may_show(total) else ""


def _pupils_by_unit(store: Store, kind: str) -> Any:
    table = store.facilities(kind)
    size = np.nan_to_num(table["size"])
    return np.bincount(table["unit_row"], weights=size, minlength=store.n_units)


def _patients(store: Store, place: Place) -> tuple[PatientFigure, ...]:
    """Return the figures on patients, at the territory's level, else its department's."""
    facts = store.cached("patient facts", lambda: _patient_facts(store))
    departments = np.unique(store.membership("department").group[place.rows])
    levels = [(place.kind, place.code)]
    if departments.size == 1:
        levels.append(("department", holding(store, "department", place.rows)))
    return tuple(_patient_figure(store, name, facts, levels) for name in PATIENT_QUESTIONS)


def _patient_facts(store: Store) -> dict[tuple[str, str, str], tuple[str, float, str]]:
    """Return (kind, code, indicator) → (year, value, source), the latest year of each."""
    found: dict[tuple[str, str, str], tuple[str, float, str]] = {}
    for fact in store.facts.rows():
        key = (fact["territory_kind"], fact["territory_code"], fact["indicator"])
        told = (fact["year"], fact["value"], fact["source"])
        if fact["indicator"] in PATIENT_QUESTIONS and told[0] >= found.get(key, ("",))[0]:
            found[key] = told
    return found


def _patient_figure(
    store: Store,
    name: str,
    facts: dict[tuple[str, str, str], tuple[str, float, str]],
    levels: list[tuple[str, str]],
) -> PatientFigure:
    title = PATIENT_QUESTIONS[name]
    for kind, code in levels:
        if told := facts.get((kind, code, name)):
            year, value, source = told
            people = int(np.nansum(store.units["population"][store.rows(kind, code)]))
            text = _patient_text(name, value, people=people)
            return PatientFigure(name, title, True, text, year, source, kind)
    text = f"Non disponible. {_WHO_TO_ASK}"
    return PatientFigure(name, title, False, text, "", "", "")


def _patient_text(name: str, value: float, *, people: int) -> str:
    if name.startswith("share_"):
        shown = f"{french_number(value * 100, decimals=1)} %"
        return shown if may_show_share(value, people=people) else _FEW
    return french_number(value, decimals=0) if may_show(round(value)) else _FEW


def _alike(store: Store, place: Place, n_alike: int) -> tuple[Alike, ...]:
    if place.kind == "nation":
        return ()
    try:
        return tuple(alike(store, place.peer_kind, place.rows, code=place.code, k=n_alike))
    except NotEnoughDataError:
        return ()


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float) and value != value:
        return None
    return value.isoformat() if hasattr(value, "isoformat") else value
