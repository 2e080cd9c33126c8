"""Keeping the search index in step with what is public.

An entry is there for each public initiative and for no other: what is taken back leaves the index
with its words, so that « did you mean » never tells a word of a draft. `refresh` follows every
change of the register, in its transaction (`life.changes`); `catch_up` mends whatever was missed
and is safe at any time.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from django.db import models, transaction
from django.db.models import F

from maillage.engines.textsearch.packed import pack, read_packed
from maillage.engines.textsearch.spelling import countable_words
from maillage.studies.french_analyser import french_analyser
from maillage.web.register.finding.texts import FIELD_WEIGHTS, READ_FOR_SEARCH, searched_texts
from maillage.web.register.models import Initiative
from maillage.web.register.models.search import (
    SearchEntry,
    SearchState,
    SearchTerm,
    SearchWord,
)

TEXTS_VERSION: Final = "1"
"""Change it with any change of `texts`: the index is then built again."""

_BATCH: Final = 500
_LONGEST: Final = 200
_NAMES_AT_ONCE: Final = 2_000


@dataclass(frozen=True, slots=True)
class _Analysed:
    """An initiative ready for the index: its entry, and the lengths of its fields."""

    entry: SearchEntry
    lengths: tuple[int, ...]


def wanted_fingerprint() -> str:
    """Return what the index must have been built with to answer rightly."""
    return f"{TEXTS_VERSION}-{french_analyser().fingerprint}"


def refresh(initiative_ids: Iterable[int]) -> None:
    """Bring the entries of some initiatives up to date: added, changed or removed."""
    keys = sorted(set(initiative_ids))
    if not keys:
        return
    with transaction.atomic():
        state = locked_state()
        for entry in SearchEntry.objects.filter(pk__in=keys):
            _count(state, entry, -1)
        SearchEntry.objects.filter(pk__in=keys).delete()
        for initiative in _readable(keys):
            analysed = _analysed(initiative)
            analysed.entry.save(force_insert=True)
            _count(state, analysed.entry, 1)
        state.revision += 1
        state.save()


def rebuild() -> int:
    """Build the whole index anew in one transaction; return the number of entries."""
    with transaction.atomic():
        state = locked_state()
        for model in (SearchEntry, SearchTerm, SearchWord):
            model._default_manager.all().delete()
        terms: Counter[str] = Counter()
        words: Counter[str] = Counter()
        lengths = [0] * len(FIELD_WEIGHTS)
        n_texts = 0
        for batch in _public_batches():
            entries = [_analysed(initiative) for initiative in batch]
            SearchEntry.objects.bulk_create([each.entry for each in entries])
            for each in entries:
                terms.update(each.entry.terms.split())
                words.update(each.entry.words.split())
                lengths = [a + b for a, b in zip(lengths, each.lengths, strict=True)]
            n_texts += len(entries)
        SearchTerm.objects.bulk_create(
            [SearchTerm(term=term, n_texts=count) for term, count in terms.items()], _BATCH
        )
        SearchWord.objects.bulk_create(
            [SearchWord(word=word, count=count) for word, count in words.items()], _BATCH
        )
        state.fingerprint, state.n_texts, state.lengths = wanted_fingerprint(), n_texts, lengths
        state.revision += 1
        state.save()
    return n_texts


def catch_up() -> int:
    """Mend what the index missed; return how many entries were wrong.

    Everything is built again when the analyser has changed.
    """
    state = SearchState.objects.filter(pk=1).first()
    if state is None or state.fingerprint != wanted_fingerprint():
        return rebuild()
    known = dict(SearchEntry.objects.values_list("pk", "indexed_version"))
    public = {
        key: _version(version, updated_at)
        for key, version, updated_at in Initiative.objects.public().values_list(
            "pk", "version", "updated_at"
        )
    }
    wrong = [key for key in {*known, *public} if known.get(key) != public.get(key)]
    for start in range(0, len(wrong), _BATCH):
        refresh(wrong[start : start + _BATCH])
    return len(wrong)


def locked_state() -> SearchState:
    """Return the state of the index, locked until the end of the transaction."""
    SearchState.objects.get_or_create(
        pk=1,
        defaults={"fingerprint": wanted_fingerprint(), "lengths": [0] * len(FIELD_WEIGHTS)},
    )
    return SearchState.objects.select_for_update().get(pk=1)


def _readable(keys: list[int]) -> models.QuerySet[Initiative]:
    return (
        Initiative.objects.public()
        .filter(pk__in=keys)
        .order_by("pk")
        .prefetch_related(*READ_FOR_SEARCH)
    )


def _public_batches() -> Iterator[list[Initiative]]:
    """Yield the public initiatives, some hundreds at a time, by number."""
    last = 0
    while batch := list(
        Initiative.objects.public()
        .filter(pk__gt=last)
        .order_by("pk")
        .prefetch_related(*READ_FOR_SEARCH)[:_BATCH]
    ):
        yield batch
        last = batch[-1].pk


def _analysed(initiative: Initiative) -> _Analysed:
    texts = searched_texts(initiative)
    analyser = french_analyser()
    counts = [
        Counter(term[:_LONGEST] for term in analyser.index_terms(texts[field]))
        for field in FIELD_WEIGHTS
    ]
    terms = sorted(set().union(*counts))
    words = [word for text in texts.values() for word in countable_words(text)]
    entry = SearchEntry(
        initiative_id=initiative.pk,
        terms=" ".join(terms),
        words=" ".join(word for word in words if len(word) <= _LONGEST),
        packed=pack(counts),
        indexed_version=_version(initiative.version, initiative.updated_at),
    )
    return _Analysed(entry, tuple(sum(each.values()) for each in counts))


def _version(version: int, updated_at: object) -> str:
    return f"{version} {updated_at:%Y%m%dT%H%M%S%f}"


def _count(state: SearchState, entry: SearchEntry, sign: int) -> None:
    """Add an entry to the counts of the index, or take it away."""
    packed = read_packed([entry.pk], [bytes(entry.packed)])
    state.n_texts += sign
    state.lengths = [
        total + sign * int(packed.lengths(place)[0]) for place, total in enumerate(state.lengths)
    ]
    _add(SearchTerm, "term", "n_texts", dict.fromkeys(entry.terms.split(), sign))
    words = Counter(entry.words.split())
    _add(SearchWord, "word", "count", {word: sign * count for word, count in words.items()})


def _add(model: type[models.Model], key: str, value: str, changes: dict[str, int]) -> None:
    """Add signed numbers to rows, made where they are missing, removed where nothing is left."""
    names = sorted(changes)
    for start in range(0, len(names), _NAMES_AT_ONCE):
        part = {name: changes[name] for name in names[start : start + _NAMES_AT_ONCE]}
        _add_some(model, key, value, part)


def _add_some(model: type[models.Model], key: str, value: str, changes: dict[str, int]) -> None:
    rows = model._default_manager
    known = set(rows.filter(**{f"{key}__in": list(changes)}).values_list(key, flat=True))
    by_change: dict[int, list[str]] = {}
    for name in known:
        by_change.setdefault(changes[name], []).append(name)
    for change, names in by_change.items():
        rows.filter(**{f"{key}__in": names}).update(**{value: F(value) + change})
    rows.bulk_create(
        [model(**{key: name, value: n}) for name, n in changes.items() if name not in known]
    )
    rows.filter(**{f"{key}__in": list(changes), f"{value}__lte": 0}).delete()
