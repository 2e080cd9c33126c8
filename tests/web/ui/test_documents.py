"""The guide and the method pages, as the site shows them."""

import os
import re

import pytest

from maillage.web.ui.documents import shelves
from maillage.web.ui.documents.markdown import Link, Section, render_page
from maillage.web.ui.documents.shelves import (
    FIRST_PAGE,
    GUIDE,
    METHODS,
    guide_chapters,
    method_chapters,
    page,
    page_names,
    page_url,
)

SOURCE = """# The `title`

A lead that goes
to [a *page*](there.md#here), [nowhere](gone.md), [outside](https://example.org/) and [below](#x).

## Été & hiver

<script>alert(1)</script>

Words <b onclick="x()">in</b> a line. <!-- a note -->

## Été & hiver

| name | figure |
|---|--:|
| one | 1 |

| | |
|---|---|
| key | value |

    code <of> a line
"""


def rendered():
    return render_page(SOURCE, address={"there.md": "/there/"}.get)


def addresses():
    guide = [page_url(GUIDE, name) for name in page_names(GUIDE)]
    return [*guide, "/methodes/", *(page_url(METHODS, name) for name in page_names(METHODS))]


def test_the_title_stands_apart_from_the_rest():
    assert rendered().title == "The title"
    assert "<h1" not in rendered().html
    assert rendered().lead.startswith("A lead that goes to a page, nowhere, outside")


def test_a_page_without_a_title_says_so_by_an_empty_one():
    found = render_page("Words.\n", address={}.get)
    assert (found.title, found.lead) == ("", "Words.")


def test_sections_with_one_name_have_two_anchors():
    found = rendered()
    assert found.sections == (
        Section("ete-hiver", "Été & hiver"),
        Section("ete-hiver-2", "Été & hiver"),
    )
    assert '<h2 id="ete-hiver-2">Été &amp; hiver</h2>' in found.html


def test_links_lead_to_the_site_or_keep_only_their_words():
    html = rendered().html
    assert '<a href="/there/#here">a <em>page</em></a>' in html
    assert "gone.md" not in html
    assert "nowhere" in html
    assert '<a href="https://example.org/" rel="external">outside</a>' in html
    assert '<a href="#x">below</a>' in html


def test_relative_links_are_listed_with_the_heading_above():
    found = render_page("[a](a.md)\n\n## B\n\n[c](c.md) [d](/d/)\n", address={}.get)
    assert found.links == (Link("a.md", ""), Link("c.md", "B"))


def test_raw_html_of_the_source_is_left_out():
    html = rendered().html
    assert "script" not in html
    assert "onclick" not in html
    assert "a note" not in html
    assert "Words in a line." in html


def test_tables_are_scoped_aligned_by_class_and_scroll_by_keyboard():
    html = rendered().html
    assert '<th class="number" scope="col">figure</th>' in html
    assert '<td class="number">1</td>' in html
    assert html.count('role="group" tabindex="0" aria-label="Tableau"') == 2
    assert "style=" not in html


def test_a_table_without_headings_has_its_rows_named():
    html = rendered().html
    assert html.count("<thead>") == 1
    assert '<th scope="row">key</th>' in html
    assert "<td>one</td>" in html


def test_a_corner_without_words_is_no_heading():
    html = render_page("| | b |\n|---|---|\n| c | d |\n", address={}.get).html
    assert '<td></td>\n<th scope="col">b</th>' in html


def test_code_is_escaped_and_scrolls_by_keyboard():
    assert '<pre tabindex="0"><code>code &lt;of&gt; a line</code></pre>' in rendered().html


def test_french_is_set_as_printers_do_and_code_is_left_alone():
    source = "# L'accès : « ici »\n\nPourquoi ? `c'est : ça`\n"
    found = render_page(source, address={}.get, french=True)
    assert found.title == "L’accès\u00a0: «\u00a0ici\u00a0»"
    assert found.html == "<p>Pourquoi\u00a0? <code>c'est : ça</code></p>\n"


