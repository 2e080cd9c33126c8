"""What Django writes as in English, written as in French; every template has it, unasked."""

from collections.abc import Sized
from typing import Any

from django import template
from django.template.defaultfilters import pluralize as english_pluralize

register = template.Library()


@register.filter(is_safe=False)
def pluralize(value: Any, forms: str = "s") -> str:
    """Return the ending of a number of things: in French 0, 1 and 1,5 are singular.

    Takes the place of Django's filter of the same name, with the same `forms`: "s", "al,aux".
    """
    return str(english_pluralize(2 if _are_many(value) else 1, forms))


def _are_many(value: Any) -> bool:
    if isinstance(value, Sized) and not isinstance(value, str):
        return len(value) >= 2
    try:
        return abs(float(value)) >= 2
    except (TypeError, ValueError):
        return False
