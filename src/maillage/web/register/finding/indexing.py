"""Keeping the search index in step with what is public.

An entry is there for each public initiative and for no other: what is taken back leaves the index
with its words, so that « did you mean » never tells a word of a draft. `refresh` follows every
change of the register, in its transaction (`life.changes`); `catch_up` mends whatever was missed
and is safe at any time.

Whatever has much to write reads and cuts texts beside, a block of numbers at a time, and takes the
lock of the index to write alone: the site goes on being written to. Each entry says what it was
made by, so that what was interrupted goes on where it stopped.
"""

import secrets
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2s
from itertools import groupby
from typing import Any, Final

from django.db import models, transaction
from django.db.models import Max

from maillage.engines.textsearch.postings import BLOCK, block_of, packed_counts
from maillage.engines.textsearch.spelling import countable_words
from maillage.engines.textsearch.words import tokenise
from maillage.studies.french_analyser import french_analyser
from maillage.web.register.finding.columns import Row, patched_rows, read_rows, row_of
from maillage.web.register.finding.criteria import FILTERS
from maillage.web.register.finding.postings import WORDS, Name, Patch
from maillage.web.register.finding.texts import FIELD_WEIGHTS, READ_FOR_SEARCH, searched_texts
from maillage.web.register.models import Initiative
from maillage.web.register.models.search import (
    SearchColumns,
    SearchEntry,
    SearchPosting,
    SearchState,
    SearchWord,
)
from maillage.web.territories.models import StoreVersion

TEXTS_VERSION: Final = "2"
"""Change it with any change of `texts`: the index is then built again. A change of what is stored
asks for a migration that empties it."""

_BATCH: Final = 500
_FEW: Final = 100
"""Wrong entries mended at once under the lock; from ten times that in a block, all of it is built
again."""
_LONGEST: Final = 200
_DRAWN_BITS: Final = 31
_NAMES_AT_ONCE: Final = 2_000


@dataclass(frozen=True, slots=True)
class _Analysed:
    """An initiative ready for the index.

    counts  term, or value of a filter → how often each field has it, packed
    """

    entry: SearchEntry
    counts: dict[Name, int]
    row: Row


@dataclass(slots=True)
class _Change:
    """What leaves the index and what enters it, gathered to be written a block at a time."""

    patch: Patch = field(default_factory=Patch)
    words: Counter[str] = field(default_factory=Counter)
    gone: defaultdict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    rows: defaultdict[int, list[Row]] = field(default_factory=lambda: defaultdict(list))

    def take(self, entry: SearchEntry) -> None:
        """Take an entry out."""
        self.patch.take(entry.pk, _names(entry))
        self.words.subtract(entry.words.split())
        block, place = block_of(entry.pk)
        self.gone[block].append(place)

    def add(self, analysed: _Analysed) -> None:
        """Put an entry in."""
        self.patch.add(analysed.entry.pk, analysed.counts)
        self.words.update(analysed.entry.words.split())
        self.rows[block_of(analysed.entry.pk)[0]].append(analysed.row)

    def write(self, state: SearchState) -> None:
        """Write all of it, and forget it."""
        self.patch.write()
        _write_words(self.words)
        for block in sorted({*self.gone, *self.rows}):
            _write_rows(state, block, self.gone.get(block, []), self.rows.get(block, []))
        self.words.clear()
        self.gone.clear()
        self.rows.clear()


def maker() -> str:
    """Return what an entry must have been made by to answer rightly, eight letters.

    The version of the territories is part of it: their names and their regions are.
    """
    shown = StoreVersion.objects.filter(active=True).values_list("version", flat=True).first()
    made_by = f"{TEXTS_VERSION}-{french_analyser().fingerprint}-{shown or ''}"
    return blake2s(made_by.encode(), digest_size=4).hexdigest()


def refresh(initiative_ids: Iterable[int]) -> None:
    """Bring the entries of some initiatives up to date: added, changed or removed.

    Nothing is written, and no revision drawn, for those that were not public and are not.
    """
    keys = sorted(set(initiative_ids))
    if not keys:
        return
    with transaction.atomic():
        state = locked_state()
        former = list(SearchEntry.objects.filter(pk__in=keys))
        made_by = maker()
        present = [_analysed(each, made_by) for each in _readable(pk__in=keys)]
        if not former and not present:
            return
        change = _Change()
        for entry in former:
            change.take(entry)
        for analysed in present:
            change.add(analysed)
        SearchEntry.objects.filter(pk__in=keys).delete()
        SearchEntry.objects.bulk_create([each.entry for each in present])
        change.write(state)
        _save_anew(state)


def rebuild() -> int:
    """Build the whole index anew, a block after the other; return the number of entries."""
    last = max(
        Initiative.objects.aggregate(last=Max("pk"))["last"] or 0,
        SearchEntry.objects.aggregate(last=Max("pk"))["last"] or 0,
    )
    for block in range(block_of(last)[0] + 1):
        _rebuild_block(block)
    return SearchEntry.objects.count()


def _rebuild_block(block: int) -> None:
    """Build what the index has of a block of numbers anew: beside, then put in place at once.

    What changes meanwhile is brought up to date before anybody sees the block.
    """
    made_by, numbers = maker(), {"pk__gte": block * BLOCK, "pk__lt": (block + 1) * BLOCK}
    change, entries = _Change(), []
    for batch in _public_batches(**numbers):
        for initiative in batch:
            analysed = _analysed(initiative, made_by)
            change.add(analysed)
            entries.append(analysed.entry)
    with transaction.atomic():
        state = locked_state()
        former = SearchEntry.objects.filter(**numbers)
        for words in former.values_list("words", flat=True).iterator():
            change.words.subtract(words.split())
        change.gone[block] = list(range(BLOCK))
        former.delete()
        SearchPosting.objects.filter(block=block).delete()
        SearchEntry.objects.bulk_create(entries, batch_size=_BATCH)
        change.write(state)
        _save_anew(state)
        refresh(_wrong(made_by, **numbers))


