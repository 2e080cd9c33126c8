"""RPPS "libre accès": one line per activity of each registered health professional, counted.

Producer   Agence du numérique en santé (Annuaire Santé), `ps-libreacces-personne-activite.txt`
Licence    Licence Ouverte 2.0
Vintage    rewritten every day; about 2.3 million lines, 765 MB, 56 columns separated by `|`
Traps      true duplicate lines occur and no column is a key: a line counts once, by its hash;
           one person has several lines, so people are counted by "Identification nationale PP",
           and a person who works in two communes counts in both (never add up `persons`);
           students are in the file: keep category "C" (civil) to count who practises;
           quotation marks are ordinary characters; each line may end with one more `|`;
           UTF-8 as documented, Windows-1252 as seen: each label is decoded on its own.
Reader     `read_rpps(path)`: streamed, in bounded memory; no name is kept.

Unverified on a real file: tried on generated files of the documented 56 columns.
"""

import hashlib
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv
from numpy.typing import NDArray

from maillage.core.errors import CancelledError, InputError
from maillage.core.tables import Column, Schema, Table
from maillage.sources.names import fold_header, text_array

Progress = Callable[[int, int], None]
ArrowColumn = Any  # pa.ChunkedArray, whose stubs ask for a type that we do not need

BLOCK_BYTES: Final = 16 * 1024 * 1024
_COMMUNE: Final = re.compile(r"(?:\d[\dAB])\d{3}")

HEADERS: Final = (
    "Type d'identifiant PP",
    "Identifiant PP",
    "Identification nationale PP",
    "Code civilité d'exercice",
    "Libellé civilité d'exercice",
    "Code civilité",
    "Libellé civilité",
    "Nom d'exercice",
    "Prénom d'exercice",
    "Code profession",
    "Libellé profession",
    "Code catégorie professionnelle",
    "Libellé catégorie professionnelle",
    "Code type savoir-faire",
    "Libellé type savoir-faire",
    "Code savoir-faire",
    "Libellé savoir-faire",
    "Code mode exercice",
    "Libellé mode exercice",
    "Numéro SIRET site",
    "Numéro SIREN site",
    "Numéro FINESS site",
    "Numéro FINESS établissement juridique",
    "Identifiant technique de la structure",
    "Raison sociale site",
    "Enseigne commerciale site",
    "Complément destinataire (coord. structure)",
    "Complément point géographique (coord. structure)",
    "Numéro Voie (coord. structure)",
    "Indice répétition voie (coord. structure)",
    "Code type de voie (coord. structure)",
    "Libellé type de voie (coord. structure)",
    "Libellé Voie (coord. structure)",
    "Mention distribution (coord. structure)",
    "Bureau cedex (coord. structure)",
    "Code postal (coord. structure)",
    "Code commune (coord. structure)",
    "Libellé commune (coord. structure)",
    "Code pays (coord. structure)",
    "Libellé pays (coord. structure)",
    "Téléphone (coord. structure)",
    "Téléphone 2 (coord. structure)",
    "Télécopie (coord. structure)",
    "Adresse e-mail (coord. structure)",
    "Code Département (structure)",
    "Libellé Département (structure)",
    "Ancien identifiant de la structure",
    "Autorité d'enregistrement",
    "Code secteur d'activité",
    "Libellé secteur d'activité",
    "Code section tableau pharmaciens",
    "Libellé section tableau pharmaciens",
    "Code rôle",
    "Libellé rôle",
    "Code genre activité",
    "Libellé genre activité",
)

_PERSON: Final = "Identification nationale PP"
# Column of the result → column of the file that holds its code, and the one that holds its label.
_DIMENSIONS: Final = {
    "commune": ("Code commune (coord. structure)", ""),
    "profession": ("Code profession", "Libellé profession"),
    "category": ("Code catégorie professionnelle", ""),
    "specialty": ("Code savoir-faire", "Libellé savoir-faire"),
    "exercise_mode": ("Code mode exercice", "Libellé mode exercice"),
}
_NEEDED: Final = tuple(
    dict.fromkeys([_PERSON, *(name for pair in _DIMENSIONS.values() for name in pair if name)])
)

