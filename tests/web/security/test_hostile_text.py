"""Words made to harm, in every text of an initiative: shown as words wherever they come out."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from typing import Any, Final
from xml.etree import ElementTree

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from maillage.web.accounts.models import Membership, Organisation, User
from maillage.web.accounts.notices.actions import notify, send_due
from maillage.web.accounts.rights import Role
from maillage.web.register.content.fields import FIELDS, Field
from maillage.web.register.finding import alerts, urls
from maillage.web.register.finding.api import frame
from maillage.web.register.finding.criteria import criteria_of
from maillage.web.register.life.actors import MACHINE
from maillage.web.register.life.amending import suggest
from maillage.web.register.models import Contact, Initiative, Portal
from maillage.web.register.models.choices import State
from maillage.web.register.sheets import relay
from tests.web.register.conftest import AT, MakeInitiative

MARKUP: Final = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</script><script>alert(1)",
    "</title></textarea><svg/onload=alert(1)>",
    "[x](javascript:alert(1)) <a href=javascript:alert(1)>",
    "]]><![CDATA[ --><b>alert(1)</b>",
    "{{ 7|add:7 }}{% now 'Y' %}",
)
FORMULAS: Final = ("=1+1", "+1", "-1+cmd|'/c calc'!A0", "@SUM(1)", "＝1+1", '";=1+1;"')
CONTROLS: Final = "".join(
    map(chr, (*range(32), 0x7F, 0x85, 0x2028, 0x202E, 0xFEFF, 0xFFFE, 0xFFFF))
)
"""What no one sees, what turns texts round, what no XML may hold."""


def marker(field: Field, column: Field | None = None) -> str:
    """Return a word of a field, to know it again where it comes out."""
    return f"zq{field.key}{column.key if column else ''}zq".replace("_", "")


def hostile_sheet(attack: str) -> dict[str, Any]:
    """Return a sheet that has the attack in each of its texts."""
    return {
        field.key: [_record(field, attack)] if field.kind == "records" else _text(field, attack)
        for field in FIELDS
        if field.kind in ("text", "long", "url", "records")
        and field.key not in ("country_code", "relations")
    }


def _record(field: Field, attack: str) -> dict[str, Any]:
    return {column.key: _column(field, column, attack) for column in field.columns}


def _column(field: Field, column: Field, attack: str) -> Any:
    if column.kind == "choice":
        assert column.choices is not None
        return column.choices.values[0] or column.choices.values[1]
    if column.kind in ("year", "number"):
        return {"year": 2019, "number": "7"}[column.kind]
    return _text(field, attack, column)


def _text(field: Field, attack: str, column: Field | None = None) -> str:
    kept = column or field
    if kept.kind == "url":
        return f"https://example.org/{marker(field, column)}?{attack}".replace(" ", "+")[:400]
    return f"{attack} {marker(field, column)}"[-kept.longest :]


def markers() -> set[str]:
    """Return the words of all that a hostile sheet holds."""
    return set(re.findall(r"zq[a-z0-9]+zq", json.dumps(hostile_sheet(""))))


class Parsed(HTMLParser):
    """What a browser makes of a page, as far as harm goes."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.harm: list[str] = []
        self._data_block = False
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._data_block = tag == "script" and given.get("type", "") == "application/ld+json"
        runs = tag == "script" and not self._data_block
        if runs and not given.get("src", "").startswith("/"):
            self.harm.append(f"a script of its own: {given}")
        for name, value in given.items():
            address = re.sub(r"[\x00-\x20]", "", value).lower()
            if name.startswith("on") or name in ("style", "srcdoc", "formaction"):
                self.harm.append(f"<{tag} {name}>")
            if address.startswith(("javascript:", "vbscript:", "data:text")):
                self.harm.append(f"<{tag} {name}={address[:30]}>")
        if tag in ("img", "object", "embed", "base") and given.get("src", "/")[0] != "/":
            self.harm.append(f"<{tag} {given}>")

    def handle_data(self, data: str) -> None:
        if self._data_block and data.strip():
            json.loads(data)
        self._data_block = False


