"""What pyproject.toml says of the package: its requirements and optional groups."""

import tomllib

from packaging.requirements import Requirement

from tests.running import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
BASE = [Requirement(line) for line in PROJECT["dependencies"]]
GROUPS = {
    name: [Requirement(line) for line in lines]
    for name, lines in PROJECT["optional-dependencies"].items()
    if name != "all"
}
# Groups that are declared for parts that are to come; nothing of ours uses them.
NOT_USED_YET = {"ocr", "fleet"}


def applies(requirement):
    """Whether a requirement is one on this machine, without extras."""
    return requirement.marker is None or requirement.marker.evaluate({"extra": ""})
