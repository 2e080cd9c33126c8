"""What else is erased when a person closes their account.

Features say so once, from their application's `ready`: accounts know no feature.
"""

from collections.abc import Callable
from typing import Any

Forgetter = Callable[[Any, frozenset[str]], None]
_FORGETTERS: list[Forgetter] = []


def forgets(forgetter: Forgetter) -> None:
    """Call `forgetter` with a person and their addresses just before they are erased.

    In the same transaction. To be called once.
    """
    if forgetter not in _FORGETTERS:
        _FORGETTERS.append(forgetter)


def forget_everywhere(user: Any, addresses: frozenset[str]) -> None:
    """Have every feature erase what it holds of a person."""
    for forgetter in _FORGETTERS:
        forgetter(user, addresses)
