"""The small-count rule, complete, in this file.

No count of fewer than 11 patients, pupils or respondents leaves `studies`
(the SNDS export rule; see docs/methods/petits-effectifs.md).
"""

from typing import Final

SMALLEST_COUNT_SHOWN: Final = 11


def may_show(count: int) -> bool:
    """Say whether a count of people may be shown: none at all, or eleven and more."""
    return count == 0 or count >= SMALLEST_COUNT_SHOWN
