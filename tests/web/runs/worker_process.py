"""A real worker in a process of its own, with the sample studies and a quick clockwork.

python -m tests.web.runs.worker_process '{"lease_s": 2, "look_s": 0.05, …}'
"""

import json
import sys

import django


def main() -> None:
    """Work until a signal says to end."""
    django.setup()
    from maillage.web.runs import studies
    from maillage.web.runs.timing import Timing
    from maillage.web.runs.workers import run_worker
    from tests.web.runs.sample_studies import STUDIES

    studies.available_studies = lambda: STUDIES
    timing = Timing(**json.loads(sys.argv[1]))
    print("ready", flush=True)
    run_worker(timing=timing)


if __name__ == "__main__":
    main()
