"""The Django app of the atlas."""

from django.apps import AppConfig


class AtlasConfig(AppConfig):
    """Map, profiles and scenarios."""

    name = "maillage.web.atlas"
    label = "atlas"
    verbose_name = "Atlas"
