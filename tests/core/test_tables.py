import numpy as np
import pytest

from maillage.core.errors import InputError
from maillage.core.tables import Column, Schema, Table

VALLEY = Schema(
    "valley",
    (
        Column("commune_code", "text"),
        Column("name", "text", nullable=True),
        Column("population", "int", unit="people"),
        Column("apl", "float", unit="acts/year", nullable=True),
        Column("lat", "float", unit="degrees"),
        Column("is_island", "bool"),
    ),
    key=("commune_code",),
)


def columns(**changes):
    return {
        "commune_code": np.array(["01001", "01002"], dtype=object),
        "name": np.array(["Amont", ""], dtype=object),
        "population": np.array([120, 80]),
        "apl": np.array([2.5, np.nan]),
        "lat": np.array([45.1, 45.2]),
        "is_island": np.array([False, True]),
    } | changes


def test_a_table_gives_its_rows_as_plain_values():
    table = Table(VALLEY, columns(), notes=("one row left out",))
    assert len(table) == 2
    assert table["population"].dtype == np.int64
    first, second = table.rows()
    assert (first["name"], second["population"]) == ("Amont", 80)
    assert first["is_island"] is False
    assert table.notes == ("one row left out",)


def test_the_rows_of_a_mask_are_kept_with_the_notes():
    table = Table(VALLEY, columns(), notes=("said",)).where(np.array([False, True]))
    assert table["commune_code"].tolist() == ["01002"]
    assert table.notes == ("said",)


def test_a_table_without_columns_has_no_rows():
    assert len(Table(Schema("nothing", ()), {})) == 0


def test_a_table_without_rows_and_without_key_is_a_table():
    schema = Schema("flows", (Column("count", "int"),))
    assert len(Table(schema, {"count": np.array([])})) == 0


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"extra": np.array([1, 2])}, r"unexpected columns \['extra'\]"),
        ({"population": np.array([[1, 2]])}, r"expected \(n_rows,\)"),
        ({"population": np.array([1, 2, 3])}, "differ in length"),
        ({"population": np.array([1.5, 2.0])}, "holds float64, expected int"),
        ({"is_island": np.array([0, 1])}, "expected bool"),
        ({"commune_code": np.array([1001, 1002])}, "1001 is not text"),
        ({"commune_code": np.array(["01001", ""], dtype=object)}, "row 1: empty, expected text"),
        ({"commune_code": np.array(["01001", "01001"], dtype=object)}, "a second time"),
        ({"lat": np.array([45.0, np.nan])}, "row 1: no number"),
    ],
)
def test_a_column_that_breaks_the_schema_is_refused_with_its_place(changes, message):
    with pytest.raises(InputError, match=message):
        Table(VALLEY, columns(**changes))


def test_a_missing_column_is_named():
    incomplete = columns()
    del incomplete["apl"]
    with pytest.raises(InputError, match=r"missing columns \['apl'\]"):
        Table(VALLEY, incomplete)


def test_a_key_must_name_columns_of_the_schema():
    with pytest.raises(InputError, match="names no column"):
        Schema("flows", (Column("origin", "text"),), key=("destination",))
