"""Between a sheet and the rows of the database."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Final

from django.db.models import Q, prefetch_related_objects

from maillage.web.register.content.fields import FIELDS, Content, empty_content
from maillage.web.register.content.relations import targets_of
from maillage.web.register.models import (
    BudgetLine,
    Figure,
    Holder,
    Initiative,
    Partner,
    Relation,
    Resource,
    Tag,
)
from maillage.web.register.models.initiative import DETAILS
from maillage.web.territories.models import Territory

_ROWS: Final = {
    "holders": Holder,
    "partners": Partner,
    "budget_lines": BudgetLine,
    "figures": Figure,
    "resources": Resource,
}
_KEPT_AS_JSON: Final = ("milestones", "evaluation")
PLAIN_KEYS: Final = tuple(
    field.key
    for field in FIELDS
    if field.kind not in ("choices", "territories", "records") or field.key in _KEPT_AS_JSON
)
"""The fields that are columns of the initiative itself."""


def content_of(initiative: Initiative) -> Content:
    """Return the whole sheet; what was not read with `with_details` is read now."""
    prefetch_related_objects([initiative], *DETAILS)
    content = empty_content()
    for key in PLAIN_KEYS:
        content[key] = _plain(getattr(initiative, key))
    tags = defaultdict(set)
    for tag in initiative.tags.all():
        tags[tag.facet].add(tag.value)
    for field in FIELDS:
        if field.facet is not None and field.choices is not None:
            content[field.key] = [one for one in field.choices.values if one in tags[field.facet]]
        elif field.key in _ROWS:
            rows = getattr(initiative, field.key).all()
            columns = [column.key for column in field.columns]
            content[field.key] = [
                {key: _plain(getattr(row, key)) for key in columns} for row in rows
            ]
    content["territories"] = sorted(
        f"{one.kind}:{one.code}" for one in initiative.territories.all()
    )
    content["relations"] = [
        {"kind": relation.kind, "target": relation.target.public_id}
        for relation in sorted(initiative.relations.all(), key=lambda one: one.pk)
    ]
    return content


def set_plain_fields(initiative: Initiative, content: Content) -> None:
    """Put the fields that are columns on the row, without saving it."""
    for key in PLAIN_KEYS:
        setattr(initiative, key, content[key])


def write_rows(initiative: Initiative, content: Content) -> None:
    """Write what hangs on an initiative, in place of what was there. Within a transaction."""
    write_many_rows([(initiative, content)])


def write_many_rows(sheets: list[tuple[Initiative, Content]]) -> None:
    """Write what hangs on many initiatives, in as many queries as for one."""
    initiatives = [initiative for initiative, _ in sheets]
    _rewrite(Tag, initiatives, [tag for one, content in sheets for tag in _tags(one, content)])
    for key, model in _ROWS.items():
        rows = [
            model(initiative=one, position=position, **record)
            for one, content in sheets
            for position, record in enumerate(content[key])
        ]
        _rewrite(model, initiatives, rows)
    _write_territories(sheets)
    _write_relations(sheets)
    for initiative in initiatives:
        getattr(initiative, "_prefetched_objects_cache", {}).clear()


def _rewrite(model: Any, initiatives: list[Initiative], rows: list[Any]) -> None:
    model.objects.filter(initiative__in=initiatives).delete()
    model.objects.bulk_create(rows, batch_size=500)


def _tags(initiative: Initiative, content: Content) -> Iterable[Tag]:
    for field in FIELDS:
        if field.facet is not None:
            for value in content[field.key]:
                yield Tag(initiative=initiative, facet=field.facet, value=value)


def territories_named(references: Iterable[str]) -> dict[str, Territory]:
    """Return the territories by "kind:code"; the unknown are left out."""
    codes_by_kind: dict[str, set[str]] = defaultdict(set)
    for reference in references:
        kind, _, code = reference.partition(":")
        codes_by_kind[kind].add(code)
    asked = Q(pk__in=())
    for kind, codes in codes_by_kind.items():
        asked |= Q(kind=kind, code__in=codes)
    return {f"{one.kind}:{one.code}": one for one in Territory.objects.filter(asked)}


def _write_territories(sheets: list[tuple[Initiative, Content]]) -> None:
    known = territories_named({one for _, content in sheets for one in content["territories"]})
    through = Initiative.territories.through
    rows = [
        through(initiative_id=initiative.pk, territory_id=known[reference].pk)
        for initiative, content in sheets
        for reference in content["territories"]
        if reference in known
    ]
    through.objects.filter(initiative_id__in=[one.pk for one, _ in sheets]).delete()
    through.objects.bulk_create(rows, batch_size=500)


def _write_relations(sheets: list[tuple[Initiative, Content]]) -> None:
    known = targets_of((content for _, content in sheets), among=Initiative.objects.all())
    rows = [
        Relation(initiative=one, kind=link["kind"], target_id=known[link["target"]])
        for one, content in sheets
        for link in content["relations"]
        if link["target"] in known  # else erased since it was checked
    ]
    _rewrite(Relation, [one for one, _ in sheets], rows)


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return value
