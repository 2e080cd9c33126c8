"""What the first visitors of a web process would wait for."""

from typing import Final

from maillage.studies.store import Store
from maillage.web.register.finding.asking import answer
from maillage.web.register.finding.coverage import coverage_of
from maillage.web.register.finding.criteria import Criteria

_MISSPELT: Final = "medcin"


def warm(store: Store) -> None:
    """Read the index, the words of its texts and where initiatives take place."""
    answer(Criteria(text=_MISSPELT))
    coverage_of(store)
