"""Links between sheets: to one that is there, seen by who makes it, and another."""

from typing import Any

from django.urls import reverse

from maillage.web.accounts.models import User
from maillage.web.register.models.choices import State
from tests.web.register.conftest import MakeInitiative
from tests.web.register.test_pages import logged_in


def test_a_link_to_no_sheet_is_refused_with_what_was_typed(make: MakeInitiative, author: User):
    initiative, other = make(State.DRAFT, created_by=author), make()
    draft_of_others = make(State.DRAFT)
    url = reverse("register:write", args=[initiative.public_id, "documents"])
    client = logged_in(author)

    def linked(target: str) -> Any:
        return client.post(
            url,
            {
                "relations-0-kind": "inspired_by",
                "relations-0-target": target,
                "licence": "etalab-2.0",
            },
        )

    for target in ("k3m9p7x2qa", draft_of_others.public_id):
        page = linked(target)
        assert "Aucune fiche ne porte l’identifiant" in page.text
        assert target in page.text
    assert "ne se lie pas à elle-même" in linked(initiative.public_id).text
    assert not initiative.relations.exists()
    assert linked(other.public_id).status_code == 302
    assert initiative.relations.get().target == other
