"""Models of the atlas, for Django; each lives with its part."""

from maillage.web.atlas.scenarios.models import Scenario

__all__ = ["Scenario"]
