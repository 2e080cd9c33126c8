"""Parts of a territory's page that other features fill: the atlas shows them, knowing none.

A feature adds its parts from its application's `ready`. The atlas gives each the territory and its
report, already made, and shows what comes back: in the page, and on a page of its own.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from maillage.studies.profile import ProfileReport
from maillage.studies.store import Store
from maillage.studies.store.tables import IntArray


@dataclass(frozen=True, slots=True)
class Portrayed:
    """The territory of a page, and what the studies say of it.

    kind, code, name  as in its address; `custom` and its public name for a visitor's own list
    rows              its units, sorted
    """

    store: Store = field(repr=False)
    kind: str
    code: str
    name: str
    rows: IntArray = field(repr=False)
    report: ProfileReport = field(repr=False)


Content = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ProfilePart:
    """A part of a territory's page.

    name           its anchor, and the end of the address of its own page
    heading        words above it, and in the list of what is on the page
    template       of the part in the page; finds `content`, `part_url` and the page's own words
    page_template  of its own page; finds the same
    brief          what the part says in the page; None when it has no place there. Few queries:
                   every visitor of the page waits for it
    whole          what its own page says; None when there is no such page
    """

    name: str
    heading: str
    template: str
    page_template: str
    brief: Callable[[Portrayed], Content | None]
    whole: Callable[[Portrayed], Content | None]


_PARTS: dict[str, ProfilePart] = {}


def add_profile_part(part: ProfilePart) -> None:
    """Have a part shown on the page of every territory; to be called from `ready`."""
    _PARTS[part.name] = part


def profile_parts() -> list[ProfilePart]:
    """Return the parts that features of this site fill, by name."""
    return [_PARTS[name] for name in sorted(_PARTS)]


def profile_part(name: str) -> ProfilePart | None:
    """Return a part by its name."""
    return _PARTS.get(name)
