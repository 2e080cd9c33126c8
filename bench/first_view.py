"""Bench `first_view`: the national map, from an empty browser to every commune painted.

Claim: interactive in under 2 s on localhost, with under 600 KB transferred, compressed (page,
styles, scripts, worker, contours and classes). Peer: the limits themselves. Chromium draws with a
WebGL computed by the processor, on the cores that also serve the page: a real screen is faster.

    make bench NAME=first_view      the store of MAILLAGE_VAR_DIR, built if there is none
    VISITS=5                        visits, each with an empty browser; the median counts
"""

import gzip
import json
import os
import socket
import statistics
import subprocess
import sys
from pathlib import Path
from urllib.request import Request, urlopen

import brotli
from playwright.sync_api import Browser, sync_playwright

LIMIT_S, LIMIT_BYTES = 2.0, 600_000
VISITS = int(os.environ.get("VISITS", "5"))
CHROMIUM = os.environ.get("MAILLAGE_CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
    "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
READY = "performance.getEntriesByName('maillage:map-ready')[0].startTime"


def main() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = start_server(port)
    try:
        visits = [measure(f"http://127.0.0.1:{port}") for _ in range(VISITS + 1)][1:]
    finally:
        server.terminate()
        server.wait(timeout=40)
    return report(visits)


def start_server(port: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "maillage.cli", "serve", "--port", str(port), "--json"]
    command += ["--task-workers", "0"]
    server = subprocess.Popen(
        command, env=os.environ | {"MAILLAGE_DEMO": "1"}, stdout=subprocess.PIPE, text=True
    )
    assert server.stdout is not None
    for line in server.stdout:
        if '"ready"' in line:
            return server
    raise SystemExit("The site did not start: see its messages above.")


def measure(address: str) -> tuple[float, dict[str, int]]:
    """Return the seconds until the map is painted, and the bytes that came for each address."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        try:
            return _visit(browser, address)
        finally:
            browser.close()


def _visit(browser: Browser, address: str) -> tuple[float, dict[str, int]]:
    page = browser.new_page(viewport={"width": 1280, "height": 900}, locale="fr-FR")
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    urls: dict[str, str] = {}
    came: dict[str, int] = {}

    def finished(event: dict[str, object]) -> None:
        url = urls[str(event["requestId"])]
        came[url] = came.get(url, 0) + int(str(event["encodedDataLength"]).split(".")[0])

    network.on(
        "Network.requestWillBeSent",
        lambda event: urls.__setitem__(event["requestId"], event["request"]["url"]),
    )
    network.on("Network.loadingFinished", finished)
    page.goto(f"{address}/carte/")
    page.wait_for_selector("#carte-vues[data-ready]", timeout=60_000)
    worker = address + str(page.locator("#carte-vues").get_attribute("data-worker-url"))
    came.setdefault(worker, _weight(worker))  # a worker's script is not the page's own traffic
    return float(page.evaluate(READY)) / 1000, came


def _weight(url: str) -> int:
    """Return the bytes of a compressed answer, headers included."""
    with urlopen(Request(url, headers={"Accept-Encoding": "br, gzip"})) as answer:
        body = answer.read()
        unpack = {"br": brotli.decompress, "gzip": gzip.decompress}[
            answer.headers["Content-Encoding"]
        ]
        assert len(unpack(body)) > len(body)
        return len(body) + len(str(answer.headers))


def report(visits: list[tuple[float, dict[str, int]]]) -> int:
    seconds = statistics.median(visit[0] for visit in visits)
    came = visits[-1][1]
    for url, size in sorted(came.items(), key=lambda item: -item[1]):
        print(f"{size:>9,} bytes  {Path(url.split('?')[0]).name or url}")
    total = max(sum(sizes.values()) for _, sizes in visits)
    spread = ", ".join(f"{visit[0]:.2f}" for visit in visits)
    print(f"transferred: {total:,} bytes (limit {LIMIT_BYTES:,}); painted after {spread} s")
    print(
        json.dumps(
            {
                "bench": "first_view",
                "figure": round(seconds, 3),
                "unit": "s (median, map painted)",
                "peer": "limit",
                "peer_figure": LIMIT_S,
                "ratio": round(seconds / LIMIT_S, 3),
                "bar": LIMIT_S,
                "transferred_bytes": total,
                "ok": seconds < LIMIT_S and total < LIMIT_BYTES,
            }
        )
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
