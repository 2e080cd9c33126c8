"""Downloads through a real server: resumed, retried, bounded, interrupted."""

import gzip
import json
from dataclasses import replace

import httpx

from maillage.core.errors import InputError
from maillage.sources.pull import Progress
from tests.sources.pull.conftest import QUICK

BODY = b"code,name\n" + b"".join(b"%05d,Commune\n" % number for number in range(20_000))


def test_a_file_is_downloaded_checked_and_written_down(server, pull_one, folder):
    url = server.at("/communes.csv", lambda visit: visit.serve(BODY))

    (outcome,) = pull_one(url).outcomes

    assert (outcome.status, outcome.kept, outcome.bytes) == ("downloaded", True, len(BODY))
    assert (folder / "cog/communes.csv").read_bytes() == BODY
    entry = json.loads((folder / "pull.json").read_text())["files"]["cog/communes.csv"]
    assert entry["fetched_at"] == "2026-11-22T08:30:00+00:00"
    assert entry["url"] == url
    assert entry["rows"] == 20_000
    assert entry["etag"] == '"v1"'
    assert len(entry["sha256"]) == 64


def test_a_cut_connection_is_resumed_where_it_broke(server, pull_one, folder):
    def cut_twice(visit):
        visit.serve(BODY, cut_after=70_000 if visit.number < 3 else None)

    outcome = pull_one(server.at("/f", cut_twice)).outcomes[0]

    assert outcome.status == "downloaded"
    assert (folder / "cog/communes.csv").read_bytes() == BODY
    assert server.headers_sent("Range") == ["", "bytes=70000-", "bytes=140000-"]
    assert server.headers_sent("If-Range") == ["", '"v1"', '"v1"']


def test_a_server_that_ignores_range_makes_the_download_start_again(server, pull_one, folder):
    def ignore_range(visit):
        visit.begin(200, length=len(BODY), ETag='"v1"')
        visit.handler.wfile.write(BODY[:50_000] if visit.number == 1 else BODY)

    assert pull_one(server.at("/f", ignore_range)).succeeded
    assert server.headers_sent("Range") == ["", "bytes=50000-"]
    assert (folder / "cog/communes.csv").read_bytes() == BODY


def test_a_server_that_always_cuts_at_the_same_place_is_given_up(server, pull_one, folder):
    def cut(visit):
        visit.begin(200, length=len(BODY), ETag='"v1"')
        visit.handler.wfile.write(BODY[:5_000])

    (outcome,) = pull_one(server.at("/f", cut)).outcomes

    assert (outcome.status, outcome.kept) == ("failed", False)
    assert "Connexion coupée" in outcome.message
    assert len(server.visits) == 1 + QUICK.tries


def test_bytes_of_two_versions_are_never_joined(server, pull_one, folder):
    newer = BODY.replace(b"Commune", b"Village")

    def change_meanwhile(visit):
        if visit.number == 1:
            visit.serve(BODY, etag='"v1"', cut_after=70_000)
        else:
            visit.serve(newer, etag='"v2"')

    assert pull_one(server.at("/f", change_meanwhile)).succeeded
    assert (folder / "cog/communes.csv").read_bytes() == newer


def test_a_server_that_resumes_another_version_is_not_believed(server, pull_one, folder):
    newer = BODY.replace(b"Commune", b"Village")

    def lie(visit):
        if visit.number == 1:
            visit.serve(BODY, cut_after=70_000)
        elif visit.header("Range"):
            span = f"bytes 70000-{len(newer) - 1}/{len(newer)}"
            visit.begin(206, length=len(newer) - 70_000, ETag='"v2"', Content_Range=span)
            visit.handler.wfile.write(newer[70_000:])
        else:
            visit.serve(newer, etag='"v2"')

    assert pull_one(server.at("/f", lie)).succeeded
    assert (folder / "cog/communes.csv").read_bytes() == newer


def test_an_answer_that_begins_elsewhere_than_asked_is_not_joined(server, pull_one, folder):
    def begin_elsewhere(visit):
        if visit.header("Range"):
            span = f"bytes 10-{len(BODY) - 1}/{len(BODY)}"
            visit.begin(206, length=len(BODY) - 10, ETag='"v1"', Content_Range=span)
            visit.handler.wfile.write(BODY[10:])
        else:
            visit.serve(BODY, cut_after=70_000 if visit.number == 1 else None)

    assert pull_one(server.at("/f", begin_elsewhere)).succeeded
    assert (folder / "cog/communes.csv").read_bytes() == BODY


