"""Which initiatives are shown for a territory's needs, and in what order."""

from collections.abc import Callable, Iterator

import numpy as np
import pytest
from django.db.models import F

from maillage.studies.alike import alike
from maillage.studies.profile import profile
from maillage.studies.store import Store
from maillage.web.register.finding.coverage import LADDER, coverage_of
from maillage.web.register.models import Initiative
from maillage.web.register.models.choices import State
from maillage.web.register.models.search import SearchState
from maillage.web.register.resembling import choosing
from maillage.web.register.resembling.choosing import Answered, answered_needs, levels_of
from maillage.web.register.resembling.needs import SUBJECTS_BY_NEED, needs_of
from maillage.web.territories.profile_parts import Portrayed
from tests.web.register.conftest import MakeInitiative
from tests.web.register_resembling.conftest import portrayed

Answers = Callable[[Portrayed], list[Answered]]


@pytest.fixture
def answers(shown_store: Store) -> Answers:
    """Return what answers the needs of a territory, as its own page shows it."""

    def _answers(of: Portrayed) -> list[Answered]:
        return answered_needs(of, coverage_of(shown_store), most_needs=20, per_need=10)

    return _answers


@pytest.fixture
def needy(shown_store: Store) -> Portrayed:
    """An intercommunality that has a need."""
    found = (one for one in _epcis(shown_store) if needs_of(one.report.findings))
    return next(found)


def _epcis(store: Store) -> Iterator[Portrayed]:
    for code in store.membership("epci").codes.tolist():
        yield portrayed(store, "epci", code)


def _subject(of: Portrayed) -> str:
    """Return a subject that answers the first need of a territory."""
    return str(SUBJECTS_BY_NEED[needs_of(of.report.findings)[0].indicator_id][0])


def _close(of: Portrayed) -> list[str]:
    found = alike(of.store, "epci", of.rows, code=of.code, k=50)
    return [one.code for one in found if one.distance <= choosing.MOST_DISTANCE]


def test_the_closest_territory_comes_first(
    needy: Portrayed, make: MakeInitiative, answers: Answers
) -> None:
    close = _close(needy)[:3]
    assert len(close) == 3
    made = {
        code: make(title=f"De {code}", territories=[f"epci:{code}"], sub_themes=[_subject(needy)])
        for code in (close[2], close[0], close[1])
    }
    matches = answers(needy)[0].matches
    assert [match.initiative for match in matches] == [made[code].pk for code in close]
    assert [match.alike.code for match in matches] == close
    assert all(match.level.is_own for match in matches)


def test_what_was_tried_comes_before_an_idea_from_a_closer_place(
    needy: Portrayed, make: MakeInitiative, answers: Answers
) -> None:
    near, far = _close(needy)[:2]
    subjects = [_subject(needy)]
    idea = make(title="Idée", stage="idea", territories=[f"epci:{near}"], sub_themes=subjects)
    tried = make(title="Essai", territories=[f"epci:{far}"], sub_themes=subjects)
    assert [match.initiative for match in answers(needy)[0].matches] == [tried.pk, idea.pk]


