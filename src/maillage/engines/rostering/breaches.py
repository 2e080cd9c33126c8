"""What a roster does that a rule forbids."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Breach:
    """One rule broken once, in identifiers; the words are made in `studies`.

    rule     name of the rule, such as "rest"
    people   those it concerns; () when it concerns a duty alone
    duties   the duties that break it, in order of start
    found    what the roster does, and `limit` what the rule asks, in `unit`
    article  the text of law behind it; "" when there is none
    days     first day and the day after the last, where the rule counts over days; () elsewhere
    """

    rule: str
    people: tuple[str, ...]
    duties: tuple[str, ...]
    found: int
    limit: int
    unit: str
    article: str = ""
    days: tuple[int, ...] = ()
