import numpy as np
import pytest

from maillage.core.errors import InputError
from maillage.sources.populations import (
    read_legal_populations,
    read_mayotte_populations,
    read_population_series,
)


@pytest.fixture
def written(tmp_path):
    def write(content):
        path = tmp_path / "populations.csv"
        path.write_text(content, encoding="utf-8")
        return path

    return write


def test_the_code_is_the_five_characters_of_com(written):
    path = written("REG;DEP;CODCOM;COM;Commune;PMUN;PCAP;PTOT\n84;01;001;01001;A;860;16;876\n")
    assert read_legal_populations(path)["population_total"].tolist() == [876]


def test_a_population_that_is_missing_is_refused(written):
    path = written("COM;Commune;PMUN;PCAP;PTOT\n01001;A;;16;876\n")
    with pytest.raises(InputError, match="'PMUN', data row 1: '' is not a whole number"):
        read_legal_populations(path)


def test_codes_of_mayotte_are_made_again(written):
    path = written("CODCOM;COM;PMUN;PCAP;PTOT\n601;;5192;192;5384\n617;;1;2;3\n")
    assert read_mayotte_populations(path)["commune_code"].tolist() == ["97601", "97617"]


def test_a_number_that_is_not_of_mayotte_is_refused(written):
    with pytest.raises(InputError, match="not the number of a commune of Mayotte"):
        read_mayotte_populations(written("CODCOM;PMUN;PCAP;PTOT\n001;1;2;3\n"))


def test_a_series_has_the_years_of_its_header_and_cut_overseas_codes(written):
    path = written("\ufeffcodgeo,libgeo,p13_pop,p22_pop\n01001,A,10,\n973353,Maripasoula,3,4\n")
    table = read_population_series(path)
    assert table["commune_code"].tolist() == ["01001", "97353"]
    assert table["population_2013"].tolist() == [10, 3]
    assert np.isnan(table["population_2022"][0])
    assert table.notes == (
        "1 codes overseas had their department written whole: cut.",
        "1 communes have no figure for 2022.",
    )


def test_a_series_without_a_year_is_refused(written):
    with pytest.raises(InputError, match="no column of population such as p13_pop"):
        read_population_series(written("codgeo,libgeo,population\n01001,A,10\n"))


@pytest.mark.data
def test_the_legal_populations_have_their_known_counts(data_dir):
    table = read_legal_populations(data_dir / "cog/donnees_communes.csv")
    assert len(table) == 34900
    assert table["population_municipal"].sum() == 68_094_280
    assert "75101" in table["commune_code"]
    assert "75056" not in table["commune_code"]
    total = table["population_municipal"] + table["population_apart"]
    np.testing.assert_array_equal(total, table["population_total"])


@pytest.mark.data
def test_mayotte_has_seventeen_communes(data_dir):
    table = read_mayotte_populations(data_dir / "cog/donnees_communes_mayotte.csv")
    assert len(table) == 17
    assert table["population_municipal"].sum() == 256_518  # census of 2017, as published


@pytest.mark.data
def test_the_series_has_its_known_counts(data_dir):
    table = read_population_series(data_dir / "communes/odt_population_2013_2021_geo2024.csv")
    assert len(table) == 34995
    assert np.isnan(table["population_2021"]).sum() == 26
    assert np.nansum(table["population_2021"]) == pytest.approx(67_408_052, rel=1e-3)
