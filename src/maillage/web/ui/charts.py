"""Charts as SVG text, made from the rows of the table that stands beside them.

Colours are presentation attributes, which a PDF reader understands and which the style sheet of
the site overrides by class for dark mode. No `style` attribute: the Content-Security-Policy
refuses them. Geometry is in SVG user units; a chart is 640 or 400 units wide and scales with its
frame.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from math import isfinite

WIDTH = 640
LABEL_WIDTH = 210
VALUE_WIDTH = 84
BAR_HEIGHT = 22
BAR_STEP = 34
NARROW_WIDTH = 400
NARROW_BAR_HEIGHT = 16
NARROW_STEP = 48
INK = "#1d2b33"
MUTED = "#5b6b73"
BAR = "#8fb8b5"
ACCENT = "#0b6b6b"
RULE = "#c9d3d6"


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of a chart and of its table.

    value        the figure; nan when it is not available
    text         the figure as people read it, with its unit
    highlighted  the row the page is about
    """

    label: str
    value: float
    text: str
    highlighted: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing and the words that replace it.

    title        what the chart shows, its unit and year
    description  what a person who cannot see it should know
    columns      headings of the table, one for the label and one for the figure
    """

    title: str
    description: str
    columns: tuple[str, str]
    bars: tuple[Bar, ...]
    svg: str


def bar_chart(
    bars: Iterable[Bar], *, title: str, description: str, columns: tuple[str, str]
) -> Chart:
    """Return horizontal bars from zero, one a row, in the order given.

    A negative value goes left of the zero line; a missing one is said in words.
    """
    rows = tuple(bars)
    low, high = _span(row.value for row in rows)
    left, right = LABEL_WIDTH, WIDTH - VALUE_WIDTH
    scale = (right - left) / (high - low)
    zero = left - low * scale
    height = BAR_STEP * len(rows) + 8
    parts = [_line(zero, 2, zero, height - 2, "chart-axis")]
    for rank, row in enumerate(rows):
        parts += _bar(row, top=4 + rank * BAR_STEP, zero=zero, scale=scale, right=right)
    return Chart(title, description, columns, rows, _svg(parts, height, title, description))


def narrow_bar_chart(
    bars: Iterable[Bar], *, title: str, description: str, columns: tuple[str, str]
) -> Chart:
    """Return horizontal bars, each under its label: read on a phone and in a narrow column.

    For counts: no figure is negative or missing.
    """
    rows = tuple(bars)
    _, high = _span(row.value for row in rows)
    scale = (NARROW_WIDTH - VALUE_WIDTH) / high
    parts = []
    for rank, row in enumerate(rows):
        top, width = NARROW_STEP * rank, row.value * scale
        parts += [
            _text(0, top + 16, row.label, "start", strong=row.highlighted),
            _rect(0, top + 23, max(width, 1), NARROW_BAR_HEIGHT, highlighted=row.highlighted),
            _text(width + 8, top + 36, row.text, "start", strong=row.highlighted),
        ]
    height = NARROW_STEP * len(rows)
    svg = _svg(parts, height, title, description, width=NARROW_WIDTH)
    return Chart(title, description, columns, rows, svg)


def histogram(
    counts: Sequence[float],
    edges: Sequence[float],
    *,
    marker: float,
    marker_label: str,
    title: str,
    description: str,
    columns: tuple[str, str],
) -> Chart:
    """Return vertical bars of `counts`, shape (n,), between `edges`, shape (n + 1,).

    `marker` is drawn as a line: where the territory of the page stands.
    """
    base, top, height = 200.0, 34.0, 236
    left, right = 12.0, WIDTH - 12.0
    across = (right - left) / (edges[-1] - edges[0])
    tallest = max([*counts, 1])
    parts, bars = [], []
    for count, (start, end) in zip(counts, pairwise(edges), strict=True):
        x, width = left + (start - edges[0]) * across, (end - start) * across
        rise = (base - top) * count / tallest
        inside = start <= marker < end
        parts.append(_rect(x + 1, base - rise, max(width - 2, 1), rise, highlighted=inside))
        label = f"{_number(start)} à {_number(end)}"
        bars.append(Bar(label, count, _number(count), highlighted=inside))
    parts.append(_line(left, base, right, base, "chart-axis"))
    parts += [
        _text(left + (e - edges[0]) * across, base + 18, _number(e), "middle") for e in edges[::2]
    ]
    if isfinite(marker):
        x = left + (min(max(marker, edges[0]), edges[-1]) - edges[0]) * across
        anchor = "end" if x > WIDTH * 0.6 else "start"
        nudge = -6 if anchor == "end" else 6
        parts.append(_line(x, 10, x, base, "chart-marker"))
        parts.append(_text(x + nudge, 20, marker_label, anchor, strong=True))
    return Chart(title, description, columns, tuple(bars), _svg(parts, height, title, description))


def _bar(row: Bar, *, top: float, zero: float, scale: float, right: float) -> list[str]:
    middle = top + BAR_HEIGHT / 2 + 5
    label = row.label if len(row.label) <= 30 else row.label[:29] + "…"
    parts = [_text(LABEL_WIDTH - 10, middle, label, "end", strong=row.highlighted)]
    if not isfinite(row.value):
        return [*parts, _text(zero + 6, middle, "non disponible", "start")]
    width = abs(row.value) * scale
    start = zero if row.value >= 0 else zero - width
    end = max(zero, start + width)
    parts.append(_rect(start, top, max(width, 1), BAR_HEIGHT, highlighted=row.highlighted))
    parts.append(_text(min(end, right) + 8, middle, row.text, "start", strong=row.highlighted))
    return parts


def _span(values: Iterable[float]) -> tuple[float, float]:
    known = [value for value in values if isfinite(value)]
    low, high = min([0.0, *known]), max([0.0, *known])
    return (low, high) if high > low else (low, low + 1.0)


def _svg(
    parts: Sequence[str], height: float, title: str, description: str, *, width: int = WIDTH
) -> str:
    return (
        f'<svg class="chart" xmlns="http://www.w3.org/2000/svg" role="img" '
        f'viewBox="0 0 {width} {height:g}" font-family="sans-serif" font-size="14">'
        f"<title>{escape(title)}</title><desc>{escape(description)}</desc>"
        + "".join(parts)
        + "</svg>"
    )


def _rect(x: float, y: float, width: float, height: float, *, highlighted: bool) -> str:
    name, colour = ("chart-accent", ACCENT) if highlighted else ("chart-bar", BAR)
    return (
        f'<rect class="{name}" fill="{colour}" x="{x:.1f}" y="{y:.1f}" '
        f'width="{width:.1f}" height="{height:.1f}" rx="2"/>'
    )


def _line(x1: float, y1: float, x2: float, y2: float, name: str) -> str:
    colour, width = (ACCENT, 2) if name == "chart-marker" else (RULE, 1)
    return (
        f'<line class="{name}" stroke="{colour}" stroke-width="{width}" '
        f'x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'
    )


def _text(x: float, y: float, words: str, anchor: str, *, strong: bool = False) -> str:
    name, colour = ("chart-strong", INK) if strong else ("chart-label", MUTED)
    weight = ' font-weight="700"' if strong else ""
    return (
        f'<text class="{name}" fill="{colour}" x="{x:.1f}" y="{y:.1f}" '
        f'text-anchor="{anchor}"{weight}>{escape(words)}</text>'
    )


def _number(value: float) -> str:
    """Return a figure in French: comma for decimals, thin space for thousands."""
    text = f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"
    return text.replace(",", "\u202f").replace(".", ",")
