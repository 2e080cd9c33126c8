"""A newer file has its own year: pages tell it, not the year of the review."""

from dataclasses import replace

from maillage.studies.store.reading import Store
from maillage.web.territories import store as territories_store


def test_a_page_tells_the_year_of_the_file_that_was_read(client, shown_store, monkeypatch):
    manifest = replace(shown_store.manifest, years={"apl_gp": "2031"})
    newer = replace(shown_store, manifest=manifest)
    assert isinstance(newer, Store)
    monkeypatch.setattr(territories_store, "_open", lambda version: newer)
    code = str(shown_store.units["code"][0])
    page = client.get(f"/territoires/commune/{code}/", follow=True).content.decode()
    assert "2031" in page
    assert "2031" in client.get("/").content.decode()
    assert "2031" in client.get("/sources/").content.decode()
