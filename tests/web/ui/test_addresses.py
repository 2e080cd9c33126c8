"""Addresses made once."""

from unittest import mock

import pytest
from django.template import engines
from django.urls import NoReverseMatch, reverse, set_script_prefix

from maillage.web.ui import addresses
from maillage.web.ui.templatetags.addresses import AddressNode


def rendered(text: str, **context: str) -> str:
    return engines["django"].from_string(text).render(context)


@pytest.mark.parametrize(
    "written",
    [
        "{% url 'ui:guide' %}",
        '{% url "ui:guide" %}',
        "{% url name %}",
        "{% url 'ui:guide'|lower %}",
        "{% url 'ui:guide' as found %}{{ found }}",
    ],
)
def test_an_address_is_that_of_django(written):
    assert rendered(written, name="ui:guide") == reverse("ui:guide")


def test_parts_of_an_address_are_told_as_to_django():
    made = rendered("{% url 'ui:guide_page' slug %}", slug="lire-un-profil")
    assert made == reverse("ui:guide_page", args=["lire-un-profil"])


def test_an_address_that_does_not_exist_is_an_error_each_time():
    for _ in range(2):
        with pytest.raises(NoReverseMatch):
            rendered("{% url 'ui:nowhere' %}")


def test_an_address_is_made_once_for_each_root():
    addresses._address.cache_clear()
    with mock.patch.object(addresses, "reverse", wraps=reverse) as asked:
        assert [addresses.address("ui:guide") for _ in range(3)] == [reverse("ui:guide")] * 3
        set_script_prefix("/sante/")
        try:
            assert addresses.address("ui:guide") == f"/sante{'/guide/'}"
        finally:
            set_script_prefix("/")
    assert asked.call_count == 2


def test_only_plain_names_are_made_once():
    nodes = engines["django"].from_string("{% url 'ui:guide' %}{% url name %}").template.nodelist
    assert [isinstance(node, AddressNode) for node in nodes] == [True, False]


def test_what_stands_around_the_last_part_is_empty_without_address():
    assert addresses.around("ui:nowhere") == ("", "")
    before, after = addresses.around("ui:guide_page")
    assert before + "lire-un-profil" + after == reverse("ui:guide_page", args=["lire-un-profil"])
