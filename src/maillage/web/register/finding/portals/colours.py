"""Colours that can be read: contrast as WCAG 2.2 measures it, and the style sheet of a portal."""

import re
from typing import Final

from maillage.core.errors import InputError

LEAST_CONTRAST: Final = 4.5
"""Between a text and what is behind it (WCAG 2.2, 1.4.3, level AA)."""

WHITE: Final = "ffffff"
PAPER: Final = "fbfaf7"
"""Behind the pages by day: `$paper` of front/scss/_tokens.scss. What reads on it reads on white."""

_COLOUR: Final = re.compile(r"#?([0-9a-fA-F]{6})")
_DARKER: Final = 0.95


def parse_colour(text: str) -> str:
    """Return six hexadecimal digits in lower case. Raises InputError, in French."""
    found = _COLOUR.fullmatch(text.strip())
    if found is None:
        raise InputError("Une couleur s’écrit avec un dièse et six chiffres ou lettres : #0b6b6b.")
    return found[1].lower()


def lightness(colour: str) -> float:
    """Return the relative luminance of a colour, from 0 (black) to 1 (white)."""
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4
              for one in (channel / 255 for channel in _channels(colour))]  # fmt: skip
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, from 1 (the same) to 21 (black and white)."""
    dark, light = sorted((lightness(one), lightness(other)))
    return (light + 0.05) / (dark + 0.05)


def ink_on(colour: str) -> str:
    """Return black or white, whichever reads best on a colour: at least 4.58 whatever it is."""
    return max("000000", WHITE, key=lambda ink: contrast(ink, colour))


def darkened(colour: str, *, least: float = LEAST_CONTRAST) -> str:
    """Return the colour, made darker until it reads on the pages."""
    while contrast(colour, PAPER) < least:
        colour = "".join(f"{int(one * _DARKER):02x}" for one in _channels(colour))
    return colour


def style_sheet(*, band: str, accent: str) -> str:
    """Return the style sheet of a portal: its band, its buttons and, by day, its links."""
    links = f".portal a:not(.btn) {{ color: #{accent}; }}"
    return f"""\
.portal .portal-band {{ background-color: #{band}; color: #{ink_on(band)}; padding: 1.5rem; }}
.portal .portal-band h1 {{ color: inherit; }}
.portal .btn-primary {{
  --bs-btn-color: #{WHITE}; --bs-btn-bg: #{accent}; --bs-btn-border-color: #{accent};
  --bs-btn-hover-color: #{WHITE}; --bs-btn-hover-bg: #{accent};
  --bs-btn-active-color: #{WHITE}; --bs-btn-active-bg: #{accent};
}}
[data-bs-theme="light"] {links}
@media (prefers-color-scheme: light) {{ :root:not([data-bs-theme]) {links} }}
"""


def _channels(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[start : start + 2], 16) for start in (0, 2, 4))
