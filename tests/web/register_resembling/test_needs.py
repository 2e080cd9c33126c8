"""Needs and the subjects that answer them."""

from dataclasses import replace

from maillage.studies.findings import _LEFT_OUT, Finding
from maillage.studies.indicators import indicators
from maillage.studies.store import Store
from maillage.web.register.models.choices import SubTheme
from maillage.web.register.resembling.needs import SUBJECTS_BY_NEED, needs_of
from tests.web.register_resembling.conftest import portrayed


def test_every_figure_that_can_be_a_need_has_its_subjects() -> None:
    can_be = {
        item.id
        for item in indicators().values()
        if item.direction != "neutral" and not item.is_class and item.id not in _LEFT_OUT
    }
    assert can_be | {"share_75_plus"} == set(SUBJECTS_BY_NEED)


def test_every_subject_answers_a_need_or_is_known_to_answer_none() -> None:
    used = {subject for subjects in SUBJECTS_BY_NEED.values() for subject in subjects}
    assert set(SubTheme) - used == {
        SubTheme.HEALTH_EDUCATION,
        SubTheme.MENTAL_HEALTH,
        SubTheme.SHARED_RECORD,
        SubTheme.PLANNING,
    }


def test_needs_with_the_same_answer_are_told_once(fictional_store: Store) -> None:
    report = portrayed(fictional_store, "department", "20").report
    first = replace(report.findings[0], indicator_id="apl_gp", tone="need")
    second = replace(first, indicator_id="gp_per_10000")
    assert needs_of([first, second]) == [first]
    assert needs_of([second, first]) == [second]


def test_a_strength_is_no_need_and_many_older_people_are_one(fictional_store: Store) -> None:
    report = portrayed(fictional_store, "department", "20").report

    def finding(name: str, tone: str, share_worse: float) -> Finding:
        return replace(
            report.findings[0],
            indicator_id=name,
            tone=tone,  # type: ignore[arg-type]
            share_worse=share_worse,
        )

    old, less_old = (finding("share_75_plus", "context", share) for share in (0.8, 0.6))
    assert needs_of([finding("apl_gp", "strength", 0.9), less_old, old]) == [old]
    assert needs_of([finding("population", "need", 0.1)]) == []
