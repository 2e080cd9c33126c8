"""The small-count rule, complete, in this file.

No count of fewer than 11 patients, pupils or respondents leaves `studies`
(the SNDS export rule; see docs/methods/petits-effectifs.md).
"""

from typing import Final

SMALLEST_COUNT_SHOWN: Final = 11


def may_show(count: int) -> bool:
    """Say whether a count of people may be shown: none at all, or eleven and more."""
    return count == 0 or count >= SMALLEST_COUNT_SHOWN


def may_show_share(share: float, *, people: int) -> bool:
    """Say whether a share, 0 to 1, may be shown: neither those it counts nor the others are few.

    people  those of the place; the base of the share holds at most as many, so that what is
            refused here is refused whatever the base is
    """
    return all(may_show(round(part * people)) for part in (share, 1 - share))
