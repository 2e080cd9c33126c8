import pytest

from maillage.core.errors import InputError
from maillage.sources.names import fold_accents
from maillage.sources.synonyms import parse_synonyms, read_synonyms

LIST = """
[[review]]
by = "une relectrice"
on = 2026-01-01
subject = "Sigles"
concepts = [
    { name = "cpts", acronyms = ["CPTS"], forms = ["communauté de santé"] },
    { name = "ami", acronyms_in_capitals = ["AMI"] },
]
"""


def test_each_form_is_a_row_with_who_read_it_and_when():
    table = parse_synonyms(LIST)
    assert [(row["concept"], row["text"], row["kind"]) for row in table.rows()] == [
        ("cpts", "CPTS", "acronym"),
        ("cpts", "communauté de santé", "form"),
        ("ami", "AMI", "acronym_in_capitals"),
    ]
    assert {row["reviewed_by"] for row in table.rows()} == {"une relectrice"}
    assert {row["reviewed_on"] for row in table.rows()} == {"2026-01-01"}


@pytest.mark.parametrize(
    ("found", "replaced", "message"),
    [
        ("[[review]]", "[review", "cannot be read"),
        ('subject = "Sigles"', "", "cannot be read"),
        ("[[review]]", "[[other]]", "cannot be read"),
        ('"une relectrice"', '" "', "expected who read it"),
        ("2026-01-01", '"hier"', "expected who read it"),
        ("forms =", "form =", "unknown"),
        ('name = "cpts"', 'name = "CPTS"', "not the name of a concept"),
        ('name = "ami"', 'name = "cpts"', "listed twice"),
        ('["communauté de santé"]', '["CPTS"]', "a second time"),
    ],
)
def test_a_list_with_a_fault_is_refused(found, replaced, message):
    with pytest.raises(InputError, match=message):
        parse_synonyms(LIST.replace(found, replaced))


def test_the_list_knows_the_acronyms_of_the_field():
    acronyms = {row["text"] for row in read_synonyms().rows() if row["kind"] != "form"}
    expected = (
        "CPTS MSP PMI PASS CLS CLSM PTSM DAC PTA MDPH EHPAD SSIAD ESP IPA ASALEE PDSA SAS SAMU"
        " HAD AAP AMI CRTE QPV ZIP ZAC ARS URPS CPAM MSA"
    )
    assert set(expected.split()) <= acronyms


def test_an_acronym_belongs_to_one_concept():
    rows = [row for row in read_synonyms().rows() if row["kind"] != "form"]
    folded = [fold_accents(row["text"]) for row in rows]
    assert len(folded) == len(set(folded))
