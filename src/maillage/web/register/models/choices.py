"""The words that initiatives are sorted by, listed once.

Themes, holder types and the first three success factors are those of the Banque des Territoires'
study of 28 May 2024 ("Lutter contre les déserts médicaux : état des lieux des initiatives
territoriales"); the criteria of evaluation are those of the European Best Practice Portal.
"""

from types import MappingProxyType
from typing import Final

from django.db.models import TextChoices


class State(TextChoices):
    """Where a record stands in its life; the allowed moves are in `transitions`, nowhere else."""

    DRAFT = "draft", "Brouillon"
    SUBMITTED = "submitted", "À relire"
    PUBLISHED = "published", "Publiée"
    ARCHIVED = "archived", "Archivée"
    MERGED = "merged", "Fusionnée"
    REJECTED = "rejected", "Refusée"


class Stage(TextChoices):
    """How far the initiative itself has gone."""

    IDEA = "idea", "Idée"
    EXPERIMENT = "experiment", "Expérimentation"
    DEPLOYED = "deployed", "Déployée"
    CLOSED = "closed", "Terminée"


class Theme(TextChoices):
    """The five themes of the study."""

    PREVENTION = "prevention", "Prévention et sensibilisation"
    DIGITAL = "digital", "Numérique"
    ORGANISATION = "organisation", "Innovations dans l’organisation"
    ATTRACTIVENESS = "attractiveness", "Attractivité"
    TRAINING = "training", "Formation"


class SubTheme(TextChoices):
    """What an initiative is about, within a theme: the part before the dot is the theme."""

    SCREENING = "prevention.screening", "Dépistage"
    OUTREACH = "prevention.outreach", "Aller vers les personnes éloignées du soin"
    SCHOOL_HEALTH = "prevention.school", "Santé à l’école et parentalité"
    HEALTH_EDUCATION = "prevention.education", "Éducation à la santé"
    CHRONIC_DISEASE = "prevention.chronic", "Maladies chroniques"
    MENTAL_HEALTH = "prevention.mental", "Santé mentale"
    TELECONSULTATION = "digital.teleconsultation", "Téléconsultation"
    TELE_EXPERTISE = "digital.tele_expertise", "Téléexpertise"
    TELE_MONITORING = "digital.tele_monitoring", "Télésurveillance"
    SHARED_RECORD = "digital.shared_record", "Outils partagés entre professionnels"
    COORDINATED_PRACTICE = "organisation.coordinated", "Exercice coordonné"
    DUTY = "organisation.duty", "Permanence des soins et gardes"
    MOBILE_CARE = "organisation.mobile", "Soins mobiles ou itinérants"
    TASK_SHARING = "organisation.task_sharing", "Partage de tâches et nouveaux métiers"
    CARE_PATHWAY = "organisation.pathway", "Parcours de soins"
    POPULATION_HEALTH = "organisation.population", "Responsabilité populationnelle"
    POOLED_MEANS = "organisation.pooled", "Mutualisation de moyens"
    PLANNING = "organisation.planning", "Contrats et projets de santé"
    ONE_STOP_DESK = "attractiveness.one_stop", "Guichet unique d’installation"
    FINANCIAL_AID = "attractiveness.financial", "Aides financières"
    HOUSING = "attractiveness.housing", "Logement et accueil"
    REPLACEMENT = "attractiveness.replacement", "Remplacements"
    QUALITY_OF_LIFE = "attractiveness.quality_of_life", "Qualité de vie des soignants"
    PLACE_IMAGE = "attractiveness.image", "Image du territoire"
    HIGH_SCHOOL = "training.high_school", "Option santé au lycée"
    INTERNSHIP = "training.internship", "Stages et tutorat"
    SCHOLARSHIP = "training.scholarship", "Bourses d’études"
    LOCAL_TRAINING = "training.local", "Formations décentralisées"


