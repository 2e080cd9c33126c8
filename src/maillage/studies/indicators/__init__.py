"""The reviewed indicators: one TOML file each, which the form, the map and the tests all read."""

import tomllib
from dataclasses import dataclass, field, fields
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal

from maillage.core.errors import InputError
from maillage.studies.french import FrenchName, is_plural

Aggregate = Literal["sum", "mean", "ratio", "difference", "class"]
Direction = Literal["higher_is_better", "lower_is_better", "neutral"]
Palette = Literal["sequential", "diverging", "categorical"]
BreaksMethod = Literal["fixed", "quantile", "natural"]
Display = Literal["number", "share", "minutes", "people", "class"]

_CHOICES: Final[dict[str, tuple[str, ...]]] = {
    "aggregate": ("sum", "mean", "ratio", "difference", "class"),
    "direction": ("higher_is_better", "lower_is_better", "neutral"),
    "palette": ("sequential", "diverging", "categorical"),
    "breaks_method": ("fixed", "quantile", "natural"),
    "display": ("number", "share", "minutes", "people", "class"),
    "theme": ("access", "population", "services", "zoning"),
}
_FORBIDDEN: Final = "désert"


@dataclass(frozen=True, slots=True)
class ClassLabel:
    """One class of a zoning: its value in the store, its French label and what it means."""

    value: str
    label: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Indicator:
    """One reviewed indicator; texts are in French, as users read them.

    title, short   full title, and the one that fits on a button
    question       the question that it answers
    unit           unit of the figure as written after it; "" for a class
    display        how the figure is written: share values are stored from 0 to 1
    aggregate      how a territory's figure is made from its units: sum, mean (see weight),
                   ratio of sums or difference of figures (see parts), class (shares of people)
    weight         column that weighs the mean: standardised people for the APL, people otherwise
    parts          columns of a ratio (numerator, denominator); indicators of a difference
    per            what a ratio is multiplied by: 10,000 for a number per 10,000 inhabitants
    coarse         column that may stand for the first part of a ratio, where that one is unknown:
                   known by department, so true of whole departments only
    threshold      figure that matters by itself, with what it means; None for most
    true_at        finest level at which the figure is true; never shown below it
    modelled       True for our own estimate: never shown as a published figure
    breaks         inner class bounds when the method is "fixed", rising
    reading        sentence to be read aloud, with {value} and one of {of}, {At}, {The}, maybe
                   {year}; {s} and {ent} end a noun and a verb in the plural from 2 on
    """

    id: str
    title: str
    short: str
    question: str
    theme: str
    unit: str
    display: Display
    numerator: str
    denominator: str
    aggregate: Aggregate
    direction: Direction
    decimals: int
    palette: Palette
    breaks_method: BreaksMethod
    breaks_reason: str
    sources: tuple[str, ...]
    year: str
    true_at: str
    modelled: bool
    author: str
    checker: str
    reviewed_on: date
    next_review: date
    method_page: str
    reading: str
    weight: str = ""
    parts: tuple[str, ...] = ()
    per: float = 1.0
    coarse: str = ""
    threshold: float | None = None
    threshold_meaning: str = ""
    n_classes: int = 6
    breaks: tuple[float, ...] = ()
    model_error: str = ""
    limits: str = ""
    classes: tuple[ClassLabel, ...] = field(default=())

    def __post_init__(self) -> None:
        for name, choices in _CHOICES.items():
            if getattr(self, name) not in choices:
                raise self._wrong(name, f"one of {choices}")
        for name in ("title", "short", "question", "year", "breaks_reason", "author", "checker"):
            if not getattr(self, name).strip():
                raise self._wrong(name, "some words")
        self._check_numbers()
        self._check_words()

    @property
    def is_class(self) -> bool:
        """True for a zoning: text by unit, shares of people by territory."""
        return self.aggregate == "class"

    @property
    def stored_decimals(self) -> int:
        """Decimals that a stored figure needs to be written as this indicator writes it."""
        return self.decimals + (2 if self.display == "share" else 0)

    def label_of(self, value: str) -> str:
        """Return the French label of a class, the value itself when it has none."""
        return next((item.label for item in self.classes if item.value == value), value)

    def written(self, value: float) -> str:
        """Return a figure in French, without its unit: "2,3", "12,5 %", "18 min", "1 204"."""
        if value != value:  # nan is the one number that differs from itself
            return "non disponible"
        if self.display == "share":
            return f"{french_number(value * 100, decimals=self.decimals)} %"
        text = french_number(value, decimals=self.decimals)
        if self.palette == "diverging" and round(value, self.decimals) > 0:
            text = f"+{text}"
        return f"{text} min" if self.display == "minutes" else text

    def sentence(self, name: FrenchName, value: float) -> str:
        """Return the sentence that says the figure of a territory, nouns in the right number."""
        plural = is_plural(round(value, self.decimals))
        forms = {
            "year": self.year,
            "of": name.of,
            "At": name.at_start,
            "The": name.the_start,
            "s": "s" if plural else "",
            "ent": "ent" if plural else "",
        }
        return self.reading.format(**forms, value=self.written(value))

    def _check_numbers(self) -> None:
        if self.next_review <= self.reviewed_on:
            raise self._wrong("next_review", f"a day after {self.reviewed_on}")
        if self.aggregate == "mean" and not self.weight:
            raise self._wrong("weight", "the column that weighs the mean")
        if self.aggregate in ("ratio", "difference") and len(self.parts) != 2:
            raise self._wrong("parts", "two columns")
        if self.breaks_method == "fixed" and not self.is_class and not self.breaks:
            raise self._wrong("breaks", "the inner bounds of the classes")
        if list(self.breaks) != sorted(set(self.breaks)):
            raise self._wrong("breaks", "rising numbers")
        if self.is_class and not self.classes:
            raise self._wrong("classes", "a label for each class")
        if (self.threshold is not None) != bool(self.threshold_meaning):
            raise self._wrong("threshold_meaning", "words with a threshold, none without")
        if self.modelled and not self.model_error:
            raise self._wrong("model_error", "the error of the model")

    def _check_words(self) -> None:
        named = any(form in self.reading for form in ("{of}", "{At}", "{The}"))
        if not named or (not self.is_class and "{value}" not in self.reading):
            raise self._wrong("reading", "a sentence with {value} and one of {of}, {At}, {The}")
        for item in fields(self):
            if _FORBIDDEN in str(getattr(self, item.name)).casefold():
                raise self._wrong(item.name, f"no {_FORBIDDEN!r}: a territory is never called that")

    def _wrong(self, name: str, expected: str) -> InputError:
        return InputError(
            f"Indicator {self.id}: {name} is {getattr(self, name)!r}, expected {expected}."
        )


