"""What browsers, proxies and search engines may keep of the site, and what protects its pages."""

import gzip
import re

import pytest
from django.contrib.auth import get_user_model

READ = ("/", "/carte/", "/carte/liste/", "/territoires/", "/sources/", "/guide/", "/methodes/",
        "/recherche/?q=a", "/territoires/commune/20001/", "/simuler/?m=gp:20001:2")  # fmt: skip


@pytest.mark.parametrize("path", READ)
def test_a_page_that_is_only_read_sets_no_cookie(client, shown_store, path):
    response = client.get(path, follow=True)
    assert response.status_code == 200
    assert not response.cookies


@pytest.mark.parametrize("path", READ)
def test_a_page_asked_for_again_unchanged_is_answered_in_short(client, shown_store, path):
    first = client.get(path, follow=True)
    assert first.headers["Cache-Control"] == "no-cache"
    again = client.get(
        first.wsgi_request.get_full_path(), headers={"If-None-Match": first.headers["ETag"]}
    )
    assert again.status_code == 304
    assert not again.content


def test_the_page_of_a_known_reader_is_kept_by_nobody_else(client, shown_store):
    client.force_login(get_user_model().objects.create(email="ada@example.fr"))
    response = client.get("/")
    assert response.headers["Cache-Control"] == "private, no-cache"
    assert "Cookie" in response.headers["Vary"]


def test_a_page_with_a_form_is_private(client, shown_store):
    response = client.get("/territoires/sur-mesure/nouveau/")
    assert response.cookies
    assert "private" in response.headers["Cache-Control"]


@pytest.mark.parametrize("path", [*READ, "/nothing-here/"])
def test_pages_tell_browsers_what_not_to_do(client, shown_store, path):
    headers = client.get(path, follow=True).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.parametrize("path", READ)
def test_a_page_travels_compressed(client, shown_store, path):
    plain = client.get(path, follow=True).content
    packed = client.get(path, follow=True, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain
    assert len(packed.content) < len(plain) / 2


@pytest.mark.parametrize("path", READ)
def test_the_head_of_a_page_is_that_of_the_page(client, shown_store, path):
    whole, head = client.get(path, follow=True), client.head(path, follow=True)
    assert head.status_code == whole.status_code
    for name in ("Content-Type", "Cache-Control", "Content-Security-Policy"):
        assert head.headers[name] == whole.headers[name]


def test_robots_are_led_to_every_territory_and_to_nothing_private(client, shown_store):
    index = re.search(r"Sitemap: http://[^/]+(/\S+)", client.get("/robots.txt").content.decode())[1]
    lists = re.findall(r"<loc>http://[^/]+(/[^<]+)</loc>", client.get(index).content.decode())
    assert len(lists) == 7
    pages = []
    for address in lists:
        text = gzip.decompress(client.get(address).content).decode()
        pages += re.findall(r"<loc>http://[^/]+(/[^<]+)</loc>", text)
    assert len(pages) == shown_store.territories["code"].size
    assert client.get("/sitemap-sur-mesure.xml.gz").status_code == 404
    for page in pages[:: len(pages) // 5]:
        assert client.get(page).status_code == 200
