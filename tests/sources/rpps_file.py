"""Writes files in the format of RPPS libre accès, with invented people and true duplicates."""

from pathlib import Path

import numpy as np

from maillage.sources.rpps import HEADERS

COLUMN = {name: rank for rank, name in enumerate(HEADERS)}


def line(person="810000000001", commune="01004", **cells):
    """Return one line of the file; `cells` are keyed by the words of `_SHORT`."""
    values = [""] * len(HEADERS)
    values[COLUMN["Type d'identifiant PP"]] = "8"
    values[COLUMN["Identification nationale PP"]] = person
    values[COLUMN["Code commune (coord. structure)"]] = commune
    for short, default in _DEFAULTS.items():
        values[COLUMN[_SHORT[short]]] = cells.get(short, default)
    return "|".join(values)


_SHORT = {
    "profession_code": "Code profession",
    "profession": "Libellé profession",
    "category": "Code catégorie professionnelle",
    "specialty_code": "Code savoir-faire",
    "specialty": "Libellé savoir-faire",
    "mode": "Code mode exercice",
    "mode_label": "Libellé mode exercice",
    "name": "Raison sociale site",
}
_DEFAULTS = {
    "profession_code": "10",
    "profession": "Médecin",
    "category": "C",
    "specialty_code": "SM54",
    "specialty": "Médecine générale",
    "mode": "L",
    "mode_label": "Libéral,indépendant,artisan,commerçant",
    "name": "",
}


def write(path: Path, lines, *, encoding="utf-8", header=HEADERS, end="\n"):
    """Write a header and lines to `path`; returns `path`."""
    text = end.join(["|".join(header), *lines, ""])
    path.write_bytes(text.encode(encoding))
    return path


def write_large(path: Path, *, n_lines: int, seed: int = 7) -> Path:
    """Write `n_lines` lines of about 330 bytes; one in fifty repeats the line above it."""
    random = np.random.default_rng(seed)
    professions = [("10", "Médecin"), ("60", "Infirmier"), ("70", "Masseur-Kinésithérapeute")]
    filler = "x" * 140
    with path.open("w", encoding="utf-8") as stream:
        stream.write("|".join(HEADERS) + "\n")
        people = random.integers(810000000000, 810001800000, n_lines).tolist()
        communes = random.integers(1001, 95999, n_lines).tolist()
        kinds = random.integers(0, len(professions), n_lines).tolist()
        previous = ""
        for rank in range(n_lines):
            if rank % 50 == 49:
                stream.write(previous)
                continue
            code, label = professions[kinds[rank]]
            previous = (
                line(
                    str(people[rank]),
                    f"{communes[rank]:05d}",
                    profession_code=code,
                    profession=label,
                    name=f"{filler}{rank}",
                )
                + "\n"
            )
            stream.write(previous)
    return path
