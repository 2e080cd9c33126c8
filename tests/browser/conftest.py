"""Pages in a real browser: Debian's Chromium, at two widths, closed to every other host."""

import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    sync_playwright,
)

from maillage.studies.store import Store
from maillage.web.territories.loading import switch_to
from tests.conftest import required
from tests.web.conftest import NOON

CHROMIUM = Path(os.environ.get("MAILLAGE_CHROMIUM", "/usr/bin/chromium"))
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDE, PHONE = (1280, 900), (390, 844)

# Playwright's synchronous API runs an event loop, in which Django forbids database calls; the
# test's own calls are made outside of any page's turn.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder, and keep them in one process: one browser is enough."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium; the test skips (or fails if required) without it."""
    if not CHROMIUM.exists():
        message = f"{CHROMIUM} is not there: install it with apt-get install chromium"
        if required("chromium"):
            pytest.fail(message)
        pytest.skip(message)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield browser
        browser.close()


@dataclass
class Watched:
    """What a browser did: the hosts it asked, the errors of its pages."""

    own_host: str
    strangers: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    forgiven: tuple[str, ...] = ()

    def request(self, request: Request) -> None:
        """Note an address outside of the site."""
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob") and parts.netloc != self.own_host:
            self.strangers.append(request.url)

    def console(self, message: ConsoleMessage) -> None:
        """Note an error or a refusal of the Content-Security-Policy."""
        if message.type == "error" and not any(text in message.text for text in self.forgiven):
            self.errors.append(message.text)


@pytest.fixture
def site(live_server: object, transactional_db: None, tiny_store: Store) -> str:
    """Address of a live site that shows eight communes written by hand."""
    switch_to(tiny_store.path, now=NOON)
    return str(live_server)


@pytest.fixture
def open_page(site: str, chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Open an address of the site; the test fails if any page errs or calls another host."""
    contexts: list[BrowserContext] = []
    watched = Watched(urlsplit(site).netloc)

    def open_(
        path: str,
        *,
        size: tuple[int, int] = WIDE,
        dark: bool = False,
        javascript: bool = True,
        forgive: tuple[str, ...] = (),
    ) -> Page:
        watched.forgiven = forgive
        context = chromium.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if dark else "light",
            java_script_enabled=javascript,
            locale="fr-FR",
        )
        contexts.append(context)
        context.set_default_timeout(10_000)
        context.on("request", watched.request)
        page = context.new_page()
        page.on("console", watched.console)
        page.on("pageerror", lambda error: watched.errors.append(str(error)))
        page.goto(site + path)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert watched.strangers == []
    assert watched.errors == []


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def stranger(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A site of another origin: its folder and its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(tmp_path)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield tmp_path, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()
