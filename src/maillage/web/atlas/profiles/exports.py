"""What a territory's page gives to download: tables for people, JSON for programs."""

from dataclasses import asdict
from typing import Any, Final

import numpy as np

from maillage.studies import figures
from maillage.studies.findings import is_known
from maillage.studies.indicators import Indicator, indicators
from maillage.studies.store import Store
from maillage.studies.store.layout import SourceRecord
from maillage.web.atlas.profiles.communes import CommuneTable, commune_table, sorted_rows
from maillage.web.atlas.profiles.subject import Subject, report_of
from maillage.web.ui.spreadsheets import csv_file, xlsx_file

PROFILE_FORMAT: Final = "maillage.profile/1"
COMMUNES_FORMAT: Final = "maillage.communes/1"


def communes_csv(subject: Subject, *, address: str) -> str:
    """Return every indicator of the communes of a territory as CSV."""
    table = _table_of(subject)
    return csv_file(
        table.records, header=table.header, provenance=provenance(subject, address=address)
    )


def communes_xlsx(subject: Subject, *, address: str) -> bytes:
    """Return every indicator of the communes of a territory as a workbook."""
    table = _table_of(subject)
    return xlsx_file(
        table.records,
        header=table.header,
        provenance=provenance(subject, address=address),
        title="Communes",
    )


def provenance(subject: Subject, *, address: str) -> list[str]:
    """Return the lines that must go with figures: what, from whom, of when, under which licence."""
    store = subject.store
    lines = [f"Maillage, {subject.name} ({subject.kind_words.label}) : {address}"]
    if store.fictional:
        lines.append("DONNÉES FICTIVES : ce département n’existe pas, ses chiffres sont inventés.")
    lines.append(f"Version des données : {store.version}, code officiel {store.cog_year}.")
    lines += [_meaning(item) for item in figures.all_told(store) if is_known(store, item)]
    lines += [
        f"{record.title} : {record.producer}, {record.vintage}, {record.licence}."
        for record in records_used(store)
    ]
    return lines


def _meaning(item: Indicator) -> str:
    unit = "part, de 0 à 1" if item.display == "share" else item.unit
    words = ", ".join(part for part in (item.title, unit, item.year) if part)
    estimate = f" Valeur estimée par Maillage : {item.model_error}" if item.modelled else ""
    return f"{item.id} : {words}.{estimate}"


def _table_of(subject: Subject) -> CommuneTable:
    return commune_table(subject.store, sorted_rows(subject.store, subject.rows, sort="nom"))


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
    known = [item for item in figures.all_told(store) if is_known(store, item)]
    columns = {
        item.id: (
            store.text_indicator(item.id)[rows].tolist()
            if item.is_class
            else _plain(figures.unit_values(store, item)[rows])
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


def _plain(values: Any) -> list[float | None]:
    return [None if value != value else round(value, 6) for value in values.tolist()]
