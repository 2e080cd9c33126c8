"""Ask, reuse, repeat, cancel."""

import pytest
from django_tasks_db.models import DBTaskResult

import maillage
from maillage.core.errors import InputError
from maillage.web.accounts.models import User
from maillage.web.runs import actions
from maillage.web.runs.actions import ask_run, cancel_run, repeat_run, reusable_run
from maillage.web.runs.askers import Asker
from maillage.web.runs.errors import QueueFull, RunNotCancellable, TooManyRuns, UnknownStudy
from maillage.web.runs.leases import claim_run, commit_result, give_back
from maillage.web.runs.models import Run, State
from maillage.web.runs.timing import KEEP_RESULT, Timing
from tests.web.runs.conftest import NOON

pytestmark = pytest.mark.django_db
STRANGER = Asker(visitor_hash="b" * 64)
LEASE = Timing().lease


def claimed(run):
    return claim_run(public_id=run.public_id, owner="worker-1", at=NOON, lease=LEASE)


def succeeded(run):
    commit_result(claim=claimed(run), result="[1]", at=NOON)
    return run


def reusable(asker=STRANGER, at=NOON, **changes):
    asked = {"study": "primes", "inputs": {"below": 100}, "seed": 0} | changes
    return reusable_run(**asked, asker=asker, at=at)


def test_asking_writes_the_question_its_versions_and_one_task(ask):
    run = ask(seed=3)
    assert (run.state, run.inputs, run.seed, run.title) == (
        State.QUEUED,
        '{"below":100}',
        3,
        "Nombres premiers",
    )
    assert (run.data_version, run.code_version) == ("2026-a", maillage.__version__)
    task = DBTaskResult.objects.get()
    assert (task.args_kwargs["args"], task.status) == ([run.public_id], "READY")


def test_inputs_are_completed_by_the_study_and_written_in_one_form(visitor):
    run = ask_run(study="primes", inputs={"tag": "é", "below": 7}, asker=visitor, at=NOON)
    assert run.inputs == '{"below":7,"tag":"é"}'


@pytest.mark.parametrize(
    "inputs", [{"below": -1}, {"below": 5, "tag": float("nan")}, {"tag": "x" * 1_000_001}]
)
def test_inputs_that_are_refused_write_nothing(visitor, inputs):
    with pytest.raises(InputError):
        ask_run(study="primes", inputs=inputs, asker=visitor, at=NOON)
    assert not Run.objects.exists()
    assert not DBTaskResult.objects.exists()


def test_an_unknown_study_is_refused_with_the_names_that_exist(visitor):
    with pytest.raises(UnknownStudy, match="deadly, deaf, failing, primes"):
        ask_run(study="primal", inputs={}, asker=visitor, at=NOON)


def test_one_person_has_a_bounded_number_of_unfinished_runs(ask):
    for _ in range(actions.MAX_UNFINISHED_PER_ASKER):
        last = ask()
    with pytest.raises(TooManyRuns):
        ask()
    ask(asker=STRANGER)
    succeeded(last)
    ask()


def test_the_site_has_a_bounded_number_of_unfinished_runs(ask, monkeypatch):
    monkeypatch.setattr(actions, "MAX_UNFINISHED", 2)
    ask()
    ask(asker=STRANGER)
    with pytest.raises(QueueFull):
        ask(asker=Asker())


def test_a_finished_run_is_offered_to_whoever_asks_the_same_question(ask):
    assert reusable() is None
    run = succeeded(ask())
    assert reusable() == run


@pytest.mark.parametrize("other", [{"seed": 1}, {"inputs": {"below": 101}}], ids=str)
def test_another_question_is_not_answered_by_it(ask, other):
    succeeded(ask())
    assert reusable(**other) is None


def test_an_answer_from_other_data_is_not_offered(ask, monkeypatch):
    succeeded(ask())
    monkeypatch.setattr(actions, "current_data_version", lambda: "2027-a")
    assert reusable() is None


def test_an_answer_from_other_software_is_not_offered(ask, monkeypatch):
    succeeded(ask())
    monkeypatch.setattr(maillage, "__version__", "99")
    assert reusable() is None


def test_an_answer_out_of_date_is_not_offered(ask):
    succeeded(ask())
    assert reusable(at=NOON + KEEP_RESULT) is None


def test_a_run_under_way_is_offered_to_its_asker_alone(ask, visitor):
    run = ask()
    assert reusable(asker=visitor) == run
    assert reusable(asker=STRANGER) is None


def test_repeating_asks_the_same_question_in_a_new_row_of_the_repeater(ask):
    first = succeeded(ask(seed=5))
    again = repeat_run(run=first, asker=STRANGER, at=NOON)
    assert again.pk != first.pk
    assert (again.inputs, again.seed, again.repeat_of) == (first.inputs, 5, first)
    assert again.question_hash == first.question_hash
    assert again.belongs_to(STRANGER)


def test_cancelling_a_waiting_run_ends_it_at_once(ask, visitor):
    run = ask()
    cancel_run(run=run, asker=visitor, at=NOON)
    run.refresh_from_db()
    assert (run.state, run.finished_at, run.expires_at) == (
        State.CANCELLED,
        NOON,
        NOON + KEEP_RESULT,
    )


def test_cancelling_a_running_run_asks_its_worker(ask, visitor):
    run = ask()
    claimed(run)
    cancel_run(run=run, asker=visitor, at=NOON)
    run.refresh_from_db()
    assert (run.state, run.cancel_requested, run.finished_at) == (State.RUNNING, True, None)


def test_a_stale_page_cancels_a_run_that_was_put_back_meanwhile(ask, visitor):
    run = ask()
    claim = claimed(run)
    run.refresh_from_db()
    give_back(claim=claim, at=NOON)
    cancel_run(run=run, asker=visitor, at=NOON)
    assert Run.objects.get().state == State.CANCELLED


@pytest.mark.parametrize("asker", [STRANGER, Asker()])
def test_nobody_cancels_the_run_of_somebody_else(ask, asker):
    run = ask()
    with pytest.raises(RunNotCancellable):
        cancel_run(run=run, asker=asker, at=NOON)
    assert Run.objects.get().state == State.QUEUED


def test_nobody_cancels_the_run_of_nobody(ask):
    run = ask(asker=Asker())
    with pytest.raises(RunNotCancellable):
        cancel_run(run=run, asker=Asker(), at=NOON)


def test_a_finished_run_is_not_cancelled(ask, visitor):
    run = succeeded(ask())
    with pytest.raises(RunNotCancellable):
        cancel_run(run=run, asker=visitor, at=NOON)
    assert Run.objects.get().state == State.SUCCEEDED


def test_an_account_finds_its_runs_from_any_browser(ask):
    user = User.objects.create_user("camille@example.fr")
    run = ask(asker=Asker(user_id=user.pk, visitor_hash="c" * 64))
    assert list(Run.objects.asked_by(Asker(user_id=user.pk))) == [run]
    assert list(Run.objects.asked_by(Asker(visitor_hash="c" * 64))) == [run]
    assert not Run.objects.asked_by(STRANGER).exists()
