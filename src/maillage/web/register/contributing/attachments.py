"""Files given with a record: their type is read in the file, never believed from its name."""

import hashlib
import re
import secrets
from datetime import datetime
from typing import Any, Final

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from maillage.core.errors import InputError
from maillage.web.register.life.journaling import journal
from maillage.web.register.models import Attachment, Initiative

LARGEST: Final = 5 * 1024 * 1024
MOST_PER_RECORD: Final = 5
_SIGNATURES: Final = {
    b"%PDF-": ("application/pdf", "pdf"),
    b"\x89PNG\r\n\x1a\n": ("image/png", "png"),
    b"\xff\xd8\xff": ("image/jpeg", "jpg"),
}
_UNSAFE: Final = re.compile(r"[^\w .()’'-]+")


def add_attachment(
    *, initiative: Initiative, file: UploadedFile, by: Any, at: datetime
) -> Attachment:
    """Keep a PDF, PNG or JPEG file; the same file twice is kept once.

    Raises InputError, in French, for another type, a file too large, or one file too many.
    """
    if (file.size or 0) > LARGEST:
        raise InputError("Ce fichier dépasse 5 Mo.")
    body = file.read(LARGEST + 1)
    found = next((kind for start, kind in _SIGNATURES.items() if body.startswith(start)), None)
    if found is None:
        raise InputError("Ce fichier n’est ni un PDF, ni une image PNG ou JPEG.")
    content_type, ending = found
    digest = hashlib.sha256(body).hexdigest()
    same = initiative.attachments.filter(sha256=digest).defer("body").first()
    if same is not None:
        return same
    if initiative.attachments.count() >= MOST_PER_RECORD:
        raise InputError(f"Une fiche porte au plus {MOST_PER_RECORD} fichiers.")
    with transaction.atomic():
        kept = Attachment.objects.create(
            public_id=secrets.token_urlsafe(12),
            initiative=initiative,
            name=_safe_name(file.name or "", ending),
            content_type=content_type,
            size=len(body),
            sha256=digest,
            body=body,
            added_at=at,
        )
        journal("initiative.file_added", on=initiative, by=by, at=at)
    return kept


def remove_attachment(*, initiative: Initiative, file_id: str, by: Any, at: datetime) -> bool:
    """Erase a file of a record; False when it has none of that name."""
    with transaction.atomic():
        if not initiative.attachments.filter(public_id=file_id).delete()[0]:
            return False
        journal("initiative.file_removed", on=initiative, by=by, at=at)
    return True


def _safe_name(name: str, ending: str) -> str:
    stem = re.split(r"[\\/]", name)[-1].rsplit(".", 1)[0]
    clean = " ".join(_UNSAFE.sub(" ", stem).split()).strip(". ")[:100]
    return f"{clean or 'document'}.{ending}"
