"""Initiatives on the pages of others: an iframe, and a web component that makes one.

No cookie is set and nothing is measured. These pages alone may be framed; their height is told to
the page around by a message that holds a number and nothing else.
"""

import re
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import urlencode

from csp.decorators import csp_replace, csp_update
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.html import escape
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from maillage.web.register.finding.asking import answer
from maillage.web.register.finding.criteria import criteria_of, read_criteria
from maillage.web.register.finding.files import site_of
from maillage.web.register.finding.lines import lines_of
from maillage.web.register.finding.presenting import title_of
from maillage.web.register.models import Portal
from maillage.web.ui.pages import paginate

LINES_OFFERED: Final = (5, 10, 20)
COMPONENT: Final = "maillage-initiatives"

_USUAL_TITLE: Final = "Initiatives de santé des territoires"
_SLUG: Final = re.compile(r"[-a-zA-Z0-9_]{1,60}")
_COMPONENT_SCRIPT: Final = """\
// <maillage-initiatives query="theme=prevention"></maillage-initiatives>
// Frames a list of initiatives and follows its height. Sets no cookie, measures nothing.
const origin = new URL(import.meta.url).origin;
class MaillageInitiatives extends HTMLElement {
  static observedAttributes = ["query", "title"];
  connectedCallback() {
    this.frame = document.createElement("iframe");
    this.frame.loading = "lazy";
    this.frame.width = "100%";
    this.frame.height = "600";
    this.frame.setAttribute("frameborder", "0");
    this.frame.referrerPolicy = "no-referrer";
    this.listener = (event) => {
      const fromFrame = event.source === this.frame.contentWindow && event.origin === origin;
      const height = event.data && event.data.maillageHeight;
      if (fromFrame && Number.isFinite(height)) this.frame.height = String(Math.ceil(height));
    };
    window.addEventListener("message", this.listener);
    this.show();
    this.append(this.frame);
  }
  disconnectedCallback() {
    window.removeEventListener("message", this.listener);
    this.frame.remove();
  }
  attributeChangedCallback() {
    if (this.frame) this.show();
  }
  show() {
    this.frame.title = this.getAttribute("title") || "Initiatives de santé des territoires";
    this.frame.src = `${origin}/widget/initiatives/?${this.getAttribute("query") || ""}`;
  }
}
customElements.define("maillage-initiatives", MaillageInitiatives);
"""
_HEIGHT_SCRIPT: Final = """\
// Tells the page around how tall this one is, now and when it changes.
if (window.parent !== window) {
  const content = document.getElementById("initiatives");
  const tell = () => window.parent.postMessage({ maillageHeight: content.offsetHeight }, "*");
  new ResizeObserver(tell).observe(content);
  tell();
}
"""


@dataclass(frozen=True, slots=True)
class Options:
    """How a framed list looks, beside what it lists.

    portal    the end of the address of the portal whose selection and colours it takes, or ""
    lines     initiatives a page
    searches  it has a field to search in it
    """

    portal: str = ""
    lines: int = LINES_OFFERED[1]
    searches: bool = True

    def pairs(self) -> list[tuple[str, str]]:
        """Return what differs from the usual, as pairs of an address."""
        usual = Options()
        found = [("portail", self.portal)] if self.portal else []
        if self.lines != usual.lines:
            found.append(("lignes", str(self.lines)))
        return found if self.searches else [*found, ("recherche", "non")]


def read_options(asked: QueryDict) -> Options:
    """Return the options of an address; what is unknown is left out."""
    lines = next((each for each in LINES_OFFERED if str(each) == asked.get("lignes")), None)
    slug = asked.get("portail", "")
    return Options(
        portal=slug if _SLUG.fullmatch(slug) else "",
        lines=lines or Options().lines,
        searches=asked.get("recherche") != "non",
    )


@require_safe
@xframe_options_exempt
@csp_replace({"frame-ancestors": "*"})
def widget_page(request: HttpRequest) -> HttpResponse:
    """Show the initiatives that answer, to be framed by any page."""
    options, asked = read_options(request.GET), read_criteria(request.GET)
    portal = Portal.objects.open().defer("logo").filter(slug=options.portal).first()
    if options.portal and portal is None:
        # A page framed here cannot be the site's own 404, which no page may frame.
        return render(request, "register/finding/widget_closed.html", _assets(), status=404)
    found = answer(asked.within(criteria_of(portal.query)) if portal else asked)
    page = paginate(request, found.found.numbers, per_page=options.lines)
    hidden = [pair for pair in asked.pairs() if pair[0] not in ("q", "exact")]
    context = _assets() | {
        "portal": portal,
        "title": portal.name if portal else _USUAL_TITLE,
        "options": options,
        "page": page,
        "lines": lines_of(page.object_list, found.question.terms),
        "criteria": found.criteria,
        "hidden": [*hidden, *options.pairs()],
        "query": found.criteria.query(),
        "count": len(found.found),
        "question": found.question,
        "as_typed": urlencode([*replace(asked, exact=True).pairs(), *options.pairs()]),
    }
    return render(request, "register/finding/widget.html", context)


@require_safe
def component_script(request: HttpRequest) -> HttpResponse:
    """Return the web component, for pages of any origin."""
    return _script(_COMPONENT_SCRIPT)


@require_safe
def height_script(request: HttpRequest) -> HttpResponse:
    """Return the script of the framed page."""
    return _script(_HEIGHT_SCRIPT)


@require_safe
@csp_update({"frame-src": ["'self'"]})
def how_to_embed(request: HttpRequest) -> HttpResponse:
    """Show what to copy to have a list on one's own page, and the list as it will look."""
    criteria, options = read_criteria(request.GET), read_options(request.GET)
    portal = Portal.objects.open().defer("logo").filter(slug=options.portal).first()
    shown = replace(options, portal=portal.slug if portal else "")
    query = urlencode([*criteria.pairs(), *shown.pairs()])
    site, name = site_of(request), portal.name if portal else _USUAL_TITLE
    context = {
        "criteria": criteria,
        "query": query,
        "list_query": criteria.query(),
        "criteria_title": portal.name if portal else title_of(criteria),
        "portal": portal,
        "portal_is_closed": bool(options.portal) and portal is None,
        "hidden": criteria.pairs() + ([("portail", portal.slug)] if portal else []),
        "options": options,
        "lines_offered": LINES_OFFERED,
        "with_script": _component_code(site, query, name),
        "without_script": _frame_code(site, query, name),
        "frame_title": name,
    }
    return render(request, "register/finding/embed.html", context)


def _component_code(site: str, query: str, title: str) -> str:
    """Return the web component and its script, as the text of a page."""
    source = f"{site}{reverse('register:widget_component')}"
    return (
        f'<script type="module" src="{escape(source)}"></script>\n'
        f'<{COMPONENT} query="{escape(query)}" title="{escape(title)}"></{COMPONENT}>'
    )


def _frame_code(site: str, query: str, title: str) -> str:
    """Return the frame alone, as the text of a page."""
    source = f"{site}{reverse('register:widget')}?{query}"
    return (
        f'<iframe src="{escape(source)}" title="{escape(title)}" '
        'width="100%" height="600" loading="lazy"></iframe>'
    )


def _assets() -> dict[str, Any]:
    return {"stylesheet": static("dist/site.css")}


def _script(text: str) -> HttpResponse:
    response = HttpResponse(text, content_type="text/javascript; charset=utf-8")
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    patch_cache_control(response, public=True, max_age=3600)
    return response
