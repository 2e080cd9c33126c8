"""Bring the site to a version of the store: all of it or nothing of it."""

import shutil
from dataclasses import replace
from datetime import UTC, date, datetime

import numpy as np
import pytest
from django.db import IntegrityError, transaction

from maillage.core.errors import InputError
from maillage.core.tables import Table
from maillage.studies.store import layout, open_store, tables
from maillage.web.territories import loading
from maillage.web.territories.differences import Addition, Edition, Ending, differences
from maillage.web.territories.loading import existing_territories, switch_to
from maillage.web.territories.models import StoreVersion, Territory
from tests.studies.tiny_store import write_tiny_store

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
LATER = datetime(2026, 11, 23, 12, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def first_version(tmp_path):
    return write_tiny_store(tmp_path / "first")


@pytest.fixture
def second_version(tmp_path, first_version):
    """Commune 20003 has merged into 20002, which took a new name."""
    path = tmp_path / "second"
    shutil.copytree(first_version, path)
    table = open_store(first_version).territories
    kept = ~((table["kind"] == "commune") & (table["code"] == "20003"))
    columns = {name: values[kept].copy() for name, values in table.columns.items()}
    columns["name"][columns["code"] == "20002"] = "Deux-Rives"
    tables.write_table(path / layout.TERRITORIES, Table(tables.TERRITORIES, columns))
    one = {
        "code": ["20003"],
        "name": ["Commune 20003"],
        "successor_code": ["20002"],
        "ended_on": ["2026-01-01"],
    }
    changes = Table(
        tables.CODE_CHANGES, {name: np.array(value, dtype=object) for name, value in one.items()}
    )
    tables.write_table(path / layout.CODE_CHANGES, changes)
    manifest = replace(layout.read_manifest(first_version), version="second")
    (path / layout.MANIFEST).write_text(manifest.to_json(), encoding="utf-8")
    return path


def test_the_first_version_adds_every_territory_and_becomes_active(first_version):
    report = switch_to(first_version, now=NOON)
    assert (
        report.additions == Territory.objects.count() == len(open_store(first_version).territories)
    )
    version = StoreVersion.objects.get(active=True)
    assert version.activated_at == NOON
    assert version.folder == first_version
    assert version.fictional


def test_the_same_version_again_writes_nothing(first_version, django_assert_max_num_queries):
    switch_to(first_version, now=NOON)
    with django_assert_max_num_queries(1):
        report = switch_to(first_version, now=LATER)
    assert report.already_active
    assert StoreVersion.objects.get(active=True).activated_at == NOON


def test_a_new_version_edits_ends_and_keeps_the_number_of_each_row(first_version, second_version):
    switch_to(first_version, now=NOON)
    numbers = dict(Territory.objects.values_list("code", "pk").filter(kind="commune"))
    report = switch_to(second_version, now=LATER)
    assert (report.additions, report.editions, report.endings) == (0, 2, 0)
    assert dict(Territory.objects.values_list("code", "pk").filter(kind="commune")) == numbers
    merged = Territory.objects.get(kind="commune", code="20003")
    assert (merged.ended, merged.ended_on) == (True, date(2026, 1, 1))
    assert merged.successor_codes == ["20002"]
    assert Territory.objects.get(kind="commune", code="20002").slug == "deux-rives"
    assert StoreVersion.objects.get(active=True).version == "second"


def test_going_back_revives_what_had_ended(first_version, second_version):
    switch_to(first_version, now=NOON)
    switch_to(second_version, now=NOON)
    switch_to(first_version, now=LATER)
    assert not Territory.objects.filter(ended=True).exists()
    assert StoreVersion.objects.filter(active=True).count() == 1


def test_a_territory_of_which_nothing_is_said_any_more_is_ended_not_deleted(first_version):
    Territory.objects.create(kind="epci", code="999999999", name="CC perdue", cog_year=2020)
    report = switch_to(first_version, now=NOON)
    assert report.endings == 1
    lost = Territory.objects.get(code="999999999")
    assert lost.ended
    assert lost.successor_codes == []


def test_differences_are_typed_and_write_nothing(first_version):
    store = open_store(first_version)
    assert {type(found) for found in differences({}, store)} == {Addition}
    assert not Territory.objects.exists()
    switch_to(first_version, now=NOON)
    existing = existing_territories()
    assert list(differences(existing, store)) == []
    existing["commune", "20001"]["population"] = 1
    existing["commune", "00000"] = existing["commune", "20001"]
    edition, ending = differences(existing, store)
    assert isinstance(edition, Edition)
    assert edition.changed == ("population",)
    assert ending == Ending(("commune", "00000"))


def test_a_failure_half_way_leaves_the_former_version_whole(
    first_version, second_version, monkeypatch
):
    switch_to(first_version, now=NOON)

    def fail(*args, **kwargs):
        raise OSError("disk full")

    monkeypatch.setattr(loading, "_activate", fail)
    with pytest.raises(OSError, match="disk full"):
        switch_to(second_version, now=LATER)
    assert not Territory.objects.filter(ended=True).exists()
    assert StoreVersion.objects.get(active=True).version != "second"


def test_a_folder_that_is_no_version_is_refused(tmp_path):
    with pytest.raises(InputError, match="maillage data build"):
        switch_to(tmp_path, now=NOON)


def test_the_database_refuses_a_second_active_version(first_version):
    switch_to(first_version, now=NOON)
    with pytest.raises(IntegrityError), transaction.atomic():
        StoreVersion.objects.create(
            version="other", path="x", active=True, cog_year=2026, built_at=NOON, activated_at=NOON
        )


def test_a_version_inside_the_store_folder_moves_with_it(tmp_path, settings):
    settings.STORE_DIR = tmp_path / "store"
    path = write_tiny_store(tmp_path / "store" / "versions" / "v1")
    switch_to(path, now=NOON)
    assert StoreVersion.objects.get().path == "versions/v1"
    settings.STORE_DIR = tmp_path / "elsewhere"
    assert StoreVersion.objects.get().folder == tmp_path / "elsewhere" / "versions" / "v1"
