"""Django settings of the tests: a folder of their own, no built static files, plain passwords."""

import os
import tempfile

_FOLDER = tempfile.mkdtemp(prefix="maillage-tests-")
os.environ.setdefault("MAILLAGE_VAR_DIR", _FOLDER)
os.environ.setdefault("MAILLAGE_DEMO", "1")

from maillage.web.config.settings import *  # noqa: E402, F403
from maillage.web.config.settings import STATIC_ROOT  # noqa: E402

STATIC_ROOT.mkdir(parents=True, exist_ok=True)

# A query in a loop is a failed test.
INSTALLED_APPS = [*INSTALLED_APPS, "zeal"]  # noqa: F405
MIDDLEWARE = ["zeal.middleware.zeal_middleware", *MIDDLEWARE]  # noqa: F405
ZEAL_RAISE = True
# allauth reads the session again on purpose, so that tabs open together do not undo one another.
# The head of the journal is locked for each entry: two facts in one action ask for it twice. What
# somebody does to somebody else is written under two pseudonyms.
ZEAL_ALLOWLIST = [
    {"model": "sessions.Session"},
    {"model": "account.EmailAddress"},
    {"model": "accounts.JournalHead"},
    {"model": "accounts.Identity"},
]

# Files straight from the source tree: tests need neither `collectstatic` nor its manifest.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# In memory: the table of the cache is not emptied between tests.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
