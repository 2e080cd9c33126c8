"""Models of the register, for Django."""

from maillage.web.register.models.blocks import Block
from maillage.web.register.models.details import (
    Attachment,
    BudgetLine,
    Contact,
    Figure,
    Holder,
    Partner,
    Relation,
    Resource,
    Tag,
)
from maillage.web.register.models.imports import ImportBatch, ImportedKey, ImportRow
from maillage.web.register.models.initiative import Initiative
from maillage.web.register.models.life import (
    Amendment,
    Comment,
    ContactMessage,
    Contribution,
    Move,
    Version,
)
from maillage.web.register.models.portal import Portal
from maillage.web.register.models.search import (
    Publication,
    SavedSearch,
    SearchColumns,
    SearchEntry,
    SearchPosting,
    SearchState,
    SearchWord,
)

__all__ = [
    "Amendment",
    "Attachment",
    "Block",
    "BudgetLine",
    "Comment",
    "Contact",
    "ContactMessage",
    "Contribution",
    "Figure",
    "Holder",
    "ImportBatch",
    "ImportRow",
    "ImportedKey",
    "Initiative",
    "Move",
    "Partner",
    "Portal",
    "Publication",
    "Relation",
    "Resource",
    "SavedSearch",
    "SearchColumns",
    "SearchEntry",
    "SearchPosting",
    "SearchState",
    "SearchWord",
    "Tag",
    "Version",
]