class AnswerKind(TextChoices):
    """What was put in place."""

    MSP = "msp", "Maison de santé pluriprofessionnelle"
    HEALTH_CENTRE = "health_centre", "Centre de santé"
    HOUSE_ANIMATION = "house_animation", "Animation d’un lieu d’exercice coordonné"
    MOBILE_TEAM = "mobile_team", "Équipe mobile"
    BUS = "bus", "Bus ou camion itinérant"
    ADVANCED_PRACTICE = "advanced_practice", "Infirmières de pratique avancée"
    ASSISTANT = "assistant", "Assistants médicaux"
    ASALEE = "asalee", "Infirmières Asalée"
    EQUIPMENT = "equipment", "Équipement"
    COORDINATOR = "coordinator", "Temps de coordination"
    ONE_STOP_DESK = "one_stop_desk", "Guichet unique"
    GRANT = "grant", "Aide financière"
    HOUSING = "housing", "Logement"
    CONCIERGE = "concierge", "Conciergerie"
    REPLACEMENT_POOL = "replacement_pool", "Réseau de remplaçants"
    SHARED_DUTY = "shared_duty", "Gardes mutualisées"
    CABIN = "cabin", "Cabine de télémédecine"
    TELE_SERVICE = "tele_service", "Service de télémédecine"
    SCREENING_PROGRAMME = "screening_programme", "Programme de dépistage"
    MEDIATION = "mediation", "Médiation en santé"
    CARE_PROGRAMME = "care_programme", "Programme de soins d’une population"
    TRAINING_COURSE = "training_course", "Formation, option ou bourse"
    TRAINEE_HOUSE = "trainee_house", "Maison des stagiaires"
    NETWORK = "network", "Mise en réseau"
    CONTRACT = "contract", "Contrat ou projet de santé"


class TerritoryKind(TextChoices):
    """The kind of place, in the study's words."""

    RURAL = "rural", "Rural"
    PERIURBAN = "periurban", "Périurbain"
    URBAN = "urban", "Urbain dense"
    QPV = "qpv", "Quartier prioritaire (QPV)"
    MOUNTAIN = "mountain", "Montagne"
    COAST = "coast", "Littoral ou île"
    OVERSEAS = "overseas", "Outre-mer"


class HolderKind(TextChoices):
    """What the body that holds an initiative is."""

    LOCAL_AUTHORITY = "local_authority", "Collectivité"
    CPTS = "cpts", "CPTS"
    ARS = "ars", "ARS"
    URPS = "urps", "URPS"
    HOSPITAL = "hospital", "Établissement de santé ou sa fédération"
    HEALTH_HOUSE = "health_house", "MSP ou centre de santé"
    ASSOCIATION = "association", "Association"
    SCHOOL_AUTHORITY = "school_authority", "Éducation nationale"
    UNIVERSITY = "university", "Université"
    INSURANCE = "insurance", "Assurance maladie ou mutuelle"
    STATE = "state", "État"
    COMPANY = "company", "Entreprise"
    OTHER = "other", "Autre"


class HoldingRole(TextChoices):
    """Whether a body holds an initiative alone or with others."""

    HOLDS = "holds", "Porte"
    CO_HOLDS = "co_holds", "Co-porte"


class Public(TextChoices):
    """Whom an initiative is for."""

    EVERYONE = "everyone", "Toute la population"
    CHILDREN = "children", "Enfants"
    YOUNG = "young", "Jeunes"
    PARENTS = "parents", "Parents et familles"
    OLDER = "older", "Personnes âgées"
    PRECARIOUS = "precarious", "Personnes en situation de précarité"
    DISABLED = "disabled", "Personnes en situation de handicap"
    CHRONIC = "chronic", "Personnes malades chroniques"
    NO_DOCTOR = "no_doctor", "Personnes sans médecin traitant"
    PROFESSIONALS = "professionals", "Professionnels de santé"
    STUDENTS = "students", "Étudiants et internes"
    PUPILS = "pupils", "Lycéens"


