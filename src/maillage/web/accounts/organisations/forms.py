"""Forms on organisations."""

from collections.abc import Iterable
from typing import Any

from django import forms

from maillage.web.accounts.organisations.models import Organisation
from maillage.web.accounts.rights import ROLE_LABELS, ROLE_SENTENCES, Role


class OrganisationForm(forms.ModelForm):
    """What an organisation is."""

    website = forms.URLField(label="Site internet", required=False, assume_scheme="https")

    class Meta:
        model = Organisation
        fields = ("name", "kind", "website")


class RoleForm(forms.Form):
    """A role among those that one may give."""

    role = forms.ChoiceField(label="Rôle")

    def __init__(self, *args: Any, roles: Iterable[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [
            (role.value, f"{ROLE_LABELS[role]} : {ROLE_SENTENCES[role].lower().rstrip('.')}")
            for role in roles
        ]

    @property
    def chosen(self) -> Role:
        """The role, once the form is valid."""
        return Role(self.cleaned_data["role"])


class InvitationForm(RoleForm):
    """Whom to invite, for what."""

    email = forms.EmailField(label="Adresse électronique", max_length=254)
    field_order = ("email", "role")


class TerritoryRoleForm(RoleForm):
    """To whom to give which role over a territory."""

    email = forms.EmailField(
        label="Adresse électronique du compte", max_length=254, help_text="Le compte doit exister."
    )
    field_order = ("email", "role")
