"""Every field of a sheet, listed once: forms, imports, versions and pages are made from this list.

A sheet is a plain dictionary, fit for JSON. By kind of field, its values are:

  text, long, url      str ("" when not given)
  choice               str, a word of the vocabulary ("" when not given)
  choices              list of words of the vocabulary, in its order, each once
  year                 int or None
  number               str of a decimal number such as "7.5", or None: never a float, so that a
                       sheet read back is the very sheet that was written
  territories          list of "kind:code", sorted
  records              list of dictionaries with the keys of `columns`
"""

from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final, Literal

from django.db.models import TextChoices

from maillage.web.register.models.choices import (
    AnswerKind,
    Criterion,
    CriterionAnswer,
    EvidenceLevel,
    Facet,
    FigureKind,
    FunderKind,
    HolderKind,
    HoldingRole,
    Licence,
    Profession,
    Public,
    RelationKind,
    ResourceKind,
    Scheme,
    Stage,
    SubTheme,
    SuccessFactor,
    SupportNeed,
    TerritoryKind,
    Theme,
    Transferability,
)
from maillage.web.register.models.initiative import LONGEST_PROMISE, LONGEST_TEXT, LONGEST_TITLE

Kind = Literal[
    "text", "long", "url", "choice", "choices", "year", "number", "territories", "records"
]
Content = dict[str, Any]
MOST_RECORDS: Final = 40
MOST_TERRITORIES: Final = 300


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a sheet, or one column of its records.

    required  it must be given before the sheet is sent for publication
    default   what the field holds when nothing is given, for a choice
    decimals  how many a number keeps: those of its column in the database
    least, most  the bounds of a number, both allowed
    """

    key: str
    label: str
    kind: Kind = "text"
    help: str = ""
    required: bool = False
    longest: int = 200
    choices: type[TextChoices] | None = None
    facet: Facet | None = None
    default: str = ""
    decimals: int = 4
    least: Decimal = -(Decimal(10) ** 12)
    most: Decimal = Decimal(10) ** 12
    columns: tuple["Field", ...] = ()

    @property
    def empty(self) -> Any:
        """What the field holds when nothing is given."""
        if self.kind in ("choices", "territories", "records"):
            return []
        if self.kind in ("year", "number"):
            return None
        return self.default


@dataclass(frozen=True, slots=True)
class Step:
    """One page of the contribution: a few fields that belong together."""

    key: str
    title: str
    fields: tuple[Field, ...]


def _choices(key: str, label: str, facet: Facet, choices: type[TextChoices], **more: Any) -> Field:
    return Field(key, label, "choices", choices=choices, facet=facet, **more)


STEPS: Final = (
    Step(
        "essentiel",
        "L’essentiel",
        (
            Field("title", "Titre", required=True, longest=LONGEST_TITLE),
            Field(
                "promise",
                "En une phrase",
                help="Ce que l’initiative apporte, à qui, où.",
                required=True,
                longest=LONGEST_PROMISE,
            ),
            Field(
                "description",
                "Description",
                "long",
                help="Le problème, la réponse, son fonctionnement. Vous pouvez utiliser des "
                "titres (##), des listes (-) et du **gras**.",
                required=True,
                longest=LONGEST_TEXT,
            ),
            _choices("themes", "Thèmes", Facet.THEME, Theme, required=True),
            _choices("sub_themes", "Sujets", Facet.SUB_THEME, SubTheme),
            _choices("answer_kinds", "Types de réponse", Facet.ANSWER_KIND, AnswerKind),
        ),
    ),
    Step(
        "lieux",
        "Où et avec qui",
        (
            Field(
                "territories",
                "Territoires couverts",
                "territories",
                help="Un par ligne : commune, intercommunalité, département ou région, par son "
                "nom ou son code officiel.",
            ),
            Field(
                "place_note",
                "Lieux, en mots",
                help="Ce que les noms officiels ne disent pas : un pays, un quartier, un hôpital.",
                longest=300,
            ),
            Field(
                "country_code",
                "Pays (code à deux lettres)",
                help="FR, sauf pour un projet étranger cité en comparaison.",
                longest=2,
                default="FR",
            ),
            _choices("territory_kinds", "Types de territoire", Facet.TERRITORY_KIND, TerritoryKind),
            Field(
                "holders",
                "Porteurs",
                "records",
                required=True,
                columns=(
                    Field("name", "Nom", required=True),
                    Field(
                        "kind",
                        "Type",
                        "choice",
                        choices=HolderKind,
                        default=HolderKind.OTHER.value,
                    ),
                    Field(
                        "role",
                        "Rôle",
                        "choice",
                        choices=HoldingRole,
                        default=HoldingRole.HOLDS.value,
                    ),
                ),
            ),
            Field(
                "partners",
                "Partenaires",
                "records",
                columns=(Field("name", "Nom", required=True), Field("role", "Rôle")),
            ),
        ),
    ),
    Step(
        "publics",
        "Pour qui, dans quel cadre",
        (
            _choices("publics", "Publics visés", Facet.PUBLIC, Public),
            _choices("professions", "Professions engagées", Facet.PROFESSION, Profession),
            _choices("schemes", "Dispositifs nationaux", Facet.SCHEME, Scheme),
            Field("scheme_note", "Précision sur le dispositif"),
            Field(
                "stage",
                "Avancement",
                "choice",
                choices=Stage,
                default=Stage.IDEA.value,
                required=True,
            ),
            Field("start_year", "Année de lancement", "year"),
            Field("end_year", "Année de fin", "year"),
            Field(
                "milestones",
                "Étapes",
                "records",
                columns=(
                    Field("year", "Année", "year", required=True),
                    Field("text", "Ce qui s’est passé", required=True, longest=300),
                ),
            ),
        ),
    ),
    Step(
        "moyens",
        "Moyens et résultats",
        (
            Field(
                "budget_lines",
                "Budget, par financeur et par année",
                "records",
                columns=(
                    Field("funder", "Financeur", required=True),
                    Field(
                        "funder_kind",
                        "Type",
                        "choice",
                        choices=FunderKind,
                        default=FunderKind.OTHER.value,
                    ),
                    Field("year", "Année", "year"),
                    Field(
                        "amount_eur",
                        "Montant (€)",
                        "number",
                        decimals=2,
                        least=Decimal(0),
                        most=Decimal("999999999999.99"),
                    ),
                    Field(
                        "share_pct",
                        "Part (%)",
                        "number",
                        decimals=2,
                        least=Decimal(0),
                        most=Decimal(100),
                    ),
                ),
            ),
            Field(
                "staff_fte",
                "Équivalents temps plein",
                "number",
                decimals=2,
                least=Decimal(0),
                most=Decimal("9999.99"),
            ),
            Field("staff_note", "Équipe", longest=300),
            Field(
                "figures",
                "Chiffres d’activité et de résultat",
                "records",
                columns=(
                    Field(
                        "kind",
                        "Nature",
                        "choice",
                        choices=FigureKind,
                        default=FigureKind.ACTIVITY.value,
                    ),
                    Field("label", "Ce qui est compté", required=True),
                    Field("value", "Valeur", "number", required=True),
                    Field("unit", "Unité", longest=60),
                    Field("year", "Année", "year"),
                    Field("source", "Source", longest=300),
                ),
            ),
            Field("results", "Résultats, en mots", "long", longest=LONGEST_TEXT),
        ),
    ),
    Step(
        "enseignements",
        "Ce qu’on en retient",
        (
            _choices(
                "success_factors", "Facteurs de réussite", Facet.SUCCESS_FACTOR, SuccessFactor
            ),
            _choices("support_needs", "Besoins d’appui", Facet.SUPPORT_NEED, SupportNeed),
            Field("pitfalls", "Écueils rencontrés", "long", longest=LONGEST_TEXT),
            Field("levers", "Leviers à privilégier", "long", longest=LONGEST_TEXT),
            Field("transferability", "Transférabilité", "choice", choices=Transferability),
            Field(
                "transferability_note",
                "Conditions pour faire de même",
                "long",
                longest=LONGEST_TEXT,
            ),
            Field(
                "evidence_level",
                "Niveau de preuve",
                "choice",
                choices=EvidenceLevel,
                default=EvidenceLevel.NONE.value,
            ),
            Field("evaluation_summary", "Évaluation, en mots", "long", longest=LONGEST_TEXT),
            Field(
                "evaluation",
                "Critères du portail européen des bonnes pratiques",
                "records",
                columns=(
                    Field("criterion", "Critère", "choice", choices=Criterion, required=True),
                    Field(
                        "answer",
                        "Réponse",
                        "choice",
                        choices=CriterionAnswer,
                        default=CriterionAnswer.UNKNOWN.value,
                    ),
                    Field("note", "Précision", longest=500),
                ),
            ),
        ),
    ),
    Step(
        "documents",
        "Liens et licence",
        (
            Field(
                "resources",
                "Liens et documents en ligne",
                "records",
                columns=(
                    Field(
                        "kind",
                        "Nature",
                        "choice",
                        choices=ResourceKind,
                        default=ResourceKind.WEBSITE.value,
                    ),
                    Field("title", "Titre", required=True),
                    Field("url", "Adresse", "url", required=True, longest=500),
                ),
            ),
            Field(
                "relations",
                "Liens avec d’autres initiatives",
                "records",
                help="L’identifiant est la suite de dix signes dans l’adresse de la fiche.",
                columns=(
                    Field("kind", "Lien", "choice", choices=RelationKind, required=True),
                    Field("target", "Identifiant de l’autre fiche", required=True, longest=10),
                ),
            ),
            Field(
                "licence",
                "Licence de la fiche",
                "choice",
                choices=Licence,
                default=Licence.LO_2_0.value,
                required=True,
            ),
            Field("source_name", "Source de la fiche", help="Si elle résume un document publié."),
            Field("source_url", "Adresse de la source", "url", longest=500),
        ),
    ),
)

FIELDS: Final = tuple(field for step in STEPS for field in step.fields)
FIELD_BY_KEY: Final = MappingProxyType({field.key: field for field in FIELDS})
STEP_BY_KEY: Final = MappingProxyType({step.key: step for step in STEPS})


def empty_content() -> Content:
    """Return a sheet in which nothing is given."""
    return {field.key: field.empty for field in FIELDS}
