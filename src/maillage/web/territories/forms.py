"""Forms on territories."""

from typing import Any

from django import forms

from maillage.web.territories.commune_list import CommuneList, LineProblem, read_commune_list
from maillage.web.territories.search import TerritoryIndex


class CustomTerritoryForm(forms.Form):
    """A name, and communes pasted from wherever the visitor has them."""

    name = forms.CharField(
        label="Nom du territoire",
        max_length=100,
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )
    communes = forms.CharField(
        label="Communes",
        max_length=200_000,
        widget=forms.Textarea(attrs={"class": "form-control", "rows": 10, "spellcheck": "false"}),
        help_text="Une par ligne, ou séparées par des virgules : nom, code Insee ou code postal.",
    )

    def __init__(self, *args: Any, index: TerritoryIndex, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.index = index
        self.understood = CommuneList((), ())

    @property
    def line_problems(self) -> tuple[LineProblem, ...]:
        """The lines to mend, once the form was sent."""
        return self.understood.problems

    def clean_communes(self) -> tuple[str, ...]:
        """Return commune codes; a form with a line that is not understood is not saved."""
        self.understood = read_commune_list(self.index, self.cleaned_data["communes"])
        count = len(self.understood.problems)
        if count:
            raise forms.ValidationError(
                "Une ligne n’a pas été comprise : corrigez-la ou retirez-la."
                if count == 1
                else f"{count} lignes n’ont pas été comprises : corrigez-les ou retirez-les."
            )
        return self.understood.codes
