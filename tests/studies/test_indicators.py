"""The reviewed indicators: complete, documented, and said in French."""

from pathlib import Path

import numpy as np
import pytest

from maillage.core.errors import InputError
from maillage.sources.catalogue import SOURCES
from maillage.studies.classes import class_breaks, classes_of, natural_breaks
from maillage.studies.findings import source_of
from maillage.studies.french import french_name
from maillage.studies.indicators import (
    french_number,
    indicator,
    indicator_from_toml,
    indicators,
)

METHODS = Path(__file__).parents[2] / "docs" / "methods"
FILES = Path(__file__).parents[2] / "src" / "maillage" / "studies" / "indicators"
ALL = list(indicators().values())


@pytest.mark.parametrize("item", ALL, ids=lambda item: item.id)
def test_every_indicator_has_a_page_known_sources_and_a_review_to_come(item):
    assert (METHODS / item.method_page).is_file()
    assert set(item.sources) <= {source.name for source in SOURCES}
    assert item.next_review > item.reviewed_on
    assert (FILES / f"{item.id}.toml").is_file()


@pytest.mark.parametrize("item", ALL, ids=lambda item: item.id)
def test_every_sentence_names_the_territory_and_never_calls_it_a_desert(item):
    said = item.sentence(french_name("commune", "64422", "Oloron-Sainte-Marie"), 0.5)
    assert "Oloron" in said
    assert "désert" not in f"{said} {item.title} {item.question} {item.threshold_meaning}".lower()
    assert item.aggregate != "mean" or item.weight


def test_a_file_with_a_field_missing_unknown_or_wrong_is_refused():
    text = (FILES / "apl_gp.toml").read_text(encoding="utf-8")
    with pytest.raises(InputError, match="tittle"):
        indicator_from_toml(text.replace("title =", "tittle ="))
    with pytest.raises(InputError, match="question"):
        indicator_from_toml("\n".join(x for x in text.split("\n") if not x.startswith("question")))
    with pytest.raises(InputError, match="rising"):
        indicator_from_toml(text.replace("breaks = [1.5, 2.5", "breaks = [2.5, 1.5"))
    with pytest.raises(InputError, match="next_review"):
        indicator_from_toml(text.replace("next_review = 2027", "next_review = 2025"))
    with pytest.raises(InputError, match="désert"):
        indicator_from_toml(text.replace("Accès aux généralistes", "Désert médical"))


def test_numbers_are_written_as_the_french_write_them():
    assert french_number(1234567.0, decimals=0) == "1\u202f234\u202f567"
    assert french_number(-0.25, decimals=2) == "\u22120,25"
    assert french_number(-0.004, decimals=2) == "0,00"  # no "minus zero"
    assert indicator("share_65_plus").written(0.234) == "23 %"
    assert indicator("time_pharmacy_min").written(7.6) == "8 min"
    assert indicator("apl_gp").written(float("nan")) == "non disponible"


def test_a_change_bears_its_sign_unless_it_rounds_to_zero():
    change = indicator("apl_gp_change")
    assert [change.written(value) for value in (0.25, 0.004, -0.25)] == ["+0,25", "0,00", "−0,25"]


def test_a_producer_of_several_files_is_named_once():
    told = source_of(indicator("time_maternity_min"))
    assert told == "modèle Maillage d'après Insee, DREES, IGN, OpenStreetMap"


