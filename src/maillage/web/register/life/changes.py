"""Who must know that records changed: the search index, the counts. Called within the change."""

from collections.abc import Callable, Sequence

Follower = Callable[[Sequence[int]], None]
_FOLLOWERS: list[Follower] = []


def follow(follower: Follower) -> None:
    """Call `follower` with the numbers of the records that change, in the same transaction.

    To be called once, from the application's `ready`.
    """
    if follower not in _FOLLOWERS:
        _FOLLOWERS.append(follower)


def changed(pks: Sequence[int]) -> None:
    """Tell every follower that these records, or what hangs on them, have just changed."""
    for follower in _FOLLOWERS:
        follower(pks)
