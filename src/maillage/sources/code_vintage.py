"""Which year of the official geographic code a file is told in: counted, not read off its name.

A file of figures of 2022 may be told in the communes of 2021 (zones de revitalisation rurale), of
2023 (the APL of 2022) or of 2026. Its own codes say which: two years seldom have the same communes,
and where they do, either gives the same passage.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from maillage.sources.code_changes import CodeChanges

FIRST_YEAR: Final = 2014
_TOO_FAR: Final = 0.02


@dataclass(frozen=True, slots=True)
class CodeYears:
    """The codes of the communes on 1 January of each year.

    communes  year → codes, newest year first; Paris, Lyon and Marseille as one commune each
    city_of   arrondissement → its city
    """

    communes: Mapping[int, frozenset[str]]
    city_of: Mapping[str, str]

    @classmethod
    def back_from(
        cls,
        changes: CodeChanges,
        *,
        current: Iterable[str],
        current_year: int,
        divided: Mapping[str, Sequence[str]],
    ) -> "CodeYears":
        """Go back from the codes of one year to `FIRST_YEAR`.

        current  codes of communes in `current_year`, cities whole
        divided  city → its arrondissements
        """
        codes = frozenset(current)
        return cls(
            {
                year: frozenset(changes.communes_at(year, current=codes, current_year=current_year))
                for year in range(current_year, FIRST_YEAR - 1, -1)
            },
            {part: city for city, parts in divided.items() for part in parts},
        )

    def year_of(self, codes: Iterable[str]) -> int | None:
        """Return the year whose communes are closest to `codes`, the newest of equals.

        None when even that year differs by more than 2 % of its communes: a file of a few places,
        or of several years mixed, does not say its year.
        """
        told = {self.city_of.get(code, code) for code in codes}
        apart = {year: len(told ^ communes) for year, communes in self.communes.items()}
        best = min(apart, key=lambda year: apart[year])
        return best if apart[best] <= _TOO_FAR * len(self.communes[best]) else None
