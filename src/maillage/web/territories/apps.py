"""Territories, versions of the data, and the search that leads to them; knows no person."""

from django.apps import AppConfig


class TerritoriesConfig(AppConfig):
    """The floor on which every feature stands."""

    name = "maillage.web.territories"
    label = "territories"
    verbose_name = "Territoires"
