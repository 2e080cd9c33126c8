"""Every answer of the engine has its French sentence, with the article of law behind it."""

from datetime import UTC, date, datetime, time

import pytest

from maillage.engines.rostering.breaches import Breach
from maillage.engines.rostering.duties import Match
from maillage.engines.rostering.explaining import (
    Conflict,
    Obstacle,
    Relaxation,
    obstacles,
    why_empty,
)
from maillage.engines.rostering.levels import FAIR_FIRST, Level
from maillage.engines.rostering.model import Reason
from maillage.engines.rostering.problem import Problem
from maillage.engines.rostering.repairing import Move
from maillage.engines.rostering.roster import Roster
from maillage.engines.rostering.rules.coverage import Coverage, NotTooMany
from maillage.engines.rostering.rules.eligibility import Locks, Refusals
from maillage.engines.rostering.rules.grouped import Sequence, Together
from maillage.engines.rostering.rules.rest import Gap, Stretch
from maillage.engines.rostering.rules.runs import DaysInRow
from maillage.engines.rostering.rules.totals import Total, Weekends, Window
from maillage.studies.rosters import words
from maillage.studies.rosters.law import rules_of_law
from maillage.studies.rosters.moments import (
    day_in_french,
    duration_in_french,
    euros_in_french,
    hour_in_french,
    listed,
    tenths_in_french,
)
from tests.studies.rosters.territory import calendar, case, doctor, line, names

NIGHTS = {day: f"urgences/pau/2026-12-{day}" for day in range(21, 28)}
NIGHT_24 = "la garde du jeudi 24 décembre 2026 (20 h – 8 h, urgences, CH de Pau)"
NIGHT_25 = "la garde du vendredi 25 décembre 2026 (20 h – 8 h, urgences, CH de Pau)"


def plain(text):
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def said(rule, *held, people=("ada",), facts=None):
    """The first breach of a rule by a roster, in words."""
    facts = facts or case()
    roster = Roster.named(facts, {NIGHTS[day]: people for day in held})
    return plain(words.breach(rule.breaches(facts, roster)[0], names(facts)))


@pytest.mark.parametrize(
    ("rule", "held", "expected"),
    [
        (
            Gap(least_min=780, article="R. 1"),
            (24, 25),
            f"Dr Ada a 12 h de repos entre {NIGHT_24} et {NIGHT_25} ; il en faut 13 h (R. 1).",
        ),
        (
            Refusals(pairs=frozenset({("ada", NIGHTS[24])})),
            (24,),
            f"Dr Ada a répondu « jamais » pour {NIGHT_24}.",
        ),
        (
            Locks(freed=frozenset({("ada", NIGHTS[24])})),
            (24,),
            f"Case verrouillée : Dr Ada laisse {NIGHT_24}.",
        ),
        (
            Locks(held=frozenset({("bob", NIGHTS[24])})),
            (24,),
            f"Case verrouillée : Dr Bob tient {NIGHT_24}.",
        ),
        (
            Total(name="par semaine", windows=(Window((0, 7), most=1),)),
            (24, 26),
            "Dr Ada : 2 gardes du 21 décembre 2026 au 27 décembre 2026 ; au plus 1 garde.",
        ),
        (
            Total(name="heures", counts="minutes", windows=(Window((3, 4), least=750),)),
            (24,),
            "Dr Ada : 12 h le jeudi 24 décembre 2026 ; au moins 12 h 30.",
        ),
        (
            Total(name="points", counts="points", windows=(Window((0, 7), least=2),)),
            (24,),
            "Dr Ada : 0 point du 21 décembre 2026 au 27 décembre 2026 ; au moins 2 points.",
        ),
        (
            Weekends(most=0, days=(0, 7)),
            (26,),
            "Dr Ada : 1 week-end du 21 décembre 2026 au 27 décembre 2026 ; au plus 0 week-end.",
        ),
        (
            DaysInRow(most=1),
            (24, 25),
            "Dr Ada : 2 jours d'affilée du 24 décembre 2026 au 25 décembre 2026 ; au plus "
            "1 jour d'affilée.",
        ),
        (
            Together(groups=((NIGHTS[24], NIGHTS[25]),)),
            (24,),
            f"Dr Ada tient {NIGHT_24} sans la garde qui va avec.",
        ),
        (
            Together(groups=((NIGHTS[24], NIGHTS[25], NIGHTS[26]),)),
            (24,),
            f"Dr Ada tient {NIGHT_24} sans les gardes qui vont avec.",
        ),
        (
            Sequence(name="deux nuits", first=Match(), then=Match()),
            (24, 25),
            f"Dr Ada ne peut tenir à la suite {NIGHT_24} et {NIGHT_25}.",
        ),
        (
            Sequence(name="deux nuits", first=Match(), then=Match(), wanted=True),
            (24,),
            f"Dr Ada tient {NIGHT_24} sans la suite voulue.",
        ),
        (Coverage(), (25,), "La garde du lundi 21 décembre 2026"),
    ],
    ids=lambda one: getattr(one, "name", None),
)
def test_a_breach_is_said_in_french(rule, held, expected):
    assert said(rule, *held).startswith(expected)