def _save_anew(state: SearchState) -> None:
    """Write the state under a revision that no other state has had, whatever is rolled back."""
    state.revision = ((state.revision >> _DRAWN_BITS) + 1 << _DRAWN_BITS) + secrets.randbits(
        _DRAWN_BITS
    )
    state.save()


def catch_up() -> int:
    """Mend what the index missed; return how many entries were wrong.

    All of them are when the analyser or the territories have changed.
    """
    wrong = _wrong(maker())
    for block, keys in groupby(wrong, key=lambda key: block_of(key)[0]):
        in_block = list(keys)
        if len(in_block) > 10 * _FEW:
            _rebuild_block(block)
        else:
            for start in range(0, len(in_block), _FEW):
                refresh(in_block[start : start + _FEW])
    return len(wrong)


def _wrong(made_by: str, **numbers: int) -> list[int]:
    """Return the numbers whose entry is not the one that it should be, ascending."""
    entries = SearchEntry.objects.filter(**numbers).values_list("pk", "indexed_version")
    public = Initiative.objects.public().filter(**numbers).order_by()
    known = dict(entries)
    wanted = {
        key: _version(version, updated_at, made_by)
        for key, version, updated_at in public.values_list("pk", "version", "updated_at")
    }
    return sorted(key for key in {*known, *wanted} if known.get(key) != wanted.get(key))


def locked_state() -> SearchState:
    """Return the state of the index, locked until the end of the transaction."""
    SearchState.objects.get_or_create(pk=1, defaults={"lengths": [0] * len(FIELD_WEIGHTS)})
    return SearchState.objects.select_for_update().get(pk=1)


def _readable(**numbers: Any) -> models.QuerySet[Initiative]:
    public = Initiative.objects.public().filter(**numbers)
    return public.order_by("pk").prefetch_related(*READ_FOR_SEARCH)


def _public_batches(**numbers: int) -> Iterator[list[Initiative]]:
    """Yield the public initiatives among some numbers, some hundreds at a time, by number."""
    last = 0
    while batch := list(_readable(**numbers).filter(pk__gt=last)[:_BATCH]):
        yield batch
        last = batch[-1].pk


def _analysed(initiative: Initiative, made_by: str) -> _Analysed:
    texts = searched_texts(initiative)
    words = [list(tokenise(texts[name])) for name in FIELD_WEIGHTS]
    found = [
        Counter(term[:_LONGEST] for term in french_analyser().terms_of_words(each))
        for each in words
    ]
    packed = packed_counts(found)
    facets = [
        (each.name, value) for each in FILTERS for value in sorted(each.values_of(initiative))
    ]
    written = (word for each in words for word in countable_words(each))
    entry = SearchEntry(
        initiative_id=initiative.pk,
        terms=" ".join(sorted(packed)),
        facets=" ".join(f"{name}={value}" for name, value in facets),
        words=" ".join(word for word in written if len(word) <= _LONGEST),
        indexed_version=_version(initiative.version, initiative.updated_at, made_by),
    )
    counts = {(WORDS, term): count for term, count in packed.items()} | dict.fromkeys(facets, 0)
    row = row_of(
        block_of(initiative.pk)[1],
        year=initiative.start_year,
        lengths=[each.total() for each in found],
        updated_at=initiative.updated_at,
    )
    return _Analysed(entry, counts, row)


def _names(entry: SearchEntry) -> Iterator[Name]:
    """Yield the names of the postings that an entry is in."""
    for term in entry.terms.split():
        yield WORDS, term
    for value in entry.facets.split():
        name, _, code = value.partition("=")
        yield name, code


def _version(version: int, updated_at: datetime, made_by: str) -> str:
    return f"{version} {updated_at:%Y%m%dT%H%M%S%f} {made_by}"


def _write_rows(state: SearchState, block: int, gone: list[int], added: list[Row]) -> None:
    """Write the columns of a block, and the totals of the index that they change."""
    stored = SearchColumns.objects.filter(pk=block).values_list("data", flat=True).first() or b""
    data = patched_rows(bytes(stored), gone=gone, added=added)
    before, after = read_rows(stored), read_rows(data)
    state.n_texts += after.size - before.size
    changes = after["lengths"].sum(axis=0) - before["lengths"].sum(axis=0, dtype=int)
    state.lengths = [
        total + int(change) for total, change in zip(state.lengths, changes, strict=True)
    ]
    if data:
        SearchColumns(block=block, data=data).save()
    else:
        SearchColumns.objects.filter(pk=block).delete()


def _write_words(changes: Mapping[str, int]) -> None:
    """Add signed numbers to the counts of words; a word that nobody writes any more goes."""
    names = sorted(word for word, change in changes.items() if change)
    for start in range(0, len(names), _NAMES_AT_ONCE):
        part = names[start : start + _NAMES_AT_ONCE]
        counts = dict(SearchWord.objects.filter(word__in=part).values_list("word", "count"))
        counts = {word: counts.get(word, 0) + changes[word] for word in part}
        SearchWord.objects.filter(word__in=[w for w, n in counts.items() if n <= 0]).delete()
        SearchWord.objects.bulk_create(
            [SearchWord(word=word, count=count) for word, count in counts.items() if count > 0],
            update_conflicts=True,
            unique_fields=["word"],
            update_fields=["count"],
        )
