"""Take the pictures of the README again, from a running site that shows real France.

    MAILLAGE_DATA_DIR=/path/to/files make demo     # in one terminal
    make screenshots                               # in another; URL= for another address

Needs Chromium (MAILLAGE_CHROMIUM, /usr/bin/chromium unless told) and the packages for developers.
"""

import os
import struct
import sys
import zlib
from base64 import b64decode, b64encode
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Browser, Page, sync_playwright

HERE: Final = Path(__file__).parent
MOST_BYTES: Final = 250_000
PLACE: Final = "64422"
"""Oloron-Sainte-Marie."""
WIDE: Final = (1280, 800)
PHONE: Final = (390, 844)
ARGUMENTS: Final = (
    "--no-sandbox",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-background-networking",
)


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture: its file, the page, the part of the page to begin at, the size of the window."""

    name: str
    address: str
    size: tuple[int, int] = WIDE
    begins_at: str = ""


SHOTS: Final = (
    Shot("accueil", "/"),
    Shot("carte", "/carte/"),
    Shot("profil", f"/territoires/commune/{PLACE}/"),
    Shot("simulation", f"/simuler/?m=gp:{PLACE}:2", size=(1280, 1040), begins_at="#atelier"),
    Shot("telephone", f"/territoires/commune/{PLACE}/", size=PHONE),
)
_DECODE: Final = """async url => {
  const image = new Image();
  image.src = url;
  await image.decode();
  const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d");
  canvas.drawImage(image, 0, 0);
  const bytes = canvas.getImageData(0, 0, image.width, image.height).data;
  const parts = [];
  for (let i = 0; i < bytes.length; i += 32768)
    parts.push(String.fromCharCode(...bytes.subarray(i, i + 32768)));
  return [image.width, image.height, btoa(parts.join(""))];
}"""


def main(site: str) -> None:
    """Write every picture beside this file. Exits with a message if the site is not fit for it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("MAILLAGE_CHROMIUM", "/usr/bin/chromium"),
            args=ARGUMENTS,
        )
        for shot in SHOTS:
            picture = few_colours(taken(browser, site, shot))
            if len(picture) > MOST_BYTES:
                sys.exit(f"{shot.name}.png weighs {len(picture)} bytes, over {MOST_BYTES}.")
            (HERE / f"{shot.name}.png").write_bytes(picture)
            print(f"{shot.name}.png: {len(picture) // 1000} kB")
        browser.close()


def taken(browser: Browser, site: str, shot: Shot) -> NDArray[np.uint8]:
    """Return what a window shows of a page, shape (height, width, 3)."""
    width, height = shot.size
    context = browser.new_context(
        viewport={"width": width, "height": height}, locale="fr-FR", color_scheme="light"
    )
    page = context.new_page()
    answer = page.goto(f"{site}{shot.address}", wait_until="networkidle")
    if answer is None or not answer.ok:
        sys.exit(f"{site}{shot.address} does not answer: start the site with real data first.")
    if page.locator(".fictional-banner").count():
        sys.exit(f"{site} shows fictional data: start it with MAILLAGE_DATA_DIR.")
    page.wait_for_timeout(3000)  # the map is drawn by the processor here
    if shot.begins_at:
        page.locator(shot.begins_at).evaluate("part => part.scrollIntoView()")
        page.wait_for_timeout(500)
    pixels = pixels_of(page)
    context.close()
    return pixels


def pixels_of(page: Page) -> NDArray[np.uint8]:
    """Return the colours of a window, decoded by a page without a policy against it."""
    picture = b64encode(page.screenshot()).decode()
    plain = page.context.new_page()
    width, height, encoded = plain.evaluate(_DECODE, f"data:image/png;base64,{picture}")
    flat = np.frombuffer(b64decode(encoded), dtype=np.uint8)
    return flat.reshape(height, width, 4)[:, :, :3]


def few_colours(pixels: NDArray[np.uint8]) -> bytes:
    """Return a PNG of the 256 colours most seen, the others replaced by the nearest of them."""
    height, width, _ = pixels.shape
    coarse = pixels.reshape(-1, 3) >> 3
    seen, index, counts = np.unique(coarse, axis=0, return_inverse=True, return_counts=True)
    kept = np.argsort(-counts)[:256]
    distance = np.abs(seen[:, None, :].astype(np.int16) - seen[kept].astype(np.int16)).sum(axis=2)
    nearest = distance.argmin(axis=1)[index.ravel()]
    # Each colour kept is the mean of what it stands for: paper stays paper.
    total = np.maximum(np.bincount(nearest, minlength=kept.size), 1)
    palette = np.stack(
        [
            np.bincount(nearest, weights=pixels.reshape(-1, 3)[:, one], minlength=kept.size) / total
            for one in range(3)
        ],
        axis=1,
    )
    rows = np.zeros((height, 1 + width), dtype=np.uint8)
    rows[:, 1:] = nearest.reshape(height, width)
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
            _chunk(b"PLTE", palette.round().astype(np.uint8).tobytes()),
            _chunk(b"IDAT", zlib.compress(rows.tobytes(), 9)),
            _chunk(b"IEND", b""),
        )
    )


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000")
