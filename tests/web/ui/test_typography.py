"""The spaces of French printers, in pages."""

import re
from unittest import mock

import pytest
from django.http import HttpResponse
from hypothesis import given
from hypothesis import strategies as st

from maillage.web.ui import typography
from maillage.web.ui.typography import TypographyMiddleware, typeset_page


def typeset(page: str) -> str:
    return typeset_page(page.encode()).decode()


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("<p>Pourquoi ?</p>", "<p>Pourquoi\u00a0?</p>"),
        ("<p>« Oui » : vrai ; non !</p>", "<p>«\u00a0Oui\u00a0»\u00a0: vrai\u00a0; non\u00a0!</p>"),
        ("<p>« <b>Oui</b> »</p>", "<p>«\u00a0<b>Oui</b>\u00a0»</p>"),
        ("<b>12 %</b>", "<b>12\u00a0%</b>"),
        ("Fin d’un fragment !", "Fin d’un fragment\u00a0!"),
        ("<p><b>Bus</b> : le <i>soir</i> ?</p>", "<p><b>Bus</b>\u00a0: le <i>soir</i>\u00a0?</p>"),
        ("<p>Bus <b>: le soir</b> »</p>", "<p>Bus <b>: le soir</b>\u00a0»</p>"),
        ("<p>a < b : c</p>", "<p>a < b\u00a0: c</p>"),
    ],
)
def test_high_marks_and_quotation_marks_keep_their_words(written, printed):
    assert typeset(written) == printed


@pytest.mark.parametrize(
    "kept",
    [
        '<input value="Bus : un « essai » ?">',
        "<textarea>Bus : un « essai » ?</textarea><p>a</p>",
        "<pre><code>a : b</code></pre>",
        '<script type="application/json">{"a" : "b ?"}</script>',
        "<p>https://example.org/a :b</p>",
        "<p>(une ligne)</p>",
        '<p title="a > b : « c »">d</p>',
    ],
)
def test_what_a_machine_reads_back_keeps_every_byte(kept):
    assert typeset(kept) == kept


def test_a_long_text_is_read_once():
    """Else each of its spaces is read on to the next tag, in quadratic time."""
    searched = []
    text = "a : b" * 1000
    with mock.patch.object(
        typography, "_next_bracket", side_effect=lambda *at: searched.append(at) or len(at[0])
    ):
        assert " :" not in typeset(text)
    assert len(searched) == 1


@given(st.text(alphabet="a «»:;?!%<>/\"'=é\n") | st.text())
def test_nothing_but_spaces_ever_changes(text):
    assert typeset(text).replace("\u00a0", " ") == text.replace("\u00a0", " ")


@given(st.text(alphabet="ab :;?!%«»", max_size=30))
def test_the_attributes_of_a_page_never_change(text):
    page = f'<p title="{text}">Un mot</p><textarea name="{text}">{text}</textarea>'
    assert typeset(page) == page


def test_what_is_typeset_already_stays(settings):
    once = typeset("<p>« Oui » : vrai</p>")
    assert typeset(once) == once


@pytest.mark.parametrize(
    ("content_type", "sent"), [("text/html; charset=utf-8", "a\u00a0?"), ("text/csv", "a ?")]
)
def test_pages_alone_are_typeset(rf, content_type, sent):
    middleware = TypographyMiddleware(lambda _: HttpResponse("a ?", content_type=content_type))
    assert middleware(rf.get("/")).content.decode() == sent


def test_a_page_of_the_site_breaks_no_line_before_a_high_mark(client, shown_store):
    for path in ("/", "/sources/", "/initiatives/", "/simuler/"):
        text = re.sub(
            r"<(textarea|code|pre|script).*?</\1>|<[^>]+>",
            "",
            client.get(path).content.decode(),
            flags=re.S,
        )
        assert re.search(r" [:;?!»]|« ", text) is None, path
