"""Organisations, memberships, roles over territories, invitations."""

import secrets
from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from maillage.web.accounts.rights import HELD_ROLES, ROLE_CHOICES, ROLE_LABELS, Permission, Role
from maillage.web.accounts.scopes import Reach, inside, member_organisations, reach_of
from maillage.web.territories.models import Territory


def new_public_id() -> str:
    """Return a name for addresses that tells nothing and cannot be guessed."""
    return secrets.token_urlsafe(9)


_ROLE_IS_HELD = Q(role__in=[role.value for role in HELD_ROLES])


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    """Questions asked of organisations."""

    def visible_to(self, user: Any) -> Self:
        """Keep those whose members this person may see."""
        return self.where(user, Permission.SEE_MEMBERS)

    def where(self, user: Any, permission: Permission) -> Self:
        """Keep those in which, or on a territory of which, this person may do `permission`."""
        return self.reached_by(reach_of(user, permission))

    def of_member(self, user: Any, permission: Permission) -> Self:
        """Keep one's own, those in which one's role as a member allows `permission`."""
        return self.filter(pk__in=member_organisations(user, permission))

    def managed_only_by(self, user: Any) -> Self:
        """Keep those that nobody else manages."""
        others = Membership.objects.filter(role=Role.MANAGER).exclude(user=user)
        mine = Membership.objects.filter(role=Role.MANAGER, user=user)
        return self.filter(pk__in=mine.values("organisation_id")).exclude(
            pk__in=others.values("organisation_id")
        )

    def reached_by(self, reach: Reach) -> Self:
        """Keep those in reach: one's own, and those of which *every* territory is inside one's.

        Else a role over one commune would open an organisation that covers the whole country.
        """
        if reach.everywhere:
            return self
        found = Q(pk__in=reach.organisation_ids)
        if reach.territory_ids:
            covered = Organisation.territories.through.objects.values("organisation_id")
            inside_mine = Q(territory__in=Territory.objects.filter(inside(reach.territory_ids)))
            outside = covered.exclude(inside_mine)
            found |= Q(pk__in=covered) & ~Q(pk__in=outside)
        return self.filter(found)


class Organisation(models.Model):
    """A body that acts on territories: who its members are and what they may do is here."""

    class Kind(models.TextChoices):
        """What an organisation is."""

        LOCAL_AUTHORITY = "local_authority", "collectivité"
        CPTS = "cpts", "CPTS"
        ARS = "ars", "ARS"
        URPS = "urps", "URPS"
        HOSPITAL = "hospital", "établissement de santé"
        HEALTH_HOUSE = "health_house", "MSP ou centre de santé"
        ASSOCIATION = "association", "association"
        SCHOOL_AUTHORITY = "school_authority", "éducation nationale"
        INSURANCE = "insurance", "assurance maladie"
        OTHER = "other", "autre"

    public_id = models.CharField(max_length=16, unique=True, default=new_public_id, editable=False)
    name = models.CharField("nom", max_length=200)
    kind = models.CharField("type", max_length=20, choices=Kind)
    website = models.URLField("site internet", blank=True)
    territories = models.ManyToManyField(
        Territory, verbose_name="territoires", blank=True, related_name="organisations"
    )
    created_at = models.DateTimeField("créée le")

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = "organisation"
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="accounts_organisation_has_a_name")
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the address of the organisation, for those who may see it."""
        return reverse("accounts:organisation", args=[self.public_id])


class Membership(models.Model):
    """A person in an organisation, with one role."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="memberships"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships"
    )
    role = models.CharField("rôle", max_length=22, choices=ROLE_CHOICES)
    joined_at = models.DateTimeField("membre depuis")

    class Meta:
        verbose_name = "membre"
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "user"], name="accounts_one_membership_each"
            ),
            models.CheckConstraint(condition=_ROLE_IS_HELD, name="accounts_membership_role"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} @ {self.organisation_id}"

    @property
    def role_label(self) -> str:
        """The role in French."""
        return ROLE_LABELS[Role(self.role)]


class TerritoryRole(models.Model):
    """A role over a territory and all that is inside it, whatever the organisation."""

    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="roles")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="territory_roles"
    )
    role = models.CharField("rôle", max_length=22, choices=ROLE_CHOICES)
    given_at = models.DateTimeField("donné le")

    class Meta:
        verbose_name = "rôle sur un territoire"
        constraints = [
            models.UniqueConstraint(
                fields=["territory", "user", "role"], name="accounts_territory_role_once"
            ),
            models.CheckConstraint(condition=_ROLE_IS_HELD, name="accounts_territory_role"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} @ {self.territory_id}"

    @property
    def role_label(self) -> str:
        """The role in French."""
        return ROLE_LABELS[Role(self.role)]


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Questions asked of invitations."""

    def open(self, *, at: datetime) -> Self:
        """Keep those that can still be accepted."""
        return self.filter(accepted_at__isnull=True, revoked_at__isnull=True, expires_at__gt=at)


class Invitation(models.Model):
    """A single-use link into an organisation; only the hash of its secret is kept."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="invitations"
    )
    public_id = models.CharField(max_length=16, unique=True, default=new_public_id, editable=False)
    email = models.EmailField("adresse électronique", max_length=254)
    role = models.CharField("rôle", max_length=22, choices=ROLE_CHOICES)
    secret_hash = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField("envoyée le")
    expires_at = models.DateTimeField("valable jusqu’au")
    mailed_at = models.DateTimeField("partie par courriel le", null=True)
    accepted_at = models.DateTimeField("acceptée le", null=True)
    revoked_at = models.DateTimeField("annulée le", null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = "invitation"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=_ROLE_IS_HELD, name="accounts_invitation_role"),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(revoked_at__isnull=True),
                name="accounts_invitation_accepted_or_revoked",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} @ {self.organisation_id}"

    @property
    def role_label(self) -> str:
        """The role in French."""
        return ROLE_LABELS[Role(self.role)]
