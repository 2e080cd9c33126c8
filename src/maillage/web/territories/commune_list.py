"""Read a list of communes as people paste it: names, Insee codes, postal codes, one a line."""

import re
from dataclasses import dataclass
from typing import Final

from maillage.sources.names import fold_name
from maillage.web.territories.search import TerritoryIndex, search

MOST_LINES: Final = 2_000
_SEPARATORS: Final = re.compile(r"[\n;,\t]+")
_FIVE_CHARACTERS: Final = re.compile(r"(?:\d{2}|2[AB])\d{3}")
_CODE_FIRST: Final = re.compile(
    r"^(?P<place>(?:\d{2}|2[AB])\d{3})\s+(?P<name>\D.*)$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class LineProblem:
    """A line that names no commune, or several, and what to write instead."""

    line: int
    text: str
    advice: str


@dataclass(frozen=True, slots=True)
class CommuneList:
    """The communes understood, by code, each once, and the lines that were not."""

    codes: tuple[str, ...]
    problems: tuple[LineProblem, ...]


def read_commune_list(index: TerritoryIndex, text: str) -> CommuneList:
    """Return the communes that a pasted text names; every line is tried, none is guessed."""
    entries = [part.strip() for part in _SEPARATORS.split(text)]
    codes: set[str] = set()
    problems = []
    for line, entry in enumerate((entry for entry in entries if entry), start=1):
        if line > MOST_LINES:
            advice = f"Une liste compte au plus {MOST_LINES} lignes : le reste n’a pas été lu."
            problems.append(LineProblem(line, entry, advice))
            break
        found, advice = _read_line(index, entry)
        codes.update(found)
        if advice:
            problems.append(LineProblem(line, entry, advice))
    return CommuneList(tuple(sorted(codes)), tuple(problems))


def _read_line(index: TerritoryIndex, entry: str) -> tuple[list[str], str]:
    code = entry.replace(" ", "").upper()
    if _FIVE_CHARACTERS.fullmatch(code):
        return _read_code(index, code)
    # « 64400 Oloron » is read as « Oloron 64400 »: the code chooses among namesakes.
    match = _CODE_FIRST.match(entry)
    return _read_name(index, f"{match['name']} {match['place']}" if match else entry)


def _read_code(index: TerritoryIndex, code: str) -> tuple[list[str], str]:
    rows = set(index.postal.entries[index.postal.equal_to(code)].tolist())
    by_postal_code = sorted(index.codes[row] for row in rows)
    own = index.entry_of.get(("commune", code))
    if own is None:
        if by_postal_code:
            return by_postal_code, ""
        return [], "Ce n’est ni un code Insee de commune, ni un code postal. Écrivez le nom."
    if not by_postal_code or by_postal_code == [code]:
        return [code], ""
    others = ", ".join(index.names[index.entry_of["commune", other]] for other in by_postal_code)
    return [], (
        f"{code} est le code Insee de {index.names[own]} et le code postal de {others}. "
        "Écrivez le nom."
    )


def _read_name(index: TerritoryIndex, entry: str) -> tuple[list[str], str]:
    found = search(index, entry, limit=12, kinds=["commune"])
    wanted = fold_name(re.sub(r"[\d()]+|\b2[ABab]\b", " ", entry))
    place = re.search(r"\d{5}|\d{2,3}|2[AB]", entry.upper())
    same = [
        item
        for item in found
        if not item.approximate and wanted in (fold_name(item.name), fold_name(item.former_name))
    ]
    if place and len(same) > 1:
        same = [item for item in same if _is_at(index, item.code, item.department_code, place[0])]
    if len(same) == 1:
        return [same[0].code], ""
    if same:
        choices = ", ".join(f"{item.name} {item.department_code}" for item in same[:5])
        return [], f"Plusieurs communes portent ce nom : ajoutez le département ({choices})."
    if found:
        choices = ", ".join(f"{item.name} ({item.department_code})" for item in found[:3])
        return [], f"Aucune commune ne porte exactement ce nom. Peut-être : {choices} ?"
    return [], "Aucune commune ne porte ce nom, ni un nom proche."


def _is_at(index: TerritoryIndex, code: str, department: str, place: str) -> bool:
    if len(place) < 5:
        return department == place
    rows = index.postal.entries[index.postal.equal_to(place)].tolist()
    return code == place or index.entry_of["commune", code] in rows
