"""The pages say what the code does: settings, commands, exit codes, data sets."""

import json
import re
from pathlib import Path

from maillage.sources.catalogue import SOURCES

DOCS = Path(__file__).parents[2] / "docs"
OPERATIONS = DOCS / "operations.md"
DATA_GUIDE = DOCS / "guide/donnees.md"


def rows_naming(page: Path, pattern: str) -> list[str]:
    return [
        line for line in page.read_text(encoding="utf-8").splitlines() if re.match(pattern, line)
    ]


def test_every_setting_is_documented_as_the_code_reads_it(maillage):
    answer = maillage("check-config", "--json", MAILLAGE_DEMO="1")
    expected = [
        f"| `{row['name']}` | {_code(row['default'])} | {row['about']} |"
        for row in json.loads(answer.stdout)["settings"]
    ]
    assert rows_naming(OPERATIONS, r"\| `MAILLAGE_") == expected


def test_every_command_and_exit_code_is_documented(maillage):
    text = OPERATIONS.read_text(encoding="utf-8")
    for command in ("data", ""):
        help_text = maillage(*command.split(), "--help").stdout
        listed = help_text.partition("Commandes")[2]
        for name in re.findall(r"^│ ([a-z-]+) ", listed, re.MULTILINE):
            if name != "data":
                assert f"`maillage {command} {name}".replace("  ", " ") in text
    codes = [row.split("|")[1].strip() for row in rows_naming(OPERATIONS, r"\| \d+ \|")]
    assert codes == ["0", "1", "2", "3", "130"]


def test_every_data_set_is_in_the_guide():
    expected = [
        f"| {source.title} | `{source.name}` | {source.producer} | {source.vintage} | "
        f"{source.licence} | "
        + " ; ".join((*(("toute l'application",) if source.required else ()), *source.enables))
        + " |"
        for source in SOURCES
    ]
    assert rows_naming(DATA_GUIDE, r"\| [^|]+ \| `[a-z_]+` \| ") == expected


def test_the_guide_names_the_readers_that_never_saw_a_real_file():
    (line,) = rows_naming(DATA_GUIDE, "« Vérifié » manque")
    named = set(re.findall(r"`([a-z_]+)`", line))
    assert named == {source.name for source in SOURCES if not source.verified}


def _code(text: str) -> str:
    return f"`{text}`" if text else "—"