def test_a_territory_too_far_is_not_said_to_resemble(
    needy: Portrayed, make: MakeInitiative, answers: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(territories=[f"epci:{_close(needy)[0]}"], sub_themes=[_subject(needy)])
    assert answers(needy)[0].matches
    monkeypatch.setattr(choosing, "MOST_DISTANCE", 0.0)
    assert answers(needy) == []


def test_what_takes_place_here_is_told_apart(
    needy: Portrayed, make: MakeInitiative, answers: Answers
) -> None:
    inside = str(needy.store.units["code"][needy.rows[0]])
    here = [
        make(title=title, territories=[place], sub_themes=[_subject(needy)])
        for title, place in (
            ("D’ici", f"epci:{needy.code}"),
            ("D’une commune d’ici", f"commune:{inside}"),
            ("Du département", "department:20"),
            ("De la région", "region:99"),
        )
    ]
    found = answers(needy)[0]
    assert sorted(found.here) == sorted(each.pk for each in here)
    assert found.matches == ()


def test_what_takes_place_in_a_list_of_communes_is_told_apart(
    needy: Portrayed, make: MakeInitiative, answers: Answers
) -> None:
    store, near = needy.store, _close(needy)[0]
    rows = np.sort(np.concatenate([needy.rows, store.rows("epci", near)[:1]]))
    listed = Portrayed(
        store=store,
        kind="custom",
        code="x" * 12,
        name="Haute vallée",
        rows=rows,
        report=profile(store, "custom", rows=rows, name="Haute vallée"),
    )
    inside = str(store.units["code"][needy.rows[0]])
    places = [f"commune:{inside}", f"epci:{needy.code}", f"epci:{near}", "department:20"]
    here = [make(title=place, territories=[place]) for place in places]
    elsewhere = make(title="Ailleurs", territories=[f"epci:{_close(listed)[-1]}"])
    every = {number for found in answers(listed) for number in found.here}
    told = {match.initiative for found in answers(listed) for match in found.matches}
    assert every == {each.pk for each in here}
    assert told == {elsewhere.pk}


def test_the_initiative_of_a_commune_counts_for_the_territory_that_holds_it(
    needy: Portrayed, make: MakeInitiative, answers: Answers
) -> None:
    other = _close(needy)[0]
    commune = str(needy.store.units["code"][needy.store.rows("epci", other)[0]])
    make(territories=[f"commune:{commune}"], sub_themes=[_subject(needy)])
    match = answers(needy)[0].matches[0]
    assert match.alike.code == other
    assert match.places == (("commune", commune),)


def test_from_a_commune_an_intercommunality_is_set_against_its_own(
    shown_store: Store, make: MakeInitiative, answers: Answers
) -> None:
    communes = (portrayed(shown_store, "commune", str(c)) for c in shown_store.units["code"][:40])
    commune = next(one for one in communes if needs_of(one.report.findings))
    own = next(level for level in levels_of(commune) if level.kind == "epci")
    of_epci = portrayed(shown_store, "epci", own.code)
    close = _close(of_epci)[0]
    make(territories=[f"epci:{close}"], sub_themes=[_subject(commune)])
    match = answers(commune)[0].matches[0]
    assert (match.alike.code, match.level.code, match.level.is_own) == (close, own.code, False)


def test_an_initiative_is_told_once_for_its_first_need(
    shown_store: Store, make: MakeInitiative, answers: Answers
) -> None:
    several = (one for one in _epcis(shown_store) if len(needs_of(one.report.findings)) > 1)
    needy = next(several)
    subjects = {
        str(s)
        for need in needs_of(needy.report.findings)
        for s in SUBJECTS_BY_NEED[need.indicator_id]
    }
    close = [f"epci:{code}" for code in _close(needy)[:2]]
    one = make(territories=close, sub_themes=sorted(subjects))
    told = [match.initiative for found in answers(needy) for match in found.matches]
    assert told == [one.pk]


def test_without_answer_to_a_need_any_subject_is_shown(
    needy: Portrayed, make: MakeInitiative, answers: Answers
) -> None:
    make(territories=[f"epci:{_close(needy)[0]}"], sub_themes=["digital.shared_record"])
    found = answers(needy)
    assert [one.need for one in found] == [None]
    assert len(found[0].matches) == 1


@pytest.mark.parametrize("state", [State.DRAFT, State.SUBMITTED, State.ARCHIVED, State.REJECTED])
def test_nothing_unpublished_is_counted(
    needy: Portrayed, make: MakeInitiative, answers: Answers, state: State
) -> None:
    make(state, territories=[f"epci:{_close(needy)[0]}"], sub_themes=[_subject(needy)])
    assert answers(needy) == []


def test_what_was_read_is_kept_until_an_initiative_changes(
    needy: Portrayed, make: MakeInitiative, django_assert_num_queries: Callable[[int], object]
) -> None:
    store = needy.store
    with django_assert_num_queries(1):  # type: ignore[attr-defined]
        assert coverage_of(store).n_places == 0
    made = make(territories=["department:20"])
    with django_assert_num_queries(3):  # type: ignore[attr-defined]
        coverage_of(store)
    with django_assert_num_queries(1):  # type: ignore[attr-defined]
        assert coverage_of(store).places["department"][1].tolist() == [made.pk]
    make(territories=["department:20"])
    assert coverage_of(store).n_places == 2
    Initiative.objects.filter(pk=made.pk).update(state=State.ARCHIVED)
    SearchState.objects.update(revision=F("revision") + 1)
    assert coverage_of(store).n_places == 1


def test_levels_go_up_from_the_territory_itself(shown_store: Store) -> None:
    levels = levels_of(portrayed(shown_store, "epci", shown_store.membership("epci").codes[0]))
    assert [level.kind for level in levels] == list(LADDER[LADDER.index("epci") :])
    assert [level.is_own for level in levels] == [True, False, False, False]
    assert len(levels_of(portrayed(shown_store, "region", "99"))) == 1
