import pytest

from maillage.core.privacy import may_show


@pytest.mark.parametrize(("count", "shown"), [(0, True), (1, False), (10, False), (11, True)])
def test_counts_from_one_to_ten_stay_hidden(count, shown):
    assert may_show(count) is shown
