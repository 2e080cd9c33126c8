"""The kinds of territory: their words and the part of the address that names them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of territory as people read it.

    name    the store's name of the kind
    slug    its name in addresses
    label   singular, lower case
    plural  for lists
    the     with its article, for sentences: « l’intercommunalité »
    """

    name: str
    slug: str
    label: str
    plural: str
    the: str


KINDS = (
    Kind("commune", "commune", "commune", "communes", "la commune"),
    Kind("epci", "intercommunalite", "intercommunalité", "intercommunalités", "l’intercommunalité"),
    Kind("department", "departement", "département", "départements", "le département"),
    Kind("region", "region", "région", "régions", "la région"),
    Kind("living_zone", "bassin-de-vie", "bassin de vie", "bassins de vie", "le bassin de vie"),
    Kind("employment_zone", "zone-d-emploi", "zone d’emploi", "zones d’emploi", "la zone d’emploi"),
    Kind("nation", "pays", "pays", "pays", "le pays"),
    Kind(
        "custom", "sur-mesure", "territoire sur mesure", "territoires sur mesure", "le territoire"
    ),
)
KIND_BY_NAME = {kind.name: kind for kind in KINDS}
KIND_BY_SLUG = {kind.slug: kind for kind in KINDS}


class KindConverter:
    """Path converter: « departement » in the address, "department" in the code."""

    regex = "|".join(kind.slug for kind in KINDS)

    def to_python(self, value: str) -> str:
        """Return the store's name of the kind."""
        return KIND_BY_SLUG[value].name

    def to_url(self, value: str) -> str:
        """Return the kind as addresses write it."""
        return KIND_BY_NAME[value].slug
