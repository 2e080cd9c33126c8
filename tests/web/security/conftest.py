"""Records, people and organisations for those who try to go where they may not."""

from tests.web.accounts.conftest import as_user, member, on_territory, organisation, person
from tests.web.register.conftest import administrator, author, make

__all__ = [
    "administrator",
    "as_user",
    "author",
    "make",
    "member",
    "on_territory",
    "organisation",
    "person",
]
