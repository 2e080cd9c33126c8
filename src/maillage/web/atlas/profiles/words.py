"""Figures as French readers write them."""

from math import isnan

from maillage.studies.indicators import french_number

NOT_AVAILABLE = "non disponible"


def number(value: float, *, decimals: int = 0) -> str:
    """Return "1 204" or "2,3", in words when there is no figure."""
    return NOT_AVAILABLE if isnan(value) else french_number(value, decimals=decimals)


def percent(share: float, *, decimals: int = 0) -> str:
    """Return a share from 0 to 1 as "12 %", in words when there is no figure."""
    if isnan(share):
        return NOT_AVAILABLE
    return f"{french_number(share * 100, decimals=decimals)}\u202f%"


def counted(count: int, singular: str, plural: str = "") -> str:
    """Return "1 commune" or "12 communes"."""
    words = singular if count < 2 else plural or f"{singular}s"
    return f"{french_number(count, decimals=0)} {words}"
