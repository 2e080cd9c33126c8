"""Which subjects of initiatives answer which need that a profile finds.

A choice made by people, to be reviewed by people: no figure says that a subject answers a need.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from maillage.studies.findings import Finding
from maillage.web.register.models.choices import SubTheme

_FEW_DOCTORS: Final = (
    SubTheme.ONE_STOP_DESK,
    SubTheme.FINANCIAL_AID,
    SubTheme.HOUSING,
    SubTheme.REPLACEMENT,
    SubTheme.COORDINATED_PRACTICE,
    SubTheme.TASK_SHARING,
    SubTheme.TELECONSULTATION,
    SubTheme.MOBILE_CARE,
)
_DOCTORS_LEAVE: Final = (
    SubTheme.ONE_STOP_DESK,
    SubTheme.REPLACEMENT,
    SubTheme.INTERNSHIP,
    SubTheme.SCHOLARSHIP,
    SubTheme.HIGH_SCHOOL,
    SubTheme.LOCAL_TRAINING,
    SubTheme.HOUSING,
    SubTheme.QUALITY_OF_LIFE,
    SubTheme.PLACE_IMAGE,
)
_OLDER_PEOPLE: Final = (
    SubTheme.CHRONIC_DISEASE,
    SubTheme.CARE_PATHWAY,
    SubTheme.POPULATION_HEALTH,
    SubTheme.TELE_MONITORING,
    SubTheme.OUTREACH,
    SubTheme.MOBILE_CARE,
)
_FAR_FROM_SERVICES: Final = (
    SubTheme.MOBILE_CARE,
    SubTheme.OUTREACH,
    SubTheme.SCREENING,
    SubTheme.TELECONSULTATION,
    SubTheme.TELE_EXPERTISE,
)

SUBJECTS_BY_NEED: Final[Mapping[str, tuple[SubTheme, ...]]] = MappingProxyType(
    {
        "apl_gp": _FEW_DOCTORS,
        "gp_per_10000": _FEW_DOCTORS,
        "apl_gp_change": _DOCTORS_LEAVE,
        "apl_gp_over_65": _DOCTORS_LEAVE,
        "time_emergency_min": (
            SubTheme.DUTY,
            SubTheme.POOLED_MEANS,
            SubTheme.MOBILE_CARE,
            SubTheme.TELE_EXPERTISE,
        ),
        "time_maternity_min": (
            SubTheme.CARE_PATHWAY,
            SubTheme.MOBILE_CARE,
            SubTheme.TELE_EXPERTISE,
            SubTheme.SCHOOL_HEALTH,
        ),
        "time_pharmacy_min": (SubTheme.MOBILE_CARE, SubTheme.OUTREACH, SubTheme.TELECONSULTATION),
        "share_75_plus": _OLDER_PEOPLE,
        "share_far_proximity": _FAR_FROM_SERVICES,
        "share_far_intermediate": _FAR_FROM_SERVICES,
        "share_far_superior": _FAR_FROM_SERVICES,
    }
)
_NEEDS_WHEN_HIGH: Final = frozenset({"share_75_plus"})
_HIGH: Final = 0.75


def needs_of(findings: Iterable[Finding]) -> list[Finding]:
    """Return the needs that initiatives may answer, in the order given, one for each answer.

    A large share of people of 75 and over is no fault of a territory, and its profile does not
    call it a need; it still asks for care, where three peers of four have less.
    """
    found: dict[tuple[SubTheme, ...], Finding] = {}
    for finding in findings:
        high = finding.indicator_id in _NEEDS_WHEN_HIGH and finding.share_worse >= _HIGH
        if (finding.tone == "need" or high) and finding.indicator_id in SUBJECTS_BY_NEED:
            found.setdefault(SUBJECTS_BY_NEED[finding.indicator_id], finding)
    return list(found.values())
