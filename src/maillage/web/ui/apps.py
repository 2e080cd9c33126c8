"""The frame and the small parts that every feature shares; knows no model."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """The bottom floor of the web."""

    name = "maillage.web.ui"
    label = "ui"
