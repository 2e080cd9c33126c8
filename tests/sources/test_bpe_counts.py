import pytest

from maillage.core.errors import InputError
from maillage.sources.bpe_counts import GP_TYPES, count_by_commune, read_bpe_counts

HEADER = (
    '"GEO";"GEO_OBJECT";"FACILITY_DOM";"FACILITY_SDOM";"FACILITY_TYPE";"BPE_MEASURE";'
    '"TIME_PERIOD";"OBS_VALUE"'
)


def row(geo="01004", level="COM", kind="D265", value="14", measure="FACILITIES"):
    return f'"{geo}";"{level}";"D";"D2";"{kind}";"{measure}";2024;{value}'


def written(folder, *rows, header=HEADER):
    path = folder / "DS_BPE_2024_data.csv"
    path.write_text("\n".join([header, *rows, ""]))
    return path


def test_gps_are_counted_by_commune(tmp_path):
    [found] = read_bpe_counts(written(tmp_path, row())).rows()
    assert found == {
        "commune_code": "01004",
        "facility_type": "D265",
        "year": 2024,
        "count": 14,
    }


def test_arrondissements_take_the_place_of_the_city(tmp_path):
    path = written(tmp_path, row("75056"), row("75101", "ARM", value="5"), row("75102", "ARM"))
    assert read_bpe_counts(path)["commune_code"].tolist() == ["75101", "75102"]


def test_totals_other_territories_and_other_types_are_left_out(tmp_path):
    path = written(
        tmp_path,
        row(),
        row(kind="_T"),
        row(kind="B207"),
        row("01", "DEP"),
        row("200069193", "EPCI"),
        row(measure="BEDS"),
    )
    assert len(read_bpe_counts(path)) == 1
    assert read_bpe_counts(path, types="B207")["facility_type"].tolist() == ["B207"]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([], "no count of a type"),
        ([row("1004")], "keep the leading zero"),
        ([row(), row()], "a second time"),
        ([row(value="1.5")], "not a whole number"),
        ([row(value="beaucoup")], "not a whole number"),
        ([row(value="")], "not a whole number"),
    ],
)
def test_a_file_that_makes_no_sense_is_refused(tmp_path, rows, message):
    with pytest.raises(InputError, match=message):
        read_bpe_counts(written(tmp_path, *rows))


def test_missing_columns_and_web_pages_are_refused(tmp_path):
    with pytest.raises(InputError, match="Expected Insee's DS_BPE"):
        read_bpe_counts(written(tmp_path, "a;b", header="GEO;VALUE"))
    with pytest.raises(InputError, match="web page"):
        read_bpe_counts(written(tmp_path, header="<html></html>"))


def test_gps_are_those_of_the_latest_year_under_either_code_and_none_where_only_others_are(
    tmp_path,
):
    older = row(kind="D201", value="30").replace("2024", "2021")
    path = written(tmp_path, older, row(), row("01005", kind="D307", value="1"))
    year, codes, counts = count_by_commune(read_bpe_counts(path), {"gps": GP_TYPES})
    assert year == 2024
    assert dict(zip(codes.tolist(), counts["gps"].tolist(), strict=True)) == {
        "01004": 14,
        "01005": 0,
    }
