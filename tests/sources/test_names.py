import pytest

from maillage.sources.names import fold_accents, fold_header, fold_name, fold_names, text_array


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("L'Abergement-Clémenciat", "L ABERGEMENT CLEMENCIAT"),
        ("Saint-Étienne", "ST ETIENNE"),
        ("Sainte-Œnne", "STE OENNE"),
        ("L’Haÿ-les-Roses", "L'HAY LES ROSES"),
        ("Œting", "OETING"),
        ("Saintes-Maries-de-la-Mer", "STES MARIES DE LA MER"),
        ("Bâgé-Dommartin ", "bage dommartin"),
    ],
)
def test_two_spellings_of_one_name_fold_alike(one, other):
    assert fold_name(one) == fold_name(other)


def test_different_places_do_not_fold_alike():
    assert fold_name("Saint-Denis") != fold_name("Sainte-Denise")
    assert fold_name("Laval") != fold_name("La Val")


def test_the_leading_article_goes_only_when_asked():
    assert fold_name("La Ciotat") == "la ciotat"
    assert fold_name("La Ciotat", keep_article=False) == "ciotat"
    assert fold_name("L'Haÿ-les-Roses", keep_article=False) == "hay les roses"


def test_a_name_that_is_only_an_article_keeps_it():
    assert fold_name("Les", keep_article=False) == "les"


def test_many_names_fold_as_each_alone():
    names = ["Aÿ", "Saint-Lô", "Aÿ"]
    assert fold_names(names).tolist() == [fold_name(name) for name in names]


def test_headers_that_differ_by_accents_spaces_and_line_breaks_fold_alike():
    assert fold_header("  Libellé de\n la zone\u00a0d’emploi ") == "libelle de la zone d'emploi"


def test_accents_and_ligatures_fold_to_plain_letters():
    assert fold_accents("ŒUILLY Été ÿ Ç") == "oeuilly ete y c"


def test_a_text_array_keeps_texts_of_any_length_whole():
    array = text_array(["a", "bcd", ""])
    assert array.dtype == object
    assert array.tolist() == ["a", "bcd", ""]
