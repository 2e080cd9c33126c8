"""Pages of the import: template, file, columns, trial, bringing in, undoing."""

from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maillage.core.errors import InputError
from maillage.web.accounts.models import Organisation
from maillage.web.accounts.rights import Permission
from maillage.web.register.importing.columns import COLUMN_KEYS, COLUMNS, guessed_mapping, template
from maillage.web.register.importing.opening import open_batch
from maillage.web.register.importing.reading import LARGEST_FILE, read_spreadsheet
from maillage.web.register.importing.steering import start_batch, start_undoing, stop_batch
from maillage.web.register.importing.tasks import bring_in, take_back
from maillage.web.register.importing.undoing import TO_UNDO
from maillage.web.register.models import ImportBatch, ImportRow, Initiative
from maillage.web.register.models.choices import Licence
from maillage.web.register.models.visibility import may_import
from maillage.web.ui.pages import paginate

_TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_Outcome = ImportRow.Outcome
_UNDONE: Final = (_Outcome.UNDONE, _Outcome.KEPT)


@login_required
@require_safe
def template_file(request: HttpRequest, file_format: str) -> HttpResponse:
    """Answer the empty table."""
    _refuse_others(request)
    response = HttpResponse(template(file_format), content_type=_TYPES[file_format])
    response.headers["Content-Disposition"] = (
        f'attachment; filename="initiatives-modele.{file_format}"'
    )
    return response


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: HttpRequest) -> HttpResponse:
    """Take a file, guess its columns, then write its trial."""
    _refuse_others(request)
    context: dict[str, Any] = {
        "page": paginate(request, ImportBatch.objects.filter(by=request.user)),
        "licences": Licence.choices,
        "columns": COLUMNS,
        "guessed": [],
        "given": {"source": "", "adresse": "", "licence": "", "organisation": None},
        "organisations": Organisation.objects.of_member(request.user, Permission.IMPORT),
    }
    if request.method == "POST":
        batch = _try_file(request, context)
        if batch is not None:
            return redirect("register:import_batch", batch.public_id)
    return render(request, "register/importing/imports.html", context)


@never_cache
@login_required
@require_safe
def batch_page(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show what a batch would do, does or did, with the errors of each cell."""
    batch = _own(request, public_id)
    outcomes = dict(batch.rows.values_list("outcome").annotate(n=Count("pk")).order_by())
    seen = Initiative.objects.visible_to(request.user)
    to_read = batch.rows.filter(outcome__in=(_Outcome.ERROR, _Outcome.KEPT))
    context = {
        "batch": batch,
        "outcomes": [
            (label, outcomes[value]) for value, label in _Outcome.choices if value in outcomes
        ],
        "n_good": outcomes.get(_Outcome.WAITING, 0),
        "n_errors": outcomes.get(_Outcome.ERROR, 0),
        "n_kept": outcomes.get(_Outcome.KEPT, 0),
        "n_undone": sum(outcomes.get(one, 0) for one in _UNDONE),
        "n_to_undo": sum(outcomes.get(one, 0) for one in (*TO_UNDO, *_UNDONE)),
        "page": paginate(request, to_read.prefetch_related(Prefetch("initiative", seen))),
    }
    return render(request, "register/importing/batch.html", context)


@login_required
@require_POST
def run(request: HttpRequest, public_id: str) -> HttpResponse:
    """Have a tried or stopped batch brought in by a worker."""
    batch = _own(request, public_id)
    if start_batch(batch=batch, at=timezone.now()):
        bring_in.enqueue(batch.public_id)
    return redirect("register:import_batch", public_id)


@login_required
@require_POST
def stop(request: HttpRequest, public_id: str) -> HttpResponse:
    """Stop a batch that is being brought in, or undone."""
    batch = _own(request, public_id)
    if stop_batch(batch=batch, by=request.user, at=timezone.now()):
        messages.success(request, "C’est arrêté ; vous pouvez reprendre où cela en était.")
    else:
        messages.error(request, "Cet import n’est pas en cours.")
    return redirect("register:import_batch", public_id)


@login_required
@require_POST
def undo(request: HttpRequest, public_id: str) -> HttpResponse:
    """Have what a batch wrote taken back by a worker."""
    batch = _own(request, public_id)
    if start_undoing(batch=batch, at=timezone.now()):
        take_back.enqueue(batch.public_id)
    else:
        messages.error(request, "Cet import est en cours, ou est déjà annulé.")
    return redirect("register:import_batch", public_id)


def _try_file(request: HttpRequest, context: dict[str, Any]) -> ImportBatch | None:
    """Write the trial of the file sent; show its columns again when something is missing."""
    file = request.FILES.get("fichier")
    source = request.POST.get("source", "").strip()
    licence = request.POST.get("licence", "")
    context["given"] = {
        "source": source,
        "adresse": request.POST.get("adresse", ""),
        "licence": licence,
        "organisation": request.POST.get("organisation", ""),
    }
    if file is None or not source or licence not in Licence.values:
        messages.error(request, "Donnez un fichier, sa source et sa licence.")
        return None
    body = file.read(LARGEST_FILE + 1)
    try:
        header = read_spreadsheet(body).header
        guessed = guessed_mapping(header)
        mapping = {
            name: _asked(request, number, guessed[name]) for number, name in enumerate(header)
        }
        context["guessed"] = [(number, name, mapping[name]) for number, name in enumerate(header)]
        return open_batch(
            body=body,
            file_name=file.name or "",
            source_name=source,
            source_url=request.POST.get("adresse", ""),
            licence=Licence(licence),
            mapping=mapping,
            by=request.user,
            organisation=_organisation(request),
            at=timezone.now(),
        )
    except InputError as refused:
        messages.error(request, str(refused))
        return None


def _organisation(request: HttpRequest) -> Organisation | None:
    """Return the organisation in whose name the file is brought in, None for oneself."""
    public_id = request.POST.get("organisation", "")
    if not public_id:
        return None
    mine = Organisation.objects.of_member(request.user, Permission.IMPORT)
    found: Organisation = get_object_or_404(mine, public_id=public_id)
    return found


def _asked(request: HttpRequest, number: int, guessed: str) -> str:
    asked = request.POST.get(f"colonne-{number}")
    if asked is None:
        return guessed
    return asked if asked in COLUMN_KEYS else ""


def _own(request: HttpRequest, public_id: str) -> ImportBatch:
    _refuse_others(request)
    return get_object_or_404(ImportBatch, public_id=public_id, by=request.user)


def _refuse_others(request: HttpRequest) -> None:
    if not may_import(request.user):
        raise Http404
