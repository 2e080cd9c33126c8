"""How fast and how well initiatives are found, on generated French records.

    python bench/textsearch.py [--texts 20000 200000]

On SQLite; on PostgreSQL too when MAILLAGE_TEST_POSTGRES_URL names a server (a database is made on
it, and dropped), where the usual `unaccent + french_stem` recipe is measured on the same records
and queries. Texts are drawn by Zipf's law from real French words and from words made like them:
latency and morphology are measured, not relevance.

Each database is measured by one process, after a first pass that warms what a site keeps warm. Two
clocks: what the visitor waits (wall), and processor time, that of the database server included,
which tells more on a machine shared with other work; bars are held to it, both are printed.
"""

import argparse
import json
import os
import platform
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

SEARCH_BAR_MS = {("sqlite", 20_000): 6.5, ("postgresql", 20_000): 35.0}
OTHER_SEARCH_BAR_MS = 60.0
FACETS_BAR_MS = {20_000: 20.0}
RECALL_BARS = {"one typo": 0.98, "typo on every word": 0.94, "plural": 0.99}
OTHER_RECALL_BAR = 0.99
N_QUERIES, N_ITEMS, WORDS_A_TEXT, BATCH = 400, 300, 150, 1_000
SYLLABLES = (
    *("ba", "co", "dé", "fa", "gi", "lo", "ma", "né", "pa"),
    *("ro", "sa", "té", "vi", "cla", "bri", "tro", "plu", "cré"),
)
ENDINGS = ["tion", "ment", "age", "ure", "isme", "iste", "able", "oire", "ique", "elle"]
POSTGRES = "MAILLAGE_TEST_POSTGRES_URL"
COPIED = ("initiative", "tag", "searchentry", "searchposting", "searchcolumns", "searchword")

Measures = dict[str, Any]
Search = Callable[[str], Sequence[int]]


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--texts", type=int, nargs="+", default=[20_000])
    parser.add_argument(
        "--measure", nargs=2, metavar=("FOLDER", "DATABASE"), help=argparse.SUPPRESS
    )
    parser.add_argument("--fill", type=int, help="only write so many, in the database of the site")
    asked = parser.parse_args()
    if asked.fill:
        fill_site(asked.fill)
        return 0
    if asked.measure:
        print(json.dumps(measure(asked.texts[0], Path(asked.measure[0]), asked.measure[1])))
        return 0
    measured = [each for n_texts in asked.texts for each in on_both_databases(n_texts)]
    if not os.environ.get(POSTGRES):
        print(f"PostgreSQL was not measured, nor the usual recipe: {POSTGRES} names no server.")
    print(json.dumps(summary(measured), ensure_ascii=False))
    return 0 if all(each["ok"] for each in measured) else 1


