import pytest

from maillage.core.privacy import may_show, may_show_share


@pytest.mark.parametrize(("count", "shown"), [(0, True), (1, False), (10, False), (11, True)])
def test_counts_from_one_to_ten_stay_hidden(count, shown):
    assert may_show(count) is shown


@pytest.mark.parametrize(
    ("share", "people", "shown"),
    [
        (0.0, 20, True),
        (1.0, 20, True),
        (0.1, 100, False),
        (0.9, 100, False),
        (0.11, 100, True),
        (0.001, 20_000, True),
    ],
)
def test_a_share_that_counts_from_one_to_ten_people_or_leaves_as_many_stays_hidden(
    share, people, shown
):
    assert may_show_share(share, people=people) is shown
