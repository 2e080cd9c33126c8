"""Addresses of the identity providers, under the names by which allauth looks for them."""

from django.urls import path

from maillage.web.accounts.identity.views import ADAPTERS, callback_view, login_view

_SLUGS = {"proconnect": "proconnect", "pro_sante_connect": "pro-sante-connect"}

identity_urls = [
    pattern
    for name, adapter in ADAPTERS.items()
    for pattern in (
        path(f"compte/identites/{_SLUGS[name]}/", login_view(adapter), name=f"{name}_login"),
        path(
            f"compte/identites/{_SLUGS[name]}/retour/",
            callback_view(adapter),
            name=f"{name}_callback",
        ),
    )
]
