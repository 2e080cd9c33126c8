"""Forms on one's own account."""

from django import forms

from maillage.web.accounts.keys.models import SCOPE_LABELS, Scope
from maillage.web.accounts.people.models import NoticePace, User


class ProfileForm(forms.ModelForm):
    """The name shown to others, and how often to write."""

    class Meta:
        model = User
        fields = ("full_name", "notice_pace")
        widgets = {"notice_pace": forms.RadioSelect}
        help_texts = {
            "full_name": "Vu des membres de vos organisations ; à défaut, ils voient votre adresse."
        }

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["full_name"].widget.attrs["autocomplete"] = "name"
        self.fields["notice_pace"].choices = NoticePace.choices


class DeletionForm(forms.Form):
    """A word typed on purpose."""

    word = forms.CharField(label="Pour confirmer, écrivez « supprimer »", max_length=20)

    def clean_word(self) -> str:
        """Return the word, if it is the right one."""
        word: str = self.cleaned_data["word"].strip().lower()
        if word != "supprimer":
            raise forms.ValidationError("Écrivez « supprimer » pour confirmer.")
        return word


class KeyForm(forms.Form):
    """What a new key is for."""

    name = forms.CharField(
        label="Nom de la clé",
        max_length=100,
        help_text="Pour vous y retrouver : le programme ou la machine qui s’en servira.",
    )
    scopes = forms.MultipleChoiceField(
        label="Ce que la clé permet",
        choices=[(scope.value, SCOPE_LABELS[scope]) for scope in Scope],
        widget=forms.CheckboxSelectMultiple,
        initial=[Scope.READ.value],
    )
    days = forms.ChoiceField(
        label="Durée",
        choices=[("90", "3 mois"), ("365", "1 an"), ("", "sans limite")],
        required=False,
        initial="365",
    )
