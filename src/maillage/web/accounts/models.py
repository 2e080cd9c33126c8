"""Models of the accounts, for Django; each lives with its part."""

from maillage.web.accounts.people.models import User

__all__ = ["User"]
