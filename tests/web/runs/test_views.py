"""Pages of runs: what they say, to whom, with how many queries."""

import json
import re

import pytest
import time_machine

from maillage.web.runs.actions import cancel_run, repeat_run
from maillage.web.runs.askers import Asker
from maillage.web.runs.leases import (
    claim_run,
    commit_cancellation,
    commit_failure,
    commit_result,
    renew_lease,
)
from maillage.web.runs.models import Run, State
from maillage.web.runs.presenting import MAX_SHOWN_CHARACTERS
from maillage.web.runs.sweeping import purge
from maillage.web.runs.timing import KEEP_RESULT, Timing
from tests.web.runs.conftest import NOON

pytestmark = pytest.mark.django_db
LEASE = Timing().lease


def claimed(run):
    return claim_run(public_id=run.public_id, owner="worker-1", at=NOON, lease=LEASE)


def succeeded(run, result='{"gain":1234.5}'):
    commit_result(claim=claimed(run), result=result, at=NOON)
    return run


def start(client, **sent):
    return client.post("/calculs/lancer/primes/", {"inputs": '{"below": 100}'} | sent)


@pytest.fixture(autouse=True)
def noon():
    """Requests come at noon, as everything else of these tests."""
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def mine(client):
    """A run started by `client`, whose browser therefore owns it."""
    start(client)
    return Run.objects.get()


@pytest.fixture
def claim(ask):
    """A worker's claim on a run that is 47 % done."""
    claim = claimed(ask())
    renew_lease(claim=claim, progress=0.47, message="Étape 2", at=NOON, lease=LEASE)
    return claim


@pytest.fixture
def running(claim):
    return Run.objects.get()


def page(client, run):
    return client.get(run.get_absolute_url()).content.decode()


def status(client, run, said=""):
    return client.get(f"{run.get_absolute_url()}etat/", {"dit": said})


def test_starting_a_run_leads_to_its_page(client):
    response = start(client, seed="9")
    run = Run.objects.get()
    assert response.headers["Location"] == run.get_absolute_url()
    assert run.seed == 9


def test_nobody_titles_the_run_that_the_next_to_ask_is_shown(client):
    start(client, titre="Des mots à faire lire aux autres")
    assert "mots" not in Run.objects.get().title


def test_the_same_question_is_offered_its_answer_and_may_be_asked_again(client, ask):
    done = succeeded(ask())
    offer = start(client, seed="0").content.decode()
    assert f'href="{done.get_absolute_url()}"' in offer
    assert Run.objects.count() == 1
    hidden = dict(re.findall(r'type="hidden" name="(inputs|seed)" value="([^"]*)"', offer))
    start(
        client, recalculer="1", seed=hidden["seed"], inputs=hidden["inputs"].replace("&quot;", '"')
    )
    assert Run.objects.values("question_hash", "seed").distinct().count() == 1
    assert Run.objects.count() == 2


def test_asking_twice_while_it_waits_leads_to_the_same_page(client, mine):
    assert start(client).headers["Location"] == mine.get_absolute_url()
    assert Run.objects.count() == 1


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"inputs": "{"}, "ne conviennent pas"),
        ({"inputs": "[1]"}, "ne conviennent pas"),
        ({"inputs": '{"below": -1}'}, "ne conviennent pas"),
        ({"seed": "-1"}, "ne conviennent pas"),
        ({"seed": "9" * 30}, "ne conviennent pas"),
        ({"seed": "٣"}, "ne conviennent pas"),
    ],
)
def test_a_question_that_is_refused_is_explained(client, sent, said):
    response = client.get(start(client, **sent).headers["Location"])
    assert said in response.content.decode()
    assert not Run.objects.exists()


def test_an_unknown_study_is_explained(client):
    response = client.post("/calculs/lancer/nothing/", follow=True)
    assert "Cette étude n&#x27;existe pas" in response.content.decode()


def test_a_waiting_run_says_how_many_are_before_it(client, ask):
    for minute in range(3):
        last = ask(at=NOON.replace(minute=minute))
    assert "2 calculs avant celui-ci" in page(client, last)
    assert "Le prochain à être calculé" in page(client, Run.objects.last())


def test_a_running_run_shows_its_progress_and_asks_for_it_again(client, running):
    shown = page(client, running)
    assert re.search(r'<progress id="run-progress"[^>]* max="100"[^>]* value="47">', shown)
    assert '<label for="run-progress"' in shown
    assert 'aria-live="polite"' in shown
    assert 'hx-trigger="every 1s"' in shown
    assert f'<a href="{running.get_absolute_url()}">Actualiser cette page</a>' in shown


def test_the_progress_is_announced_only_when_it_is_news(client, running):
    first = status(client, running).content.decode()
    assert 'hx-swap-oob="innerHTML">Calcul en cours, 40\u00a0% faits.' in first
    again = status(client, running, "Calcul en cours, 40 % faits.").content.decode()
    assert "hx-swap-oob" not in again


def test_the_page_is_loaded_again_when_the_run_ends(client, running, claim):
    assert "HX-Refresh" not in status(client, running).headers
    Run.objects.update(cancel_requested=True)
    commit_cancellation(claim=claim, at=NOON)
    response = status(client, running)
    assert response.headers["HX-Refresh"] == "true"
    assert "hx-get" not in response.content.decode()


