"""The store that pages read: opened once, changed only by a switch."""

import shutil
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.test import RequestFactory

from maillage.studies.store import layout
from maillage.web.territories.loading import switch_to
from maillage.web.territories.models import StoreVersion
from maillage.web.territories.store import (
    NoActiveStore,
    active_version,
    current_store,
    store_of,
    store_of_version,
)

LATER = datetime(2026, 11, 23, 12, tzinfo=UTC)


def test_one_request_asks_the_database_once(shown_store, django_assert_num_queries):
    request = RequestFactory().get("/")
    with django_assert_num_queries(1):
        assert store_of(request) is store_of(request)
        assert active_version(request).version == shown_store.version


def test_the_store_is_opened_once_for_all_requests(shown_store):
    assert current_store() is current_store()


def test_a_switch_is_seen_by_the_next_request_and_not_by_the_one_under_way(shown_store, tmp_path):
    path = tmp_path / "next"
    shutil.copytree(shown_store.path, path)
    manifest = replace(layout.read_manifest(path), version="next")
    (path / layout.MANIFEST).write_text(manifest.to_json(), encoding="utf-8")
    under_way = RequestFactory().get("/")
    assert store_of(under_way).version == shown_store.version
    switch_to(path, now=LATER)
    assert store_of(under_way).version == shown_store.version
    assert store_of(RequestFactory().get("/")).version == "next"
    assert store_of_version(shown_store.version).version == shown_store.version


@pytest.mark.django_db
def test_without_a_version_the_error_says_what_to_run():
    with pytest.raises(NoActiveStore, match="maillage data build"):
        current_store()


def test_a_version_whose_folder_has_gone_is_told(shown_store):
    StoreVersion.objects.update(path="/nowhere/at/all")
    with pytest.raises(NoActiveStore, match="cannot be opened"):
        current_store()
