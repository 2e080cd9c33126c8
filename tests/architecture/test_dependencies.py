"""Every dependency has its reason, and its place in the locks; the floors cover every folder."""

import json
import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import maillage
from tests.architecture.pages import ROOT

PACKAGE = Path(maillage.__file__).parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCKS = {
    "requirements.lock": PROJECT["project"]["dependencies"],
    "requirements-dev.lock": PROJECT["project"]["optional-dependencies"]["dev"],
    "requirements-bench.lock": PROJECT["project"]["optional-dependencies"]["bench"],
    "requirements-build.lock": PROJECT["dependency-groups"]["build"],
}
PIN = re.compile(r"^([A-Za-z0-9_.-]+)(?:\[[^]]*\])?==([^\s;]+)(?: ;[^\\]*)? \\$", re.MULTILINE)


def lock(name):
    return (ROOT / name).read_text(encoding="utf-8")


def pins(name):
    return {canonicalize_name(package): version for package, version in PIN.findall(lock(name))}


def test_every_dependency_has_its_reason_beside_it():
    entry = re.compile(r'^    "([\w\[\],.-]+)[<>=~!][^"]*",(.*)$', re.MULTILINE)
    found = entry.findall((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert len(found) == sum(len(asked) for asked in LOCKS.values())
    assert [name for name, rest in found if not re.match(r"\s+# \w", rest)] == []


@pytest.mark.parametrize("name", LOCKS)
def test_every_dependency_is_pinned_to_a_version_that_it_allows(name):
    pinned = pins(name)
    for line in LOCKS[name]:
        asked = Requirement(line)
        version = pinned.get(canonicalize_name(asked.name))
        assert version, f"{asked.name} is not in {name}: run make lock"
        assert asked.specifier.contains(version), f"{asked} is pinned to {version} in {name}"


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_holds_pins_and_hashes_alone(name):
    parts = re.split(r"^(?=[A-Za-z0-9])", lock(name), flags=re.MULTILINE)[1:]
    assert len(parts) == len(pins(name))
    hashes = re.compile(r"[^\n]+ \\\n(?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+")
    assert [part for part in parts if not hashes.fullmatch(part)] == []
    assert not re.search(r"https?://|file:|--(extra-)?index-url|--find-links|/opt/", lock(name))


def test_locks_agree_with_one_another():
    everything = pins("requirements-bench.lock") | pins("requirements-build.lock")
    for name in LOCKS:
        differing = {package for package, pin in pins(name).items() if everything[package] != pin}
        assert differing == set(), name


def test_each_wider_lock_holds_the_narrower():
    runtime, dev, bench = (pins(name) for name in list(LOCKS)[:3])
    assert set(runtime) <= set(dev) <= set(bench)


def test_the_build_backend_is_the_one_that_is_locked():
    (required,) = PROJECT["build-system"]["requires"]
    assert required in PROJECT["dependency-groups"]["build"]
    assert "hatchling" in pins("requirements-build.lock")


def test_the_front_end_lock_agrees_and_holds_no_address():
    asked = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    packages = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    for kind in ("dependencies", "devDependencies"):
        assert packages[""].get(kind) == asked.get(kind)
    assert [name for name, item in packages.items() if "resolved" in item] == []
    assert [name for name, item in packages.items() if name and "integrity" not in item] == []


def test_the_floors_name_every_folder():
    contracts = PROJECT["tool"]["importlinter"]["contracts"]
    layers = {
        contract["containers"][0]: re.findall(r"\(?\w+\)?", " ".join(contract["layers"]))
        for contract in contracts
        if contract["type"] == "layers" and contract["exhaustive"]
    }
    assert set(layers) == {"maillage", "maillage.web"}
    for container, named in layers.items():
        folder = PACKAGE.joinpath(*container.split(".")[1:])
        found = {path.parent.name for path in folder.glob("*/__init__.py")}
        assert found <= {name.strip("()") for name in named}
        assert {name for name in named if not name.startswith("(")} <= found