def test_a_refused_range_makes_the_download_start_again(server, pull_one, folder):
    def refuse(visit):
        if visit.header("Range"):
            visit.answer(status=416)
        else:
            visit.serve(BODY, cut_after=70_000 if visit.number == 1 else None)

    assert pull_one(server.at("/f", refuse)).succeeded
    assert (folder / "cog/communes.csv").read_bytes() == BODY


def test_without_a_validator_a_download_starts_again(server, pull_one, folder):
    def nameless(visit):
        visit.begin(200, length=len(BODY))
        visit.handler.wfile.write(BODY[:50_000] if visit.number == 1 else BODY)

    assert pull_one(server.at("/f", nameless)).succeeded
    assert server.headers_sent("Range") == ["", ""]
    assert (folder / "cog/communes.csv").read_bytes() == BODY


def test_a_weak_etag_is_not_used_to_resume_but_the_date_is(server, pull_one):
    date = "Sun, 22 Nov 2026 08:00:00 GMT"

    def weak(visit):
        if visit.number == 1:
            visit.begin(200, length=len(BODY), ETag='W/"v1"', Last_Modified=date)
            visit.handler.wfile.write(BODY[:50_000])
        else:
            visit.answer(BODY, ETag='W/"v1"', Last_Modified=date)

    assert pull_one(server.at("/f", weak)).succeeded
    assert server.headers_sent("If-Range") == ["", date]


def test_an_overloaded_server_is_asked_again_after_the_wait_it_names(server, pull_one, waits):
    def overloaded(visit):
        if visit.number < 3:
            visit.answer(status=503 if visit.number == 1 else 500, Retry_After="7")
        else:
            visit.serve(BODY)

    assert pull_one(server.at("/f", overloaded)).succeeded
    assert waits == [7.0, 7.0]


def test_waits_double_and_never_pass_the_longest(server, pull_one, waits):
    patience = replace(QUICK, tries=5, first_wait_s=1.0, longest_wait_s=3.0)
    url = server.at("/f", lambda visit: visit.answer(status=500))

    (outcome,) = pull_one(url, patience=patience).outcomes

    assert "répond 500 (5 essais)" in outcome.message
    assert waits == [1.0, 2.0, 3.0, 3.0]


def test_a_dead_address_is_told_at_once_and_the_last_good_copy_stays(server, pull_one, folder):
    assert pull_one(server.at("/f", lambda visit: visit.serve(BODY))).succeeded
    server.at("/f", lambda visit: visit.answer(b"gone", status=404))

    report = pull_one(f"{server.base}/f")

    (outcome,) = report.outcomes
    assert not report.succeeded
    assert (outcome.status, outcome.kept) == ("failed", True)
    assert "n'existe plus (404)" in outcome.message
    assert "La copie précédente reste en service." in outcome.message
    assert (folder / "cog/communes.csv").read_bytes() == BODY
    assert len(server.visits) == 2


def test_each_kind_of_refusal_has_its_words(server, pull_one):
    expected = {403: "refuse l'accès", 401: "mot de passe", 410: "retirée", 418: "répond 418"}
    for status, words in expected.items():
        url = server.at(f"/{status}", lambda visit, status=status: visit.answer(status=status))
        assert words in pull_one(url).outcomes[0].message


def test_a_redirection_is_followed(server, pull_one, folder):
    server.at("/new", lambda visit: visit.serve(BODY))
    url = server.at("/old", lambda visit: visit.answer(status=302, Location="/new"))

    assert pull_one(url).succeeded
    assert (folder / "cog/communes.csv").read_bytes() == BODY


def test_a_circle_of_redirections_is_told(server, pull_one):
    url = server.at("/f", lambda visit: visit.answer(status=302, Location="/f"))
    assert "renvoie sans fin" in pull_one(url).outcomes[0].message


