"""ProConnect and Pro Santé Connect: what each asks for beyond plain OpenID Connect.

ProConnect answers `userinfo` by a signed JWT, wants `state` and `nonce` of 32 characters or more,
and refuses parameters that it does not know. Pro Santé Connect signs by PS256; of what it tells of
a professional, the name and the address are kept and nothing else. Both are left by telling them
so (`end_session_endpoint`).
"""

from typing import Any
from urllib.parse import urlencode

from allauth.account.models import EmailAddress
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Client, OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import HttpRequest
from django.urls import reverse
from django.utils.crypto import get_random_string

from maillage.web.accounts.identity.tokens import check_nonce, nonce_of, read_token

LOGOUT_KEY = "accounts_identity_logout"


class NonceClient(OAuth2Client):
    """Sends a nonce tied to the state."""

    def get_redirect_url(self, authorization_url: str, scope: Any, extra_params: Any) -> str:
        """Return the provider's address to go to, with the nonce."""
        params = {**extra_params, "nonce": nonce_of(self.state)}
        return str(super().get_redirect_url(authorization_url, sorted(scope), params))


class StateIdentityAdapter(OpenIDConnectOAuth2Adapter):
    """OpenID Connect with everything verified: signatures, nonce, subject, level."""

    client_class = NonceClient
    algorithms: tuple[str, ...] = ("RS256",)
    accepted_acr: frozenset[str] = frozenset()

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request, self.provider_id)

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        """Return the address to which the provider sends people back."""
        return request.build_absolute_uri(reverse(f"{self.provider_id}_callback"))

    def complete_login(
        self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any
    ) -> Any:
        """Return who logs in. Raises OAuth2Error for an identity that does not hold."""
        id_token = kwargs["response"].get("id_token")
        if not id_token:
            raise OAuth2Error("The provider gave no identity.")
        claims = self._read(app, id_token, required=("exp", "iat"))
        check_nonce(claims, state=request.GET.get("state", ""))
        if self.accepted_acr and claims.get("acr") not in self.accepted_acr:
            raise OAuth2Error(f"The level {claims.get('acr')!r} is not enough.")
        userinfo = self._fetch_claims(app, token.token)
        if userinfo.get("sub") != claims["sub"]:
            raise OAuth2Error("The two answers are not about the same person.")
        request.session[LOGOUT_KEY] = {"provider": self.provider_id, "id_token": id_token}
        data = {"userinfo": self.kept(userinfo), "id_token": {"sub": claims["sub"]}}
        return self.get_provider().sociallogin_from_response(request, data)

    def kept(self, userinfo: dict[str, Any]) -> dict[str, Any]:
        """Return the claims that we keep: what a page shows, and nothing else."""
        names = ("sub", "email", "given_name", "usual_name", "family_name")
        return {name: userinfo[name] for name in names if userinfo.get(name)}

    def logout_url(self, request: HttpRequest, id_token: str) -> str:
        """Return the provider's address that ends its own session; "" when it has none."""
        address = self.openid_config.get("end_session_endpoint")
        if not address:
            return ""
        sent = {
            "id_token_hint": id_token,
            "state": get_random_string(43),
            "post_logout_redirect_uri": request.build_absolute_uri("/"),
        }
        return f"{address}?{urlencode(sent)}"

    def _fetch_claims(self, app: SocialApp, access_token: str) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {access_token}"}
        with get_adapter().get_requests_session() as session:
            response = session.get(self.profile_url, headers=headers)
            response.raise_for_status()
        kind = response.headers.get("content-type", "").partition(";")[0].strip()
        if kind == "application/jwt":
            return self._read(app, response.text.strip())
        return dict(response.json())

    def _read(self, app: SocialApp, token: str, required: tuple[str, ...] = ()) -> dict[str, Any]:
        config = self.openid_config
        return read_token(
            token,
            keys_url=config["jwks_uri"],
            issuer=config["issuer"],
            audience=app.client_id,
            algorithms=self.algorithms,
            required=required,
        )


class ProConnectAdapter(StateIdentityAdapter):
    """Agents of administrations."""

    provider_id = "proconnect"
    algorithms = ("RS256", "ES256")


class ProSanteConnectAdapter(StateIdentityAdapter):
    """Health professionals, by their card or their telephone."""

    provider_id = "pro_sante_connect"
    algorithms = ("PS256", "RS256")
    accepted_acr = frozenset({"eidas1", "eidas2", "eidas3"})


class StateIdentityProvider(OpenIDConnectProvider):
    """What both have in common."""

    # Not even the visitor may add to what is asked: no scope nor parameter from the address.
    def get_scope_from_request(self, request: HttpRequest) -> list[str]:
        """Return the scopes that we ask for."""
        return list(self.get_scope())

    def get_auth_params_from_request(self, request: HttpRequest, action: Any) -> dict[str, str]:
        """Return the parameters that we send."""
        return self.get_auth_params()

    def get_login_url(self, request: HttpRequest, **kwargs: Any) -> str:
        """Return our address from which people leave for the provider."""
        query = f"?{urlencode(kwargs)}" if kwargs else ""
        return reverse(f"{self.id}_login") + query

    def get_callback_url(self) -> str:
        """Return our address to which they come back."""
        return reverse(f"{self.id}_callback")

    def get_oauth2_adapter(self, request: HttpRequest) -> StateIdentityAdapter:
        """Return what speaks to the provider."""
        adapter: StateIdentityAdapter = self.oauth2_adapter_class(request)
        return adapter

    def extract_common_fields(self, data: dict[str, Any]) -> dict[str, Any]:
        """Return the address and the name."""
        claims = data.get("userinfo", data)
        family = claims.get("usual_name") or claims.get("family_name") or ""
        name = f"{claims.get('given_name', '')} {family}".strip()
        return {"email": claims.get("email"), "name": name}


class ProConnectProvider(StateIdentityProvider):
    """ProConnect: an administration vouches for its agent and for the agent's address."""

    id = "proconnect"
    name = "ProConnect"
    oauth2_adapter_class = ProConnectAdapter

    def get_default_scope(self) -> list[str]:
        """Return what we ask for, and no more than we use."""
        return ["openid", "given_name", "usual_name", "email"]

    def get_auth_params(self) -> dict[str, str]:
        """Return the level that we ask for."""
        return {"acr_values": "eidas1"}

    def extract_email_addresses(self, data: dict[str, Any]) -> list[EmailAddress]:
        """Return the address, as verified by the agent's administration."""
        email = data.get("userinfo", data).get("email")
        return [EmailAddress(email=email, verified=True, primary=True)] if email else []


class ProSanteConnectProvider(StateIdentityProvider):
    """Pro Santé Connect: knows the professional, not their mailbox, which we verify ourselves."""

    id = "pro_sante_connect"
    name = "Pro Santé Connect"
    oauth2_adapter_class = ProSanteConnectAdapter

    def get_default_scope(self) -> list[str]:
        """Return what we ask for."""
        return ["openid", "scope_all"]

    def get_auth_params(self) -> dict[str, str]:
        """Return the level that Pro Santé Connect requires to be asked for."""
        return {"acr_values": "eidas1"}

    def extract_email_addresses(self, data: dict[str, Any]) -> list[EmailAddress]:
        """Return the address, to be confirmed."""
        email = data.get("userinfo", data).get("email")
        return [EmailAddress(email=email, verified=False, primary=True)] if email else []
