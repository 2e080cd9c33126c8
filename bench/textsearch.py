"""How fast and how well initiatives are found, on generated French records.

    python bench/textsearch.py [--texts 20000]

On SQLite; on PostgreSQL when MAILLAGE_DATABASE_URL names one (an empty one: records are written),
where the usual `unaccent + french_stem` recipe is measured on the same records and queries.
One JSON line per claim. Texts are drawn by Zipf's law from real French words and from words made
like them: latency and morphology are measured, not relevance.
"""

import argparse
import json
import os
import platform
import random
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

BARS_MS = {
    "sqlite": {20_000: 6.5, 200_000: 60.0},
    "postgresql": {20_000: 35.0, 200_000: 60.0},
}
FACETS_BAR_MS = 20.0
ONE_TYPO_BAR, ALL_TYPOS_BAR, INFLECTED_BAR = 0.98, 0.94, 0.99
N_QUERIES, N_ITEMS, WORDS_A_TEXT, BATCH = 400, 300, 150, 1_000
SYLLABLES = (
    *("ba", "co", "dé", "fa", "gi", "lo", "ma", "né", "pa"),
    *("ro", "sa", "té", "vi", "cla", "bri", "tro", "plu", "cré"),
)
ENDINGS = ["tion", "ment", "age", "ure", "isme", "iste", "able", "oire", "ique", "elle"]


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--texts", type=int, default=20_000)
    n_texts = parser.parse_args().texts
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("MAILLAGE_DATABASE_URL", f"sqlite:///{folder}/bench.sqlite3")
        os.environ["MAILLAGE_VAR_DIR"] = folder
        os.environ["MAILLAGE_DEMO"] = "1"
        os.environ["DJANGO_SETTINGS_MODULE"] = "maillage.web.config.settings"
        sys.path.insert(0, str(Path(__file__).parent.parent))
        import django

        django.setup()
        claims = measure(n_texts)
    for claim in claims:
        print(json.dumps(claim, ensure_ascii=False))
    return 0 if all(claim["ok"] for claim in claims) else 1


def measure(n_texts: int) -> list[dict[str, object]]:
    from django.core.management import call_command
    from django.db import connection

    from maillage.web.register.finding.indexing import rebuild

    call_command("migrate", verbosity=0)
    texts, counts = write_records(n_texts, seed=1)
    start = time.perf_counter()
    rebuild()
    build_s = time.perf_counter() - start
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    print(
        f"Python {platform.python_version()}, {connection.vendor}, {n_texts} records, "
        f"{len(counts)} words, index built in {build_s:.1f} s; load {os.getloadavg()[0]:.1f}"
    )
    search = by_product()
    bar = BARS_MS[connection.vendor].get(n_texts, 60.0)
    queries = mixed_queries(counts, seed=2)
    items = known_items(texts, counts, seed=3)
    claims = [
        *recalls(search, items),
        latency(f"facets, p95 ms, {n_texts}", by_facets(), queries, FACETS_BAR_MS),
        latency(f"search with correction, p95 ms, {n_texts}", search, queries, bar),
    ]
    if connection.vendor == "postgresql":
        usual = by_usual_recipe()
        p50, p95 = timed(usual, queries)
        found = {kind: recall(usual, items, change) for kind, change in changes().items()}
        print(f"unaccent + french_stem: p50 {p50:.1f} ms, p95 {p95:.1f} ms, recall@10 {found}")
    return claims


