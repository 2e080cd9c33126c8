"""Failed log-ins are counted, for accounts that exist and for those that do not alike.

Five failures on one account from one address close that door for a quarter of an hour: whoever
tries from elsewhere, the owner first, is let in. Two wider limits stop who changes accounts from
one address, or addresses on one account.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from maillage.web.accounts.limits import Limit, consume, forget, give_back

ON_ONE_ACCOUNT_FROM_ONE_ADDRESS: Final = Limit("login", 5, timedelta(minutes=15))
FROM_ONE_ADDRESS: Final = Limit("login-address", 60, timedelta(hours=1))
ON_ONE_ACCOUNT: Final = Limit("login-account", 60, timedelta(hours=1))


@dataclass(frozen=True, slots=True)
class LoginAttempt:
    """Somebody at `address` gives a password for `email`."""

    email: str
    address: str

    def begin(self, *, at: datetime) -> bool:
        """Count the attempt, before the password is looked at; say whether it may go on."""
        within = [consume(limit, subject, at=at) for limit, subject in self._counted()]
        return all(within)  # every limit counts every attempt, whatever the others say

    def succeed(self, *, at: datetime) -> None:
        """Forget the failures of this account from here, and give the wider counts back."""
        (narrow, subject), *wide = self._counted()
        forget(narrow, subject)
        for limit, counted in wide:
            give_back(limit, counted, at=at)

    def _counted(self) -> tuple[tuple[Limit, str], ...]:
        email = self.email.strip().lower()
        return (
            (ON_ONE_ACCOUNT_FROM_ONE_ADDRESS, f"{email} {self.address}"),
            (FROM_ONE_ADDRESS, self.address),
            (ON_ONE_ACCOUNT, email),
        )
