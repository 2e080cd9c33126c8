"""The application `register`."""

from django.apps import AppConfig


class RegisterConfig(AppConfig):
    """Initiatives: their sheet, their life, how they come in and how they are found."""

    name = "maillage.web.register"
    label = "register"
    verbose_name = "Initiatives"
