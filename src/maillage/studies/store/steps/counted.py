"""What Insee's BPE counts in each commune: by the yearly file of all types, else by the workbook.

The two hold the same types under the same codes; the file of all types is newer and can be pulled,
so each kind that it counts is taken from it.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from maillage.core.tables import Table
from maillage.sources.bpe_counts import count_by_commune
from maillage.sources.catalogue import year_in
from maillage.studies.store.tables import FloatArray, TextArray
from maillage.studies.store.workshop import Workshop

KIND_OF: Final = {
    "D101": "hospital",
    "D106": "emergency",
    "D107": "maternity",
    "D108": "health_centre",
    "D113": "health_house",
    "D302": "laboratory",
    "D303": "ambulance",
    "D307": "pharmacy",
}
_WORKBOOK: Final = "bpe/equip-serv-sante-com-*.xlsx"


@dataclass(frozen=True, slots=True)
class Counted:
    """How many facilities of one kind each unit has.

    count   shape (n_units,)
    source  name of the data set; year  year of its file, None when it does not say
    """

    count: FloatArray
    source: str
    year: int | None


def counted(workshop: Workshop, units: Table) -> dict[str, Counted]:
    """Return the facilities that the BPE counts, kind by kind; {} without either file."""
    return _by_workbook(workshop, units) | _by_all_types(workshop, units)


def _by_workbook(workshop: Workshop, units: Table) -> dict[str, Counted]:
    table = workshop.read("bpe", _WORKBOOK)
    if table is None:
        return {}
    year = year_in(workshop.paths("bpe", _WORKBOOK)[-1])
    counts = {code: table[code].astype(np.float64) for code in KIND_OF}
    return _on_units(workshop, units, "bpe", year, table["commune_code"], counts)


def _by_all_types(workshop: Workshop, units: Table) -> dict[str, Counted]:
    table = workshop.read("bpe_counts", "bpe/DS_BPE_*_data.csv")
    if table is None:
        return {}
    year, codes, counts = count_by_commune(table, {code: (code,) for code in KIND_OF})
    known = {code: values.astype(np.float64) for code, values in counts.items() if values.any()}
    return _on_units(workshop, units, "bpe_counts", year, codes, known)


def _on_units(
    workshop: Workshop,
    units: Table,
    source: str,
    year: int | None,
    codes: TextArray,
    counts: dict[str, FloatArray],
) -> dict[str, Counted]:
    following = None if year is None else year + 1
    passage = workshop.passage(source, codes, what="Facilities", otherwise=following)
    people = np.nan_to_num(units["population"])
    return {
        KIND_OF[code]: Counted(
            np.nan_to_num(passage.sum_to(values, new_weights=people)), source, year
        )
        for code, values in counts.items()
    }