@pytest.mark.parametrize(
    ("kind", "code", "name", "of", "at"),
    [
        ("commune", "72181", "Le Mans", "du Mans", "au Mans"),
        ("commune", "64422", "Oloron", "d'Oloron", "à Oloron"),
        ("commune", "85194", "Les Sables-d'Olonne", "des Sables-d'Olonne", "aux Sables-d'Olonne"),
        ("commune", "17300", "La Rochelle", "de La Rochelle", "à La Rochelle"),
        ("department", "32", "Gers", "du Gers", "dans le Gers"),
        ("department", "01", "Ain", "de l'Ain", "dans l'Ain"),
        ("department", "72", "Sarthe", "de la Sarthe", "dans la Sarthe"),
        ("department", "49", "Maine-et-Loire", "de Maine-et-Loire", "en Maine-et-Loire"),
        ("department", "75", "Paris", "de Paris", "à Paris"),
        ("department", "971", "Guadeloupe", "de la Guadeloupe", "en Guadeloupe"),
        ("department", "2A", "Corse-du-Sud", "de la Corse-du-Sud", "en Corse-du-Sud"),
        ("epci", "1", "Bordeaux Métropole", "de Bordeaux Métropole", "dans Bordeaux Métropole"),
        ("epci", "1", "Métropole de Lyon", "de la métropole de Lyon", "dans la métropole de Lyon"),
        (
            "epci",
            "1",
            "Eurométropole de Strasbourg",
            "de l'Eurométropole de Strasbourg",
            "dans l'Eurométropole de Strasbourg",
        ),
        (
            "epci",
            "1",
            "Communauté de communes du Levant",
            "de la communauté de communes du Levant",
            "dans la communauté de communes du Levant",
        ),
        (
            "epci",
            "1",
            "Grand Paris Sud",
            "de l'intercommunalité Grand Paris Sud",
            "dans l'intercommunalité Grand Paris Sud",
        ),
        ("region", "76", "Occitanie", "d'Occitanie", "en Occitanie"),
        (
            "region",
            "24",
            "Centre-Val de Loire",
            "du Centre-Val de Loire",
            "dans le Centre-Val de Loire",
        ),
        ("region", "04", "La Réunion", "de La Réunion", "à La Réunion"),
        (
            "epci",
            "200067262",
            "CC du Haut Béarn",
            "de la communauté de communes du Haut Béarn",
            "dans la communauté de communes du Haut Béarn",
        ),
        (
            "living_zone",
            "72181",
            "Le Mans",
            "du bassin de vie du Mans",
            "dans le bassin de vie du Mans",
        ),
        (
            "employment_zone",
            "1",
            "Pau",
            "de la zone d'emploi de Pau",
            "dans la zone d'emploi de Pau",
        ),
        ("custom", "", "Mon pays", "du territoire « Mon pays »", "dans le territoire « Mon pays »"),
        ("nation", "FR", "France", "de France", "en France"),
    ],
)
def test_names_take_the_words_that_french_wants(kind, code, name, of, at):
    said = french_name(kind, code, name)
    assert (said.of, said.at) == (of, at)
    assert said.at_start[0].isupper()
    assert said.the_start[0].isupper()


@pytest.mark.parametrize(
    ("indicator_id", "value", "said"),
    [
        ("apl_gp", 1.94, "accède à 1,9 consultation de"),
        ("apl_gp", 1.96, "accède à 2,0 consultations de"),
        ("apl_gp_over_65", 0.4, "0,4 consultation par an dépend de"),
        ("apl_gp_over_65", 2.4, "2,4 consultations par an dépendent de"),
        ("apl_gp_change", -3.56, "a varié de −3,56 consultations."),
        ("population", 1.0, "1 habitant."),
        ("gp_per_10000", 0.0, "0,0 médecin généraliste pour"),
    ],
)
def test_nouns_and_verbs_are_in_the_plural_from_two_on(indicator_id, value, said):
    assert said in indicator(indicator_id).sentence(french_name("commune", "1", "Pau"), value)


def test_classes_say_how_they_were_made_and_hold_their_bounds(tiny_store):
    made = classes_of(tiny_store, indicator("apl_gp"))
    assert "2,5" in made.how
    assert len(made.labels) == len(made.bounds) + 1
    assert made.index(np.array([0.0, 2.5, 9.0, np.nan])).tolist() == [0, 2, 5, -1]
    ages = class_breaks(indicator("share_65_plus"), np.linspace(0, 1, 601))
    assert len(ages.bounds) == 5
    assert "même nombre" in ages.how


def test_natural_breaks_fall_between_the_clusters():
    known = np.sort(np.concatenate([np.full(5, x) + np.arange(5) / 100 for x in (0, 10, 20)]))
    assert natural_breaks(known, n_classes=3).tolist() == [10.0, 20.0]
    assert natural_breaks(np.array([1.0, 1.0]), n_classes=3).tolist() == []


def test_a_zoning_has_no_numeric_classes():
    with pytest.raises(InputError, match="zoning"):
        class_breaks(indicator("zonage_gp"), np.array([1.0]))
    with pytest.raises(InputError, match="not an indicator"):
        indicator("apl")