def test_too_many_holders_are_counted():
    text = said(NotTooMany(), 24, people=("ada", "bob"))
    assert text == f"{NIGHT_24[0].upper()}{NIGHT_24[1:]} : 2 personnes pour 1 place."


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"skills": frozenset({"chirurgie"})}, "n'a pas la compétence que demande"),
        ({"site": "oloron"}, "n'a pas accepté le lieu, que son contrat ne prévoit pas :"),
    ],
)
def test_who_may_not_hold_a_duty_at_all_is_told_why(options, expected):
    facts = case(line(**options))
    problem = Problem(facts)
    duty_id = facts.duties[0].duty_id
    obstacle = obstacles(problem, Roster.of(facts, ()), duty_id)[0]
    assert f"Dr Ada {expected} la garde du lundi 21" in words.obstacle(obstacle, names(facts))


def test_absence_and_rest_from_before_are_said():
    people = [doctor("ada", absences=((0, 1440),), free_from_min=1440)]
    facts = case(people=people)
    (obstacle,) = obstacles(Problem(facts), Roster.of(facts, ()), NIGHTS[21])
    text = words.obstacle(obstacle, names(facts))
    assert "Dr Ada est en absence pendant la garde du lundi 21" in text
    assert "Dr Ada se repose encore des gardes d'avant pendant" in text


def test_who_could_take_a_duty_is_said_to():
    text = words.obstacle(Obstacle("ada", ()), names(case()))
    assert text == "Dr Ada pourrait prendre cette garde."


def test_two_places_at_once_and_too_short_a_road_are_told_apart():
    facts = case()
    twice = Breach("one_place", ("ada",), (NIGHTS[24], NIGHTS[25]), -60, 0, "min")
    road = Breach("one_place", ("ada",), (NIGHTS[24], NIGHTS[25]), 15, 45, "min")
    assert "Dr Ada ne peut tenir à la fois la garde du jeudi 24" in words.breach(
        twice, names(facts)
    )
    assert plain(words.breach(road, names(facts))).endswith("la route en demande 45 min.")


def test_duties_that_overlap_leave_no_rest():
    overlap = Breach("rest", ("ada",), (NIGHTS[24], NIGHTS[25]), -60, 660, "min")
    assert "Dr Ada a 0 min de repos" in plain(words.breach(overlap, names(case())))


def test_a_stretch_is_too_long_or_its_rest_too_short():
    facts = case(line(), line("jour", starts=time(8), ends=time(20)))
    long = Stretch(most_min=1200, equal_rest_over_min=600)
    held = {NIGHTS[24]: ["ada"], "jour/pau/2026-12-24": ["ada"], NIGHTS[25]: ["ada"]}
    found = long.breaches(facts, Roster.named(facts, held))
    texts = [plain(words.breach(one, names(facts))) for one in found]
    assert texts[0].startswith("Dr Ada travaille 24 h sans interruption (la garde du jeudi 24")
    assert texts[0].endswith("au plus 20 h.")
    assert texts[1].startswith("Dr Ada a 12 h de repos entre la garde du jeudi 24 décembre")
    assert texts[1].endswith("après un long service ; il en faut 24 h.")


def test_a_budget_is_in_euros():
    found = Breach("budget", (), (), 125_050, 100_000, "cents")
    assert plain(words.breach(found, names(case()))) == (
        "1 250,50 € de gardes ; le budget est de 1 000 €."
    )


