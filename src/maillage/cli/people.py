"""`maillage people`: give and take the rights that no page gives."""

from typing import Annotated, Any

import typer

from maillage.cli.french import FrenchCommand, french_app
from maillage.cli.outcome import MissingError, say

app = french_app("Les personnes qui ont un compte, et les droits qu'aucune page ne donne.")

Email = Annotated[str, typer.Argument(help="Adresse électronique du compte.")]
Revoke = Annotated[bool, typer.Option("--revoke", help="Retirer au lieu de donner.")]


@app.callback()
def _people() -> None:
    """Hold the commands on people."""


@app.command("administrator", cls=FrenchCommand)
def administrator(email: Email, revoke: Revoke = False) -> None:
    """Confier l'administration de la plateforme à un compte, ou la lui retirer.

    Exemple : maillage people administrator camille@agglo.example.fr
    """
    user, at = _person(email)
    from maillage.web.accounts.profile.administration import set_administrator

    set_administrator(user=user, administers=not revoke, at=at)
    say(f"{email} {'n’administre plus' if revoke else 'administre'} la plateforme.")


@app.command("role", cls=FrenchCommand)
def role(
    email: Email,
    name: Annotated[str, typer.Argument(help="reader, contributor, moderator, …")],
    territory: Annotated[str, typer.Argument(help="Territoire : genre:code.")],
    by: Annotated[str, typer.Option(help="Adresse de l'administrateur qui le confie.")],
    revoke: Revoke = False,
) -> None:
    """Confier un rôle sur un territoire et tout ce qui s'y trouve, ou le retirer.

    Exemple : maillage people role elu@example.fr moderator department:64 --by moi@example.fr
    """
    user, at = _person(email)
    giver, _ = _person(by)
    from maillage.web.accounts.organisations import territory_roles
    from maillage.web.accounts.organisations.models import TerritoryRole
    from maillage.web.accounts.rights import HELD_ROLES, Role

    if name not in set(HELD_ROLES):
        raise typer.BadParameter(f"rôle inconnu : {name}. Attendu : {', '.join(HELD_ROLES)}.")
    place = _territory(territory)
    if revoke:
        for given in TerritoryRole.objects.filter(user=user, territory=place, role=name):
            territory_roles.withdraw_territory_role(given=given, by=giver, at=at)
    else:
        territory_roles.give_territory_role(
            user=user, territory=place, role=Role(name), by=giver, at=at
        )
    say("C'est fait.")


def _person(email: str) -> tuple[Any, Any]:
    from maillage.cli.building import set_up_django

    set_up_django(signs=True)
    from django.utils import timezone

    from maillage.web.accounts.people.models import User

    user = User.objects.active().filter(email=email.strip().lower()).first()
    if user is None:
        raise MissingError(f"Aucun compte ouvert à l'adresse {email} : il faut d'abord s'inscrire.")
    return user, timezone.now()


def _territory(text: str) -> Any:
    from maillage.web.territories.models import Territory

    kind, _, code = text.partition(":")
    found = Territory.objects.current().filter(kind=kind, code=code).first()
    if found is None:
        raise MissingError(f"Aucun territoire {text!r} : attendu genre:code, comme department:64.")
    return found
