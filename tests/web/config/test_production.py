"""The site as it starts in production, in a process of its own."""

import json
import os
import subprocess
import sys

import pytest

SHOWN = (
    "SECURE_SSL_REDIRECT",
    "SESSION_COOKIE_SECURE",
    "CSRF_COOKIE_SECURE",
    "SECURE_HSTS_SECONDS",
    "DEBUG",
    "DEMO",
)


def settings_with(tmp_path, **environment):
    code = (
        "import json; from maillage.web.config import settings;"
        f"print(json.dumps({{name: getattr(settings, name) for name in {SHOWN}}}))"
    )
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MAILLAGE_")}
    return subprocess.run(
        [sys.executable, "-c", code],
        env=kept | {"MAILLAGE_VAR_DIR": str(tmp_path)} | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def test_without_a_secret_key_the_site_does_not_start(tmp_path):
    answer = settings_with(tmp_path)
    assert answer.returncode != 0
    assert "MAILLAGE_SECRET_KEY" in answer.stderr


@pytest.mark.parametrize("https", [False, True])
def test_https_makes_cookies_secure_and_redirects(tmp_path, https):
    answer = settings_with(tmp_path, MAILLAGE_SECRET_KEY="k" * 50, MAILLAGE_HTTPS=str(int(https)))
    shown = json.loads(answer.stdout)
    assert shown["SESSION_COOKIE_SECURE"] is shown["CSRF_COOKIE_SECURE"] is https
    assert shown["SECURE_SSL_REDIRECT"] is https
    assert bool(shown["SECURE_HSTS_SECONDS"]) is https
    assert shown["DEBUG"] is False
    assert shown["DEMO"] is False
