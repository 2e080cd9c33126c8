"""The errors of Maillage, split by who can mend them."""


class MaillageError(Exception):
    """Any error that Maillage raises on purpose.

    The message is in English, for the log and for those who program. `french` says the same to
    whoever uses the site or the command line, where the fault may be theirs; "" when it cannot be.
    """

    def __init__(self, *args: object, french: str = "") -> None:
        super().__init__(*args)
        self.french = french


class InputError(MaillageError):
    """What was given cannot be used; the message says what was found, expected, and what to do."""


class NotEnoughDataError(MaillageError):
    """The question is sound, the data at hand cannot answer it."""


class InfeasibleError(MaillageError):
    """No solution honours every constraint."""


class SuppressedError(MaillageError):
    """The figure exists and may not be shown: it counts too few people."""


class CancelledError(MaillageError):
    """The person who asked for a long computation asked for it to stop."""
