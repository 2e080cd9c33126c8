"""What an action on a record may refuse."""

from typing import Final

from maillage.core.errors import MaillageError
from maillage.web.register.content.checking import Problem

STALE: Final = "La fiche a changé entre-temps : relisez-la, puis recommencez."
"""What people read when StateChanged stopped what they did."""


class NotAllowed(MaillageError):
    """The table does not let this person do this in this state."""


class StateChanged(MaillageError):
    """Somebody changed the record in the meantime: nothing was written."""


class ReasonMissing(MaillageError):
    """This action must say why."""


class NotComplete(MaillageError):
    """The sheet cannot be sent or written as it is; `problems` says what to mend, in French."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("; ".join(problem.message for problem in problems))
        self.problems = problems


class Conflict(MaillageError):
    """The fields that a suggestion changes have changed since; `labels` names them, in French."""

    def __init__(self, labels: list[str]) -> None:
        super().__init__(", ".join(labels))
        self.labels = labels
