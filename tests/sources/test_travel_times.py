import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from maillage.core.errors import InputError
from maillage.sources.names import text_array
from maillage.sources.travel_times import TravelTimes, read_travel_times

PAIRS = [("01004", "2A004", 12.5), ("01001", "01004", 7.0), ("01004", "01001", 8.0)]


def csv_file(folder, pairs, *, header="origin_code,destination_code,travel_time_min"):
    path = folder / "times.csv"
    delimiter = ";" if ";" in header else ","
    lines = [delimiter.join(map(str, pair)) for pair in pairs]
    path.write_text("\n".join([header, *lines, ""]))
    return path


def parquet_file(folder, columns):
    path = folder / "times.parquet"
    pq.write_table(pa.table(columns), path)
    return path


def named(times):
    """Return {(origin, destination): minutes}."""
    return {
        (times.codes[origin], times.codes[destination]): float(minutes)
        for origin, destination, minutes in zip(
            times.origin, times.destination, times.travel_time_min, strict=True
        )
    }


@pytest.mark.parametrize(
    "header",
    [
        "origin_code,destination_code,travel_time_min",
        "Origine;Destination;Minutes",
        '"origin";"destination";"duree_min"',
    ],
)
def test_a_csv_of_minutes_is_read(tmp_path, header):
    times = read_travel_times(csv_file(tmp_path, PAIRS, header=header))
    assert named(times) == {(o, d): minutes for o, d, minutes in PAIRS}
    assert times.codes.tolist() == ["01001", "01004", "2A004"]


def test_pairs_are_sorted_by_origin_then_destination(tmp_path):
    times = read_travel_times(csv_file(tmp_path, PAIRS))
    assert times.origin.tolist() == [0, 1, 1]
    assert times.destination.tolist() == [1, 0, 2]
    assert times.travel_time_min.dtype == np.float32


def test_seconds_become_minutes(tmp_path):
    header = "origin_code,destination_code,travel_time_s"
    times = read_travel_times(csv_file(tmp_path, [("01001", "01004", 90)], header=header))
    assert times.travel_time_min.tolist() == [1.5]


@pytest.mark.parametrize("text", [pa.string(), pa.large_string()])
def test_a_parquet_table_is_read(tmp_path, text):
    origins, destinations, minutes = zip(*PAIRS, strict=True)
    columns = {
        "origin_code": pa.array(origins, text),
        "destination_code": pa.array(destinations, text),
        "travel_time_min": pa.array(minutes, pa.float32()),
        "other": pa.array([1, 2, 3]),
    }
    times = read_travel_times(parquet_file(tmp_path, columns))
    assert named(times) == {(o, d): minutes for o, d, minutes in PAIRS}


def test_pairs_without_a_way_are_left_out_and_told(tmp_path):
    pairs = [*PAIRS, ("01001", "2A004", ""), ("2A004", "01001", "9999")]
    times = read_travel_times(csv_file(tmp_path, pairs))
    assert len(times) == 3
    assert times.notes == ("2 pairs without a way: left out.",)


def test_a_pair_given_again_with_one_time_counts_once(tmp_path):
    times = read_travel_times(csv_file(tmp_path, [*PAIRS, PAIRS[0]]))
    assert len(times) == 3
    assert times.notes == ("1 pairs given again with the same time: left out.",)


def test_a_table_without_a_way_is_empty(tmp_path):
    times = read_travel_times(csv_file(tmp_path, [("01001", "01004", 9999)]))
    assert len(times) == 0


@pytest.mark.parametrize(
    ("pairs", "message"),
    [
        ([PAIRS[0], ("01004", "2A004", 13)], "01004 to 2A004 takes 12.5 and 13 minutes"),
        ([("01001", "01004", -1)], "travel time of -1 minutes"),
        ([("01001", "01004", 2400)], "column travel_time_s"),
        ([("01001", "01004", "longtemps")], "is not a number"),
        ([("1001", "01004", 5)], "keep the leading zero"),
        ([("", "01004", 5)], "is not a commune code"),
    ],
)
def test_a_table_that_makes_no_sense_is_refused(tmp_path, pairs, message):
    with pytest.raises(InputError, match=message):
        read_travel_times(csv_file(tmp_path, pairs))


def test_codes_written_as_numbers_are_refused(tmp_path):
    columns = {"origin": [1001], "destination": [1004], "minutes": [5.0]}
    with pytest.raises(InputError, match="'1001' is not a commune code"):
        read_travel_times(parquet_file(tmp_path, columns))


def test_an_empty_origin_is_refused(tmp_path):
    columns = {"origin": [None, "01001"], "destination": ["01004"] * 2, "minutes": [5.0, 6.0]}
    with pytest.raises(InputError, match="'' is not a commune code"):
        read_travel_times(parquet_file(tmp_path, columns))


def test_missing_and_doubled_columns_are_named(tmp_path):
    with pytest.raises(InputError, match="expected an origin, a destination and a time"):
        read_travel_times(csv_file(tmp_path, [], header="origin,destination,distance_km"))
    header = "origin,origine,destination,minutes"
    with pytest.raises(InputError, match="'origin' and 'origine' both hold the origin"):
        read_travel_times(csv_file(tmp_path, [], header=header))


def test_a_cut_file_and_a_web_page_are_refused(tmp_path):
    path = tmp_path / "times.parquet"
    path.write_bytes(b"PAR1 cut")
    with pytest.raises(InputError, match="cannot be read"):
        read_travel_times(path)
    path = tmp_path / "times.csv"
    path.write_text("<html></html>")
    with pytest.raises(InputError, match="web page"):
        read_travel_times(path)


def test_travel_times_check_themselves():
    codes, ranks = text_array(["01001", "01004"]), np.array([0, 0], dtype=np.int32)
    minutes = np.ones(2, dtype=np.float32)
    with pytest.raises(InputError, match="one stands twice"):
        TravelTimes(codes, ranks, ranks, minutes)
    with pytest.raises(InputError, match="have shapes"):
        TravelTimes(codes, ranks, ranks, minutes[:1])
