"""A person as the site knows them: an address, a name if they gave one, and their choices."""

import secrets
from typing import Any, Self

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone


def new_public_id() -> str:
    """Return a name for addresses that tells nothing and cannot be guessed."""
    return secrets.token_urlsafe(12)


class UserQuerySet(models.QuerySet["User"]):
    """Questions asked of people."""

    def active(self) -> Self:
        """Keep those who may log in."""
        return self.filter(is_active=True)


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Makes people; the address is the log-in, in lower case."""

    use_in_migrations = False

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Write a person. Without a password, only an invitation to set one lets them in."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        """Find a person by address, whatever its case."""
        return self.get(email__iexact=username)


class NoticePace(models.TextChoices):
    """When a person wants to hear of facts by e-mail."""

    IMMEDIATE = "immediate", "Tout de suite"
    DAILY = "daily", "Une fois par jour"
    NONE = "none", "Jamais"


class User(AbstractBaseUser):
    """A person. No username, no group, no hidden super-user: rights are in `rights.py`.

    `public_id` is what addresses show; the row's number never leaves the site.
    """

    public_id = models.CharField(max_length=24, unique=True, default=new_public_id, editable=False)
    email = models.EmailField("adresse électronique", max_length=254, unique=True)
    full_name = models.CharField("nom affiché", max_length=150, blank=True)
    is_active = models.BooleanField("actif", default=True)
    is_platform_administrator = models.BooleanField("administre la plateforme", default=False)
    notice_pace = models.CharField(
        "courriels d’information", max_length=9, choices=NoticePace, default=NoticePace.IMMEDIATE
    )
    date_joined = models.DateTimeField("inscrit le", default=timezone.now, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []

    class Meta:
        verbose_name = "personne"
        verbose_name_plural = "personnes"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")), name="accounts_addresses_in_lower_case"
            ),
            models.CheckConstraint(
                condition=models.Q(notice_pace__in=NoticePace.values),
                name="accounts_notice_pace_is_known",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name or self.email

    def get_absolute_url(self) -> str:
        """Return the address of one's own page."""
        return reverse("accounts:profile")

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep addresses in lower case, wherever they come from."""
        self.email = self.email.lower()
        super().save(*args, **kwargs)
