from xml.etree import ElementTree

import pytest

from maillage.web.ui.charts import NARROW_WIDTH, Bar, bar_chart, histogram, narrow_bar_chart

SVG = "{http://www.w3.org/2000/svg}"


def draw(*bars):
    chart = bar_chart(bars, title="Accès", description="Deux communes", columns=("Commune", "APL"))
    return chart, ElementTree.fromstring(chart.svg)


def test_a_bar_is_as_long_as_its_figure():
    _, svg = draw(Bar("Amont", 4.0, "4,0"), Bar("Aval", 2.0, "2,0", highlighted=True))
    first, second = svg.findall(f"{SVG}rect")
    assert float(first.get("width")) == pytest.approx(2 * float(second.get("width")), abs=0.2)
    assert second.get("class") == "chart-accent"


def test_a_narrow_chart_writes_each_label_whole_above_its_bar():
    long = "Établissement de santé ou sa fédération"
    bars = [Bar(long, 4.0, "4 (80 %)"), Bar("CPTS", 1.0, "1 (20 %)"), Bar("ARS", 0.0, "0")]
    chart = narrow_bar_chart(bars, title="Qui", description="…", columns=("Porteur", "Nombre"))
    svg = ElementTree.fromstring(chart.svg)
    first, second, none = svg.findall(f"{SVG}rect")
    assert float(first.get("width")) == pytest.approx(4 * float(second.get("width")), abs=0.4)
    assert float(none.get("width")) == 1
    texts = svg.findall(f"{SVG}text")
    assert [text.text for text in texts[:2]] == [long, "4 (80 %)"]
    assert float(texts[0].get("y")) < float(first.get("y"))
    assert all(float(text.get("x")) < NARROW_WIDTH for text in texts)


def test_a_loss_goes_left_of_the_zero_line():
    _, svg = draw(Bar("Amont", 1.0, "+1"), Bar("Aval", -1.0, "−1"))
    gain, loss = svg.findall(f"{SVG}rect")
    assert float(loss.get("x")) + float(loss.get("width")) == pytest.approx(
        float(gain.get("x")), abs=0.2
    )


def test_a_missing_figure_is_said_and_not_drawn():
    chart, svg = draw(Bar("Amont", float("nan"), "non disponible"))
    assert svg.findall(f"{SVG}rect") == []
    assert "non disponible" in chart.svg


def test_names_cannot_break_out_of_the_drawing():
    chart, svg = draw(Bar("<script>alert('x')</script>", 1.0, "<b>"))
    assert "<script" not in chart.svg
    assert svg.find(f"{SVG}title").text == "Accès"


def test_the_drawing_has_no_style_attribute_that_the_security_policy_would_refuse():
    chart, _ = draw(Bar("Amont", 1.0, "1"))
    assert "style=" not in chart.svg


def test_a_histogram_marks_where_the_territory_stands():
    chart = histogram(
        [3, 5.5, 0],
        [0, 1000, 2000, 3000],
        marker=1200,
        marker_label="Vézillois",
        title="Répartition",
        description="…",
        columns=("Classe", "Communes"),
    )
    assert [bar.highlighted for bar in chart.bars] == [False, True, False]
    assert chart.bars[1].label == "1\u202f000 à 2\u202f000"
    assert chart.bars[1].text == "5,5"
    assert 'class="chart-marker"' in chart.svg


def test_a_histogram_without_marker_draws_none():
    chart = histogram(
        [1],
        [0, 1],
        marker=float("nan"),
        marker_label="",
        title="t",
        description="d",
        columns=("a", "b"),
    )
    assert "chart-marker" not in chart.svg
