"""The journal's verbs, in French, for those who read it."""

WORDS = {
    "user.edited": "Compte modifié",
    "user.deleted": "Compte supprimé",
    "user.unsubscribed": "Messages arrêtés par le lien d’un courriel",
    "user.made_administrator": "Administration de la plateforme confiée",
    "user.unmade_administrator": "Administration de la plateforme retirée",
    "session.ended": "Session fermée à distance",
    "key.created": "Clé d’API créée",
    "key.revoked": "Clé d’API révoquée",
    "organisation.created": "Organisation créée",
    "organisation.edited": "Organisation modifiée",
    "organisation.territory_added": "Territoire ajouté à une organisation",
    "organisation.territory_removed": "Territoire retiré d’une organisation",
    "membership.begun": "Membre ajouté",
    "membership.ended": "Membre parti",
    "membership.role_changed": "Rôle d’un membre changé",
    "territory_role.given": "Rôle confié sur un territoire",
    "territory_role.withdrawn": "Rôle retiré sur un territoire",
    "invitation.sent": "Invitation envoyée",
    "invitation.revoked": "Invitation annulée",
    "invitation.accepted": "Invitation acceptée",
}


def in_french(verb: str) -> str:
    """Return what a verb says; the verb itself for one of another feature."""
    return WORDS.get(verb, verb)
