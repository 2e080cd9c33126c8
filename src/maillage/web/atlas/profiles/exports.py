"""What a territory's page gives to download: tables for people, JSON for programs."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any, Final

import numpy as np

from maillage.studies import figures
from maillage.studies.findings import is_known
from maillage.studies.indicators import Indicator, indicators
from maillage.studies.store import Store
from maillage.studies.store.layout import SourceRecord
from maillage.web.atlas.commune_files import (
    given_on,
    header,
    provenance,
    records,
    stored_value,
)
from maillage.web.atlas.profiles.communes import sorted_rows
from maillage.web.atlas.profiles.subject import Subject, report_of
from maillage.web.ui.spreadsheets import Value, csv_file, xlsx_file

PROFILE_FORMAT: Final = "maillage.profile/1"
COMMUNES_FORMAT: Final = "maillage.communes/1"


def communes_csv(subject: Subject, *, address: str) -> str:
    """Return every indicator of the communes of a territory as CSV."""
    items = known_indicators(subject.store)
    return csv_file(
        _records(subject, items),
        header=header(items),
        provenance=_provenance(subject, items, address),
    )


def communes_xlsx(subject: Subject, *, address: str) -> bytes:
    """Return every indicator of the communes of a territory as a workbook."""
    items = known_indicators(subject.store)
    return xlsx_file(
        _records(subject, items),
        header=header(items),
        provenance=_provenance(subject, items, address),
        title="Communes",
    )


def known_indicators(store: Store) -> list[Indicator]:
    """Return the indicators that a version of the data knows, as it tells them."""
    return [item for item in figures.all_told(store) if is_known(store, item)]


def _records(subject: Subject, items: list[Indicator]) -> Iterator[list[Value]]:
    return records(subject.store, items, sorted_rows(subject.store, subject.rows, sort="nom"))


def _provenance(subject: Subject, items: list[Indicator], address: str) -> list[str]:
    where = f"{subject.name} ({subject.kind_words.label}), {address}"
    return provenance(subject.store, items, where=where)


def profile_json(subject: Subject) -> dict[str, Any]:
    """Return the profile for programs: the report of the studies, and what it is made of."""
    store = subject.store
    return {
        "format": PROFILE_FORMAT,
        "profile": report_of(subject).as_json(),
        "commune_codes": store.units["code"][subject.rows].tolist(),
        "sources": sources_of(store),
    }


def communes_json(subject: Subject) -> dict[str, Any]:
    """Return every indicator of each commune of a territory, for programs; null when not known."""
    store = subject.store
    rows = sorted_rows(store, subject.rows, sort="code")
    known = given_on(known_indicators(store))
    columns = {
        item.id: (
            store.text_indicator(item.id)[rows].tolist()
            if item.is_class
            else [
                stored_value(item, one) for one in figures.unit_values(store, item)[rows].tolist()
            ]
        )
        for item in known
    }
    codes, names = store.units["code"][rows].tolist(), store.units["name"][rows].tolist()
    return {
        "format": COMMUNES_FORMAT,
        "kind": subject.kind,
        "code": subject.code,
        "name": subject.name,
        "store_version": store.version,
        "fictional": store.fictional,
        "indicators": {
            item.id: {"title": item.title, "unit": item.unit, "year": item.year}
            | {"modelled": item.modelled}
            for item in known
        },
        "communes": [
            {
                "code": code,
                "name": name,
                **{key: values[place] for key, values in columns.items()},
            }
            for place, (code, name) in enumerate(zip(codes, names, strict=True))
        ],
        "sources": sources_of(store),
    }


def sources_of(store: Store) -> list[dict[str, str]]:
    """Return the data sets that the indicators come from."""
    return [
        {
            key: value
            for key, value in asdict(record).items()
            if key in ("name", "title", "producer", "licence", "vintage")
        }
        for record in records_used(store)
    ]


def records_used(store: Store) -> list[SourceRecord]:
    """Return the data sets that indicators and facilities come from, kept per version."""

    def make() -> list[SourceRecord]:
        used = {name for item in indicators().values() for name in item.sources}
        used |= set(np.unique(store.facilities()["source"].astype(str)).tolist())
        return [record for record in store.manifest.sources if record.name in used]

    return store.cached("records used", make)