def french_number(value: float, *, decimals: int) -> str:
    """Return a number as the French write it: comma, narrow no-break space by thousands."""
    # z: what rounds to zero has no sign
    text = f"{value:z,.{decimals}f}".replace(",", "\u202f").replace(".", ",")
    return text.replace("-", "\u2212")


def indicator_from_toml(text: str) -> Indicator:
    """Read one indicator. Raises InputError when a field is missing, unknown or wrong."""
    raw: dict[str, Any] = tomllib.loads(text)
    known = {item.name for item in fields(Indicator)}
    if unknown := sorted(set(raw) - known):
        raise InputError(f"Indicator {raw.get('id')}: unknown fields {unknown}.")
    raw["classes"] = tuple(ClassLabel(**item) for item in raw.get("classes", []))
    for name in ("sources", "parts", "breaks"):
        raw[name] = tuple(raw.get(name, ()))
    try:
        return Indicator(**raw)
    except TypeError as error:
        raise InputError(f"Indicator {raw.get('id')}: {error}.") from error


@cache
def indicators() -> dict[str, Indicator]:
    """Return every reviewed indicator by id, in the order of the themes and then of the ids."""
    found = [
        indicator_from_toml(item.read_text(encoding="utf-8"))
        for item in files(__package__).iterdir()
        if item.name.endswith(".toml")
    ]
    themes = _CHOICES["theme"]
    return {
        item.id: item for item in sorted(found, key=lambda one: (themes.index(one.theme), one.id))
    }


def indicator(indicator_id: str) -> Indicator:
    """Return one reviewed indicator. Raises InputError with the ids that exist."""
    found = indicators().get(indicator_id)
    if found is None:
        raise InputError(
            f"{indicator_id!r} is not an indicator: expected one of {sorted(indicators())}.",
            french=f"indicateur inconnu ; indicateurs possibles : {', '.join(indicators())}.",
        )
    return found
