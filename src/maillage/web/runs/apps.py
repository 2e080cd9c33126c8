"""The application `runs`."""

from datetime import timedelta

from django.apps import AppConfig


class RunsConfig(AppConfig):
    """Runs, their worker and their pages, and the work that comes back."""

    name = "maillage.web.runs"
    label = "runs"
    verbose_name = "Calculs"

    def ready(self) -> None:
        """Have workers forget what is old, here and in accounts, and send the notices."""
        from maillage.web.accounts.housekeeping import tidy
        from maillage.web.accounts.notices.actions import send_due
        from maillage.web.accounts.organisations.inviting import mail_due
        from maillage.web.runs.chores import Chore, offer
        from maillage.web.runs.statistics import refresh_statistics
        from maillage.web.runs.sweeping import purge

        offer(
            Chore(
                name="runs.purge",
                label="Oublier les calculs périmés",
                every=timedelta(hours=1),
                work=lambda at: dict(zip(("périmés", "oubliés"), purge(at=at), strict=True)),
            )
        )
        offer(
            Chore(
                name="runs.statistics",
                label="Compter les tables, pour que la base choisisse bien comment les lire",
                every=timedelta(hours=1),
                work=lambda at: {"index connus": refresh_statistics()},
            )
        )
        offer(
            Chore(
                name="accounts.tidy",
                label="Effacer ce qui ne sert plus : comptes jamais confirmés, sessions, accès",
                every=timedelta(hours=1),
                work=lambda at: tidy(at=at).in_words(),
            )
        )
        offer(
            Chore(
                name="accounts.invitations",
                label="Envoyer les invitations que le serveur de courriel avait refusées",
                every=timedelta(hours=1),
                work=lambda at: {"invitations": mail_due(at=at)},
            )
        )
        offer(
            Chore(
                name="accounts.notices",
                label="Envoyer les nouvelles par courriel",
                every=timedelta(seconds=20),
                work=lambda at: {"messages": send_due(at=at)},
            )
        )