class Profession(TextChoices):
    """Who takes part."""

    GENERAL_PRACTITIONER = "general_practitioner", "Médecins généralistes"
    SPECIALIST = "specialist", "Autres médecins spécialistes"
    INTERN = "intern", "Internes"
    NURSE = "nurse", "Infirmières et infirmiers"
    MIDWIFE = "midwife", "Sages-femmes"
    PHARMACIST = "pharmacist", "Pharmaciens"
    PHYSIOTHERAPIST = "physiotherapist", "Kinésithérapeutes"
    DENTIST = "dentist", "Chirurgiens-dentistes"
    CHILDCARE_NURSE = "childcare_nurse", "Puéricultrices"
    SCHOOL_NURSE = "school_nurse", "Infirmières scolaires"
    SCHOOL_DOCTOR = "school_doctor", "Médecins scolaires"
    MEDIATOR = "mediator", "Médiateurs en santé"
    SOCIAL_WORKER = "social_worker", "Travailleurs sociaux"
    COORDINATOR = "coordinator", "Coordinateurs"


class Scheme(TextChoices):
    """The national schemes an initiative may belong to."""

    AAP = "aap", "Appel à projets (AAP)"
    AMI = "ami", "Appel à manifestation d’intérêt (AMI)"
    ARTICLE_51 = "article_51", "Article 51"
    CLS = "cls", "Contrat local de santé (CLS)"
    CLSM = "clsm", "Conseil local en santé mentale (CLSM)"
    CPTS = "cpts", "CPTS (accord conventionnel)"
    PTSM = "ptsm", "Projet territorial de santé mentale (PTSM)"
    CRTE = "crte", "CRTE"
    PVD = "pvd", "Petites villes de demain"
    SDAASP = "sdaasp", "Schéma d’accessibilité des services (SDAASP)"
    OTHER = "other", "Autre"


class SuccessFactor(TextChoices):
    """What made it work; the first three are the study's."""

    SPONSORSHIP = "sponsorship", "Portage politique et « sponsorship »"
    ENGINEERING = "engineering", "Suivi et ingénierie de projet"
    FUNDING = "funding", "Accès à des financements adéquats"
    PROFESSIONALS_INVOLVED = "professionals_involved", "Professionnels associés dès le départ"
    PARTNERSHIP = "partnership", "Partenariat entre de nombreux acteurs"
    LISTENING = "listening", "Écoute des besoins des habitants"
    ANIMATION = "animation", "Animation dans la durée"
    SHARED_TOOLS = "shared_tools", "Méthode et outils partagés"


class SupportNeed(TextChoices):
    """What help is needed; the first three mirror the study's factors of success."""

    SPONSORSHIP = "sponsorship", "Portage politique"
    ENGINEERING = "engineering", "Ingénierie de projet"
    FUNDING = "funding", "Financements"
    EVALUATION = "evaluation", "Évaluation"
    LEGAL = "legal", "Cadre juridique"
    DATA = "data", "Données"
    TRAINING = "training", "Formation"
    COMMUNICATION = "communication", "Communication"


class Transferability(TextChoices):
    """How far others may do the same."""

    UNKNOWN = "", "Non renseignée"
    LOCAL = "local", "Liée au lieu"
    ADAPTABLE = "adaptable", "Adaptable ailleurs"
    REPLICATED = "replicated", "Déjà reprise ailleurs"


class EvidenceLevel(TextChoices):
    """How well one knows whether it works, from the least to the most.

    The European portal's « promising » and « best » are the last two; see `EVALUATION_CRITERIA`.
    """

    NONE = "none", "Pas encore évaluée"
    MONITORED = "monitored", "Suivie par des indicateurs"
    PROMISING = "promising", "Prometteuse : évaluation du porteur"
    DEMONSTRATED = "demonstrated", "Éprouvée : évaluation indépendante"


class Criterion(TextChoices):
    """The criteria of the European Best Practice Portal."""

    RELEVANCE = "relevance", "Pertinence"
    CHARACTERISTICS = "characteristics", "Description de l’intervention"
    EVIDENCE = "evidence", "Fondements et preuves"
    ETHICS = "ethics", "Éthique"
    EFFECTIVENESS = "effectiveness", "Efficacité et efficience"
    EQUITY = "equity", "Équité"
    TRANSFERABILITY = "transferability", "Transférabilité"
    SUSTAINABILITY = "sustainability", "Durabilité"
    COLLABORATION = "collaboration", "Collaboration entre secteurs"
    PARTICIPATION = "participation", "Participation"


