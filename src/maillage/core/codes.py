"""Official codes: parsed once at the door, then trusted. Every code is text, never a number."""

import re
from typing import NewType

from maillage.core.errors import InputError

CommuneCode = NewType("CommuneCode", str)
DepartmentCode = NewType("DepartmentCode", str)
RegionCode = NewType("RegionCode", str)
EpciCode = NewType("EpciCode", str)
PostalCode = NewType("PostalCode", str)
FinessCode = NewType("FinessCode", str)
Rpps = NewType("Rpps", str)
Siret = NewType("Siret", str)

# 20, free since Corsica became 2A and 2B in 1976, is the fictional department of the demonstration.
_COMMUNE = re.compile(r"(?:0[1-9]|[13-8]\d|2[0-9AB]|9[0-5])\d{3}|9[78]\d{3}")
_DEPARTMENT = re.compile(r"0[1-9]|[1345678]\d|2[0-9AB]|9[0-5]|97\d|98\d")
_REGION = re.compile(r"\d{2}")
_EPCI = re.compile(r"\d{9}")
_POSTAL = re.compile(r"\d{5}")
_FINESS = re.compile(r"\d[0-9AB]\d{7}")
_RPPS = re.compile(r"\d{11}")
_SIRET = re.compile(r"\d{14}")

_ZERO_ADVICE = "If it comes from a spreadsheet, read that column as text to keep the leading zero."


def parse_commune_code(text: str) -> CommuneCode:
    """Return the five-character Insee code of a commune, such as "01004" or "2A004".

    Raises InputError for anything else.
    """
    return CommuneCode(
        _parse(text, _COMMUNE, "a commune code: five characters such as 01004 or 2A004")
    )


def parse_department_code(text: str) -> DepartmentCode:
    """Return a department code, such as "01", "2A" or "974". Raises InputError otherwise."""
    return DepartmentCode(
        _parse(text, _DEPARTMENT, "a department code: two or three characters such as 01, 2A, 974")
    )


def parse_region_code(text: str) -> RegionCode:
    """Return a region code, such as "75" or "01". Raises InputError otherwise."""
    return RegionCode(_parse(text, _REGION, "a region code: two digits such as 75 or 01"))


def parse_epci_code(text: str) -> EpciCode:
    """Return the SIREN of an EPCI, nine digits. Raises InputError otherwise."""
    return EpciCode(_parse(text, _EPCI, "an EPCI code: the nine digits of its SIREN"))


def parse_postal_code(text: str) -> PostalCode:
    """Return a postal code, five digits. Never a key: n-to-n with communes."""
    return PostalCode(_parse(text, _POSTAL, "a postal code: five digits such as 01400"))


def parse_finess(text: str) -> FinessCode:
    """Return a FINESS number (establishment or legal entity), nine characters."""
    return FinessCode(_parse(text, _FINESS, "a FINESS number: nine characters such as 640000162"))


def parse_rpps(text: str) -> Rpps:
    """Return an RPPS number, eleven digits whose Luhn key holds. Raises InputError otherwise."""
    code = _parse(text, _RPPS, "an RPPS number: eleven digits")
    if not luhn_holds(code):
        raise InputError(
            f"{text!r} is not an RPPS number: its last digit does not agree with the ten others. "
            "Check the number on the professional's card."
        )
    return Rpps(code)


def parse_siret(text: str) -> Siret:
    """Return a SIRET, fourteen digits. Raises InputError otherwise."""
    return Siret(_parse(text, _SIRET, "a SIRET: fourteen digits"))


def department_of_commune(code: CommuneCode) -> DepartmentCode:
    """Return the department part of a commune code: three characters overseas, two elsewhere."""
    return DepartmentCode(code[:3] if code.startswith(("97", "98")) else code[:2])


def luhn_holds(digits: str) -> bool:
    """Say whether the last digit is the Luhn key of the others (ISO/IEC 7812-1)."""
    total = 0
    for rank, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (1 + rank % 2)
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0


def _parse(text: str, pattern: re.Pattern[str], expected: str) -> str:
    code = text.strip().upper()
    if not pattern.fullmatch(code):
        raise InputError(f"{text!r} is not {expected}. {_ZERO_ADVICE}")
    return code
