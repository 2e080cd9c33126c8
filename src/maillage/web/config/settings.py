"""Django settings. Nothing else of the web reads the environment."""

import mimetypes

from csp.constants import NONE, SELF

from maillage.web.config.accounts import *  # noqa: F403
from maillage.web.config.database import parse_database_url
from maillage.web.config.environment import (
    read_bool,
    read_choice,
    read_int,
    read_list,
    read_path,
    read_secret_key,
    read_text,
)
from maillage.web.config.folders import store_dir, var_dir
from maillage.web.config.mail import parse_email_url

DEMO = read_bool(
    "MAILLAGE_DEMO",
    False,
    about="Try Maillage on one machine: makes its own secret key. Never on a public address.",
)
DEBUG = read_bool("MAILLAGE_DEBUG", False, about="Show errors in pages. For developers alone.")
VAR_DIR = var_dir()
STORE_DIR = store_dir()
SECRET_KEY = read_secret_key(demo=DEMO or DEBUG, folder=VAR_DIR)
ALLOWED_HOSTS = read_list(
    "MAILLAGE_ALLOWED_HOSTS",
    "127.0.0.1,localhost,[::1]",
    about="Host names under which the site answers, separated by commas.",
)
CSRF_TRUSTED_ORIGINS = read_list(
    "MAILLAGE_TRUSTED_ORIGINS",
    "",
    about="Origins allowed to send forms when a proxy changes the host, as https://sante.example.fr.",
)
SITE_URL = read_text(
    "MAILLAGE_SITE_URL",
    "http://127.0.0.1:8000",
    about="Address of the site as people type it, for the links in messages.",
).rstrip("/")
HTTPS = read_bool(
    "MAILLAGE_HTTPS",
    False,
    about="The site is behind HTTPS: secure cookies, HSTS, redirection, X-Forwarded-Proto trusted.",
)
WEB_WORKERS = read_int(
    "MAILLAGE_WEB_WORKERS", 2, about="Web processes; each keeps the data store open.", least=1
)
OPERATOR = read_text(
    "MAILLAGE_OPERATOR", "", about="Who runs this site, as named on its legal page."
)
CONTACT_EMAIL = read_text(
    "MAILLAGE_CONTACT_EMAIL", "", about="Address that users may write to, shown in pages."
)
HOSTING_PROVIDER = read_text(
    "MAILLAGE_HOSTING_PROVIDER", "", about="Name and address of the host, for the legal page."
)
LOG_LEVEL = read_choice(
    "MAILLAGE_LOG_LEVEL",
    "INFO",
    ("DEBUG", "INFO", "WARNING", "ERROR"),
    about="What is written to the log.",
)

ROOT_URLCONF = "maillage.web.config.urls"
WSGI_APPLICATION = "maillage.web.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "csp",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "maillage.web.ui",
    "maillage.web.territories",
    "maillage.web.accounts",
    "maillage.web.runs",
    "maillage.web.atlas",
    "maillage.web.register",
    # After ours, whose templates come first.
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.usersessions",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "maillage.web.ui.bodies.BoundedBodyMiddleware",
    "maillage.web.ui.turns.TurnsMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "maillage.web.ui.caching.PageCachingMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "maillage.web.ui.typography.TypographyMiddleware",
    "maillage.web.territories.store.NoDataMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": [
                "maillage.web.ui.templatetags.addresses",
                "maillage.web.ui.templatetags.french",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "maillage.web.ui.context.frame",
                "maillage.web.territories.context.data_notice",
            ],
        },
    },
]

DATABASES = {
    "default": parse_database_url(
        read_text(
            "MAILLAGE_DATABASE_URL",
            f"sqlite:///{VAR_DIR / 'maillage.sqlite3'}",
            about="sqlite:///path/to/file or postgres://user:password@host:port/name; "
            "an SQLite file in MAILLAGE_VAR_DIR when not given.",
            secret=True,
        )
    )
}
# In the database: attempts at a one-time code are counted for all web processes together.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "maillage_cache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}

EMAIL_URL = read_text(
    "MAILLAGE_EMAIL_URL",
    "",
    about="Mail server: smtp://user:password@host:port, smtp+tls://… or smtps://…; "
    "without it, messages are written to MAILLAGE_VAR_DIR/mail.",
    secret=True,
)
globals().update(parse_email_url(EMAIL_URL, folder=VAR_DIR / "mail"))
DEFAULT_FROM_EMAIL = read_text(
    "MAILLAGE_EMAIL_FROM",
    "Maillage <ne-pas-repondre@localhost>",
    about="Sender of the messages of the site.",
)

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français")]
TIME_ZONE = "Europe/Paris"
USE_TZ = True
USE_THOUSAND_SEPARATOR = True

STATIC_URL = "/static/"
STATIC_ROOT = read_path(
    "MAILLAGE_STATIC_DIR",
    VAR_DIR / "static",
    about="Where `collectstatic` puts the files that the browser asks for.",
    shown="MAILLAGE_VAR_DIR/static",
)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_ALLOW_ALL_ORIGINS = False
# Django's content hash (12 characters) or esbuild's (8 capitals and digits): never changes again.
WHITENOISE_IMMUTABLE_FILE_TEST = r"(\.[0-9a-f]{12}\.[a-z0-9]+|/chunks/[\w-]+-[0-9A-Z]{8}\.js)$"
# Debian's slim images have no /etc/mime.types; module scripts are refused without the right type.
mimetypes.add_type("text/javascript", ".js")
mimetypes.add_type("text/javascript", ".mjs")

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "worker-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "maillage.web.ui.views.csrf_failure"
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "maillage": {"level": LOG_LEVEL},
        "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
    },
}