def test_a_result_is_shown_in_french_figures(client, ask):
    shown = page(client, succeeded(ask()))
    assert "1\u202f234,5" in shown
    assert "hx-get" not in shown


def test_a_result_too_long_for_a_page_is_offered_as_a_file(client, ask):
    run = succeeded(ask(), json.dumps("x" * MAX_SHOWN_CHARACTERS))
    shown = page(client, run)
    assert "trop long pour une page" in shown
    assert len(shown) < 50_000


def test_a_failure_is_explained(client, ask):
    run = ask()
    commit_failure(claim=claimed(run), error="Il manque <2023>.", at=NOON)
    assert "Il manque &lt;2023&gt;." in page(client, run)


def test_an_expired_run_can_still_be_asked_again(client, ask):
    run = succeeded(ask())
    purge(at=NOON + KEEP_RESULT)
    shown = page(client, run)
    assert "puis effacé" in shown
    assert f"{run.get_absolute_url()}refaire/" in shown


def test_a_repeated_run_says_whether_it_found_the_same(client, ask, visitor):
    first = succeeded(ask())
    same = succeeded(repeat_run(run=first, asker=visitor, at=NOON))
    other = succeeded(repeat_run(run=first, asker=visitor, at=NOON), '{"gain":2}')
    assert "Identique, chiffre pour chiffre" in page(client, same)
    assert "Différent de celui du" in page(client, other)


def test_anybody_may_repeat_a_run_and_owns_the_new_one(client, ask):
    first = succeeded(ask())
    location = client.post(f"{first.get_absolute_url()}refaire/").headers["Location"]
    again = Run.objects.get(repeat_of=first)
    assert location == again.get_absolute_url()
    assert "Annuler ce calcul" in page(client, again)


def test_a_run_is_cancelled_from_its_page(client, mine):
    response = client.post(f"{mine.get_absolute_url()}annuler/", follow=True)
    assert "L&#x27;annulation est demandée." in response.content.decode()
    mine.refresh_from_db()
    assert mine.state == State.CANCELLED


def test_cancelling_what_is_finished_is_explained(client, mine):
    succeeded(mine)
    response = client.post(f"{mine.get_absolute_url()}annuler/", follow=True)
    assert "il n&#x27;y a plus rien à annuler" in response.content.decode()


def test_a_stranger_may_read_a_run_and_not_cancel_it(client, ask):
    run = ask()
    assert "Annuler ce calcul" not in page(client, run)
    assert client.post(f"{run.get_absolute_url()}annuler/").status_code == 404
    run.refresh_from_db()
    assert run.state == State.QUEUED


@pytest.mark.parametrize("end", ["", "etat/", "calcul.json"])
def test_an_unknown_run_is_not_found(client, end):
    assert client.get(f"/calculs/nowhere/{end}").status_code == 404


@pytest.mark.parametrize("end", ["annuler/", "refaire/"])
def test_changes_are_never_made_by_a_link(client, ask, end):
    assert client.get(f"{ask().get_absolute_url()}{end}").status_code == 405


def test_one_browser_sees_its_own_runs_alone(client, mine, ask):
    ask()
    shown = client.get("/calculs/").content.decode()
    assert shown.count('<th scope="row">') == 1
    assert mine.get_absolute_url() in shown


def test_a_browser_without_runs_is_told_so_and_given_no_session(client):
    response = client.get("/calculs/")
    assert "Aucun calcul pour l’instant" in response.content.decode()
    assert "sessionid" not in response.cookies


def test_the_json_of_a_run_says_all_of_it(client, ask):
    run = succeeded(ask(seed=2), '{"b":1,"a":0.1}')
    told = client.get(f"{run.get_absolute_url()}calcul.json").json()
    assert told["url"] == f"http://testserver{run.get_absolute_url()}"
    assert (told["study"], told["seed"], told["state"]) == ("primes", 2, "succeeded")
    assert told["inputs"] == {"below": 100}
    assert list(told["result"].items()) == [("b", 1), ("a", 0.1)]
    assert told["created_at"] == NOON.isoformat()


def test_the_json_of_an_unfinished_run_has_no_result(client, running):
    told = client.get(f"{running.get_absolute_url()}calcul.json").json()
    assert (told["result"], told["finished_at"], told["progress"]) == (None, None, 0.47)


def test_nobody_learns_who_asked(client, ask, visitor):
    run = succeeded(ask())
    told = page(client, run) + client.get(f"{run.get_absolute_url()}calcul.json").content.decode()
    assert visitor.visitor_hash not in told


def test_asking_again_every_second_costs_one_query(client, running, django_assert_num_queries):
    with django_assert_num_queries(1):
        status(client, running)


def test_the_page_of_a_run_costs_few_queries(client, ask, django_assert_max_num_queries):
    run = succeeded(ask())
    with django_assert_max_num_queries(2):  # the run with its original, the data's version
        page(client, run)


def test_a_long_list_costs_as_many_queries_as_a_short_one(
    client, mine, django_assert_max_num_queries
):
    asker = Asker(visitor_hash=mine.visitor_hash)
    for _ in range(3):
        cancel_run(run=Run.objects.first(), asker=asker, at=NOON)
        repeat_run(run=mine, asker=asker, at=NOON)
    with django_assert_max_num_queries(4):  # session, count, page, the data's version
        assert client.get("/calculs/").content.count(b'<th scope="row">') == 4
