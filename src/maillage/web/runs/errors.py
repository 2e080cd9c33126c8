"""What can go wrong with a run, by name, and how it is said in French."""

from maillage.core.errors import (
    InfeasibleError,
    InputError,
    MaillageError,
    NotEnoughDataError,
    SuppressedError,
)

OUR_FAULT = (
    "Le calcul s'est arrêté sur une erreur du logiciel. Elle a été enregistrée ; "
    "relancer le calcul peut suffire, sinon signalez-la avec l'adresse de cette page."
)
INTERRUPTED_TOO_OFTEN = (
    "Le calcul a été interrompu {losses} fois avant sa fin (mémoire insuffisante ou arrêt du "
    "serveur). Réduisez son étendue ou relancez-le plus tard."
)

_EXPLAINED: dict[type[MaillageError], str] = {
    InputError: "Les données fournies à ce calcul ne conviennent pas.",
    NotEnoughDataError: "Les données disponibles ne permettent pas de répondre à cette question.",
    InfeasibleError: "Aucune solution ne respecte toutes les contraintes demandées.",
    SuppressedError: "Ce résultat porte sur trop peu de personnes pour être montré.",
}


class RunError(MaillageError):
    """Something that cannot be done to a run."""


class UnknownStudy(RunError):
    """No study of that name is offered here."""


class TooManyRuns(RunError):
    """The person already has as many unfinished runs as one person may have."""


class QueueFull(RunError):
    """The site already has as many waiting runs as it accepts."""


class RunNotCancellable(RunError):
    """The run is finished, or belongs to somebody else."""


class RunNotWaiting(RunError):
    """The run cannot be taken: another worker has it, or it was ended."""


class LeaseLost(RunError):
    """This worker no longer holds the run: another took it, or it was ended."""


class ResultNotStorable(RunError):
    """The study returned something that is not finite, plain JSON, or is too large."""


def explain(error: Exception) -> str:
    """Return what to tell, in French, of an error that ended a run: never a trace.

    The English message of an error is for the log.
    """
    for kind, sentence in _EXPLAINED.items():
        if isinstance(error, kind):
            detail = getattr(error, "french", "")
            return f"{sentence} Précision : {detail}" if detail else sentence
    return OUR_FAULT
