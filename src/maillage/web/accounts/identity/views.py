"""Leave for an identity provider, come back, and leave it for good.

The site's Content-Security-Policy lets forms go nowhere else, and browsers hold redirections of
forms to it: so one leaves by a page that refreshes itself to the provider, or by its link.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from allauth.account.views import logout as plain_logout
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from requests import RequestException

from maillage.web.accounts.identity.providers import (
    LOGOUT_KEY,
    ProConnectAdapter,
    ProSanteConnectAdapter,
    StateIdentityAdapter,
)

ADAPTERS: dict[str, type[StateIdentityAdapter]] = {
    adapter.provider_id: adapter for adapter in (ProConnectAdapter, ProSanteConnectAdapter)
}


def login_view(adapter: type[StateIdentityAdapter]) -> Callable[..., HttpResponse]:
    """Return the view from which one leaves for a provider."""
    leave = OAuth2LoginView.adapter_view(adapter)

    @never_cache
    def view(request: HttpRequest) -> HttpResponse:
        try:
            return _by_a_page(request, leave(request))
        except SocialApp.DoesNotExist as error:
            raise Http404("This identity is not offered here.") from error
        except RequestException:
            return render(request, "socialaccount/authentication_error.html", status=502)

    return view


def callback_view(adapter: type[StateIdentityAdapter]) -> Callable[..., HttpResponse]:
    """Return the view to which one comes back."""
    come_back = OAuth2CallbackView.adapter_view(adapter)

    @never_cache
    def view(request: HttpRequest) -> HttpResponse:
        try:
            return come_back(request)
        except SocialApp.DoesNotExist as error:
            raise Http404("This identity is not offered here.") from error

    return view


@never_cache
def logout(request: HttpRequest) -> HttpResponse:
    """Log out here, and from the identity provider through which one came."""
    kept = request.session.get(LOGOUT_KEY) if request.method == "POST" else None
    away = _provider_logout(request, kept) if kept else ""
    response = plain_logout(request)
    if away and response.status_code == 302 and not request.user.is_authenticated:
        response.headers["Location"] = away
    return _by_a_page(request, response)


def _provider_logout(request: HttpRequest, kept: dict[str, Any]) -> str:
    adapter = ADAPTERS.get(kept["provider"])
    try:
        return adapter(request).logout_url(request, kept["id_token"]) if adapter else ""
    except RequestException:  # the provider is away: leaving the site matters more
        return ""


def _by_a_page(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    address = response.headers.get("Location", "")
    if response.status_code != 302 or not urlsplit(address).netloc:
        return response
    host = urlsplit(address).netloc
    page = render(request, "accounts/leaving.html", {"address": address, "host": host})
    page.headers["Refresh"] = f"0; url={address}"
    return page