def on_both_databases(n_texts: int) -> Iterator[Measures]:
    """Yield what is measured on SQLite, then on PostgreSQL if there is one."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        yield judged(run_alone(n_texts, folder, f"sqlite:///{folder}/bench.sqlite3"))
        server = os.environ.get(POSTGRES)
        if server:
            with database_on(server, f"maillage_bench_{n_texts}") as address:
                yield judged(run_alone(n_texts, folder, address))


def run_alone(n_texts: int, folder: Path, database: str) -> Measures:
    """Measure in a process of its own: the settings of a process name one database."""
    command = [sys.executable, __file__, "--texts", str(n_texts), "--measure", folder, database]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


@contextmanager
def database_on(server: str, name: str) -> Iterator[str]:
    """Make an empty database on a server, and drop it in the end."""
    import psycopg

    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name}")
        connection.execute(f"CREATE DATABASE {name}")
        try:
            yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def judged(measures: Measures) -> Measures:
    """Say whether the bars are met, print it for people."""
    vendor, n_texts = measures["database"], measures["texts"]
    bars = {"search": SEARCH_BAR_MS.get((vendor, n_texts), OTHER_SEARCH_BAR_MS)}
    bars |= {"facets": FACETS_BAR_MS[n_texts]} if n_texts in FACETS_BAR_MS else {}
    fast = all(measures[name]["p95_cpu_ms"] <= bar for name, bar in bars.items())
    good = all(
        value >= RECALL_BARS.get(kind, OTHER_RECALL_BAR)
        for kind, value in measures["recall"].items()
    )
    print(f"{measures['version']}, {n_texts} records, load {measures['load']}")
    for name, value in measures.items():
        print(f"  {name}: {value}", f"(bar: {bars[name]} ms)" if name in bars else "")
    return measures | {"bars_ms": bars, "ok": fast and good}


def summary(measured: Sequence[Measures]) -> Measures:
    """Return the one line of the bench: the first database, the usual recipe, then everything."""
    first = measured[0]
    usual = next((each["usual"] for each in measured if "usual" in each), None)
    figure = first["search"]["p95_cpu_ms"]
    return {
        "bench": "textsearch",
        "figure": figure,
        "unit": f"ms (p95 of a search with correction, processor time, {first['texts']} records)",
        "peer": "PostgreSQL, unaccent + french_stem" if usual else "not measured",
        "peer_figure": usual and usual["search"]["p95_cpu_ms"],
        "ratio": usual and round(figure / usual["search"]["p95_cpu_ms"], 3),
        "bar": first["bars_ms"]["search"],
        "ok": all(each["ok"] for each in measured),
        "measured": list(measured),
    }


def measure(n_texts: int, folder: Path, database: str) -> Measures:
    """Fill a database and measure it; what is asked is kept in the folder for the next one."""
    set_up_django(folder, database)
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    filled = (
        copied_from(folder) if connection.vendor == "postgresql" else filled_anew(n_texts, folder)
    )
    asked = json.loads((folder / "asked.json").read_text())
    search, facets, clock = by_product(), by_facets(), processor_clock()
    measures = {
        "database": connection.vendor,
        "version": f"{version_of(connection)}, Python {platform.python_version()}",
        "texts": n_texts,
        "load": round(os.getloadavg()[0], 1),
        "first_search_ms": round(1_000 * seconds(lambda: search(asked["queries"][0])), 1),
        "search": timed(search, asked["queries"], clock),
        "facets": timed(facets, asked["queries"], clock),
        "recall": recalls(search, asked["items"]),
        **filled,
        "one_record_changed": timed(by_change(), asked["items"][:100], clock),
        **sizes(),
    }
    if connection.vendor == "postgresql":
        usual = by_usual_recipe()
        measures["usual"] = {
            "search": timed(usual, asked["queries"], clock),
            "recall": recalls(usual, asked["items"]),
        }
    return measures


def fill_site(n_texts: int) -> None:
    """Write records where the settings say, unless there are as many already."""
    sys.path.insert(0, str(Path(__file__).parent.parent))
    import django

    django.setup()
    from maillage.web.register.finding.indexing import rebuild
    from maillage.web.register.models import Initiative
    from maillage.web.runs.statistics import refresh_statistics

    if Initiative.objects.public().count() < n_texts:
        write_records(n_texts, seed=1)
        rebuild()
        refresh_statistics()  # as workers do every hour


def set_up_django(folder: Path, database: str) -> None:
    os.environ["MAILLAGE_DATABASE_URL"] = database
    os.environ["MAILLAGE_VAR_DIR"] = str(folder)
    os.environ["MAILLAGE_DEMO"] = "1"
    os.environ["DJANGO_SETTINGS_MODULE"] = "maillage.web.config.settings"
    sys.path.insert(0, str(Path(__file__).parent.parent))
    import django

    django.setup()


def version_of(connection: Any) -> str:
    with connection.cursor() as cursor:
        sqlite = connection.vendor == "sqlite"
        cursor.execute("SELECT sqlite_version()" if sqlite else "SHOW server_version")
        return f"{connection.vendor} {str(cursor.fetchone()[0]).split()[0]}"


def seconds(work: Callable[[], object], clock: Callable[[], float] = time.perf_counter) -> float:
    start = clock()
    work()
    return clock() - start


def filled_anew(n_texts: int, folder: Path) -> Measures:
    """Write records, build the index; keep the queries and the known items."""
    from maillage.web.register.finding.indexing import rebuild

    texts, counts = write_records(n_texts, seed=1)
    asked = {
        "queries": mixed_queries(counts, seed=2),
        "items": known_items(texts, counts, seed=3),
    }
    (folder / "asked.json").write_text(json.dumps(asked))
    built_s = seconds(rebuild, time.process_time)
    return {"words": len(counts), "index_built_cpu_s": round(built_s, 1)}


def copied_from(folder: Path) -> Measures:
    """Copy the records and the index of the SQLite run: both databases hold the same bytes."""
    import sqlite3

    from django.db import connection

    source = sqlite3.connect(folder / "bench.sqlite3")
    with connection.cursor() as cursor:
        for name in COPIED:
            copy_table(source, cursor, f"register_{name}")
        rows = source.execute("SELECT revision, n_texts, lengths FROM register_searchstate")
        cursor.execute(
            "INSERT INTO register_searchstate (id, revision, n_texts, lengths) "
            "VALUES (1, %s, %s, %s)",
            rows.fetchone(),
        )
        cursor.execute("ANALYZE")
    source.close()
    return {}


def copy_table(source: Any, cursor: Any, table: str) -> None:
    names = [row[1] for row in source.execute(f"PRAGMA table_info({table})")]
    columns = ", ".join(names)
    with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
        for row in source.execute(f"SELECT {columns} FROM {table}"):
            copy.write_row(row)


def sizes() -> Measures:
    """Return what the index takes: in memory, in each web process; and this process at its most."""
    from maillage.web.register.finding.snapshot import current_snapshot

    snapshot = current_snapshot()
    for order in (snapshot.by_change, snapshot.by_year, snapshot.by_title):
        order()
    peak_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "kept_in_memory_mb": round(snapshot.nbytes / 1e6, 2),
        "peak_of_process_mb": round(peak_kb / 1e3),
    }


def processor_clock() -> Callable[[], float]:
    """Return a clock of the processor time of this process and of its database server, if any."""
    from django.db import connection

    if connection.vendor == "sqlite":
        return time.process_time
    with connection.cursor() as cursor:
        cursor.execute("SET max_parallel_workers_per_gather = 0")  # one process to watch
        cursor.execute("SELECT pg_backend_pid()")
        spent = Path(f"/proc/{cursor.fetchone()[0]}/schedstat")
    if not spent.exists():
        return time.process_time
    return lambda: time.process_time() + int(spent.read_text().split()[0]) / 1e9


def write_records(n_texts: int, *, seed: int) -> tuple[list[tuple[int, str]], dict[str, int]]:
    """Write published initiatives; return (number, text) of some and word → number of uses."""
    from maillage.web.register.models import Initiative, Tag
    from maillage.web.register.models.choices import FACET_CHOICES, State

    chance = random.Random(seed)
    words = vocabulary(chance)
    weights = list(accumulate(1 / (rank + 20) for rank in range(len(words))))
    values = {str(facet): choices.values for facet, choices in FACET_CHOICES.items()}
    moment = datetime(2026, 11, 22, tzinfo=UTC)
    texts, counts = [], Counter()
    for start in range(0, n_texts, BATCH):
        rows = []
        for _ in range(start, min(start + BATCH, n_texts)):
            drawn = chance.choices(words, cum_weights=weights, k=WORDS_A_TEXT)
            counts.update(drawn)
            rows.append(
                Initiative(
                    title=" ".join(drawn[:8])[:150],
                    promise=" ".join(drawn[8:25])[:250],
                    description=" ".join(drawn[25:]),
                    state=State.PUBLISHED,
                    created_at=moment,
                    updated_at=moment + timedelta(seconds=chance.randrange(10**7)),
                    published_at=moment,
                    start_year=chance.randint(2005, 2026),
                )
            )
        rows = Initiative.objects.bulk_create(rows)
        Tag.objects.bulk_create(
            Tag(initiative_id=row.pk, facet=facet, value=chance.choice(each))
            for row in rows
            for facet, each in values.items()
        )
        # Enough to draw known items from, whatever the number of texts.
        texts += [(row.pk, f"{row.title} {row.promise} {row.description}") for row in rows[:20]]
    return texts, counts


def vocabulary(chance: random.Random) -> list[str]:
    """Return some 30,000 words: French ones first, then ones made like them."""
    from tests.engines.textsearch.french_words import WORDS

    made = {
        "".join(chance.choices(SYLLABLES, k=chance.randint(2, 4))) + chance.choice(ENDINGS)
        for _ in range(40_000)
    }
    real = chance.sample(WORDS, len(WORDS))
    return real + chance.sample(sorted(made), min(len(made), 28_000))


def mixed_queries(counts: dict[str, int], *, seed: int) -> list[str]:
    """Return queries of one to three words, common and rare, a third with a slip."""
    from tests.engines.textsearch.known_items import with_a_typo

    chance = random.Random(seed)
    words = sorted(word for word in counts if len(word) >= 5)
    weights = [counts[word] ** 0.5 for word in words]
    queries = []
    for rank in range(N_QUERIES):
        drawn = chance.choices(words, weights, k=chance.randint(1, 3))
        if rank % 3 == 0:
            drawn[0] = with_a_typo(drawn[0], chance)
        queries.append(" ".join(drawn))
    return queries


def known_items(
    texts: Sequence[tuple[int, str]], counts: dict[str, int], *, seed: int
) -> list[tuple[int, list[str]]]:
    """Return (number of a record, three rare words of it)."""
    chance = random.Random(seed)
    items = []
    for key, text in chance.sample(texts, min(N_ITEMS, len(texts))):
        words = sorted({word for word in text.split() if len(word) >= 6 and word in counts})
        drawn = sorted(chance.sample(words, min(10, len(words))), key=lambda word: counts[word])
        items.append((key, drawn[:3]))
    return items


def changes() -> dict[str, Callable[[list[str], random.Random], list[str]]]:
    """Return the ways in which people type something else than what is written."""
    from tests.engines.textsearch.known_items import with_a_typo, without_accents

    return {
        "as written": lambda words, chance: words,
        "plural": lambda words, chance: [word.rstrip("s") + "s" for word in words],
        "one typo": lambda words, chance: [with_a_typo(words[0], chance), *words[1:]],
        "typo on every word": lambda words, chance: [with_a_typo(w, chance) for w in words],
        "no accents": lambda words, chance: list(without_accents(words)),
    }


def by_product() -> Search:
    """Return the search of the site: correction, candidates, ranking, first page of numbers."""
    from maillage.web.register.finding.asking import answer
    from maillage.web.register.finding.criteria import Criteria

    return lambda text: answer(Criteria(text=text)).found.keys(slice(0, 10))


def by_facets() -> Search:
    """Return the counting of every value of every filter, given the answer."""
    from maillage.web.register.finding.asking import answer
    from maillage.web.register.finding.criteria import Criteria
    from maillage.web.register.finding.facets import facets_of

    answers = {}

    def _count(text: str) -> list[int]:
        if text not in answers:  # in the first pass, which is not timed
            answers[text] = answer(Criteria(text=text))
        return [len(facets_of(answers[text]))]

    return _count


def by_change() -> Callable[[Sequence[Any]], Sequence[int]]:
    """Return the indexing of one record that changes."""
    from maillage.web.register.finding.indexing import refresh

    def _change(item: Sequence[Any]) -> list[int]:
        refresh([item[0]])
        return []

    return _change


def by_usual_recipe() -> Search:
    """Return PostgreSQL's own French search, accents folded before stemming, ranked by ts_rank."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("CREATE EXTENSION IF NOT EXISTS unaccent")
        cursor.execute("CREATE TEXT SEARCH CONFIGURATION usual (COPY = french)")
        cursor.execute(
            "ALTER TEXT SEARCH CONFIGURATION usual ALTER MAPPING FOR hword, hword_part, word "
            "WITH unaccent, french_stem"
        )
        cursor.execute(
            "CREATE TABLE usual AS SELECT id, to_tsvector('usual', title || ' ' || promise || ' ' "
            "|| description) AS words FROM register_initiative"
        )
        cursor.execute("CREATE INDEX ON usual USING gin (words)")
        cursor.execute("ANALYZE usual")

    def _search(text: str) -> list[int]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id FROM usual, websearch_to_tsquery('usual', %s) AS query "
                "WHERE words @@ query ORDER BY ts_rank(words, query) DESC, id LIMIT 10",
                [text],
            )
            return [row[0] for row in cursor.fetchall()]

    return _search


