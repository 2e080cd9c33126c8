"""Read what an identity provider signed: checked against its keys, its name and ours."""

from collections.abc import Collection
from typing import Any

import jwt
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.utils.crypto import constant_time_compare, salted_hmac

_CLOCKS_APART_S = 30


def read_token(
    token: str,
    *,
    keys_url: str,
    issuer: str,
    audience: str,
    algorithms: Collection[str],
    required: Collection[str] = (),
) -> dict[str, Any]:
    """Return the claims of a signed token. Raises OAuth2Error for any other text.

    The algorithm is one of ours, whatever the token says of itself: « none », or a public key
    taken for a shared secret, are refused. Dates are checked when there are any.
    """
    try:
        header = jwt.get_unverified_header(token)
        if header.get("alg") not in algorithms:
            raise OAuth2Error(f"The token is signed by {header.get('alg')!r}.")
        return jwt.decode(
            token,
            key=_key(keys_url, header.get("kid")),
            algorithms=list(algorithms),
            issuer=issuer,
            audience=audience,
            leeway=_CLOCKS_APART_S,
            options={"require": ["iss", "aud", "sub", *required]},
        )
    except jwt.PyJWTError as error:
        raise OAuth2Error(f"The token is not acceptable: {error}") from error


def nonce_of(state: str) -> str:
    """Return the nonce that goes with a state, which the session alone knows: 64 characters."""
    return salted_hmac("maillage.web.accounts.nonce", state, algorithm="sha256").hexdigest()


def check_nonce(claims: dict[str, Any], *, state: str) -> None:
    """Raise OAuth2Error unless the identity was given for this very log-in."""
    if not constant_time_compare(str(claims.get("nonce", "")), nonce_of(state)):
        raise OAuth2Error("The identity was given for another log-in.")


def _key(keys_url: str, kid: str | None) -> Any:
    with get_adapter().get_requests_session() as session:
        response = session.get(keys_url)
        response.raise_for_status()
        keys = jwt.PyJWKSet.from_dict(response.json()).keys
    for key in keys:
        if key.key_id == kid or (kid is None and len(keys) == 1):
            return key
    raise OAuth2Error("The token is signed by a key that the provider does not show.")
