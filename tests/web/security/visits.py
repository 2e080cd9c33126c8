"""Going to addresses, and noting what a visit changed."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from django.db import connection

WRITTEN_BY_ANY_VISIT: Final = (
    "accounts_attemptcount",
    "accounts_accessentry",
    "accounts_identity",  # the pseudonym under which an access is noted
    "django_session",
    "django_tasks_database_dbtaskresult",
    "usersessions_usersession",
    "register_searchstate",
)
_WRITE: Final = re.compile(r'\s*(?:INSERT (?:OR \w+ )?INTO|UPDATE|DELETE FROM) "(\w+)"')


@contextmanager
def noted_writes() -> Iterator[list[str]]:
    """Give the list of the statements that change a row from now on."""
    found: list[str] = []

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        done = execute(sql, params, many, context)
        written = _WRITE.match(sql)
        by_visit = written and (written[1] in WRITTEN_BY_ANY_VISIT or '"last_login"' in sql)
        # A row inserted is counted by SQLite only once its key is read.
        if written and not by_visit and ("INSERT" in sql[:20] or context["cursor"].rowcount):
            found.append(sql[:200])
        return done

    with connection.execute_wrapper(note):
        yield found
