"""From communes to territories: the right weight for each figure."""

import numpy as np
import pytest

from maillage.core.errors import InputError, NotEnoughDataError
from maillage.engines.accessibility.aggregation import (
    mean_access,
    mean_by_group,
    mean_of_extremes,
    people_below,
    quantiles,
    share_below,
)

ACCESS = np.array([1.0, 2.5, 4.0, np.nan])
STANDARDISED = np.array([100.0, 200.0, 100.0, 50.0])
PEOPLE = np.array([150.0, 150.0, 100.0, 100.0])


def test_a_mean_weighs_standardised_people_who_have_a_figure():
    assert mean_access(ACCESS, standardised_population=STANDARDISED) == pytest.approx(2.5)


def test_people_below_are_counted_plain_and_the_threshold_is_not_below():
    assert people_below(ACCESS, population=PEOPLE, threshold=2.5) == 150
    assert share_below(ACCESS, population=PEOPLE, threshold=2.5) == pytest.approx(150 / 400)


def test_each_territory_has_its_own_mean_or_none():
    means = mean_by_group(
        ACCESS, standardised_population=STANDARDISED, group=np.array([0, 0, 1, 2]), n_groups=4
    )
    assert means[:2] == pytest.approx([2.0, 4.0])
    assert np.isnan(means[2:]).all()


def test_quantiles_count_people_not_communes():
    shares = np.array([0.0, 0.375, 0.376, 0.75, 1.0])
    found = quantiles(ACCESS, population=PEOPLE, shares=shares)
    assert found.tolist() == [1.0, 1.0, 2.5, 2.5, 4.0]


def test_the_extreme_tenths_split_a_commune_where_they_must():
    worst, best = mean_of_extremes(ACCESS, population=PEOPLE, share=0.5)
    assert worst == pytest.approx((150 * 1 + 50 * 2.5) / 200)
    assert best == pytest.approx((100 * 4 + 100 * 2.5) / 200)


def test_no_figure_is_an_answer_in_words():
    nothing, no_one = np.array([np.nan]), np.array([0.0])
    with pytest.raises(NotEnoughDataError, match="no mean"):
        mean_access(nothing, standardised_population=np.ones(1))
    with pytest.raises(NotEnoughDataError, match="no share"):
        share_below(np.ones(1), population=no_one, threshold=1)
    with pytest.raises(NotEnoughDataError, match="no distribution"):
        quantiles(nothing, population=np.ones(1), shares=np.array([0.5]))


def test_shares_are_from_nought_to_one():
    with pytest.raises(InputError, match="from 0 to 1"):
        quantiles(ACCESS, population=PEOPLE, shares=np.array([50.0]))


@pytest.mark.data
def test_the_published_totals_come_out_of_the_workbook(data_dir):
    import python_calamine

    path = data_dir / "apl" / "apl_generalistes_2022_2023_drees.xlsx"
    book = python_calamine.CalamineWorkbook.from_path(str(path))
    expected = {"APL 2022": (3.789, 0.149), "APL 2023": (3.745, 0.166)}
    for sheet, (mean, share) in expected.items():
        rows = [row for row in book.get_sheet_by_name(sheet).to_python()[10:] if row[0]]
        access, standardised, people = (
            np.array([float(row[column]) for row in rows]) for column in (2, 4, 5)
        )
        found = mean_access(access, standardised_population=standardised)
        assert found == pytest.approx(mean, abs=5e-4)  # the page rounds to three figures
        below = share_below(access, population=people, threshold=2.5)
        assert below == pytest.approx(share, abs=5e-4)
        assert standardised.sum() == pytest.approx(people.sum(), rel=1e-6)
