"""The part of a territory's page about initiatives of territories that resemble it.

The atlas shows it, and the page behind it, through `territories.profile_parts`.
"""

from dataclasses import dataclass
from typing import Any, Final

from maillage.studies import figures
from maillage.studies.findings import Finding
from maillage.studies.store import Store
from maillage.web.register.finding.coverage import Coverage, coverage_of
from maillage.web.register.models import Initiative
from maillage.web.register.resembling.choosing import Answered, Level, Match, answered_needs
from maillage.web.register.resembling.needs import SUBJECTS_BY_NEED
from maillage.web.territories.kinds import KIND_BY_NAME
from maillage.web.territories.models import territory_url
from maillage.web.territories.profile_parts import Portrayed, ProfilePart
from maillage.web.ui.words import typeset

IN_THE_PAGE: Final = {"most_needs": 2, "per_need": 3}
ON_ITS_OWN: Final = {"most_needs": 20, "per_need": 10}
_SHOWN: Final = ("public_id", "slug", "title", "promise", "stage")
_NOT_COMPARED: Final = frozenset({"nation"})


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An initiative, and why it is shown, line by line.

    territory   the one that resembles; `territory_url` its page, `territory_kind` what it is
    resembles   what it resembles: « Pau », « Landes (le département où se trouve Dax) »
    where       the places of the initiative inside of it, when they are narrower; else ""
    need        the figure of the need there and here; "" when it is not known there
    subjects    its subjects among those that answer the need
    likenesses  why the territory resembles, the closest feature first
    """

    initiative: Initiative
    territory: str
    territory_url: str
    territory_kind: str
    resembles: str
    where: str
    need: str
    subjects: tuple[str, ...]
    likenesses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OnNeed:
    """A need in words, and the initiatives that answer it elsewhere; no title on any subject.

    here    the latest that take place here already, or in what holds it
    n_here  how many there are of these
    """

    title: str
    sentence: str
    suggestions: tuple[Suggestion, ...]
    here: tuple[Initiative, ...]
    n_here: int


def _content(portrayed: Portrayed, *, most_needs: int, per_need: int) -> dict[str, Any] | None:
    if portrayed.kind in _NOT_COMPARED:
        return None
    coverage = coverage_of(portrayed.store)
    answered = answered_needs(portrayed, coverage, most_needs=most_needs, per_need=per_need)
    numbers = {match.initiative for one in answered for match in one.matches}
    numbers |= {number for one in answered for number in one.here[:per_need]}
    public = Initiative.objects.public().order_by().only(*_SHOWN)
    read = public.in_bulk(sorted(numbers)) if numbers else {}
    groups = [_on_need(portrayed, coverage, one, read) for one in answered]
    return {
        "groups": [group for group in groups if group.suggestions or group.here],
        "peers": KIND_BY_NAME[portrayed.report.alike_kind].plural,
    }


def _on_need(
    portrayed: Portrayed, coverage: Coverage, answered: Answered, read: dict[int, Initiative]
) -> OnNeed:
    need = answered.need
    return OnNeed(
        title=typeset(need.title) if need else "",
        sentence=typeset(need.sentence) if need else "",
        suggestions=tuple(
            _suggestion(portrayed, coverage, match, read[match.initiative], need)
            for match in answered.matches
            if match.initiative in read
        ),
        here=tuple(read[number] for number in answered.here if number in read),
        n_here=len(answered.here),
    )


def _suggestion(
    portrayed: Portrayed,
    coverage: Coverage,
    match: Match,
    initiative: Initiative,
    need: Finding | None,
) -> Suggestion:
    store, alike = portrayed.store, match.alike
    return Suggestion(
        initiative=initiative,
        territory=alike.name,
        territory_url=territory_url(alike.kind, alike.code, alike.name),
        territory_kind=KIND_BY_NAME[alike.kind].label,
        resembles=_resembles(portrayed, match.level),
        where=_where(store, match),
        need=_need_there(store, match, need) if need else "",
        subjects=_subjects(coverage, initiative, need) if need else (),
        likenesses=tuple(typeset(one.sentence) for one in alike.likenesses),
    )


def _resembles(portrayed: Portrayed, level: Level) -> str:
    if level.is_own:
        return portrayed.name
    return f"{level.name} ({KIND_BY_NAME[level.kind].the} où se trouve {portrayed.name})"


def _where(store: Store, match: Match, *, most: int = 4) -> str:
    narrower = [place for place in match.places if place[0] != match.alike.kind]
    names = [store.territory_name(kind, code) for kind, code in narrower]
    more = f" et {len(names) - most} de plus" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def _need_there(store: Store, match: Match, need: Finding) -> str:
    item = figures.told(store, need.indicator_id)
    there = figures.value(store, item, store.rows(match.alike.kind, match.alike.code))
    here = figures.value(store, item, match.level.rows)
    if there != there or here != here:
        return ""
    unit = f" {item.unit}" if item.display == "number" and item.unit else ""
    told = f"{match.alike.name} : {item.written(there)}{unit} ; {match.level.name} : "
    return typeset(f"{told}{item.written(here)}{unit}. {need.source}, {item.year}.")


def _subjects(coverage: Coverage, initiative: Initiative, need: Finding) -> tuple[str, ...]:
    found = (
        subject
        for subject in SUBJECTS_BY_NEED[need.indicator_id]
        if initiative.pk in coverage.subjects.get(str(subject), ())
    )
    return tuple(str(subject.label) for subject in found)


def _brief(portrayed: Portrayed) -> dict[str, Any] | None:
    return _content(portrayed, **IN_THE_PAGE)


def _whole(portrayed: Portrayed) -> dict[str, Any] | None:
    return _content(portrayed, **ON_ITS_OWN)


RESEMBLING: Final = ProfilePart(
    name="initiatives",
    heading="Initiatives de territoires semblables",
    template="register/resembling/part.html",
    page_template="register/resembling/page.html",
    brief=_brief,
    whole=_whole,
)
