"""What the answers of the interface hold; field names are those of `records.record_of`."""

from datetime import datetime

from ninja import Schema


class HolderOut(Schema):
    """A body that holds the initiative."""

    name: str
    kind: str
    role: str


class PartnerOut(Schema):
    """A body that takes part."""

    name: str
    role: str


class TerritoryOut(Schema):
    """A territory: kind and official code."""

    kind: str
    code: str
    name: str


class BudgetLineOut(Schema):
    """What a funder gives."""

    funder: str
    funder_kind: str
    year: int | None
    amount_eur: float | None
    share_pct: float | None


class FigureOut(Schema):
    """A figure of activity, of result or of context."""

    kind: str
    label: str
    value: float
    unit: str
    year: int | None
    source: str


class ResourceOut(Schema):
    """A link."""

    kind: str
    title: str
    url: str


class SourceOut(Schema):
    """Where the record comes from."""

    name: str
    url: str


class InitiativeOut(Schema):
    """An initiative. `id` and `url` never change; `licence` says what may be done with it."""

    id: str
    url: str
    title: str
    promise: str
    description: str
    stage: str
    start_year: int | None
    end_year: int | None
    themes: list[str]
    sub_themes: list[str]
    answer_kinds: list[str]
    territory_kinds: list[str]
    publics: list[str]
    professions: list[str]
    schemes: list[str]
    success_factors: list[str]
    support_needs: list[str]
    holders: list[HolderOut]
    partners: list[PartnerOut]
    territories: list[TerritoryOut]
    place_note: str
    country_code: str
    budget_lines: list[BudgetLineOut]
    figures: list[FigureOut]
    results: str
    pitfalls: str
    levers: str
    transferability: str
    evidence_level: str
    reviewed_evidence_level: str
    resources: list[ResourceOut]
    source: SourceOut
    licence: str
    published_at: datetime | None
    updated_at: datetime
    checked_at: datetime | None


class PageOut(Schema):
    """A page of initiatives: `next` is the address of the next one, null on the last."""

    items: list[InitiativeOut]
    count: int
    next: str | None


class WordOut(Schema):
    """A value and its words in French."""

    value: str
    label: str


class VocabularyOut(Schema):
    """A filter and the values it takes."""

    name: str
    label: str
    values: list[WordOut]


class ErrorBody(Schema):
    """What went wrong: a code for machines, a sentence for people."""

    code: str
    message: str
    details: list[str]


class ErrorOut(Schema):
    """The one shape of every error."""

    error: ErrorBody
