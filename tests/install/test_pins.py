"""The pins of requirements*.txt lie within the ranges of pyproject.toml and are complete; no network is asked."""

import re
from importlib import metadata

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.install.metadata import BASE, GROUPS, applies
from tests.running import ROOT

WANTED = {
    "requirements.txt": BASE,
    **{f"requirements-{name}.txt": [*BASE, *group] for name, group in GROUPS.items()},
    "requirements-all.txt": [*BASE, *(each for group in GROUPS.values() for each in group)],
}
WANTED["requirements-dev.txt"] = [
    *WANTED["requirements-all.txt"],
    *(Requirement(line) for line in (ROOT / "requirements-dev.in").read_text(encoding="utf-8").splitlines()[2:]),
]
BY_HAND = {"requirements-fuzz.txt", "requirements-peers.txt"}  # single tools, without what they need themselves
PIN = re.compile(r"([A-Za-z0-9._-]+)==([\w.!+]+)(?: ; (.+?))?(?: +# via .*)?")
AGAIN = "pyproject.toml has changed: run make pins"


def pins_of(name):
    found = {}
    for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
        if line and not line.lstrip().startswith("#"):
            package, version, _ = PIN.fullmatch(line).groups()
            found[canonicalize_name(package)] = Version(version)
    return found


PINS = {name: pins_of(name) for name in WANTED}


def test_every_file_of_pins_is_known():
    assert {path.name for path in ROOT.glob("requirements*.txt")} == {*WANTED, *BY_HAND}, AGAIN


@pytest.mark.parametrize("name", WANTED)
def test_every_requirement_is_pinned_within_its_range(name):
    for requirement in filter(applies, WANTED[name]):
        pinned = PINS[name].get(canonicalize_name(requirement.name))
        assert pinned, f"{requirement.name} is not pinned; {AGAIN}"
        assert requirement.specifier.contains(pinned, prereleases=True), f"{requirement} is pinned at {pinned}; {AGAIN}"


@pytest.mark.parametrize("name", WANTED)
def test_what_the_pinned_need_themselves_is_pinned(name):
    """As far as it is installed here: each package is asked for what it needs."""
    waiting = [(each.name, extra) for each in WANTED[name] if applies(each) for extra in ("", *each.extras)]
    seen = set()
    while waiting:
        package, extra = waiting.pop()
        if (package := canonicalize_name(package)) in ("pip", "setuptools") or (package, extra) in seen:
            continue
        seen.add((package, extra))
        pinned = PINS[name].get(package)
        assert pinned, f"{package} is needed and not pinned; {AGAIN}"
        try:
            installed = metadata.distribution(package)
        except metadata.PackageNotFoundError:
            continue
        if Version(installed.version) != pinned:
            continue
        for each in map(Requirement, installed.requires or ()):
            if each.marker is None or each.marker.evaluate({"extra": extra}):
                waiting += [(each.name, one) for one in ("", *each.extras)]
                found = PINS[name].get(canonicalize_name(each.name))
                assert not found or each.specifier.contains(found, prereleases=True), f"{package} needs {each}; {AGAIN}"


def test_all_files_pin_a_package_at_one_version():
    versions = {}
    for name, pins in PINS.items():
        for package, version in pins.items():
            versions.setdefault(package, {}).setdefault(version, []).append(name)
    assert {package: found for package, found in versions.items() if len(found) > 1} == {}, AGAIN


@pytest.mark.parametrize("name", WANTED)
def test_pins_name_the_command_that_made_them_and_no_machine(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "#    make pins\n" in text
    assert not re.search(r"://| @ |^-|/\w+/", text, re.MULTILINE), "a host or a folder is named"
