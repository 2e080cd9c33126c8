"""The pages say what exists: links, commands, files, names, benches, indicators, sources."""

import importlib
import re
from pathlib import Path

import pytest
import typer.main

import maillage
from maillage.cli.app import app
from maillage.sources.catalogue import SOURCES
from maillage.studies.indicators import indicators
from tests.architecture.pages import DOCS, METHODS, ROOT, method_pages, name_of, pages, quoted_code
from tests.architecture.pages import text_of as text

PACKAGE = Path(maillage.__file__).parent
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)(?:#[^)]*)?\)")
MAKE = re.compile(r"(?:^|\s)make(?: -\S+)* ([a-z][a-z-]*)")
SETTING = re.compile(r"\bMAILLAGE_[A-Z_]*[A-Z]\b")
DOTTED = re.compile(r"\bmaillage(?:\.\w+)+")
FILE = re.compile(r"(?:src|tests|bench|docs|front|\.ci)/[\w./-]*\w")

every_page = pytest.mark.parametrize("page", pages(), ids=name_of)


@every_page
def test_every_relative_link_leads_to_a_file(page):
    broken = [link for link in LINK.findall(text(page)) if not (page.parent / link).exists()]
    assert broken == []


@every_page
def test_every_file_that_is_named_exists(page):
    named = {path for code in quoted_code(page) for path in FILE.findall(code) if code == path}
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []


def test_every_page_that_the_code_names_exists():
    files = [*PACKAGE.rglob("*.py"), *PACKAGE.rglob("*.toml"), *(ROOT / "front").rglob("*.ts")]
    named = {
        (path.name, page) for path in files for page in re.findall(r"docs/[\w./-]+\.md", text(path))
    }
    assert named
    assert [item for item in sorted(named) if not (ROOT / item[1]).is_file()] == []


@every_page
def test_every_word_of_make_exists(page):
    words = set(re.findall(r"^([a-z][a-z-]*):", text(ROOT / "Makefile"), re.MULTILINE))
    named = {word for code in quoted_code(page) for word in MAKE.findall(code)}
    assert named - words == set()


@every_page
def test_every_command_exists_with_its_options(page):
    for line in quoted_code(page):
        words = line.partition("#")[0].split()
        while words and "=" in words[0]:  # VARIABLE=value maillage …
            words.pop(0)
        if words[:1] == ["maillage"]:
            assert_is_command(words[1:], where=f"{name_of(page)}: {line}")


@every_page
def test_every_setting_that_is_named_is_read_somewhere(page):
    files = [*PACKAGE.rglob("*.py"), *(ROOT / "tests").rglob("*.py"), ROOT / ".ci/run"]
    read = {name for file in files for name in SETTING.findall(text(file))}
    named = {name.removesuffix("_FILE") for name in SETTING.findall(text(page))}
    assert named - read == set()


@every_page
def test_every_bench_that_is_named_exists(page):
    named = re.findall(r"\bNAME=([a-z_]+)", text(page)) + re.findall(r"bench/(\w+)\.py", text(page))
    assert [name for name in named if not (ROOT / f"bench/{name}.py").is_file()] == []


@pytest.mark.parametrize("page", method_pages(), ids=name_of)
def test_every_name_of_a_method_page_is_in_the_code(page):
    for dotted in DOTTED.findall(text(page)):
        assert_is_in_the_code(dotted)
    for names, module in re.findall(r"`(maillage[\w.]+)` \(([^)]*)\)", text(page)):
        for name in re.findall(r"`(\w+)`", module):
            assert_is_in_the_code(f"{names}.{name}")


def test_every_engine_has_its_method_page():
    written = "\n".join(text(page) for page in method_pages())
    engines = [path.parent.name for path in PACKAGE.glob("engines/*/__init__.py")]
    assert engines
    assert [name for name in engines if f"`maillage.engines.{name}" not in written] == []


def test_every_indicator_has_its_method_page_and_every_page_its_indicator():
    asked = {METHODS / item.method_page: item for item in indicators().values()}
    assert set(asked) == set((METHODS / "indicators").glob("*.md"))
    for page, item in asked.items():
        assert f"(`{item.id}`)" in text(page).splitlines()[0]


def test_every_reader_of_the_catalogue_has_its_row_in_a_method_page():
    rows = [
        line
        for page in METHODS.glob("*.md")
        for line in text(page).splitlines()
        if line.startswith("|")
    ]
    readers = {file.reader.rpartition(":")[2] for source in SOURCES for file in source.files}
    missing = {name for name in readers if not any(re.search(rf"\b{name}`", row) for row in rows)}
    assert missing == set()


def test_every_bench_is_named_where_contributors_look():
    scripts = {path.stem for path in (ROOT / "bench").glob("*.py")} - {"pages_locust"}
    named = re.search(r"`make bench NAME=\w+`[^.]*\.", text(ROOT / "CONTRIBUTING.md"))
    assert named
    assert set(re.findall(r"[`=]([a-z_]+)`", named[0])) == scripts


def test_the_changelog_has_a_place_for_what_comes():
    titles = re.findall(r"^## (.+)$", text(ROOT / "CHANGELOG.md"), re.MULTILINE)
    assert titles[0] == "À venir"


def test_decisions_are_numbered_without_a_gap():
    numbers = [int(path.name[:4]) for path in sorted((DOCS / "decisions").glob("*.md"))]
    assert numbers == list(range(1, len(numbers) + 1))


def assert_is_in_the_code(dotted):
    """Fail unless `dotted` is a module, or something defined in one."""
    module, _, name = dotted.rpartition(".")
    try:
        importlib.import_module(dotted)
    except ModuleNotFoundError:
        assert hasattr(importlib.import_module(module), name), dotted


def assert_is_command(words, *, where):
    """Fail unless `words` begin with the commands of the command line, with options they have."""
    command = typer.main.get_command(app)
    for word in words:
        children = getattr(command, "commands", {})
        if children and re.fullmatch(r"[a-z-]+", word) and not word.startswith("-"):
            assert word in children, where
            command = children[word]
        elif word.startswith("--"):
            options = [option for item in command.params for option in item.opts]
            negations = [option for item in command.params for option in item.secondary_opts]
            assert word.strip("[]…") in [*options, *negations, "--help"], where