def test_the_first_page_of_the_guide_names_every_other_once():
    named = [entry.name for chapter in guide_chapters() for entry in chapter.entries]
    assert sorted(named) == [name for name in page_names(GUIDE) if name != FIRST_PAGE]


def test_every_method_page_is_listed_once():
    named = [entry.name for chapter in method_chapters() for entry in chapter.entries]
    assert sorted(named) == page_names(METHODS)


def test_method_pages_are_sorted_without_minding_accents():
    titles = [entry.title for entry in method_chapters()[1].entries]
    evolution = next(rank for rank, title in enumerate(titles) if title.startswith("Évolution"))
    assert titles[0] < "B"
    assert titles[evolution - 1] < "F" <= titles[evolution + 1]


def test_every_page_has_a_title_and_a_lead():
    for shelf in (GUIDE, METHODS):
        for name in page_names(shelf):
            found = page(shelf, name)
            assert found
            assert found.title, name
            assert found.lead, name


def test_a_page_that_changes_is_rendered_again(tmp_path, monkeypatch):
    monkeypatch.setattr(shelves, "_folder", lambda shelf: tmp_path)
    path = tmp_path / "a.md"
    path.write_text("# First\n\nWords.\n")
    os.utime(path, ns=(1, 1))
    assert page(GUIDE, "a").title == "First"
    path.write_text("# Second\n\nWords.\n")
    assert page(GUIDE, "a").title == "Second"
    assert page(GUIDE, "b") is None


def test_pages_inside_the_wheel_come_before_those_of_a_clone(tmp_path, monkeypatch):
    monkeypatch.setattr(shelves, "__file__", str(tmp_path / "shelves.py"))
    (tmp_path / GUIDE).mkdir()
    assert shelves._folder(GUIDE) == tmp_path / GUIDE


@pytest.mark.django_db
def test_every_page_answers_with_one_title_and_links_that_answer(client):
    linked = set()
    for address in addresses():
        response = client.get(address)
        html = response.content.decode()
        assert response.status_code == 200, address
        assert html.count("<h1") == 1, address
        assert not re.search(r"\sstyle=", html), address
        anchors = re.findall(r'\sid="([^"]+)"', html)
        assert len(anchors) == len(set(anchors)), address
        document = html.partition("<main")[2].partition("</main>")[0]
        linked |= set(re.findall(r'href="(/(?:guide|methodes)/[^"#]*)', document))
        for anchor in re.findall(r'href="#([^"]+)"', document):
            assert anchor in anchors, f"{address}#{anchor}"
    assert linked - set(addresses()) == set()
    assert len(linked) > 20


@pytest.mark.django_db
def test_the_guide_is_read_in_order(client):
    entries = [entry for chapter in guide_chapters() for entry in chapter.entries]
    first = client.get("/guide/").content.decode()
    assert f'rel="next" href="{entries[0].url}"' in first
    assert 'rel="prev"' not in first
    second = client.get(entries[1].url).content.decode()
    assert f'rel="prev" href="{entries[0].url}"' in second
    assert f'<a href="{entries[1].url}" aria-current="page">' in second
    assert 'rel="next"' not in client.get(entries[-1].url).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address", ["/guide/rien/", "/methodes/rien/", "/methodes/../guide/index/", "/guide/index.md/"]
)
def test_a_page_that_is_not_there_is_not_found(client, address):
    assert client.get(address).status_code == 404


@pytest.mark.django_db
def test_a_page_of_the_guide_asks_only_which_data_are_shown(client, django_assert_max_num_queries):
    with django_assert_max_num_queries(1):
        client.get("/guide/")


@pytest.mark.django_db
def test_method_pages_say_that_they_are_in_english(client):
    html = client.get("/methodes/indicators/apl_gp/").content.decode()
    assert '<div lang="en">' in html
    assert "Page technique, en anglais" in html