SCHEMA: Final = Schema(
    name="rpps_counts",
    columns=(
        Column("commune_code", "text", nullable=True, meaning="Commune of the site; empty if none"),
        Column("profession_code", "text", meaning="10 médecin, 40 dentiste, 50 sage-femme…"),
        Column("profession", "text", nullable=True),
        Column("category_code", "text", nullable=True, meaning="C civil, M militaire, E étudiant"),
        Column("specialty_code", "text", nullable=True, meaning="Savoir-faire, such as SM54"),
        Column("specialty", "text", nullable=True),
        Column("exercise_mode_code", "text", nullable=True, meaning="L libéral, S salarié…"),
        Column("exercise_mode", "text", nullable=True),
        Column("persons", "int", "people", meaning="Distinct people; a person may be in two rows"),
        Column("activities", "int", meaning="Distinct lines of the file"),
    ),
    key=(
        "commune_code",
        "profession_code",
        "category_code",
        "specialty_code",
        "exercise_mode_code",
    ),
)


def read_rpps(
    path: Path,
    *,
    on_progress: Progress | None = None,
    should_stop: Callable[[], bool] | None = None,
    block_bytes: int = BLOCK_BYTES,
) -> Table:
    """Count people and activities by commune, profession, category, specialty and exercise mode.

    The file is read once, `block_bytes` at a time; what stays in memory is some 40 bytes a line.
    `on_progress(bytes_read, bytes_in_all)` is called after each block.
    Raises InputError when a needed column is missing, CancelledError when `should_stop()` is true.
    """
    total = path.stat().st_size
    with path.open("rb") as stream:
        header_line = stream.readline()
        layout = _Layout.from_header(header_line, path.name)
        gathered = _Gathered()
        read = len(header_line)
        for block in _whole_lines(stream, block_bytes):
            gathered.add(block, layout)
            read += len(block)
            if on_progress:
                on_progress(read, total)
            if should_stop and should_stop():
                raise CancelledError(f"Reading {path.name} was stopped after {read} bytes.")
    if not gathered.lines:
        raise InputError(f"{path.name} has a header and no line below it. Download it again.")
    return _counted(gathered, layout)


def check_rpps(path: Path) -> None:
    """Raise InputError unless the first lines of a file are those of RPPS; quick on any size."""
    with path.open("rb") as stream:
        layout = _Layout.from_header(stream.readline(), path.name)
        first = stream.readline().rstrip(b"\r\n")
    if first.count(b"|") != layout.separators:
        raise InputError(
            f"{path.name}: {first.count(b'|') + 1} cells on the first line, "
            f"{layout.separators + 1} in the header. Download it again."
        )


@dataclass(frozen=True, slots=True)
class _Layout:
    """Names of the columns of the file, in order, and how many separators a line has."""

    names: tuple[str, ...]
    separators: int
    notes: tuple[str, ...]

    @classmethod
    def from_header(cls, line: bytes, file_name: str) -> "_Layout":
        cells = _decoded(line).lstrip("\ufeff").rstrip("\r\n").split("|")
        known = {fold_header(name): name for name in HEADERS}
        names = tuple(
            known.get(fold_header(cell), f"column {rank}") for rank, cell in enumerate(cells)
        )
        missing = [name for name in _NEEDED if name not in names]
        if missing:
            raise InputError(
                f"{file_name}: columns {missing} are missing; found {cells[:60]}. Expected the "
                "file ps-libreacces-personne-activite.txt, with `|` between its 56 columns."
            )
        columns = len(cells) - (not cells[-1].strip())
        notes = () if columns == len(HEADERS) else (f"{columns} columns, {len(HEADERS)} expected.",)
        return cls(names, len(cells) - 1, notes)


