"""Initiatives on the pages of others: an iframe, and a web component that makes one.

No cookie is set and nothing is measured. These pages alone may be framed; their height is told to
the page around by a message that holds a number and nothing else.
"""

from dataclasses import replace
from typing import Final

from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.cache import patch_cache_control
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from maillage.web.register.finding.asking import answer
from maillage.web.register.finding.criteria import read_criteria
from maillage.web.register.finding.files import site_of
from maillage.web.register.finding.presenting import lines_of, title_of
from maillage.web.ui.pages import paginate

PER_PAGE: Final = 10
COMPONENT: Final = "maillage-initiatives"

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


@require_safe
@xframe_options_exempt
@csp_replace({"frame-ancestors": "*"})
def widget_page(request: HttpRequest) -> HttpResponse:
    """Show the initiatives that answer, to be framed by any page."""
    found = answer(read_criteria(request.GET))
    page = paginate(request, found.found, per_page=PER_PAGE)
    context = {
        "page": page,
        "lines": lines_of(page.object_list, found.question.terms),
        "criteria": found.criteria,
        "hidden": [pair for pair in found.criteria.pairs() if pair[0] not in ("q", "exact")],
        "query": found.criteria.query(),
        "count": len(found.found),
        "question": found.question,
        "as_typed": replace(found.criteria, exact=True).query(),
        "stylesheet": static("dist/site.css"),
    }
    response = render(request, "register/finding/widget.html", context)
    patch_cache_control(response, public=True, max_age=300)
    return response


@require_safe
def component_script(request: HttpRequest) -> HttpResponse:
    """Return the web component, for pages of any origin."""
    return _script(_COMPONENT_SCRIPT)


@require_safe
def height_script(request: HttpRequest) -> HttpResponse:
    """Return the script of the framed page."""
    return _script(_HEIGHT_SCRIPT)


@require_safe
def how_to_embed(request: HttpRequest) -> HttpResponse:
    """Show what to copy to have the list of these criteria on one's own page."""
    criteria = read_criteria(request.GET)
    context = {
        "query": criteria.query(),
        "criteria_title": title_of(criteria),
        "site": site_of(request),
        "component": COMPONENT,
    }
    return render(request, "register/finding/embed.html", context)


def _script(text: str) -> HttpResponse:
    response = HttpResponse(text, content_type="text/javascript; charset=utf-8")
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    patch_cache_control(response, public=True, max_age=3600)
    return response
