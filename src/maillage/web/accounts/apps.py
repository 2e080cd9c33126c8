"""The application `accounts`."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People, organisations, rights, journal, keys and notices."""

    name = "maillage.web.accounts"
    label = "accounts"
    verbose_name = "Comptes"