@dataclass(slots=True)
class _Gathered:
    """What is kept of the lines read so far: numbers only, 8 or 4 bytes each."""

    dictionaries: dict[str, dict[bytes, int]] = field(
        default_factory=lambda: {name: {} for name in _DIMENSIONS}
    )
    labels: dict[tuple[str, int], bytes] = field(default_factory=dict)
    hashes: list[NDArray[np.uint64]] = field(default_factory=list)
    people: list[NDArray[np.uint64]] = field(default_factory=list)
    codes: dict[str, list[NDArray[np.int32]]] = field(
        default_factory=lambda: {name: [] for name in _DIMENSIONS}
    )
    lines: int = 0
    malformed: int = 0

    def add(self, block: bytes, layout: _Layout) -> None:
        """Take in the whole lines of one block; count those that have not the header's columns."""
        lines = [line for line in block.replace(b"\r", b"").split(b"\n") if line]
        sound = [line for line in lines if line.count(b"|") == layout.separators]
        self.malformed += len(lines) - len(sound)
        self.lines += len(sound)
        if not sound:
            return
        self.hashes.append(_digests(sound))
        columns = _parsed(sound, layout)
        self.people.append(_distinct_digests(columns[_PERSON]))
        for name, (code_column, label_column) in _DIMENSIONS.items():
            codes = self._ranks(name, columns[code_column])
            self.codes[name].append(codes)
            if label_column:
                self._remember_labels(name, codes, columns[label_column])

    def _ranks(self, name: str, column: ArrowColumn) -> NDArray[np.int32]:
        """Return for each line the rank of its code among all the codes met so far."""
        known = self.dictionaries[name]
        encoded = column.combine_chunks().dictionary_encode()
        ranks = [known.setdefault(value, len(known)) for value in encoded.dictionary.to_pylist()]
        taken: NDArray[np.int32] = np.array(ranks, dtype=np.int32)[_indices(encoded)]
        return taken

    def _remember_labels(self, name: str, codes: NDArray[np.int32], column: ArrowColumn) -> None:
        distinct, first = np.unique(codes, return_index=True)
        for code, line in zip(distinct.tolist(), first.tolist(), strict=True):
            self.labels.setdefault((name, code), column[line].as_py())


def _whole_lines(stream: io.BufferedReader, block_bytes: int) -> Iterator[bytes]:
    """Yield blocks of about `block_bytes` that end at the end of a line."""
    rest = b""
    while block := stream.read(block_bytes):
        cut = block.rfind(b"\n") + 1
        if not cut:
            rest += block
            continue
        yield rest + block[:cut]
        rest = block[cut:]
    if rest:
        yield rest


def _digests(lines: list[bytes]) -> NDArray[np.uint64]:
    """Return a 64-bit digest of each line, shape (n_lines,).

    Among three million lines two different ones share a digest once in four million files.
    """
    blake = hashlib.blake2b
    joined = b"".join([blake(line, digest_size=8).digest() for line in lines])
    return np.frombuffer(joined, dtype=np.uint64)


def _distinct_digests(column: ArrowColumn) -> NDArray[np.uint64]:
    encoded = column.combine_chunks().dictionary_encode()
    taken: NDArray[np.uint64] = _digests(encoded.dictionary.to_pylist())[_indices(encoded)]
    return taken


def _indices(encoded: Any) -> NDArray[np.int32]:
    indices: NDArray[np.int32] = encoded.indices.to_numpy(zero_copy_only=False)
    return indices


def _parsed(lines: list[bytes], layout: _Layout) -> dict[str, ArrowColumn]:
    """Return the needed columns of these lines as binary arrays; quotation marks are text."""
    table = pa_csv.read_csv(
        io.BytesIO(b"\n".join(lines)),
        read_options=pa_csv.ReadOptions(column_names=list(layout.names)),
        parse_options=pa_csv.ParseOptions(delimiter="|", quote_char=False),
        convert_options=pa_csv.ConvertOptions(
            include_columns=list(_NEEDED),
            column_types={name: pa.binary() for name in _NEEDED},
            strings_can_be_null=False,
        ),
    )
    return {name: table.column(name) for name in _NEEDED}


