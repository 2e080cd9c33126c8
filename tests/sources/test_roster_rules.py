"""The legal parameters of rosters: dated, with their article, in a form that is checked."""

from datetime import date

import pytest

from maillage.core.errors import InputError
from maillage.sources.roster_rules import parse_roster_rules, read_roster_rules

LIST = """
checked_on = 2026-11-22
next_review = 2027-05-01
[[rule]]
rule = "rest"
statuses = ["hospital", "centre"]
value = 660
unit = "min"
article = "R. 6152-27"
text = "Onze heures."
since = 2015-10-12
checked = "lu"
"""


def test_a_rule_is_read_with_whom_it_binds_and_since_when():
    (row,) = parse_roster_rules(LIST).rows()
    assert (row["rule"], row["statuses"], row["value"]) == ("rest", "hospital centre", 660)
    assert row["since"] == "2015-10-12"


@pytest.mark.parametrize(
    ("found", "replaced", "message"),
    [
        ('unit = "min"', 'unit = "hours"', "660 hours"),
        ("value = 660", "value = 0", "0 min"),
        ('article = "R. 6152-27"', "", "cannot be read"),
        ("next_review = 2027-05-01", "", "cannot be read"),
        ("[[rule]]", "[rule", "cannot be read"),
    ],
)
def test_a_list_with_a_fault_is_refused(found, replaced, message):
    with pytest.raises(InputError, match=message):
        parse_roster_rules(LIST.replace(found, replaced))


def test_our_list_says_what_the_texts_say():
    values = {(row["rule"], row["statuses"]): row["value"] for row in read_roster_rules().rows()}
    assert values["rest", "hospital"] == 11 * 60
    assert values["stretch", "hospital"] == 24 * 60
    assert values["weekly_average", "hospital"] == 48 * 60
    assert values["weekly_average", "private centre"] == 44 * 60
    assert values["roster_months", ""] == 3
    assert values["roster_sent_before", ""] == 45


def test_every_rule_of_our_list_names_its_text_and_its_day():
    for row in read_roster_rules().rows():
        assert row["article"].startswith(("Code", "Arrêté"))
        assert date.fromisoformat(row["since"]) < date(2026, 11, 22)