EVALUATION_CRITERIA: Final = MappingProxyType(
    {
        "exclusion": (
            Criterion.RELEVANCE,
            Criterion.CHARACTERISTICS,
            Criterion.EVIDENCE,
            Criterion.ETHICS,
        ),
        "core": (Criterion.EFFECTIVENESS, Criterion.EQUITY),
        "qualifier": (
            Criterion.TRANSFERABILITY,
            Criterion.SUSTAINABILITY,
            Criterion.COLLABORATION,
            Criterion.PARTICIPATION,
        ),
    }
)
"""The portal's three groups: without the first a practice is left out; the others are weighed."""


class CriterionAnswer(TextChoices):
    """What is said of one criterion."""

    MET = "met", "Oui"
    PARTLY = "partly", "En partie"
    NOT_MET = "not_met", "Non"
    UNKNOWN = "unknown", "On ne sait pas"


class FunderKind(TextChoices):
    """Who pays."""

    STATE = "state", "État"
    ARS = "ars", "ARS"
    INSURANCE = "insurance", "Assurance maladie"
    REGION = "region", "Région"
    DEPARTMENT = "department", "Département"
    COMMUNE = "commune", "Commune ou intercommunalité"
    EUROPE = "europe", "Union européenne"
    FOUNDATION = "foundation", "Fondation ou mécénat"
    COMPLEMENTARY = "complementary", "Mutuelle"
    OTHER = "other", "Autre"


class FigureKind(TextChoices):
    """What a figure counts."""

    ACTIVITY = "activity", "Activité"
    RESULT = "result", "Résultat"
    CONTEXT = "context", "Contexte"


class ResourceKind(TextChoices):
    """What a link leads to."""

    WEBSITE = "website", "Site internet"
    REPORT = "report", "Rapport ou évaluation"
    PRESS = "press", "Article"
    TOOL = "tool", "Outil réutilisable"
    VIDEO = "video", "Vidéo"
    OTHER = "other", "Autre"


class RelationKind(TextChoices):
    """How an initiative comes from another."""

    INSPIRED_BY = "inspired_by", "S’inspire de"
    REPLICATES = "replicates", "Reprend"
    PART_OF = "part_of", "Fait partie de"


class Licence(TextChoices):
    """Under which terms a record may be used again."""

    LO_2_0 = "etalab-2.0", "Licence Ouverte 2.0"
    ODBL_1_0 = "odbl-1.0", "ODbL 1.0"
    CC_BY_4_0 = "cc-by-4.0", "Creative Commons BY 4.0"
    UNKNOWN = "unknown", "Inconnue : non rediffusée"


class Facet(TextChoices):
    """What an initiative may bear several of; each has its vocabulary in `FACET_CHOICES`."""

    THEME = "theme", "Thème"
    SUB_THEME = "sub_theme", "Sujet"
    ANSWER_KIND = "answer_kind", "Type de réponse"
    TERRITORY_KIND = "territory_kind", "Type de territoire"
    PUBLIC = "public", "Public visé"
    PROFESSION = "profession", "Professions"
    SCHEME = "scheme", "Dispositif national"
    SUCCESS_FACTOR = "success_factor", "Facteurs de réussite"
    SUPPORT_NEED = "support_need", "Besoins d’appui"


FACET_CHOICES: Final[MappingProxyType[Facet, type[TextChoices]]] = MappingProxyType(
    {
        Facet.THEME: Theme,
        Facet.SUB_THEME: SubTheme,
        Facet.ANSWER_KIND: AnswerKind,
        Facet.TERRITORY_KIND: TerritoryKind,
        Facet.PUBLIC: Public,
        Facet.PROFESSION: Profession,
        Facet.SCHEME: Scheme,
        Facet.SUCCESS_FACTOR: SuccessFactor,
        Facet.SUPPORT_NEED: SupportNeed,
    }
)