def test_a_redirection_that_leaves_https_is_refused(pull_one):
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.scheme == "https":
            return httpx.Response(302, headers={"Location": "http://ailleurs.example/f"})
        return httpx.Response(200, content=BODY)

    def client_factory(_):
        return httpx.Client(transport=httpx.MockTransport(answer), follow_redirects=True)

    report = pull_one("https://producteur.example/f", client_factory=client_factory)
    assert "n'est pas protégée" in report.outcomes[0].message


def test_a_silent_server_is_given_up_after_some_tries(server, pull_one):
    def say_nothing(visit):
        visit.handler.connection.recv(1)

    patience = replace(QUICK, timeout_s=0.1)
    (outcome,) = pull_one(server.at("/f", say_nothing), patience=patience).outcomes
    assert outcome.status == "failed"
    assert "ne répond plus" in outcome.message


def test_a_slow_drip_is_given_up(server, pull_one):
    url = server.at("/f", lambda visit: visit.drip(BODY, every_s=0.01))

    (outcome,) = pull_one(url, patience=replace(QUICK, tries=2, slowest_bytes_s=5000.0)).outcomes

    assert outcome.status == "failed"
    assert "Débit trop faible" in outcome.message


def test_a_port_where_nobody_listens_is_told(pull_one):
    (outcome,) = pull_one("http://127.0.0.1:9/f").outcomes
    assert "Connexion impossible à 127.0.0.1" in outcome.message


def test_an_address_of_another_kind_is_told(pull_one):
    assert "n'est pas une adresse" in pull_one("ftp://127.0.0.1/f").outcomes[0].message


def test_a_file_without_end_is_refused(server, pull_one, folder):
    url = server.at("/f", lambda visit: visit.answer(b"x" * (QUICK.max_bytes + 1)))

    assert "dépasse" in pull_one(url).outcomes[0].message
    assert not (folder / "cog/communes.csv").exists()


def test_a_server_that_compresses_against_our_wish_is_understood(server, pull_one, folder):
    url = server.at("/f", lambda visit: visit.answer(gzip.compress(BODY), Content_Encoding="gzip"))

    assert pull_one(url).succeeded
    assert (folder / "cog/communes.csv").read_bytes() == BODY


def test_a_full_disk_is_told(server, pull_one, folder):
    work = folder / ".pull/cog/communes.csv"
    work.parent.mkdir(parents=True)
    work.write_text("a file where a folder is due")
    url = server.at("/f", lambda visit: visit.serve(BODY))

    assert "Écriture impossible" in pull_one(url).outcomes[0].message


def test_a_cancelled_download_goes_on_where_it_stopped(server, pull_one, folder):
    url = server.at("/f", lambda visit: visit.serve(BODY))
    seen: list[Progress] = []

    first = pull_one(url, on_progress=seen.append, should_stop=lambda: len(seen) > 0)
    assert first.outcomes[0].status == "cancelled"
    assert not (folder / "cog/communes.csv").exists()

    assert pull_one(url).succeeded
    assert server.headers_sent("Range") == ["", f"bytes={seen[-1].received_bytes}-"]
    assert (folder / "cog/communes.csv").read_bytes() == BODY


def test_progress_tells_how_much_of_how_much(server, pull_one):
    seen: list[Progress] = []
    pull_one(server.at("/f", lambda visit: visit.serve(BODY)), on_progress=seen.append)

    assert seen[-1] == Progress("essai", "cog/communes.csv", len(BODY), len(BODY))
    assert [step.received_bytes for step in seen] == sorted(step.received_bytes for step in seen)


def test_a_damaged_note_beside_a_part_makes_the_download_start_again(server, pull_one, folder):
    part = folder / ".pull/cog/communes.csv/download.part"
    part.parent.mkdir(parents=True)
    part.write_bytes(b"something old")
    part.with_name("download.part.json").write_text("{not json")

    assert pull_one(server.at("/f", lambda visit: visit.serve(BODY))).succeeded
    assert (folder / "cog/communes.csv").read_bytes() == BODY


def test_two_pulls_never_share_a_folder(server, pull_one):
    refused = []

    def pull_again(_: Progress) -> None:
        try:
            pull_one(url)
        except InputError as error:
            refused.append(str(error))

    url = server.at("/f", lambda visit: visit.serve(BODY))
    assert pull_one(url, on_progress=pull_again).succeeded
    assert "Un autre téléchargement est en cours" in refused[0]