@pytest.fixture(autouse=True)
def _no_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frame, "consume", lambda *_, **__: True)


@pytest.fixture
def portal(db: None) -> Portal:
    organisation = Organisation.objects.create(name="<b>O</b>", kind="cpts", created_at=AT)
    return Portal.objects.create(
        organisation=organisation,
        slug="p",
        name="<script>alert(1)</script>",
        introduction='"><img src=x onerror=alert(1)>',
        is_open=True,
    )


def addresses(initiative: Initiative, other: Initiative) -> Iterator[str]:
    """Yield every public address on which an initiative comes out."""
    yield from (f"/{one.pattern}" for one in urls.urlpatterns if "<" not in str(one.pattern))
    yield initiative.get_absolute_url()
    yield f"/initiatives/comparer/?i={initiative.public_id}&i={other.public_id}"
    yield f"/initiatives/{initiative.public_id}/ecrire/"
    yield f"/initiatives/{initiative.public_id}/proposer/essentiel/"
    yield f"/api/v1/initiatives/{initiative.public_id}"
    yield "/initiatives/portails/p/"
    yield "/territoires/commune/20001-commune-20001/"
    yield "/territoires/commune/20001-commune-20001/initiatives/"


def check_harmless(answer: Any, address: str) -> str:
    """Return the text of an answer that harms nobody who opens it as what it says it is."""
    assert answer.status_code == 200, address
    kind, body = answer["Content-Type"].partition(";")[0], answer.getvalue()
    assert answer["X-Content-Type-Options"] == "nosniff", address
    if kind == "text/html":
        assert "unsafe" not in answer["Content-Security-Policy"], address
        assert not Parsed(body.decode()).harm, address
    elif kind.endswith("xml"):
        _check_feed(body, address)
    elif kind.endswith("json"):
        json.loads(body)
    return body.decode(errors="replace")


def _check_feed(body: bytes, address: str) -> None:
    """Feed readers take a description or a summary for HTML."""
    for element in ElementTree.fromstring(body).iter():
        if element.tag.endswith(("description", "summary")):
            assert "<" not in (element.text or ""), (address, element.text)


@pytest.mark.parametrize("attack", MARKUP)
def test_markup_in_any_text_comes_out_as_words_on_every_public_page(
    attack: str, make: MakeInitiative, client: Client, portal: Portal, author: User
) -> None:
    made = make(created_by=author, **hostile_sheet(attack))
    portal.highlighted.add(made)
    seen = set()
    for address in addresses(made, make(title="Autre")):
        text = check_harmless(client.get(address), address)
        seen |= {word for word in markers() if word in text}
    assert seen == markers(), "each text was there to be read"


@pytest.mark.parametrize("attack", MARKUP)
def test_markup_comes_out_as_words_on_the_pages_of_authors_and_moderators(
    attack: str, make: MakeInitiative, as_user: Callable[[User], Client], administrator: User
) -> None:
    made = make(State.PUBLISHED, **hostile_sheet(attack))
    sent = make(State.SUBMITTED, **hostile_sheet(attack))
    suggested = suggest(
        initiative=made,
        changes={"promise": attack, "results": attack, "partners": [{"name": attack}]},
        actor=MACHINE,
        at=AT,
        message=attack,
    )
    assert suggested is not None
    client = as_user(administrator)
    for one in (made, sent):
        for end in ("moderer/", "historique/", "modifier/lieux/", "modifier/verifier/"):
            address = f"/initiatives/{one.public_id}/{end}"
            check_harmless(client.get(address), address)
    for address in (
        f"/initiatives/propositions/{suggested.public_id}/",
        "/initiatives/moderation/",
        sent.get_absolute_url(),
    ):
        check_harmless(client.get(address), address)


@pytest.mark.parametrize("attack", MARKUP)
def test_what_is_asked_for_comes_out_as_words(
    attack: str, make: MakeInitiative, client: Client, portal: Portal, author: User
) -> None:
    made = make(created_by=author)
    names = ("q", "theme", "territoire", "tri", "annee_de", "exact", "page", "i", "region")
    for address in addresses(made, made):
        answer = client.get(address.partition("?")[0], dict.fromkeys(names, attack))
        if answer.status_code == 200:
            check_harmless(answer, address)
        assert answer.status_code in (200, 400), address


