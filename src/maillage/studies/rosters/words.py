"""What the engine answers, in French sentences, each with the text of law behind it.

The engine knows rules by name and people and duties by identifier. A rule of a territory may bear
any name: where a name is not one of those below, the sentence comes from what the rule counts.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Final

from maillage.engines.rostering.breaches import Breach
from maillage.engines.rostering.duties import Duty, Kind
from maillage.engines.rostering.explaining import Conflict, Obstacle, Relaxation
from maillage.engines.rostering.levels import Level
from maillage.engines.rostering.model import Reason
from maillage.engines.rostering.repairing import Move
from maillage.studies.calendars import Calendar
from maillage.studies.rosters.moments import (
    counted,
    day_in_french,
    duration_in_french,
    euros_in_french,
    hour_in_french,
    listed,
    tenths_in_french,
)


@dataclass(frozen=True, slots=True)
class Names:
    """How to call those of whom the engine speaks.

    people    identifier → "Dr Claire Exemple"
    duties    identifier → "la garde du vendredi 25 décembre 2026 (…)", see `duty_name`
    first     first day of the period
    articles  name of a rule → its article, for reasons, which carry none
    """

    people: Mapping[str, str]
    duties: Mapping[str, str]
    first: date
    articles: Mapping[str, str]

    def person(self, people: Sequence[str]) -> str:
        """Name people: "A, B et C"."""
        return listed([self.people.get(one, one) for one in people])

    def duty(self, duties: Sequence[str]) -> str:
        """Name duties: "la garde du … et l'astreinte du …"."""
        return listed([self.duties.get(one, one) for one in duties])

    def days(self, days: tuple[int, ...]) -> str:
        """Name a span of days: "du 1er mars 2026 au 31 mars 2026"."""
        first, last = self.first + timedelta(days[0]), self.first + timedelta(days[1] - 1)
        if first == last:
            return f"le {day_in_french(first)}"
        since = f"du {day_in_french(first, weekday=False)}"
        return f"{since} au {day_in_french(last, weekday=False)}"


_NOUNS: Final = {
    Kind.GARDE: "la garde",
    Kind.ASTREINTE: "l'astreinte",
    Kind.REGULATION: "la régulation",
    Kind.CONSULTATION: "la consultation",
}


def duty_name(duty: Duty, calendar: Calendar, *, site_name: str) -> str:
    """Return "la garde du vendredi 25 décembre 2026 (20 h – 8 h, urgences, CH d'Oloron)"."""
    start, end = (calendar.moment_at(minute) for minute in (duty.start_min, duty.end_min))
    hours = f"{hour_in_french(start)} – {hour_in_french(end)}"
    details = ", ".join(part for part in (hours, duty.line, site_name) if part)
    return f"{_NOUNS[duty.kind]} du {day_in_french(start)} ({details})"


def breach(found: Breach, names: Names) -> str:
    """Say what a roster does against a rule."""
    say = _BREACHES.get(found.rule) or _BY_UNIT[found.unit]
    return _sentence(say(found, names), found.article)


def _sentence(said: str, article: str) -> str:
    """Begin with a capital, end with the article of law and a full stop."""
    ending = f" ({article})." if article else "."
    return said[:1].upper() + said[1:] + ending


def _lock(one: Breach, names: Names) -> str:
    verb = "tient" if one.limit else "laisse"
    return f"case verrouillée : {names.person(one.people)} {verb} {names.duty(one.duties)}"


def _one_place(one: Breach, names: Names) -> str:
    who, duties = names.person(one.people), names.duty(one.duties)
    if one.found < 0:
        return f"{who} ne peut tenir à la fois {duties}"
    return (
        f"{who} a {duration_in_french(one.found)} de battement entre {duties} ; la route en "
        f"demande {duration_in_french(one.limit)}"
    )


def _minutes_between(one: Breach, names: Names) -> str:
    """Say a rest too short; of two duties that overlap there is none."""
    who, duties = names.person(one.people), names.duty(one.duties)
    rest = duration_in_french(max(one.found, 0))
    least = duration_in_french(one.limit)
    return f"{who} a {rest} de repos entre {duties} ; il en faut {least}"


def _stretch(one: Breach, names: Names) -> str:
    who, duties = names.person(one.people), names.duty(one.duties)
    if one.found < one.limit:
        around = names.duty(one.duties[-2:])
        rest, least = duration_in_french(one.found), duration_in_french(one.limit)
        return f"{who} a {rest} de repos entre {around}, après un long service ; il en faut {least}"
    length, most = duration_in_french(one.found), duration_in_french(one.limit)
    return f"{who} travaille {length} sans interruption ({duties}) ; au plus {most}"


def _total(say: Callable[[int], str]) -> Callable[[Breach, Names], str]:
    def said(one: Breach, names: Names) -> str:
        bound = "au plus" if one.found > one.limit else "au moins"
        what = f"{say(one.found)} {names.days(one.days)} ; {bound} {say(one.limit)}"
        return f"{names.person(one.people)} : {what}"

    return said


def _budget(one: Breach, _: Names) -> str:
    return f"{euros_in_french(one.found)} de gardes ; le budget est de {euros_in_french(one.limit)}"


def _together(one: Breach, names: Names) -> str:
    missing = one.limit - one.found
    others = "la garde qui va" if missing == 1 else "les gardes qui vont"
    return f"{names.person(one.people)} tient {names.duty(one.duties)} sans {others} avec"


def _follow(one: Breach, names: Names) -> str:
    who, duties = names.person(one.people), names.duty(one.duties)
    if one.limit:
        return f"{who} tient {duties} sans la suite voulue"
    return f"{who} ne peut tenir à la suite {duties}"


def _places(one: Breach, names: Names) -> str:
    there = counted(one.found, "personne", "personnes")
    return f"{names.duty(one.duties)} : {there} pour {counted(one.limit, 'place', 'places')}"


def _of_pair(said: str) -> Callable[[Breach, Names], str]:
    return lambda one, names: said.format(who=names.person(one.people), what=names.duty(one.duties))


def _unit_duties(one: Breach, names: Names) -> str:
    """Say a count of duties over days, or duties that may not or must follow one another."""
    if not one.days:
        return _follow(one, names)
    return _total(lambda n: counted(n, "garde", "gardes"))(one, names)


def _unit_minutes(one: Breach, names: Names) -> str:
    return _total(duration_in_french)(one, names)


_BREACHES: Final[Mapping[str, Callable[[Breach, Names], str]]] = {
    "too_many": _places,
    "coverage": _places,
    "skills": _of_pair("{who} n'a pas la compétence que demande {what}"),
    "volunteering": _of_pair(
        "{who} n'a pas accepté le lieu, que son contrat ne prévoit pas : {what}"
    ),
    "absence": _of_pair("{who} est en absence pendant {what}"),
    "rest_before_period": _of_pair("{who} se repose encore des gardes d'avant pendant {what}"),
    "never": _of_pair("{who} a répondu « jamais » pour {what}"),
    "lock": _lock,
    "freed": _of_pair("{who} doit être libre de {what}"),
    "one_place": _one_place,
    "stretch": _stretch,
    "together": _together,
    "budget": _budget,
}
_BY_UNIT: Final[Mapping[str, Callable[[Breach, Names], str]]] = {
    "min": _minutes_between,
    "duties": _unit_duties,
    "minutes": _unit_minutes,
    "points": _total(lambda n: counted(n, "point", "points")),
    "weekends": _total(lambda n: counted(n, "week-end", "week-ends")),
    "days": _total(lambda n: counted(n, "jour d'affilée", "jours d'affilée")),
    "people": _places,
    "cents": _budget,
}


_REASONS: Final = {
    "coverage": ("{what} est à tenir", "{what} sont à tenir"),
    "skills": ("{who} n'a pas la compétence demandée", "{who} n'ont pas la compétence demandée"),
    "volunteering": (
        "{who} n'accepte pas ce lieu, et son contrat ne le prévoit pas",
        "{who} n'acceptent pas ce lieu, et leur contrat ne le prévoit pas",
    ),
    "absence": ("{who} est en absence", "{who} sont en absence"),
    "rest_before_period": (
        "{who} se repose encore des gardes d'avant la période",
        "{who} se reposent encore des gardes d'avant la période",
    ),
    "never": ("{who} a répondu « jamais »", "{who} ont répondu « jamais »"),
    "lock": ("une case est verrouillée pour {who}", "des cases sont verrouillées pour {who}"),
    "one_place": (
        "{who} ne peut être en deux lieux à la fois",
        "{who} ne peuvent être en deux lieux à la fois",
    ),
    "rest": ("{who} a droit à son repos", "{who} ont droit à leur repos"),
    "safety_rest": (
        "{who} a droit à son repos de sécurité",
        "{who} ont droit à leur repos de sécurité",
    ),
    "stretch": (
        "{who} ne peut travailler plus longtemps d'affilée",
        "{who} ne peuvent travailler plus longtemps d'affilée",
    ),
    "weekly_average": (
        "{who} atteint sa durée hebdomadaire moyenne",
        "{who} atteignent leur durée hebdomadaire moyenne",
    ),
    "weekends": ("{who} a assez de week-ends", "{who} ont assez de week-ends"),
    "together": (
        "{who} devrait tenir aussi les gardes qui vont ensemble",
        "{who} devraient tenir aussi les gardes qui vont ensemble",
    ),
    "budget": ("le budget est épuisé", "le budget est épuisé"),
}
_ANY_REASON: Final = (
    "{who} est à la limite d'une règle du territoire (« {rule} »)",
    "{who} sont à la limite d'une règle du territoire (« {rule} »)",
)


def reason(one: Reason, names: Names) -> str:
    """Say one reason of a conflict."""
    return _reasons([one], names)


def _reasons(alike: Sequence[Reason], names: Names) -> str:
    """Say reasons of one rule in one sentence."""
    return _sentence(_said(alike, names), names.articles.get(alike[0].rule, ""))


def _said(alike: Sequence[Reason], names: Names) -> str:
    rule = alike[0].rule
    people = list(dict.fromkeys(who for one in alike for who in one.people))
    duties = list(dict.fromkeys(what for one in alike for what in one.duties))
    subjects = duties if rule == "coverage" else people
    singular, plural = _REASONS.get(rule, _ANY_REASON)
    return (plural if len(subjects) > 1 else singular).format(
        who=names.person(people), what=names.duty(duties), rule=rule
    )


@dataclass(frozen=True, slots=True)
class ConflictTold:
    """A conflict in sentences: what cannot be held, why, and what giving up each reason gives."""

    title: str
    reasons: tuple[str, ...]
    relaxations: tuple[str, ...]


def conflict(found: Conflict, names: Names) -> ConflictTold:
    """Say why a duty is empty; reasons of one rule make one sentence."""
    what = names.duty([found.duty_id])
    if found.roster is not None:
        title = f"{what} peut être tenue : le tableau peut encore s'améliorer."
    elif not found.reasons:
        title = f"{what} : la recherche s'est arrêtée avant d'avoir trouvé pourquoi elle est vide."
    else:
        title = f"Personne ne peut tenir {what}."
    by_rule = groupby(sorted(found.reasons), key=lambda one: one.rule)
    reasons = tuple(_reasons([*alike], names) for _, alike in by_rule)
    told = tuple(_relaxation(one, names) for one in found.relaxations if one.enough)
    return ConflictTold(title[:1].upper() + title[1:], reasons, told)


def _relaxation(one: Relaxation, names: Names) -> str:
    takers = f" par {names.person(one.takers)}" if one.takers else ""
    return f"La garde serait tenue{takers} sans cette raison : {_said([one.reason], names)}."


def obstacle(found: Obstacle, names: Names) -> str:
    """Say what keeps one person from a duty, or that nothing does."""
    if not found.breaches:
        return f"{names.person([found.person_id])} pourrait prendre cette garde."
    return " ".join(breach(one, names) for one in found.breaches)


def move(one: Move, names: Names) -> str:
    """Say what one person is asked."""
    parts = [
        f"{verb} {names.duty(duties)}"
        for verb, duties in (("prend", one.takes), ("laisse", one.gives_up))
        if duties
    ]
    return f"{names.person([one.person_id])} {' et '.join(parts)}."


_LEVELS: Final = {
    Level.COVERAGE: "places vides",
    Level.MOST_UNFAIR: "plus grand écart à l'équité",
    Level.SUM_UNFAIR: "somme des écarts à l'équité",
    Level.WISHES: "souhaits non suivis",
    Level.COST: "rémunération",
    Level.CHANGES: "changements",
}


def level(one: Level) -> str:
    """Name what is made small."""
    return _LEVELS[one]


def amount(one: Level, value: int) -> str:
    """Say a value of a level in its unit."""
    if one is Level.COST:
        return euros_in_french(value)
    if one in (Level.MOST_UNFAIR, Level.SUM_UNFAIR):
        return tenths_in_french(value)
    return str(value)


def change(levels: Iterable[Level], by: Iterable[int]) -> tuple[str, ...]:
    """Say what a change does to each level that it moves: "souhaits non suivis : 2 de plus"."""
    return tuple(
        f"{level(one)} : {amount(one, abs(value))} de {'plus' if value > 0 else 'moins'}"
        for one, value in zip(levels, by, strict=True)
        if value
    )
