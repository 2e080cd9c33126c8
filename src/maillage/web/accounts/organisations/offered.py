"""Pages that features offer on an organisation, to those whose role there allows them."""

from dataclasses import dataclass

from maillage.web.accounts.rights import Permission


@dataclass(frozen=True, slots=True)
class OfferedPage:
    """A page about one organisation.

    url_name  of an address that takes the organisation's public id alone
    """

    label: str
    url_name: str
    permission: Permission


_PAGES: list[OfferedPage] = []


def offer_page(page: OfferedPage) -> None:
    """Offer a page on every organisation. To be called once, from the application's `ready`."""
    if page not in _PAGES:
        _PAGES.append(page)


def pages_offered() -> tuple[OfferedPage, ...]:
    """Return the pages, in the order in which features offered them."""
    return tuple(_PAGES)