def write_records(n_texts: int, *, seed: int) -> tuple[list[tuple[int, str]], dict[str, int]]:
    """Write published initiatives; return (number, text) of each and word → number of uses."""
    from collections import Counter
    from datetime import UTC, datetime

    from maillage.web.register.models import Initiative, Tag
    from maillage.web.register.models.choices import FACET_CHOICES, State

    chance = random.Random(seed)
    words = vocabulary(chance)
    weights = [1 / (rank + 20) for rank in range(len(words))]
    moment = datetime(2026, 11, 22, tzinfo=UTC)
    texts, counts = [], Counter()
    for start in range(0, n_texts, BATCH):
        rows, tags = [], []
        for _ in range(start, min(start + BATCH, n_texts)):
            drawn = chance.choices(words, weights, k=WORDS_A_TEXT)
            counts.update(drawn)
            rows.append(
                Initiative(
                    title=" ".join(drawn[:8])[:150],
                    promise=" ".join(drawn[8:25])[:250],
                    description=" ".join(drawn[25:]),
                    state=State.PUBLISHED,
                    created_at=moment,
                    updated_at=moment,
                    published_at=moment,
                    start_year=chance.randint(2005, 2026),
                )
            )
        rows = Initiative.objects.bulk_create(rows)
        for row in rows:
            texts.append((row.pk, f"{row.title} {row.promise} {row.description}"))
            for facet, choices in FACET_CHOICES.items():
                tags.append(Tag(initiative=row, facet=facet, value=chance.choice(choices.values)))
        Tag.objects.bulk_create(tags)
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


Search = Callable[[str], list[int]]


def by_product() -> Search:
    """Return the search of the site: correction, candidates, ranking, first page of numbers."""
    from maillage.web.register.finding.asking import answer
    from maillage.web.register.finding.criteria import Criteria

    return lambda text: answer(Criteria(text=text)).found.keys(slice(0, 10))


def by_facets() -> Search:
    """Return the counting of every facet, given the answer."""
    from maillage.web.register.finding.asking import answer
    from maillage.web.register.finding.criteria import Criteria
    from maillage.web.register.finding.facets import facets_of

    answers = {}

    def _count(text: str) -> list[int]:
        found = answers.get(text)
        if found is None:
            found = answers.setdefault(text, answer(Criteria(text=text)))
            return []
        return [len(facets_of(found))]

    return _count


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


def recalls(search: Search, items: Sequence[tuple[int, list[str]]]) -> list[dict[str, object]]:
    bars = {"plural": INFLECTED_BAR, "one typo": ONE_TYPO_BAR, "typo on every word": ALL_TYPOS_BAR}
    return [
        _claim(
            f"recall@10, {kind}", recall(search, items, change), bars.get(kind, 0.99), least=True
        )
        for kind, change in changes().items()
    ]


def recall(search: Search, items: Sequence[tuple[int, list[str]]], change: Callable) -> float:
    chance = random.Random(4)
    found = [key in search(" ".join(change(words, chance))) for key, words in items]
    return sum(found) / len(found)


def latency(name: str, search: Search, queries: Sequence[str], bar_ms: float) -> dict[str, object]:
    p50, p95 = timed(search, queries)
    cpu50, cpu95 = timed(search, queries, clock=time.process_time)
    print(
        f"{name.partition(',')[0]}: p50 {p50:.2f} ms, p95 {p95:.2f} ms; "
        f"of this process alone, CPU: p50 {cpu50:.2f} ms, p95 {cpu95:.2f} ms"
    )
    return _claim(name, p95, bar_ms)


def timed(
    search: Search, queries: Sequence[str], *, clock: Callable[[], float] = time.perf_counter
) -> tuple[float, float]:
    """Return p50 and p95 in milliseconds, after a first pass that warms what a site keeps warm."""
    for query in queries:
        search(query)
    took = []
    for query in queries:
        start = clock()
        search(query)
        took.append(1_000 * (clock() - start))
    took.sort()
    return took[len(took) // 2], took[int(0.95 * len(took))]


def _claim(name: str, value: float, bar: float, *, least: bool = False) -> dict[str, object]:
    ok = value >= bar if least else value <= bar
    return {"bench": "textsearch", "claim": name, "value": round(value, 4), "bar": bar, "ok": ok}


if __name__ == "__main__":
    sys.exit(main())
