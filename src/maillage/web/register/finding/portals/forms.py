"""What a portal says of itself: its name, its address, its words, its colours, its logo."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.text import slugify

from maillage.core.errors import InputError
from maillage.web.register.content.checking import without_unseen
from maillage.web.register.finding.portals.actions import AddressTaken
from maillage.web.register.finding.portals.colours import (
    LEAST_CONTRAST,
    PAPER,
    contrast,
    darkened,
    parse_colour,
)
from maillage.web.register.finding.portals.logos import LARGEST_FILE, clean_logo
from maillage.web.register.models import Portal

_COLOUR = forms.TextInput(attrs={"type": "color"})


class PortalForm(forms.ModelForm):
    """The presentation of a portal. `values` is what to write, once the form is valid."""

    colour = forms.CharField(label="Couleur du bandeau", widget=_COLOUR)
    accent = forms.CharField(
        label="Couleur des boutons et des liens",
        help_text="Assez foncée pour se lire sur un fond clair.",
        widget=_COLOUR,
    )
    logo_file = forms.FileField(
        label="Logo",
        required=False,
        help_text="PNG ou JPEG, 200 Ko et 2000 pixels de côté au plus.",
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg"}),
    )
    without_logo = forms.BooleanField(label="Enlever le logo actuel", required=False)

    class Meta:
        model = Portal
        fields = ("name", "slug", "introduction")
        widgets = {"introduction": forms.Textarea(attrs={"rows": 4})}
        error_messages = {"slug": {"unique": AddressTaken.in_french}}
        help_texts = {
            "slug": "La fin de l’adresse : lettres sans accent, chiffres et tirets. "
            "Laissez vide pour la tirer du nom. Elle ne change plus une fois le portail publié.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("colour", "accent"):
            self.initial[name] = f"#{getattr(self.instance, name)}"
        self.fields["slug"].required = False
        self.fields["slug"].disabled = self.instance.is_open
        if not self.instance.logo:
            del self.fields["without_logo"]

    def clean_name(self) -> str:
        """Return the name on one line, without unseen characters."""
        return " ".join(without_unseen(self.cleaned_data["name"]).split())

    def clean_introduction(self) -> str:
        """Return the words without unseen characters."""
        return without_unseen(self.cleaned_data["introduction"])

    def clean_slug(self) -> str:
        """Return the end of the address, made from the name when it is left empty."""
        asked = str(self.cleaned_data["slug"]).strip("-")
        found = asked or slugify(self.cleaned_data.get("name", ""))[:60].strip("-")
        if not found:
            raise forms.ValidationError("Écrivez la fin de l’adresse.")
        return found

    def clean_colour(self) -> str:
        """Return the colour of the band; its words are black or white, whichever reads best."""
        return _colour(self.cleaned_data["colour"])

    def clean_accent(self) -> str:
        """Return the colour of buttons and links, if it can be read on the pages."""
        colour = _colour(self.cleaned_data["accent"])
        found = contrast(colour, PAPER)
        if found < LEAST_CONTRAST:
            raise forms.ValidationError(
                f"Contraste de {_french(found)} sur le fond des pages, il en faut "
                f"{_french(LEAST_CONTRAST)} : essayez #{darkened(colour)}."
            )
        return colour

    def clean_logo_file(self) -> bytes | None:
        """Return the image with nothing but its picture, None without a new one."""
        file: UploadedFile | None = self.cleaned_data["logo_file"]
        if file is None:
            return None
        try:
            return clean_logo(file.read(LARGEST_FILE + 1))
        except InputError as refused:
            raise forms.ValidationError(str(refused)) from refused

    @property
    def values(self) -> dict[str, Any]:
        """The fields of the portal, by name."""
        names = ("name", "slug", "introduction", "colour", "accent")
        found = {name: self.cleaned_data[name] for name in names}
        if self.cleaned_data["logo_file"]:
            found["logo"] = self.cleaned_data["logo_file"]
        elif self.cleaned_data.get("without_logo"):
            found["logo"] = None
        return found


def _colour(text: str) -> str:
    try:
        return parse_colour(text)
    except InputError as refused:
        raise forms.ValidationError(str(refused)) from refused


def _french(number: float) -> str:
    return f"{int(number * 10) / 10}".replace(".", ",")
