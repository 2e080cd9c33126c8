"""What the journal keeps of an action on a record: who, what, which fields; never their content."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from maillage.web.accounts.journal.writing import record
from maillage.web.register.models import Initiative


def journal(
    verb: str, *, on: Initiative, by: Any, at: datetime, fields: Iterable[str] = ()
) -> None:
    """Write one line of the journal, in the transaction of the action."""
    record(verb, on=on, by=by, at=at, fields=fields)
