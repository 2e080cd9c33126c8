"""What a visitor may try: each gesture with its plain words, its bounds and its reviewed defaults.

The one list that the form, the reading of addresses, the summaries and the documentation share.
Acts of a newcomer come from DREES; what no published figure settles is a convention of ours, is
said to be one, and can be changed.
"""

from dataclasses import dataclass
from typing import Final

from maillage.engines.accessibility.moves import ACTS_PER_DAY, ACTS_PER_FTE, WEEKS_PER_YEAR
from maillage.studies.scenarios import CABIN_REACH_MIN

REVIEWED_ON: Final = "22 novembre 2026"
_DREES: Final = (
    "5 400 : nombre que la DREES attribue à un généraliste qui vient de s’installer "
    "(APL 2022 et 2023, feuille « Paramètres »)."
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """One figure of a gesture, as the form asks for it.

    label             the question
    default           figure offered
    least, most       bounds, both allowed; step of the control
    help              where the default comes from, or what the figure means
    is_pct            asked from 0 to 100, kept as a share from 0 to 1
    """

    label: str
    default: float
    least: float
    most: float
    step: float
    help: str
    is_pct: bool = False


@dataclass(frozen=True, slots=True)
class Gesture:
    """One thing to try.

    key          its name in the form; kind: its name in addresses (`studies.scenarios`)
    sign         -1 for a departure: the form asks a positive number, the address keeps the sign
    explanation  what it stands for and what is counted
    count        doctors, days a week, acts a year, or share not replaced
    acts         acts a year per doctor (per day for a bus); None when it has no meaning
    counted      share of téléconsultations that stands for a consultation; cabin only
    """

    key: str
    kind: str
    sign: int
    title: str
    explanation: str
    count: Quantity
    acts: Quantity | None = None
    counted: Quantity | None = None


_ACTS_PER_DOCTOR: Final = Quantity(
    "Consultations par médecin et par an", ACTS_PER_FTE, 100, 20_000, 50, _DREES
)

GESTURES: Final = (
    Gesture(
        "arrive",
        "gp",
        1,
        "Des généralistes s’installent",
        "Des médecins généralistes de plus, à temps plein, ouverts à tous les habitants à moins "
        "de vingt minutes.",
        Quantity("Nombre de médecins (temps plein)", 1, 0.1, 50, 0.1, "Un mi-temps compte 0,5."),
        _ACTS_PER_DOCTOR,
    ),
    Gesture(
        "leave",
        "gp",
        -1,
        "Des généralistes partent",
        "Des médecins de la commune cessent leur activité, sans être remplacés.",
        Quantity("Nombre de médecins (temps plein)", 1, 0.1, 50, 0.1, "Un mi-temps compte 0,5."),
        _ACTS_PER_DOCTOR,
    ),
    Gesture(
        "house",
        "house",
        1,
        "Une maison de santé ouvre",
        "Seuls comptent les médecins qui viennent d’ailleurs : ceux qui changent d’adresse dans "
        "la commune n’ajoutent pas de consultations.",
        Quantity(
            "Nouveaux médecins (temps plein)", 2, 0.1, 50, 0.1, "Ceux que la maison fait venir."
        ),
        _ACTS_PER_DOCTOR,
    ),
    Gesture(
        "centre",
        "centre",
        1,
        "Un centre de santé salarie des médecins",
        "Les consultations que le centre prévoit vraiment : ni plancher ni plafond d’activité, "
        "comme dans le calcul de la DREES.",
        Quantity("Médecins salariés (temps plein)", 2, 0.1, 50, 0.1, "Un mi-temps compte 0,5."),
        Quantity(
            "Consultations par médecin et par an",
            ACTS_PER_FTE,
            100,
            20_000,
            50,
            "Faute d’un chiffre publié pour les centres, le repère de la DREES pour un nouvel "
            "installé : mettez celui de votre projet.",
        ),
    ),
    Gesture(
        "bus",
        "bus",
        1,
        "Un bus avec médecin s’arrête chaque semaine",
        f"Une consultation mobile, {WEEKS_PER_YEAR:.0f} semaines par an. Pour une tournée, ajoutez "
        "chaque commune d’arrêt.",
        Quantity("Jours par semaine", 1, 0.1, 7, 0.1, "Une demi-journée compte 0,5."),
        Quantity(
            "Consultations par jour de présence",
            ACTS_PER_DAY,
            1,
            60,
            1,
            "24 : convention de Maillage, soit 5 400 consultations réparties sur 45 semaines de "
            "5 jours.",
        ),
    ),
    Gesture(
        "cabin",
        "cabin",
        1,
        "Une cabine de téléconsultation ouvre",
        f"Elle sert les habitants à moins de {CABIN_REACH_MIN:.0f} minutes. Une téléconsultation "
        "ne remplace pas tout : ni examen, ni vaccin. Seule la part choisie est comptée.",
        Quantity(
            "Téléconsultations par an", 1_000, 10, 100_000, 10, "À reprendre de votre projet."
        ),
        None,
        Quantity(
            "Part qui tient lieu de consultation (%)",
            0.5,
            0.0,
            1.0,
            0.05,
            "50 % : convention de Maillage, aucune valeur publiée ne convient partout.",
            is_pct=True,
        ),
    ),
    Gesture(
        "retire",
        "retire",
        1,
        "Les médecins de plus de 65 ans s’arrêtent",
        "Pour les habitants de la commune : leur accès glisse vers celui que la DREES publie sans "
        "les médecins de plus de 65 ans. L’âge des médecins par commune n’est pas public.",
        Quantity(
            "Part qui n’est pas remplacée (%)", 1.0, 0.01, 1.0, 0.01, "100 % : aucun.", is_pct=True
        ),
    ),
)
GESTURE_BY_KEY: Final = {gesture.key: gesture for gesture in GESTURES}


def gesture_of(kind: str, count: float) -> Gesture:
    """Return the gesture of a move; `kind` must be known."""
    sign = -1 if count < 0 else 1
    return next(item for item in GESTURES if item.kind == kind and item.sign == sign)
