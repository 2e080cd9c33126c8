"""`maillage people`: rights given and taken from the machine itself, told and recorded."""

import sys
from collections.abc import Callable

import pytest

from maillage.cli import main
from maillage.studies.store import Store
from maillage.web.accounts.journal.verification import verify
from maillage.web.accounts.models import JournalEntry, TerritoryRole, User
from maillage.web.accounts.rights import HELD_ROLES, Permission, Role
from maillage.web.accounts.scopes import may
from maillage.web.territories.models import Territory
from tests.web.conftest import shown_store

__all__ = ["shown_store"]

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def people(db: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run `maillage people …` in this process; return its exit code and what it said."""

    def run(*arguments: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["maillage", "people", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        assert isinstance(ended.value.code, int)
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return ended.value.code, " ".join(said.err.split())

    return run


@pytest.fixture
def camille(db: None) -> User:
    return User.objects.create_user("camille@example.fr")


@pytest.fixture
def admin(db: None) -> User:
    return User.objects.create_user("admin@example.fr", is_platform_administrator=True)


def journal() -> list[tuple[str, str]]:
    return list(JournalEntry.objects.order_by("number").values_list("verb", "fields"))


def test_the_platform_is_given_to_an_account_and_taken_back(people: Run, camille: User) -> None:
    code, said = people("administrator", " Camille@Example.fr ")
    assert (code, "administre la plateforme" in said) == (0, True)
    assert User.objects.get(pk=camille.pk).is_platform_administrator
    people("administrator", camille.email)  # no change, no line of the journal
    code, said = people("administrator", camille.email, "--revoke")
    assert (code, "n’administre plus" in said) == (0, True)
    assert not User.objects.get(pk=camille.pk).is_platform_administrator
    assert journal() == [
        ("user.made_administrator", "is_platform_administrator"),
        ("user.unmade_administrator", "is_platform_administrator"),
    ]
    assert set(JournalEntry.objects.values_list("actor", flat=True)) == {""}
    assert verify().sound


@pytest.mark.parametrize("role", HELD_ROLES)
def test_a_role_over_a_territory_is_given_and_taken_back(
    people: Run, shown_store: Store, camille: User, admin: User, role: Role
) -> None:
    order = ("role", camille.email, role.value, "department:20", "--by", admin.email)
    assert people(*order)[0] == 0
    given = TerritoryRole.objects.get(user=camille)
    assert (given.role, given.territory.name) == (
        role,
        Territory.objects.get(kind="department", code="20").name,
    )
    assert may(camille, Permission.SEE_MEMBERS, territory=given.territory)
    assert people(*order, "--revoke")[0] == 0
    assert not TerritoryRole.objects.exists()
    assert people(*order, "--revoke")[0] == 0
    fields = "role territory"
    assert journal() == [("territory_role.given", fields), ("territory_role.withdrawn", fields)]


def test_who_administers_nothing_gives_nothing(
    people: Run, shown_store: Store, camille: User
) -> None:
    order = ("role", camille.email, "reader", "department:20", "--by", camille.email)
    code, said = people(*order)
    assert code == 1
    assert "Aucun rôle de cette personne ne le permet" in said
    assert not TerritoryRole.objects.exists()
    assert journal() == []


@pytest.mark.parametrize(
    ("order", "code", "said"),
    [
        (("administrator", "nobody@example.fr"), 3, "il faut d'abord s'inscrire"),
        (("administrator", "closed@example.fr"), 3, "Aucun compte ouvert"),
        (("administrator",), 2, "Erreur"),
        (("role", "camille@example.fr", "king", "department:20", "--by", "admin@example.fr"),
         2, "rôle inconnu"),
        (("role", "camille@example.fr", "platform_administrator", "department:20",
          "--by", "admin@example.fr"), 2, "rôle inconnu"),
        (("role", "camille@example.fr", "reader", "department:99", "--by", "admin@example.fr"),
         3, "Aucun territoire"),
        (("role", "camille@example.fr", "reader", "Pau", "--by", "admin@example.fr"),
         3, "attendu genre:code"),
        (("role", "camille@example.fr", "reader", "department:20", "--by", "x@example.fr"),
         3, "Aucun compte ouvert"),
        (("role", "camille@example.fr", "reader", "department:20"), 2, "Erreur"),
    ],
)  # fmt: skip
def test_a_wrong_order_says_what_is_wrong_and_changes_nothing(
    people: Run, shown_store: Store, camille: User, admin: User,
    order: tuple[str, ...], code: int, said: str,
) -> None:  # fmt: skip
    User.objects.create_user("closed@example.fr", is_active=False)
    found, words = people(*order)
    assert found == code, words
    assert said in words
    assert User.objects.filter(is_platform_administrator=True).get() == admin
    assert not TerritoryRole.objects.exists()
    assert journal() == []


@pytest.mark.parametrize("command", [[], ["administrator"], ["role"]], ids=" ".join)
def test_help_is_in_french_with_an_example(people: Run, command: list[str], capsys) -> None:  # type: ignore[no-untyped-def]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["maillage", "people", *command, "--help"])
        with pytest.raises(SystemExit) as ended:
            main()
    text = capsys.readouterr().out
    assert ended.value.code == 0
    assert "Montrer cette aide." in text
    assert not command or f"Exemple : maillage people {command[0]}" in text
