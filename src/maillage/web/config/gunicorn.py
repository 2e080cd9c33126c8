"""How gunicorn serves the site: `gunicorn -c python:maillage.web.config.gunicorn`."""

import gc
import logging
import os
from pathlib import Path
from typing import Any

# Before NumPy is loaded: a page's small products gain nothing from threads of their own, and
# those of all web processes together would fight for the same cores.
for _library in ("OPENBLAS", "OMP", "MKL", "NUMBA"):
    os.environ.setdefault(f"{_library}_NUM_THREADS", "1")

from maillage.web.config.settings import DEBUG, WEB_WORKERS  # noqa: E402

_SITE = Path(__file__).parents[1]

wsgi_app = "maillage.web.config.wsgi:application"
workers = WEB_WORKERS
# Threads keep slow readers and kept-alive connections from holding a whole process.
worker_class = "gthread"
threads = 4
timeout = 60
graceful_timeout = 20
keepalive = 5
# A process that has leaked a little is replaced before anyone notices.
max_requests = 20_000
max_requests_jitter = 2_000
accesslog = "-" if DEBUG else None
errorlog = "-"
# Two sites on one machine would share its path in the home folder.
control_socket_disable = True


def compile_templates() -> int:
    """Compile the pages of the site, which stay compiled; return how many there are."""
    from django.template import TemplateSyntaxError, engines
    from django.template.utils import get_app_template_dirs

    compiled = 0
    for folder in get_app_template_dirs("templates"):
        for path in folder.rglob("*.html") if folder.is_relative_to(_SITE) else ():
            try:
                engines["django"].get_template(str(path.relative_to(folder)))
                compiled += 1
            except TemplateSyntaxError:
                logging.getLogger(__name__).exception("%s does not compile.", path)
    return compiled


def post_worker_init(worker: Any) -> None:
    """Open the data, the search and what profiles share before the first visitor asks."""
    from django.db import DatabaseError, connections

    from maillage.studies.profile import warm as warm_profiles
    from maillage.web.register.finding.warming import warm as warm_search
    from maillage.web.territories.search import index_of
    from maillage.web.territories.store import NoActiveStore, current_store

    try:
        store = current_store()
        index_of(store)
        warm_profiles(store)
        warm_search(store)
    except (NoActiveStore, DatabaseError) as error:
        logging.getLogger(__name__).warning("Nothing to warm up: %s", error)
    finally:
        connections.close_all()
    compile_templates()
    # What was opened stays for good: no collection has to walk through it in the middle of a page.
    gc.collect()
    gc.freeze()
