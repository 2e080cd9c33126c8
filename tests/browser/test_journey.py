"""One initiative from beginning to end: written, judged, published, amended, found, taken away."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from maillage.web.accounts.models import User
from maillage.web.accounts.rights import Role
from maillage.web.register.models import Initiative
from maillage.web.register.models.choices import State
from maillage.web.territories.models import Territory
from tests.browser.accessibility import breaches
from tests.web.accounts.conftest import PASSWORD, on_territory, person
from tests.web.accounts.test_notices import Sink, sink

__all__ = ["on_territory", "person", "sink"]

TITLE = "Navette vers la maison de garde"
PROMISE = "Une navette conduit les habitants à la maison de garde."
BETTER = "Une navette conduit, chaque soir, les habitants à la maison de garde."
MOST_STOPS = 150


@pytest.fixture
def moderator(site: str, on_territory: Callable[..., User]) -> User:
    """Who moderates the department of the small store."""
    department = Territory.objects.get(kind="department", code="20")
    return on_territory(department, Role.MODERATOR, "moderatrice")


def link_in(sink: Sink, start: str) -> str:
    """Return the path of the last link that the site sent, from `start` on."""
    found = re.findall(rf"({start}\S+)", sink.messages[-1].get_content())
    assert found, sink.messages[-1].get_content()
    return str(found[-1])


def write_a_sheet(page: Page) -> None:
    """Go from the home page to a draft ready to be sent."""
    page.get_by_role("navigation", name="Navigation principale").get_by_role(
        "link", name="Initiatives"
    ).click()
    page.get_by_role("link", name="Proposer une initiative").click()
    page.get_by_label("Titre").fill(TITLE)
    page.get_by_label("En une phrase").fill(PROMISE)
    page.get_by_role("button", name="Commencer").click()
    page.get_by_label("Description").fill("Trois soirs par semaine.")
    page.get_by_label("Innovations dans l’organisation").check()
    page.get_by_role("button", name="Enregistrer et continuer").click()
    page.get_by_label("Territoires couverts").fill("20001")
    page.get_by_role("group", name="Porteurs, ligne 1").get_by_label("Nom").fill("CC du Levant")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    page.get_by_role("link", name="Relire et envoyer").last.click()


def send_by_link(page: Page, site: str, sink: Sink) -> None:
    """Receive the link by e-mail, confirm the address, send the sheet."""
    page.get_by_label("Envoyer le lien à").fill("porteuse@example.org")
    page.get_by_role("button", name="Recevoir mon lien").click()
    expect(page.get_by_role("status")).not_to_have_count(0)
    page.goto(site + link_in(sink, "/initiatives/reprendre/"))
    page.get_by_role("button", name=re.compile("est bien mon adresse")).click()
    page.get_by_role("button", name="Envoyer pour publication").click()
    expect(page.get_by_text("elle sera relue avant publication")).to_be_visible()


def log_in(page: Page, email: str) -> None:
    page.locator("#id_login").fill(email)
    page.locator("#id_password").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mon compte")


def publish(page: Page) -> None:
    """Find the sheet in the queue and publish it."""
    page.get_by_role("link", name="Mes initiatives").click()
    page.get_by_role("link", name="Modération").click()
    page.get_by_role("link", name=TITLE).click()
    assert breaches(page) == []
    page.get_by_role("button", name="Publier").click()
    expect(page.get_by_text("Publiée", exact=True).first).to_be_visible()


def suggest(page: Page, site: str, sink: Sink) -> None:
    """Search the sheet with a mistake, propose a change and confirm it by e-mail."""
    page.goto(f"{site}/initiatives/")
    page.get_by_label("Chercher dans les initiatives").fill("navete de garde")
    page.get_by_role("button", name="Chercher", exact=True).click()
    page.get_by_role("link", name=TITLE).click()
    page.get_by_role("link", name="Proposer une modification").click()
    page.get_by_label("En une phrase").fill(BETTER)
    page.get_by_label("Pourquoi ce changement").fill("Elle passe chaque soir.")
    page.get_by_label("Votre adresse électronique").fill("lecteur@example.org")
    page.get_by_role("button", name="Proposer", exact=True).click()
    expect(page.get_by_role("status").or_(page.get_by_role("alert"))).not_to_have_count(0)
    page.goto(site + link_in(sink, "/initiatives/propositions/confirmer/"))
    page.get_by_role("main").get_by_role("button").first.click()


def accept(page: Page, site: str) -> None:
    """Read the difference and accept it."""
    page.goto(f"{site}/initiatives/moderation/")
    page.get_by_role("link", name=TITLE).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Proposition de modification")
    assert breaches(page) == []
    page.get_by_role("button", name="Accepter").click()


def test_an_initiative_goes_from_a_visitor_to_other_sites(
    open_page: Callable[..., Page],
    site: str,
    sink: Sink,
    moderator: User,
    stranger: tuple[Path, str],
    chromium: Browser,
) -> None:
    visitor = open_page("/")
    write_a_sheet(visitor)
    assert breaches(visitor) == []
    send_by_link(visitor, site, sink)
    judge = open_page("/compte/connexion/")
    log_in(judge, moderator.email)
    publish(judge)
    suggest(visitor, site, sink)
    accept(judge, site)

    visitor.goto(f"{site}/initiatives/?q=navette")
    expect(visitor.get_by_text(BETTER)).to_be_visible()
    with visitor.expect_download() as taken:
        visitor.get_by_role("link", name="CSV", exact=True).click()
    assert BETTER in taken.value.path().read_text(encoding="utf-8-sig")
    assert Initiative.objects.get(title=TITLE).state == State.PUBLISHED

    visitor.get_by_role("link", name="Intégrer", exact=True).click()
    code = visitor.get_by_label("Avec adaptation de la hauteur").input_value()
    folder, address = stranger
    (folder / "index.html").write_text(
        f'<!doctype html><html lang="fr"><meta charset="utf-8"><title>Mairie</title>{code}',
        encoding="utf-8",
    )
    context = chromium.new_context()
    page = context.new_page()
    page.goto(f"{address}/index.html")
    expect(page.frame_locator("iframe").get_by_text(TITLE)).to_be_visible()
    context.close()


def reach(page: Page, target: Locator) -> None:
    """Press Tab until an element has the focus, as a person without a mouse does."""
    for _ in range(MOST_STOPS):
        if target.evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"{target} is not reached in {MOST_STOPS} stops of the keyboard")


def type_in(page: Page, label: str, text: str) -> None:
    reach(page, page.get_by_label(label))
    page.keyboard.insert_text(text)


def press(page: Page, role: str, name: str, key: str = "Enter") -> None:
    reach(page, page.get_by_role(role, name=name, exact=True).last)  # type: ignore[arg-type]
    page.keyboard.press(key)


def test_a_sheet_is_written_and_sent_with_the_keyboard_alone(
    open_page: Callable[..., Page], site: str, sink: Sink
) -> None:
    page = open_page("/initiatives/")
    press(page, "link", "Proposer une initiative")
    expect(page.get_by_role("heading", level=1)).to_have_text("Proposer une initiative")
    type_in(page, "Titre", TITLE)
    type_in(page, "En une phrase", PROMISE)
    press(page, "button", "Commencer")
    expect(page.get_by_role("heading", level=1)).to_have_text("L’essentiel")
    type_in(page, "Description", "Trois soirs par semaine.")
    press(page, "checkbox", "Innovations dans l’organisation", "Space")
    press(page, "button", "Enregistrer et continuer")
    expect(page.get_by_role("heading", level=1)).to_have_text("Où et avec qui")
    type_in(page, "Territoires couverts", "20001")
    reach(page, page.get_by_role("group", name="Porteurs, ligne 1").get_by_label("Nom"))
    page.keyboard.insert_text("CC du Levant")
    press(page, "button", "Enregistrer")
    expect(page.get_by_label("Territoires couverts")).to_have_value(re.compile("20001"))
    press(page, "link", "Relire et envoyer")
    expect(page.get_by_role("heading", level=1)).to_have_text("Relire et envoyer")
    type_in(page, "Envoyer le lien à", "porteuse@example.org")
    press(page, "button", "Recevoir mon lien")
    expect(page.get_by_role("status")).not_to_have_count(0)
    page.goto(site + link_in(sink, "/initiatives/reprendre/"))
    reach(page, page.get_by_role("button", name=re.compile("est bien mon adresse")))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Relire et envoyer")
    press(page, "button", "Envoyer pour publication")
    expect(page.get_by_text("elle sera relue avant publication")).to_be_visible()
    assert Initiative.objects.get(title=TITLE).state == State.SUBMITTED
