"""Write a file in the ledger, as it was, with what is wrong in each cell; nothing else yet."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from maillage.core.errors import InputError
from maillage.web.accounts.models import Organisation
from maillage.web.register.content.checking import checked, without_unseen
from maillage.web.register.importing.columns import mapping_problems
from maillage.web.register.importing.reaching import within_reach
from maillage.web.register.importing.reading import read_spreadsheet
from maillage.web.register.importing.trying import Raw, TriedRow, column_of, try_rows
from maillage.web.register.models import ImportBatch, ImportRow, Initiative
from maillage.web.register.models.choices import Licence

_Outcome = ImportRow.Outcome


def open_batch(
    *,
    body: bytes,
    file_name: str,
    source_name: str,
    source_url: str = "",
    licence: Licence,
    mapping: dict[str, str],
    by: Any,
    at: datetime,
    organisation: Organisation | None = None,
) -> ImportBatch:
    """Write a file in the ledger, each row as it was, with what is wrong in each cell.

    organisation  that answers for the records, in which `by` may import; None for `by` alone

    Raises InputError, in French, for a file or a mapping that cannot be used.
    """
    sheet = read_spreadsheet(body)
    source = checked({"source_url": source_url}, keys=["source_url"])
    problems = mapping_problems(mapping) + [problem.message for problem in source.problems]
    if problems:
        raise InputError(" ".join(problems))
    raws = [dict(zip(sheet.header, row, strict=True)) for row in sheet.rows]
    tried = tried_by(by, raws, mapping)
    with transaction.atomic():
        batch = ImportBatch.objects.create(
            source_name=" ".join(without_unseen(source_name).split())[:200],
            source_url=source.content["source_url"],
            licence=licence,
            file_name=without_unseen(file_name)[:200],
            sha256=hashlib.sha256(body).hexdigest(),
            mapping=mapping,
            n_rows=len(raws),
            by=by,
            organisation=organisation,
            created_at=at,
        )
        ImportRow.objects.bulk_create(
            [
                ImportRow(
                    batch=batch,
                    number=number,
                    key=row.key,
                    raw=raw,
                    errors=[list(error) for error in row.errors],
                    outcome=_Outcome.ERROR if row.errors else _Outcome.WAITING,
                )
                # The header is line 1 of the file, for those who look there.
                for number, (raw, row) in enumerate(zip(raws, tried, strict=True), start=2)
            ],
            batch_size=500,
        )
    return batch


def tried_by(by: Any, raws: Sequence[Raw], mapping: Mapping[str, str]) -> list[TriedRow]:
    """Return rows as sheets, with what is wrong for this importer at this moment."""
    seen = Initiative.objects.all() if by is None else Initiative.objects.visible_to(by)
    tried = try_rows(raws, mapping, linkable=seen)
    return within_reach(tried, by, column=column_of(mapping, "territories"))
