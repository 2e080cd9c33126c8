"""Django settings. Nothing else of the web reads the environment."""

from pathlib import Path

from csp.constants import NONE, SELF

from maillage.web.config.database import parse_database_url
from maillage.web.config.environment import read_bool, read_list, read_path, read_text

VAR_DIR = read_path("MAILLAGE_VAR_DIR", Path("var"))
"""Everything that the site writes: database, data store, uploads."""

STORE_DIR = read_path("MAILLAGE_STORE_DIR", VAR_DIR / "store")
"""The data store built by `maillage data build`."""

DEBUG = read_bool("MAILLAGE_DEBUG", False)
SECRET_KEY = read_text("MAILLAGE_SECRET_KEY", "demonstration-only-not-a-secret" * 2)
ALLOWED_HOSTS = read_list("MAILLAGE_ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]")

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
    "maillage.web.runs",
    "maillage.web.atlas",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {
    "default": parse_database_url(
        read_text("MAILLAGE_DATABASE_URL", f"sqlite:///{VAR_DIR / 'maillage.sqlite3'}")
    )
}

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français")]
TIME_ZONE = "Europe/Paris"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = read_path("MAILLAGE_STATIC_DIR", VAR_DIR / "static")

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