def test_every_rule_of_law_can_be_said():
    facts, here = case(), calendar()
    roster = Roster.named(facts, {night: ["ada"] for night in NIGHTS.values()})
    found = [
        one
        for rule in rules_of_law(here, worked_min={"ada": 10_000})
        for one in rule.breaches(facts, roster)
    ]
    texts = [words.breach(one, names(facts)) for one in found]
    assert texts
    assert all("Code" in text or "Arrêté" in text for text in texts)


def test_why_a_night_is_empty_is_told_with_what_would_fill_it():
    people = [
        doctor("ada"),
        doctor("bob", absences=((0, 10_080),)),
        doctor("eve", bound_sites=frozenset()),
    ]
    facts = case(line(days=frozenset({"thursday", "holiday"})), people=people)
    problem = Problem(facts, (Gap(least_min=780, article="R. 1"),))
    roster = Roster.named(facts, {NIGHTS[24]: ["ada"]})
    told = words.conflict(
        why_empty(problem, roster, NIGHTS[25], seed=1), names(facts, articles={"rest": "R. 1"})
    )
    assert plain(told.title) == f"Personne ne peut tenir {NIGHT_25}."
    assert "Dr Bob est en absence." in told.reasons
    assert "Dr Ada a droit à son repos (R. 1)." in told.reasons
    assert "Dr Eve n'accepte pas ce lieu, et son contrat ne le prévoit pas." in told.reasons
    assert (
        "La garde serait tenue par Dr Bob sans cette raison : Dr Bob est en absence."
        in told.relaxations
    )


def test_reasons_of_one_rule_make_one_sentence():
    reasons = tuple(Reason("volunteering", (who,), ("n",)) for who in ("ada", "bob", "eve"))
    found = Conflict("n", reasons, (Relaxation(reasons[0], False, ()),), None, certain=True)
    told = words.conflict(found, names(case()))
    assert told.reasons == (
        "Dr Ada, Dr Bob et Dr Eve n'acceptent pas ce lieu, et leur contrat ne le prévoit pas.",
    )
    assert told.relaxations == ()


def test_a_duty_that_can_be_held_after_all_is_said_to():
    facts = case()
    roster = Roster.of(facts, ())
    found = Conflict(NIGHTS[24], (), (), roster, certain=True)
    assert words.conflict(found, names(facts)).title.endswith("peut encore s'améliorer.")
    unknown = Conflict(NIGHTS[24], (), (), None, certain=False)
    assert "s'est arrêtée avant" in words.conflict(unknown, names(facts)).title


def test_a_rule_of_the_territory_is_called_by_its_name():
    text = words.reason(Reason("trois par mois", ("ada",)), names(case()))
    assert text == "Dr Ada est à la limite d'une règle du territoire (« trois par mois »)."
    held = words.reason(Reason("coverage", (), (NIGHTS[24], NIGHTS[25])), names(case()))
    assert plain(held) == f"L{NIGHT_24[1:]} et {NIGHT_25} sont à tenir."


def test_someone_is_asked_to_take_and_to_leave():
    asked = Move("ada", (NIGHTS[24],), (NIGHTS[25],))
    assert plain(words.move(asked, names(case()))) == (
        f"Dr Ada prend {NIGHT_24} et laisse {NIGHT_25}."
    )


def test_what_a_change_does_is_told_level_by_level():
    told = words.change((*FAIR_FIRST, Level.COST), (0, -15, 10, 2, 26_500))
    assert [plain(one) for one in told] == [
        "plus grand écart à l'équité : 1,5 de moins",
        "somme des écarts à l'équité : 1 de plus",
        "souhaits non suivis : 2 de plus",
        "rémunération : 265 € de plus",
    ]
    assert {words.level(one) for one in Level} >= {"places vides", "changements"}


def test_dates_hours_and_durations_are_french():
    assert day_in_french(date(2026, 5, 1)) == "vendredi 1er mai 2026"
    assert day_in_french(date(2026, 8, 2), weekday=False) == "2 août 2026"
    assert plain(hour_in_french(datetime(2026, 1, 1, 8, 5, tzinfo=UTC))) == "8 h 05"
    assert plain(duration_in_french(690)) == "11 h 30"
    assert plain(euros_in_french(100)) == "1 €"
    assert tenths_in_french(20) == "2"
    assert [listed(["a", "b", "c"][:n]) for n in range(4)] == ["", "a", "a et b", "a, b et c"]
