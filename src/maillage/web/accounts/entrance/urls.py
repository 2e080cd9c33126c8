"""Addresses of the ways in, under the names by which allauth looks for them."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.socialaccount import views as social
from django.urls import path, re_path

from maillage.web.accounts.identity import views as identity
from maillage.web.accounts.identity.urls import identity_urls
from maillage.web.accounts.profile import views as profile

_RESET = "compte/mot-de-passe/oublie/"
_CODES = "compte/second-facteur/"

urlpatterns = [
    path("compte/connexion/", account.login, name="account_login"),
    path("compte/deconnexion/", identity.logout, name="account_logout"),
    path("compte/ferme/", account.account_inactive, name="account_inactive"),
    path("compte/inscription/", account.signup, name="account_signup"),
    path("compte/confirmez/", account.reauthenticate, name="account_reauthenticate"),
    path("compte/adresse/", account.email, name="account_email"),
    path(
        "compte/adresse/confirmer/",
        account.email_verification_sent,
        name="account_email_verification_sent",
    ),
    re_path(
        r"^compte/adresse/confirmer/(?P<key>[-:\w]+)/$",
        account.confirm_email,
        name="account_confirm_email",
    ),
    path("compte/mot-de-passe/", account.password_change, name="account_change_password"),
    path("compte/mot-de-passe/choisir/", account.password_set, name="account_set_password"),
    path(_RESET, account.password_reset, name="account_reset_password"),
    path(f"{_RESET}envoye/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        rf"^{_RESET}(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        f"{_RESET}change/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("compte/sessions/", profile.sessions, name="usersessions_list"),
    path(_CODES, mfa.index, name="mfa_index"),
    path(f"{_CODES}code/", mfa.authenticate, name="mfa_authenticate"),
    path(f"{_CODES}confirmez/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path(f"{_CODES}activer/", totp.activate_totp, name="mfa_activate_totp"),
    path(f"{_CODES}desactiver/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path(f"{_CODES}secours/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        f"{_CODES}secours/nouveaux/",
        recovery_codes.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path(
        f"{_CODES}secours/codes.txt",
        recovery_codes.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
    path("compte/identites/", social.connections, name="socialaccount_connections"),
    path("compte/identites/inscription/", social.signup, name="socialaccount_signup"),
    path("compte/identites/erreur/", social.login_error, name="socialaccount_login_error"),
    path("compte/identites/abandon/", social.login_cancelled, name="socialaccount_login_cancelled"),
    *identity_urls,
]
