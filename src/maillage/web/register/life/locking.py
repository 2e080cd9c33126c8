"""The one order in which a change takes its locks, so that two changes wait and never for ever.

1. what carries the change: the batch of an import, the suggestion that is decided
2. the records, by number, all of them at once (`locked`)
3. what is derived from records, by `changed`: the index has one lock for all
4. the journal, which has one lock for all, last: whoever holds it asks for nothing more
"""

from collections.abc import Iterable

from maillage.web.register.models import Initiative


def locked(pks: Iterable[int], *, to_erase: bool = False) -> dict[int, Initiative]:
    """Return records as they are now, by number; nobody changes them before the transaction ends.

    to_erase  nobody hangs anything on them either: a contact, a remark, a relation
    """
    rows = Initiative.objects.select_for_update(no_key=not to_erase).filter(pk__in=list(pks))
    return {one.pk: one for one in rows.order_by("pk")}
