"""What is ours when a person comes in through another identity."""

from typing import Any

from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.http import HttpRequest
from django.utils.crypto import get_random_string


class IdentityAdapter(DefaultSocialAccountAdapter):
    """Accounts opened or entered through ProConnect or Pro Santé Connect."""

    def generate_state_param(self, state: dict[str, Any]) -> str:
        """Return a state long enough for ProConnect, which wants 32 characters."""
        return get_random_string(43)

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: Any) -> Any:
        """Fill in the address and the name, as the identity says them."""
        user = super().populate_user(request, sociallogin, data)
        user.full_name = (data.get("name") or "")[:150]
        return user
