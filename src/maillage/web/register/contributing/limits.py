"""How often a visitor may begin, write, be written to: courtesy for people, a wall for machines."""

from datetime import timedelta
from typing import Final

from django.http import HttpRequest

from maillage.web.accounts.limits import Limit, address_of

DAY: Final = timedelta(days=1)
STARTS: Final = Limit("register.starts", 30, DAY)
LINKS_MAILED: Final = Limit("register.links", 5, DAY)
LINKS_ASKED: Final = Limit("register.links_asked", 20, DAY)
FILES: Final = Limit("register.files", 40, DAY)
SUGGESTIONS: Final = Limit("register.suggestions", 20, DAY)
MESSAGES: Final = Limit("register.messages", 5, DAY)


def visitor_of(request: HttpRequest) -> str:
    """Return what tells a visitor from another, for counting only."""
    user = request.user
    if user.is_authenticated:
        return f"user {user.pk}"
    return f"address {address_of(request)}"
