"""Where the next page begins: after the last record seen, whatever was changed meanwhile."""

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import UTC, datetime

from maillage.core.errors import InputError

LONGEST = 200


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last record seen: when it changed, and its number."""

    updated_at: datetime
    key: int

    def text(self) -> str:
        """Return the cursor as an address carries it."""
        raw = json.dumps([self.updated_at.isoformat(), self.key]).encode()
        return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def read_cursor(text: str) -> Cursor:
    """Return the cursor of an address. InputError for anything that is not one of ours."""
    refused = InputError("This cursor is not one of ours: take `next` of the page before as it is.")
    try:
        raw = base64.b64decode(
            text[:LONGEST] + "=" * (-len(text) % 4), altchars=b"-_", validate=True
        )
        moment, key = json.loads(raw)
        written = datetime.fromisoformat(moment)
        updated_at = written.astimezone(UTC)
    except (ValueError, TypeError, binascii.Error, RecursionError, OverflowError) as error:
        raise refused from error
    if written.tzinfo is None or type(key) is not int or not 0 <= key < 2**63:
        raise refused
    return Cursor(updated_at, key)
