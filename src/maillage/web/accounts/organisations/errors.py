"""What cannot be done to an organisation, by name, and how it is said in French."""

from maillage.core.errors import MaillageError


class OrganisationError(MaillageError):
    """Something that cannot be done; `in_french` says why to whoever asked."""

    in_french = "Ce n’est pas possible."

    def __init__(self, message: str) -> None:
        super().__init__(message, french=self.in_french)


class NotAllowed(OrganisationError):
    """The person has no role that allows it: pages answer as if the object were not there."""

    in_french = "Aucun rôle de cette personne ne le permet."


class AlreadyMember(OrganisationError):
    """The person is a member already."""

    in_french = "Cette personne est déjà membre."


class LastManager(OrganisationError):
    """The organisation would be left without anybody to manage it."""

    in_french = "C’est la dernière personne qui gère l’organisation : confiez d’abord la gestion."


class InvitationOver(OrganisationError):
    """The invitation was used, revoked, or has expired, or never was."""

    in_french = "Cette invitation n’est plus valable. Demandez-en une autre à qui vous l’a envoyée."


class InvitationForSomebodyElse(OrganisationError):
    """The invitation was sent to another address than the account's."""

    in_french = "Cette invitation a été envoyée à une autre adresse que celle de votre compte."


class TooManyInvitations(OrganisationError):
    """So many messages from one person would look like a nuisance."""

    in_french = "Vous avez envoyé beaucoup d’invitations aujourd’hui : reprenez demain."


class NotToOneself(OrganisationError):
    """Somebody who hands out roles took one for themselves."""

    in_french = "On ne se confie pas un rôle à soi-même : demandez à une autre personne."
