"""Settings of accounts: how people come in, by password or through the State's identities."""

from typing import Any

from maillage.web.config.environment import read_bool, read_int, read_text

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "full_name")},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "accounts:profile"
SESSION_COOKIE_AGE = 14 * 24 * 3600

# The messages that a person gets are read from the templates of `accounts`.
ACCOUNT_ADAPTER = "maillage.web.accounts.entrance.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_CONFIRMATION_EXPIRE_DAYS = 3
ACCOUNT_CHANGE_EMAIL = True
# The same answer whether an address has an account or not, when signing up as when resetting.
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[Maillage] "
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
# Failed log-ins are counted by `accounts.entrance.lockout`; this one guards one-time codes.
ACCOUNT_RATE_LIMITS = {"login": "", "login_failed": "100/h/ip,5/15m/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = read_int(
    "MAILLAGE_TRUSTED_PROXIES",
    0,
    about="Number of proxies in front of the site whose X-Forwarded-For is believed, "
    "to know the address of a visitor, whose tries and calls are counted.",
)
PASSWORD_RESET_TIMEOUT = 24 * 3600

MFA_ADAPTER = "maillage.web.accounts.entrance.adapter.CodesAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Maillage"
# A telephone whose clock is half a minute off, or a code typed slowly, still opens the door.
MFA_TOTP_TOLERANCE = 1
USERSESSIONS_TRACK_ACTIVITY = False

SIGNUP_IS_OPEN = read_bool(
    "MAILLAGE_OPEN_SIGNUP",
    True,
    about="Anybody may open an account; otherwise only those who are invited.",
)

SOCIALACCOUNT_ADAPTER = "maillage.web.accounts.identity.adapter.IdentityAdapter"
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_EMAIL_VERIFICATION = "mandatory"


def _identity_app(
    name: str, *, url: str, client_id: str, secret: str, pkce: bool
) -> list[dict[str, Any]]:
    """Return allauth's settings of one identity provider; nothing without a client id."""
    if not client_id:
        return []
    settings = {"server_url": url, "oauth_pkce_enabled": pkce}
    return [{"client_id": client_id, "secret": secret, "name": name, "settings": settings}]


_PROCONNECT = _identity_app(
    "ProConnect",
    url=read_text(
        "MAILLAGE_PROCONNECT_URL",
        "https://auth.agentconnect.gouv.fr/api/v2",
        about="Address of ProConnect, whose discovery document is below it. "
        "Open to administrations.",
    ),
    client_id=read_text(
        "MAILLAGE_PROCONNECT_CLIENT_ID",
        "",
        about="Identifier that ProConnect gave to this site; without it, it is not offered.",
    ),
    secret=read_text(
        "MAILLAGE_PROCONNECT_SECRET",
        "",
        about="Secret that ProConnect gave to this site.",
        secret=True,
    ),
    pkce=False,  # it refuses parameters that it does not know
)
_PRO_SANTE_CONNECT = _identity_app(
    "Pro Santé Connect",
    url=read_text(
        "MAILLAGE_PSC_URL",
        "https://auth.esw.esante.gouv.fr/auth/realms/esante-wallet",
        about="Address of Pro Santé Connect, whose discovery document is below it.",
    ),
    client_id=read_text(
        "MAILLAGE_PSC_CLIENT_ID",
        "",
        about="Identifier that Pro Santé Connect gave to this site; without it, it is not offered.",
    ),
    secret=read_text(
        "MAILLAGE_PSC_SECRET",
        "",
        about="Secret that Pro Santé Connect gave to this site.",
        secret=True,
    ),
    pkce=True,
)
SOCIALACCOUNT_PROVIDERS = {
    "proconnect": {"APPS": _PROCONNECT},
    "pro_sante_connect": {"APPS": _PRO_SANTE_CONNECT},
}
