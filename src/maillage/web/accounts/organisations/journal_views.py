"""The journal of an organisation: who did what, when; on a page and as a file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from maillage.web.accounts.journal.belonging import Belonging, entries_of, objects_of
from maillage.web.accounts.journal.models import JournalEntry
from maillage.web.accounts.journal.names import names_for
from maillage.web.accounts.journal.writing import record_access
from maillage.web.accounts.organisations.models import Invitation, Organisation
from maillage.web.accounts.organisations.offered import OfferedPage
from maillage.web.accounts.rights import Permission
from maillage.web.ui.pages import paginate
from maillage.web.ui.spreadsheets import csv_file

JOURNAL_PAGE: Final = OfferedPage(
    "Journal", "accounts:organisation_journal", Permission.READ_JOURNAL
)
INVITATIONS: Final = Belonging(
    kind="accounts.invitation",
    words="invitation pour",
    of=lambda organisation: Invitation.objects.filter(organisation=organisation),
    name=lambda invitation: str(invitation.email),
)
MOST_IN_A_FILE: Final = 50_000
_AT_ONCE: Final = 1_000
_PURPOSE: Final = "journal de l’organisation"
_HEADER: Final = ("date", "qui", "geste", "sur quoi", "champs", "numéro", "empreinte")


@dataclass(frozen=True, slots=True)
class Line:
    """One entry, in the words of who reads it."""

    entry: JournalEntry
    who: str
    about: str


@never_cache
@login_required
@require_safe
def journal(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show the journal of an organisation, the latest first."""
    organisation = _organisation(request, public_id)
    page = paginate(request, entries_of(organisation))
    context = {
        "organisation": organisation,
        "page": page,
        "lines": _lines(request, organisation, list(page.object_list)),
    }
    return render(request, "accounts/organisation_journal.html", context)


@never_cache
@login_required
@require_safe
def journal_csv(request: HttpRequest, public_id: str) -> HttpResponse:
    """Return the journal as a table, fields and hashes with it."""
    organisation = _organisation(request, public_id)
    entries = entries_of(organisation)
    text = csv_file(
        _rows(request, organisation, entries[:MOST_IN_A_FILE].iterator(chunk_size=_AT_ONCE)),
        header=_HEADER,
        provenance=_provenance(organisation, entries.count()),
    )
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="journal-{public_id}.csv"'
    return response


def _lines(
    request: HttpRequest, organisation: Organisation, entries: Sequence[JournalEntry]
) -> list[Line]:
    """Return entries in words, in as many queries for a thousand as for one."""
    actors = {entry.actor for entry in entries}
    names = names_for(request.user, organisation=organisation, pseudonyms=actors)
    objects = objects_of(organisation, entries)
    return [
        Line(entry, names[entry.actor], objects.get((entry.object_kind, entry.object_id), ""))
        for entry in entries
    ]


def _rows(
    request: HttpRequest, organisation: Organisation, entries: Iterator[JournalEntry]
) -> Iterator[tuple[str | int, ...]]:
    while some := list(islice(entries, _AT_ONCE)):
        for line in _lines(request, organisation, some):
            entry = line.entry
            at = timezone.localtime(entry.at).isoformat(timespec="seconds")
            about = line.about or "l’organisation"
            yield at, line.who, entry.words, about, entry.fields, entry.number, entry.hash


def _provenance(organisation: Organisation, count: int) -> list[str]:
    kept = f"les {MOST_IN_A_FILE} dernières de " if count > MOST_IN_A_FILE else ""
    return [f"Journal de {organisation.name}", f"{kept}{count} entrées, la plus récente d’abord"]


def _organisation(request: HttpRequest, public_id: str) -> Organisation:
    mine: Any = Organisation.objects.where(request.user, Permission.READ_JOURNAL)
    found: Organisation = get_object_or_404(mine, public_id=public_id)
    record_access(on=found, by=request.user, at=timezone.now(), purpose=_PURPOSE)
    return found
