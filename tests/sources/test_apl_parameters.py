import pytest

from maillage.core.errors import InputError
from maillage.sources.apl_parameters import ActivityBounds, AplParameters, parse_parameters
from tests.sources.apl_workbooks import PARAMETERS

GOOD = {
    "field": "Omnipraticiens libéraux.",
    "activity": None,
    "decay_min": (10.0, 15.0),
    "decay_weights": (1.0, 0.5, 0.0),
    "age_from": (0, 65),
    "age_weights": {2023: (0.9, 1.4)},
}


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"decay_weights": (1.0, 0.0)}, "one weight more than steps"),
        ({"decay_min": (15.0, 10.0)}, "are not in order"),
        ({"age_from": (5, 65)}, "expected 0"),
        ({"age_from": (0, 0)}, "expected 0, then in order"),
        ({"age_weights": {2023: (1.0,)}}, "1 age weights in 2023, 2 age groups"),
    ],
)
def test_parameters_that_do_not_fit_together_are_refused(changed, message):
    AplParameters(**GOOD)
    with pytest.raises(InputError, match=message):
        AplParameters(**GOOD | changed)


def test_bounds_of_activity_stand_in_order():
    with pytest.raises(InputError, match="are not in order"):
        ActivityBounds(ignored_below=250, floor=6000, ceiling=3600, newcomer=5400)


def test_a_sheet_without_years_above_the_weights_is_refused():
    cells = [
        ["Tranche d'âge", "Poids"] if row[0].startswith("Tranche") else [str(cell) for cell in row]
        for row in PARAMETERS
    ]
    with pytest.raises(InputError, match="no year above the weights"):
        parse_parameters(cells, file="apl.xlsx")


def test_bounds_of_activity_are_for_gps_only():
    cells = [[str(cell) for cell in row] for row in PARAMETERS]
    kept = [row for row in cells if not row[0].startswith("Nombre de consultations")]
    assert parse_parameters(kept, file="apl.xlsx").activity is None
