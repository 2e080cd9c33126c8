"""Aids to territories, in the format of Aides-territoires; their links lead nowhere (RFC 2606)."""

from typing import Final

from maillage.sources.fictional import toponyms
from maillage.sources.fictional.writing import Folder

_TOWNS: Final = "Communes;Intercommunalités / Pays"
_EVERYBODY: Final = f"{_TOWNS};Associations;Départements"

_HEADER: Final = (
    "Nom", "Lien", "Financeurs", "Bénéficiaire", "Types d'aides", "AAP/AMI", "Récurrence",
    "Descriptif", "Date Clôture",
)  # fmt: skip

# Name, funder, beneficiaries, kinds, whether it is a call for projects, description, closing date.
_AIDS: Final = (
    (
        "Créer ou agrandir une maison de santé pluriprofessionnelle",
        "région",
        _TOWNS,
        "Subvention;Ingénierie technique",
        False,
        "Aide à l'achat, à la construction et aux travaux.\nTaux : 30 % au plus.",
        "",
    ),
    (
        "Loger les internes en médecine et les remplaçants",
        "département",
        _TOWNS,
        "Subvention",
        False,
        "Aide à l'aménagement de logements meublés près d'un lieu de stage.",
        "",
    ),
    (
        "Installer une cabine de téléconsultation accompagnée",
        "région",
        _EVERYBODY,
        "Subvention",
        True,
        "Appel à projets : la cabine est tenue par un soignant, avec l'avis de la CPTS.",
        "30/09/2026",
    ),
    (
        "Financer un temps de coordination pour un contrat local de santé",
        "agence",
        _TOWNS,
        "Subvention;Ingénierie financière",
        False,
        "Cofinancement d'un poste pendant trois ans.",
        "",
    ),
    (
        "Mettre en route un bus de prévention",
        "agence",
        _EVERYBODY,
        "Subvention",
        True,
        "Appel à manifestation d'intérêt : dépistages et orientation dans les communes éloignées.",
        "15/12/2026",
    ),
    (
        "Organiser un transport à la demande vers les lieux de soins",
        "département",
        _TOWNS,
        "Subvention;Ingénierie technique",
        False,
        "Aide au démarrage et à l'évaluation d'un service de transport.",
        "",
    ),
)


def write_aids(folder: Folder) -> None:
    """Write the aids that a territory may ask for."""
    funders = {
        "région": f"Conseil régional de la {toponyms.REGION}",
        "département": f"Conseil départemental du {toponyms.DEPARTMENT}",
        "agence": "Agence régionale de santé (fictive)",
    }
    rows = [
        (
            name,
            f"https://aides.invalid/{rank}",
            funders[funder],
            beneficiaries,
            kinds,
            "Oui" if call else "",
            "Ponctuelle" if call else "Permanente",
            description,
            closes,
        )
        for rank, (name, funder, beneficiaries, kinds, call, description, closes) in enumerate(
            _AIDS, start=1
        )
    ]
    folder.csv("initiatives/aides-territoires_fictif.csv", _HEADER, rows)