def _counted(gathered: _Gathered, layout: _Layout) -> Table:
    _, kept = np.unique(np.concatenate(gathered.hashes), return_index=True)
    people = np.concatenate(gathered.people)[kept]
    codes = {name: np.concatenate(parts)[kept] for name, parts in gathered.codes.items()}
    group, first = _groups(codes, gathered)
    columns = _named(codes, first, gathered)
    columns["activities"] = np.bincount(group, minlength=first.size)
    columns["persons"] = np.bincount(
        _groups_of_distinct_people(group, people), minlength=first.size
    )
    notes = _notes(gathered, layout, kept.size, np.unique(people).size)
    nowhere = int(columns["activities"][columns["commune_code"] == ""].sum())
    return Table(SCHEMA, columns, (*notes, f"{nowhere} activities have no commune in France."))


def _groups(
    codes: dict[str, NDArray[np.int32]], gathered: _Gathered
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the group of each line and the first line of each group, communes in order."""
    codes["commune"] = _known_communes(codes["commune"], gathered)
    key = np.zeros(codes["commune"].size, dtype=np.int64)
    for name, ranks in codes.items():
        key = key * len(gathered.dictionaries[name]) + _in_order(gathered.dictionaries[name])[ranks]
    _, first, group = np.unique(key, return_index=True, return_inverse=True)
    return group, first


def _known_communes(ranks: NDArray[np.int32], gathered: _Gathered) -> NDArray[np.int32]:
    """Send every code that is not a commune's (foreign places, scraps) to the empty code."""
    known = gathered.dictionaries["commune"]
    nowhere = known.setdefault(b"", len(known))
    sound = np.array([bool(_COMMUNE.fullmatch(_decoded(code))) for code in known])
    return np.where(sound[ranks], ranks, np.int32(nowhere)).astype(np.int32)


def _in_order(known: dict[bytes, int]) -> NDArray[np.int64]:
    """Return for each rank of appearance the rank in alphabetical order."""
    order = np.empty(len(known), dtype=np.int64)
    order[[known[code] for code in sorted(known)]] = np.arange(len(known))
    return order


def _groups_of_distinct_people(
    group: NDArray[np.int64], people: NDArray[np.uint64]
) -> NDArray[np.int64]:
    """Return the group once for each distinct (group, person) pair."""
    order = np.lexsort((people, group))
    group, people = group[order], people[order]
    new = np.ones(group.size, dtype=bool)
    new[1:] = (group[1:] != group[:-1]) | (people[1:] != people[:-1])
    return group[new]


def _named(
    codes: dict[str, NDArray[np.int32]], first: NDArray[np.int64], gathered: _Gathered
) -> dict[str, NDArray[Any]]:
    columns: dict[str, NDArray[Any]] = {}
    for name, (_, label_column) in _DIMENSIONS.items():
        ranks = codes[name][first].tolist()
        texts = [_decoded(code) for code in gathered.dictionaries[name]]
        columns[f"{name}_code"] = text_array(texts[rank] for rank in ranks)
        if label_column:
            labels = {rank: _decoded(gathered.labels[name, rank]) for rank in set(ranks)}
            columns[name] = text_array(labels[rank] for rank in ranks)
    return columns


def _notes(gathered: _Gathered, layout: _Layout, distinct: int, people: int) -> tuple[str, ...]:
    malformed = f"{gathered.malformed} lines have not the columns of the header: left out."
    return (
        *layout.notes,
        f"{gathered.lines} lines, {gathered.lines - distinct} of them true duplicates: left out.",
        f"{people} distinct people.",
        *([malformed] if gathered.malformed else []),
    )


def _decoded(text: bytes) -> str:
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError:
        return text.decode("cp1252", errors="replace")
