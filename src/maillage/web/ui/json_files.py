"""Long lists as JSON, piece by piece: nothing is held whole."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

PIECE_LENGTH: Final = 65_536
"""A piece is given once it has that many characters."""


def json_pieces(head: Mapping[str, Any], name: str, items: Iterable[str]) -> Iterator[str]:
    """Yield a JSON object: the pairs of `head`, at least one, then `name` with its list.

    items  the members of the list, each a JSON text already
    """
    piece = [f'{json_text(head)[:-1]},"{name}":[']
    length = 0
    for at, item in enumerate(items):
        piece.append(f",\n{item}" if at else item)
        length += len(item)
        if length >= PIECE_LENGTH:
            yield "".join(piece)
            piece, length = [], 0
    yield "".join([*piece, "]}"])


def json_text(value: object) -> str:
    """Return a value as JSON without spaces, accents as they are."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
