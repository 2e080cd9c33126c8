"""Which territory an address of the atlas is about: its kind, code, name and units."""

from dataclasses import dataclass, field

import numpy as np
from django.http import Http404, HttpRequest

from maillage.core.errors import InputError
from maillage.studies.french import FrenchName, french_name
from maillage.studies.profile import ProfileReport, profile
from maillage.studies.store import Store
from maillage.studies.store.tables import IntArray
from maillage.web.territories.kinds import KIND_BY_NAME, Kind
from maillage.web.territories.models import CustomTerritory, address_of
from maillage.web.territories.profile_parts import Portrayed
from maillage.web.territories.store import store_of

KEPT_KINDS = frozenset({"department", "region", "nation", "employment_zone"})
"""Kinds so few that their reports are kept for as long as a version of the data is open."""


@dataclass(frozen=True, slots=True)
class Subject:
    """The territory of a page.

    address  last part of its address: "64422-oloron-sainte-marie"; the public name of a list
    rows     its units, sorted
    """

    store: Store = field(repr=False)
    kind: str
    code: str
    name: str
    address: str
    rows: IntArray = field(repr=False)

    @property
    def kind_words(self) -> Kind:
        """The kind as people read it."""
        return KIND_BY_NAME[self.kind]

    @property
    def french(self) -> FrenchName:
        """The name as sentences take it."""
        return french_name(self.kind, self.code, self.name)

    @property
    def is_custom(self) -> bool:
        """True for a list of communes named by a visitor."""
        return self.kind == "custom"

    @property
    def file_name(self) -> str:
        """Start of the name of a file to download, made of ASCII characters alone."""
        return f"maillage-{KIND_BY_NAME[self.kind].slug}-{self.address}"


def subject_of(request: HttpRequest, kind: str, address: str) -> Subject:
    """Return the territory that an address names. Raises Http404 when there is none."""
    store = store_of(request)
    if kind == "custom":
        return custom_subject(store, address)
    return official_subject(store, kind, address.partition("-")[0].upper())


def official_subject(store: Store, kind: str, code: str) -> Subject:
    """Return a territory of public data. Raises Http404 when the store has no such territory."""
    try:
        rows = store.rows(kind, code)
        name = store.territory_name(kind, code)
    except InputError as error:
        raise Http404(f"Aucun territoire {kind} {code}.") from error
    return Subject(store, kind, code, name, address_of(kind, code, name), rows)


def report_of(subject: Subject) -> ProfileReport:
    """Return what the studies say of a territory; kept with the store for the widest kinds."""
    store, kind, code = subject.store, subject.kind, subject.code
    if subject.is_custom:
        return profile(store, kind, rows=subject.rows, name=subject.name)
    if kind in KEPT_KINDS:
        return store.cached(("profile", kind, code), lambda: profile(store, kind, code))
    return profile(store, kind, code)


def portrayed(subject: Subject, report: ProfileReport) -> Portrayed:
    """Return a territory and its report as the parts of other features read them."""
    return Portrayed(
        store=subject.store,
        kind=subject.kind,
        code=subject.code,
        name=subject.name,
        rows=subject.rows,
        report=report,
    )


def population_of(subject: Subject) -> float:
    """Return the inhabitants of a territory, those of communes without a figure left out."""
    return float(np.nansum(subject.store.units["population"][subject.rows]))


def custom_subject(store: Store, public_id: str) -> Subject:
    """Return a list of communes named by a visitor. Raises Http404 when nothing is left of it."""
    found = CustomTerritory.objects.filter(public_id=public_id).first()
    if found is None:
        raise Http404("Aucun territoire sur mesure à cette adresse.")
    known, _ = known_codes(store, found.commune_codes)
    if not known:
        raise Http404("Aucune commune de cette liste n’existe dans les données chargées.")
    return Subject(store, "custom", public_id, found.name, public_id, store.rows_of_codes(known))


def known_codes(store: Store, codes: list[str]) -> tuple[list[str], list[str]]:
    """Part a list of commune codes between those the store knows, even ended, and the others."""
    known, unknown = [], []
    for code in codes:
        try:
            store.rows_of_codes([code])
        except InputError:
            unknown.append(code)
        else:
            known.append(code)
    return known, unknown
