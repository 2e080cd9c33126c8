"""What ordering needs of every entry of the index, as arrays, a block of numbers at a time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from maillage.engines.textsearch.postings import BLOCK

ROW: Final = np.dtype(
    [("place", "<u2"), ("year", "<u2"), ("lengths", "<u4", (3,)), ("updated", "<i8")]
)
"""place in the block; year of launch, 0 for none; terms of each field; microseconds since 1970"""

_ORIGIN: Final = datetime(1970, 1, 1, tzinfo=UTC)
RowArray = NDArray[np.void]
Row = tuple[int, int, tuple[int, ...], int]


def row_of(place: int, *, year: int | None, lengths: Sequence[int], updated_at: datetime) -> Row:
    """Return the row of an entry."""
    return place, year or 0, tuple(lengths), (updated_at - _ORIGIN) // timedelta(microseconds=1)


def read_rows(stored: bytes | memoryview) -> RowArray:
    """Return the rows of a block, by place."""
    return np.frombuffer(stored, dtype=ROW)


def patched_rows(stored: bytes, *, gone: Iterable[int], added: Sequence[Row]) -> bytes:
    """Return the rows of a block without some places and with further rows."""
    rows = read_rows(stored)
    new = np.array(added, dtype=ROW)
    places = [*gone, *new["place"].tolist()]
    both = np.concatenate((rows[~np.isin(rows["place"], places)], new))
    return both[np.argsort(both["place"])].tobytes()


@dataclass(frozen=True)
class Columns:
    """The entries of the whole index, by number; every array is `size` long.

    present  whether there is an entry of that number
    year     of launch, 0 for none
    lengths  number of terms of each field, shape (size, 3)
    updated  microseconds since 1970
    """

    present: NDArray[np.bool_]
    year: NDArray[np.uint16]
    lengths: NDArray[np.uint32]
    updated: NDArray[np.int64]

    @property
    def size(self) -> int:
        """One more than the greatest number that may be there, a multiple of the block."""
        return self.present.size


def read_columns(blocks: Sequence[tuple[int, bytes | memoryview]]) -> Columns:
    """Return the columns of the blocks of the index, given in ascending order."""
    size = (blocks[-1][0] + 1) * BLOCK if blocks else 0
    columns = Columns(
        np.zeros(size, dtype=np.bool_),
        np.zeros(size, dtype=np.uint16),
        np.zeros((size, 3), dtype=np.uint32),
        np.zeros(size, dtype=np.int64),
    )
    for block, stored in blocks:
        rows = read_rows(stored)
        ids = rows["place"].astype(np.int64) + block * BLOCK
        columns.present[ids] = True
        columns.year[ids] = rows["year"]
        columns.lengths[ids] = rows["lengths"]
        columns.updated[ids] = rows["updated"]
    return columns
