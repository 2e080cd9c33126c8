"""What was last published, as Atom and RSS; the feeds follow the filters of the list."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed
from django.utils.html import escape

from maillage.web.register.finding.asking import Answer, answer
from maillage.web.register.finding.criteria import read_criteria
from maillage.web.register.finding.presenting import left_out, title_of
from maillage.web.register.models import Initiative

ITEMS = 50


class Atom(Feed):
    """The fifty initiatives last changed, among those that the address asks for."""

    feed_type = Atom1Feed

    def get_object(self, request: HttpRequest, *args: object, **kwargs: object) -> Answer:
        """Return what the address asks for, the latest first."""
        return answer(replace(read_criteria(request.GET), sort="recent"))

    def title(self, found: Answer) -> str:
        """Name the feed by its criteria."""
        return f"Initiatives de santé : {title_of(found.criteria)}"

    def link(self, found: Answer) -> str:
        """Return the list of the same criteria."""
        return f"{reverse('register:list')}?{found.criteria.query()}"

    def subtitle(self, found: Answer) -> str:
        """Say what the feed is, and what it makes nothing of, escaped as descriptions are."""
        about = "Ce que les territoires font pour la santé, mis à jour par eux."
        return " ".join([about, *map(escape, left_out(found.criteria))])

    description = subtitle

    def items(self, found: Answer) -> Sequence[Initiative]:
        """Return the latest."""
        return found.found[:ITEMS]

    def item_title(self, item: Initiative) -> str:
        """Return the title as plain text; the feed escapes it."""
        return item.title

    def item_description(self, item: Initiative) -> str:
        """Return the promise; readers take a description for HTML, so its signs are escaped."""
        return escape(item.promise)

    def item_pubdate(self, item: Initiative) -> datetime | None:
        """Return when it was published."""
        return item.published_at

    def item_updateddate(self, item: Initiative) -> datetime:
        """Return when it last changed."""
        return item.updated_at

    def item_categories(self, item: Initiative) -> list[str]:
        """Return its words."""
        return [tag.label for tag in item.tags.all()]


class Rss(Atom):
    """The same in RSS."""

    feed_type = Rss201rev2Feed
