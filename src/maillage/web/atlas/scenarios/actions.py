"""What a visitor does to saved scenarios: save, duplicate, delete."""

from datetime import datetime

from django.db import transaction

from maillage.core.errors import MaillageError
from maillage.web.atlas.scenarios.language import VERSION
from maillage.web.atlas.scenarios.models import KEPT_FOR, LONGEST_NAME, Scenario
from maillage.web.atlas.scenarios.outcome import Outcome
from maillage.web.atlas.scenarios.snapshots import snapshot_of
from maillage.web.runs.askers import Asker

MOST_PER_ASKER = 200


class TooManyScenarios(MaillageError):
    """This person already keeps as many scenarios as one person may."""


class NotYourScenario(MaillageError):
    """No scenario of this person has that name: it is gone, or somebody else's."""


def save_scenario(*, name: str, outcome: Outcome, asker: Asker, at: datetime) -> Scenario:
    """Save a plan with what it gives today, at an address that cannot be guessed.

    Those whose time has passed are swept away on the way. Raises TooManyScenarios.
    """
    with transaction.atomic():
        Scenario.objects.filter(expires_at__lte=at).delete()
        _check_room(asker)
        return Scenario.objects.create(
            name=name,
            moves=outcome.plan.tokens,
            language_version=VERSION,
            store_version=outcome.store.version,
            snapshot=snapshot_of(outcome),
            user_id=asker.user_id,
            visitor_hash=asker.visitor_hash,
            created_at=at,
            expires_at=at + KEPT_FOR,
        )


def duplicate_scenario(*, scenario: Scenario, asker: Asker, at: datetime) -> Scenario:
    """Copy anybody's scenario, as it stands, into one's own. Raises TooManyScenarios."""
    with transaction.atomic():
        _check_room(asker)
        return Scenario.objects.create(
            name=f"Copie de {scenario.name}"[:LONGEST_NAME],
            moves=scenario.moves,
            language_version=scenario.language_version,
            store_version=scenario.store_version,
            snapshot=scenario.snapshot,
            user_id=asker.user_id,
            visitor_hash=asker.visitor_hash,
            created_at=at,
            expires_at=at + KEPT_FOR,
        )


def delete_scenario(*, public_id: str, asker: Asker) -> None:
    """Delete a scenario of one's own, at once. Raises NotYourScenario."""
    deleted, _ = Scenario.objects.saved_by(asker).filter(public_id=public_id).delete()
    if not deleted:
        raise NotYourScenario(f"No scenario {public_id} belongs to this asker.")


def _check_room(asker: Asker) -> None:
    if Scenario.objects.saved_by(asker).count() >= MOST_PER_ASKER:
        raise TooManyScenarios(f"{MOST_PER_ASKER} scenarios are kept: delete one first.")
