"""What is ours when a person comes in through another identity."""

from allauth.socialaccount.adapter import DefaultSocialAccountAdapter


class IdentityAdapter(DefaultSocialAccountAdapter):
    """Accounts opened or entered through ProConnect or Pro Santé Connect."""
