"""The pages that organisations open."""

from typing import Any, Self

from django.db import models
from django.urls import reverse

from maillage.web.accounts.models import Organisation
from maillage.web.accounts.rights import Permission
from maillage.web.register.models.initiative import Initiative


class PortalQuerySet(models.QuerySet["Portal"]):
    """Questions asked of portals."""

    def open(self) -> Self:
        """Keep those that anybody may see."""
        return self.filter(is_open=True)

    def editable_by(self, user: Any) -> Self:
        """Keep those of the organisations whose portals this person may edit."""
        mine = Organisation.objects.where(user, Permission.EDIT_PORTAL)
        return self.filter(organisation__in=mine)


class Portal(models.Model):
    """A page of an organisation: its colours, its logo, its selection of initiatives.

    query    filters that always hold, as in the address of the list
    colour   of the band, six hexadecimal digits
    accent   of buttons and links, six hexadecimal digits; it reads on the pages
    logo     a PNG or a JPEG, of which only the picture was kept
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="portals")
    slug = models.SlugField("adresse", max_length=60, unique=True)
    name = models.CharField("nom", max_length=150)
    introduction = models.TextField("présentation", max_length=2000, blank=True)
    query = models.CharField("filtres", max_length=2000, blank=True)
    colour = models.CharField("couleur du bandeau", max_length=6, default="0b6b6b")
    accent = models.CharField("couleur des boutons", max_length=6, default="0b6b6b")
    logo = models.BinaryField(null=True, blank=True)
    highlighted = models.ManyToManyField(
        Initiative, verbose_name="mises en avant", related_name="+", blank=True
    )
    is_open = models.BooleanField("publié", default=False)

    objects = PortalQuerySet.as_manager()

    class Meta:
        verbose_name = "portail"
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the address of the portal."""
        return reverse("register:portal", args=[self.slug])