@pytest.mark.parametrize("attack", FORMULAS)
def test_no_cell_of_a_file_is_a_formula(attack: str, make: MakeInitiative, client: Client) -> None:
    make(**hostile_sheet(attack))
    for ending in ("initiatives.csv", "initiatives.csv?q=%3D1%2B1%0A%3D1"):
        text = client.get(f"/initiatives/fichiers/{ending}").getvalue().decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))
        cells = [cell for row in rows for cell in row]
        assert not [
            cell for cell in cells if re.match(r"[=+@\t\r\n＝＋－＠]|-(?!\d+(,\d+)?$)", cell)
        ]
        assert any(attack[:4] in cell for cell in cells) or "?" in ending
    body = client.get("/initiatives/fichiers/initiatives.xlsx").getvalue()
    with zipfile.ZipFile(io.BytesIO(body)) as book:
        for name in book.namelist():
            if name.startswith("xl/worksheets/"):
                assert b"<f>" not in book.read(name)
        assert not [name for name in book.namelist() if "externalLink" in name]


def test_signs_that_no_one_sees_break_no_feed_no_file_and_no_page(
    make: MakeInitiative, client: Client, portal: Portal, author: User
) -> None:
    texts = hostile_sheet(f"a{CONTROLS}b")
    kept = {key: text for key, text in texts.items() if "https:" not in json.dumps(text)}
    made = make(created_by=author, **kept)
    for address in addresses(made, made):
        check_harmless(client.get(address), address)
        assert client.get(address.partition("?")[0], {"q": f"a{CONTROLS}b"}).status_code == 200
    for name in ("atom", "rss"):
        feed = client.get(f"/initiatives/flux/{name}.xml", {"q": f"bus{CONTROLS}"})
        check_harmless(feed, name)
    read = Initiative.objects.get(pk=made.pk)
    assert not set(read.title + read.promise) & set(CONTROLS) - {"\u2028"}


def test_no_word_of_anybody_becomes_a_header_of_a_message(
    make: MakeInitiative,
    as_user: Callable[[User], Client],
    author: User,
    django_capture_on_commit_callbacks: Any,
) -> None:
    """A line break in a name must not add a recipient, nor stop the message from leaving."""
    evil = "Nom\r\nBcc: evil@example.org\r\n\r\n<b>"
    made = make(title=evil, created_by=author)
    Contact.objects.create(initiative=made, email="holder@example.org", confirmed_at=timezone.now())
    message = relay.write_message(
        initiative=made, name=evil, email="who@example.org", text=evil, at=timezone.now()
    )
    link = re.search(r"/messages/confirmer/([\w-]+)/", mail.outbox[-1].body)
    assert link
    assert relay.pass_on(secret=link[1], at=timezone.now()) == message
    alerts.follow(
        email="reader@example.org",
        criteria=criteria_of("q=a%0D%0ABcc:%20e@x"),
        rhythm="daily",
        at=AT,
    )
    organisation = Organisation.objects.create(name="O", kind="cpts", created_at=AT)
    Membership.objects.create(
        organisation=organisation, user=author, role=Role.MANAGER, joined_at=AT
    )
    client = as_user(author)
    address = f"/organisations/{organisation.public_id}/"
    client.post(f"{address}modifier/", {"name": evil, "kind": "cpts"})
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"{address}inviter/", {"email": "new@example.org", "role": "reader"})
    notify([author], fact="x", subject=evil, text=evil, path="/", by=None, at=AT)
    assert send_due(at=AT) == 1
    expected = [
        "who@example.org",
        "holder@example.org",
        "reader@example.org",
        "new@example.org",
        author.email,
    ]
    assert [sent.recipients() for sent in mail.outbox] == [[one] for one in expected]
    for sent in mail.outbox:
        assert "\n" not in sent.subject
        assert "Bcc" not in sent.message()
        assert sent.message().get_content_type() == "text/plain"
