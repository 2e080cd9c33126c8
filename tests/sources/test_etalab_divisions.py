import gzip
import json

import numpy as np
import pytest

from maillage.core.errors import InputError
from maillage.sources.etalab_divisions import read_etalab_communes, read_etalab_epci


@pytest.fixture
def written(tmp_path):
    def write(content):
        path = tmp_path / "entries.json.gz"
        path.write_bytes(gzip.compress(content.encode()))
        return path

    return write


def test_a_commune_lists_its_postal_and_former_codes(written):
    path = written(
        json.dumps(
            [
                {
                    "code": "01015",
                    "nom": "Arboys",
                    "type": "commune-actuelle",
                    "codesPostaux": ["01300", "01510"],
                    "anciensCodes": ["01340"],
                    "population": 710,
                },
                {"code": "01340", "nom": "Bons", "type": "commune-deleguee", "chefLieu": "01015"},
            ]
        )
    )
    table = read_etalab_communes(path)
    assert table["postal_codes"].tolist() == ["01300 01510", ""]
    assert table["former_codes"].tolist() == ["01340", ""]
    assert table["parent_code"].tolist() == ["", "01015"]
    np.testing.assert_array_equal(table["population"], [710, np.nan])


def test_an_epci_gives_one_row_per_member(written):
    member = {"code": "74042", "nom": "Bonneville", "populationTotale": 2}
    group = {
        "code": "200000172",
        "nom": "CC",
        "type": "CC",
        "membres": [member, {**member, "code": "74164"}],
    }
    table = read_etalab_epci(written(json.dumps([group])))
    assert table["commune_code"].tolist() == ["74042", "74164"]
    assert table["epci_code"].tolist() == ["200000172"] * 2


@pytest.mark.parametrize("content", ["{}", '[{"code": "01001"}]', "[1]"])
def test_an_entry_that_lacks_a_field_is_refused(written, content):
    with pytest.raises(InputError, match="entry 1: lacks"):
        read_etalab_communes(written(content))


def test_a_file_that_is_not_json_is_refused(written):
    with pytest.raises(InputError, match="is not JSON"):
        read_etalab_communes(written("code,nom"))


@pytest.mark.data
def test_the_national_package_has_its_known_counts(data_dir):
    folder = data_dir / "cog/decoupage-administratif-6.0.0"
    communes = read_etalab_communes(folder / "communes.json.gz")
    assert len(communes) == 37590
    assert (communes["kind"] == "commune-actuelle").sum() == 34969
    assert (communes["former_codes"] != "").sum() == 2667
    assert len(set(read_etalab_epci(folder / "epci.json.gz")["epci_code"])) == 1255
