"""The application `accounts`."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People, organisations, rights, journal, keys and notices."""

    name = "maillage.web.accounts"
    label = "accounts"
    verbose_name = "Comptes"

    def ready(self) -> None:
        """Offer the journal of each organisation, and say what of the accounts is in it."""
        from maillage.web.accounts.journal.belonging import belongs
        from maillage.web.accounts.organisations.journal_views import INVITATIONS, JOURNAL_PAGE
        from maillage.web.accounts.organisations.offered import offer_page

        belongs(INVITATIONS)
        offer_page(JOURNAL_PAGE)
