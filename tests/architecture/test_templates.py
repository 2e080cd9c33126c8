"""Every template is used, and every template that is named exists."""

import re
from pathlib import Path

import allauth

import maillage

ROOT = Path(maillage.__file__).parent / "web"
REFERENCE = re.compile(r"""["']([a-z_]+/[\w/.-]+\.(?:html|svg|txt))["']""")


def templates():
    return {
        str(path.relative_to(folder))
        for folder in ROOT.rglob("templates")
        for path in folder.rglob("*")
        if path.is_file()
    }


def references():
    found = set()
    for pattern in ("*.py", "*.html"):
        for path in ROOT.rglob(pattern):
            found |= set(REFERENCE.findall(path.read_text(encoding="utf-8")))
    return found


def taken_from_allauth():
    """Templates that allauth names itself, of which ours take the place."""
    folder = Path(allauth.__file__).parent / "templates"
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_no_template_is_left_unused():
    assert len(templates()) > 20
    assert templates() - references() - taken_from_allauth() == set()


def test_no_template_is_named_that_does_not_exist():
    static = {
        str(path.relative_to(folder))
        for folder in ROOT.rglob("static")
        for path in folder.rglob("*")
        if path.is_file()
    }
    named = {name for name in references() if not name.startswith("dist/")}
    assert named - templates() - static == set()
