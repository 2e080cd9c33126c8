"""The application `register`."""

from django.apps import AppConfig


class RegisterConfig(AppConfig):
    """Initiatives: their sheet, their life, how they come in and how they are found."""

    name = "maillage.web.register"
    label = "register"
    verbose_name = "Initiatives"

    def ready(self) -> None:
        """Keep what is derived from records in step with them; offer what comes back."""
        from maillage.web.accounts.profile.leaving import forgets
        from maillage.web.register.chores import offer_chores
        from maillage.web.register.duplicates.blocks import write_blocks
        from maillage.web.register.finding.indexing import refresh
        from maillage.web.register.finding.publications import note_publications
        from maillage.web.register.finding.sitemap import SITEMAPS
        from maillage.web.register.forgetting import forget_person
        from maillage.web.register.life.changes import follow
        from maillage.web.register.organisations import declare
        from maillage.web.register.resembling.part import RESEMBLING
        from maillage.web.territories.profile_parts import add_profile_part
        from maillage.web.territories.sitemap import add_sitemap

        follow(write_blocks)
        follow(refresh)
        follow(note_publications)
        offer_chores()
        forgets(forget_person)
        add_profile_part(RESEMBLING)
        declare()
        for sitemap in SITEMAPS:
            add_sitemap(sitemap)
