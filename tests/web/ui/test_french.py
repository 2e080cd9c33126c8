"""What templates write as in French."""

import pytest
from django.template import Context, Template

from maillage.web.ui.words import alphabetical


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0, "initiative"),
        (1, "initiative"),
        (1.5, "initiative"),
        (2, "initiatives"),
        (-2, "initiatives"),
        ("0", "initiative"),
        ("12", "initiatives"),
        ([], "initiative"),
        (["a", "b"], "initiatives"),
        ("", "initiative"),
        (None, "initiative"),
    ],
)
def test_nothing_one_and_less_than_two_are_singular(value, shown):
    page = Template("initiative{{ value|pluralize }}").render(Context({"value": value}))
    assert page == shown


def test_other_endings_are_chosen_by_the_same_rule():
    page = Template('{{ n|pluralize:"est,sont" }} {{ n|pluralize:"al,aux" }}')
    assert page.render(Context({"n": 0})) == "est al"
    assert page.render(Context({"n": 3})) == "sont aux"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("L’Œuvre", "l oeuvre"),
        ("  « Allô, docteur ? »", "allo docteur"),
        ("bus-2_bis", "bus 2 bis"),
        ("ÉCOLE", "ecole"),
        ("…", ""),
    ],
)
def test_texts_are_put_in_order_by_their_plain_words(text, key):
    assert alphabetical(text) == key
