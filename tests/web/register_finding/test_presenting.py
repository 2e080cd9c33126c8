"""What lists show of an initiative."""

from maillage.studies.french_analyser import french_analyser
from maillage.web.register.finding.presenting import lines_of
from tests.web.register.conftest import MakeInitiative


def test_an_extract_of_a_description_shows_its_words_without_their_setting(
    make: MakeInitiative,
) -> None:
    made = make(
        promise="Un bus vient.",
        description="## Le bus\n\n- Il **dépiste** avec [la CPTS](https://example.org/a) le soir.",
    )
    terms = french_analyser().query_terms("dépister")
    shown = "".join(piece.text for piece in lines_of([made], terms)[0].extract)
    assert " ".join(shown.split()) == "Le bus Il dépiste avec la CPTS le soir."
