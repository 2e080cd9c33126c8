"""Read the whole chain again and say where it breaks."""

from dataclasses import dataclass

from maillage.web.accounts.journal.models import JournalEntry, JournalHead
from maillage.web.accounts.journal.writing import hash_of

START = "0" * 64


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a reading of the journal found.

    entries    how many were read
    head_hash  hash of the last one: noted elsewhere, it proves later that nothing was redone
    faults     one sentence per break, none for a sound journal
    """

    entries: int
    head_hash: str
    faults: tuple[str, ...]

    @property
    def sound(self) -> bool:
        """Say whether the chain holds."""
        return not self.faults


def verify(*, must_contain: str = "", most_faults: int = 20) -> Verdict:
    """Read every entry in order: numbers without a gap, hashes right, the head in agreement.

    `must_contain` is a hash noted earlier: a chain made again from scratch does not hold it.
    """
    faults: list[str] = []
    expected, previous, met = 1, START, not must_contain
    head = JournalHead.objects.filter(id=1).first() or JournalHead()
    known = JournalEntry.objects.filter(number__lte=head.number).order_by("number")
    for entry in known.iterator(chunk_size=2_000):
        faults += _faults_of(entry, expected=expected, previous=previous)
        met |= entry.hash == must_contain
        expected, previous = entry.number + 1, entry.hash
        if len(faults) >= most_faults:
            return Verdict(entry.number, previous, tuple(faults[:most_faults]))
    if (head.number, head.hash) != (expected - 1, previous):
        faults.append(
            f"the head says {head.number} entries, the last one read is {expected - 1}: "
            "the end is missing or was redone."
        )
    if not met:
        faults.append(f"the hash {must_contain[:12]}… is not in the chain: it was made again.")
    return Verdict(expected - 1, previous, (*faults, *_faults_beyond_the_head()))


def _faults_beyond_the_head() -> list[str]:
    """Return a fault if an entry stands after the head, which is read last: it only grows."""
    newest = JournalEntry.objects.order_by("-number").values_list("number", flat=True).first()
    head = JournalHead.objects.filter(id=1).first() or JournalHead()
    if newest is None or newest <= head.number:
        return []
    return [f"entry {newest} stands after the head, which says {head.number}."]


def _faults_of(entry: JournalEntry, *, expected: int, previous: str) -> list[str]:
    faults = []
    if entry.number != expected:
        faults.append(f"entry {expected} is missing: found {entry.number}.")
    if entry.previous != previous:
        faults.append(f"entry {entry.number} does not follow the one before it.")
    if entry.hash != hash_of(entry):
        faults.append(f"entry {entry.number} was changed: its hash is not that of its text.")
    return faults
