"""How long 10,000 rows of a spreadsheet take to become records, indexes included.

    python bench/register_import.py [--rows 10000]

On SQLite in a temporary folder; one JSON line. The bar is 60 s on two cores.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime

BAR_S = 60.0
HEADER = "Clé;Titre;En une phrase;Description;Thèmes;Porteurs;Année de lancement"
WORDS = (
    "bus",
    "dépistage",
    "soin",
    "médecin",
    "infirmière",
    "école",
    "prévention",
    "garde",
    "réseau",
)


def table(n_rows: int) -> bytes:
    """Return a CSV of `n_rows` made-up initiatives, no two alike."""
    lines = [HEADER]
    for number in range(n_rows):
        said = " ".join(WORDS[(number * step) % len(WORDS)] for step in (1, 3, 5, 7, 11))
        lines.append(
            f"k{number};Initiative {number} {said};Une phrase sur le {said}.;"
            f"{said * 8};prévention et sensibilisation;Collectivité {number % 500};2019"
        )
    return "\n".join(lines).encode()


def main() -> None:
    """Bring the table in and say how long it took."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=10_000)
    n_rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "MAILLAGE_DEMO": "1",
            "MAILLAGE_VAR_DIR": folder,
            "MAILLAGE_DATABASE_URL": f"sqlite:///{folder}/bench.sqlite3",
            "DJANGO_SETTINGS_MODULE": "maillage.web.config.settings",
        }
        taken = measured(table(n_rows))
    within = taken.seconds <= BAR_S and taken.records == n_rows
    said = {"bench": "register_import", "rows": n_rows, "records": taken.records}
    said |= {"seconds": round(taken.seconds, 1), "cpu_seconds": round(taken.cpu_seconds, 1)}
    said |= {"bar_s": BAR_S, "within": within}
    print(json.dumps(said))
    sys.exit(0 if within else 1)


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds by the clock and of this process alone, and the records there are afterwards."""

    seconds: float
    cpu_seconds: float
    records: int


def measured(body: bytes) -> Measured:
    """Bring a file in, whole, and say how long it took."""
    import django

    django.setup()
    from django.core.management import call_command

    from maillage.web.register.importing.columns import guessed_mapping
    from maillage.web.register.importing.opening import open_batch
    from maillage.web.register.importing.reading import read_spreadsheet
    from maillage.web.register.importing.running import run_batch
    from maillage.web.register.importing.steering import start_batch
    from maillage.web.register.models import Initiative
    from maillage.web.register.models.choices import Licence

    call_command("migrate", verbosity=0)
    at = datetime.now(UTC)
    started_s, started_cpu_s = time.perf_counter(), time.process_time()
    batch = open_batch(
        body=body,
        file_name="bench.csv",
        source_name="Bench",
        licence=Licence.LO_2_0,
        mapping=guessed_mapping(read_spreadsheet(body).header),
        by=None,
        at=at,
    )
    start_batch(batch=batch, at=at)
    run_batch(batch=batch, clock=lambda: at)
    return Measured(
        seconds=time.perf_counter() - started_s,
        cpu_seconds=time.process_time() - started_cpu_s,
        records=Initiative.objects.count(),
    )


if __name__ == "__main__":
    main()
