"""Territories as people write them: a name, an official code, or what our own pages write back.

Pau                       the only territory of that name
64445                     the only territory of that code
Paris (département 75)    as our pages write it, without doubt
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.db.models import Q
from django.utils.text import slugify

from maillage.web.register.content.fields import MOST_TERRITORIES
from maillage.web.territories.kinds import KIND_BY_NAME
from maillage.web.territories.models import Territory

_EXACT: Final = re.compile(r".*\((?P<label>[^()\d]+?) (?P<code>[0-9A-Z]+)\)")
_REFERENCE: Final = re.compile(r"(?P<kind>[a-z_]+):(?P<code>[0-9A-Z]+)")
_KIND_OF_LABEL: Final = {kind.label: name for name, kind in KIND_BY_NAME.items()}


@dataclass(frozen=True, slots=True)
class PlacesRead:
    """What a list of places names, as "kind:code", and the lines that name none or several."""

    references: tuple[str, ...]
    problems: tuple[str, ...]


def written(territory: Territory) -> str:
    """Return a territory as `read_places` reads it without doubt."""
    return f"{territory.name} ({territory.kind_label} {territory.code})"


def split_places(text: str) -> list[str]:
    """Cut a text into its places, one a line or between semicolons."""
    return [part.strip() for part in re.split(r"[\n;]+", text) if part.strip()]


def read_places(lines: Iterable[str], *, known: "KnownPlaces | None" = None) -> PlacesRead:
    """Return the territories that lines name; a line is never guessed.

    Of more lines than a sheet holds, none is looked up: anybody may send such a list.
    """
    wanted = list(lines)
    if len(wanted) > MOST_TERRITORIES:
        return PlacesRead((), (f"{len(wanted)} territoires : {MOST_TERRITORIES} au plus.",))
    known = known or KnownPlaces.of(wanted)
    references, problems = [], []
    for line in wanted:
        found = known.named(line)
        if len(found) == 1:
            references.append(f"{found[0].kind}:{found[0].code}")
        elif found:
            names = " ; ".join(written(one) for one in found[:5])
            problems.append(f"« {line[:60]} » désigne plusieurs territoires. Écrivez : {names}.")
        else:
            problems.append(f"« {line[:60]} » n’est le nom ni le code d’aucun territoire connu.")
    return PlacesRead(tuple(sorted(set(references))), tuple(problems))


@dataclass(frozen=True, slots=True)
class KnownPlaces:
    """The territories that some lines may name, read in one query."""

    by_code: dict[str, list[Territory]]
    by_slug: dict[str, list[Territory]]

    @classmethod
    def of(cls, lines: Iterable[str]) -> "KnownPlaces":
        """Read the territories that these lines may name."""
        codes, slugs = set(), set()
        for line in lines:
            match = _EXACT.fullmatch(line) or _REFERENCE.fullmatch(line)
            codes.add(match["code"] if match else line.strip().upper().replace(" ", "")[:16])
            slugs.add(slugify(line)[:200])
        by_code, by_slug = sorted(codes), sorted(slugs - {""})
        found: dict[str, list[Territory]] = defaultdict(list)
        named: dict[str, list[Territory]] = defaultdict(list)
        for start in range(0, max(len(by_code), len(by_slug)), 400):
            part = Q(code__in=by_code[start : start + 400])
            part |= Q(slug__in=by_slug[start : start + 400])
            for territory in Territory.objects.filter(part).order_by("kind", "code"):
                found[territory.code].append(territory)
                named[territory.slug].append(territory)
        return cls(found, named)

    def named(self, line: str) -> list[Territory]:
        """Return the territories that one line may mean: one when it is clear."""
        match = _EXACT.fullmatch(line)
        reference = _REFERENCE.fullmatch(line)
        if match:
            kind = _KIND_OF_LABEL.get(match["label"].strip(), "")
            return [one for one in self.by_code.get(match["code"], []) if one.kind == kind]
        if reference:
            by_code = self.by_code.get(reference["code"], [])
            return [one for one in by_code if one.kind == reference["kind"]]
        by_code = self.by_code.get(line.strip().upper().replace(" ", ""), [])
        if by_code:  # a zone bears the code of its main commune: the bare code is the commune's
            return [one for one in by_code if one.kind == "commune"] or by_code
        current = [one for one in self.by_slug.get(slugify(line), []) if not one.ended]
        return current or self.by_slug.get(slugify(line), [])