def recalls(search: Search, items: Sequence[tuple[int, list[str]]]) -> dict[str, float]:
    """Return, for each way of typing, how many known items are among the first ten."""
    return {kind: round(recall(search, items, change), 4) for kind, change in changes().items()}


def recall(search: Search, items: Sequence[tuple[int, list[str]]], change: Callable) -> float:
    chance = random.Random(4)
    found = [key in search(" ".join(change(words, chance))) for key, words in items]
    return sum(found) / len(found)


def timed(work: Callable, asked: Sequence[Any], clock: Callable[[], float]) -> dict[str, float]:
    """Return p50 and p95 in milliseconds, on the wall and of the processor, after a first pass."""
    for each in asked:
        work(each)
    wall_ms, cpu_ms = [], []
    for each in asked:
        start, start_cpu = time.perf_counter(), clock()
        work(each)
        cpu_ms.append(1_000 * (clock() - start_cpu))
        wall_ms.append(1_000 * (time.perf_counter() - start))
    return {
        f"{name}_{kind}_ms": round(sorted(took)[int(part * len(took))], 2)
        for kind, took in (("wall", wall_ms), ("cpu", cpu_ms))
        for name, part in (("p50", 0.5), ("p95", 0.95))
    }


if __name__ == "__main__":
    sys.exit(main())
