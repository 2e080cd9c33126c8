"""Show a form's field the way of the house: label, help, widget, errors, tied to one another."""

from typing import Any

from django import forms, template
from django.forms import BoundField

register = template.Library()

_CLASSES = {
    forms.CheckboxInput: "form-check-input",
    forms.Select: "form-select",
}


@register.inclusion_tag("accounts/field.html")
def form_field(field: BoundField, label: str = "") -> dict[str, Any]:
    """Show one field; `label` replaces its own."""
    widget = field.field.widget
    many = isinstance(widget, (forms.CheckboxSelectMultiple, forms.RadioSelect))
    css = next((css for kind, css in _CLASSES.items() if isinstance(widget, kind)), "form-control")
    attributes = {} if many else {"class": css + (" is-invalid" if field.errors else "")}
    widget.attrs.pop("placeholder", None)
    return {
        "field": field,
        "label": label or field.label,
        "widget": field.as_widget(attrs=attributes),
        "checkbox": isinstance(widget, forms.CheckboxInput),
        "many": many,
        "hidden": field.is_hidden,
    }
