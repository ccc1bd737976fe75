"""Tools of others that say whether what we hand on is right: `make validators` installs them.

Tests ask for one with `python(name)` or `replayweb()` and are skipped where it is not installed. Continuous integration
installs them and sets TINPHUONG_VALIDATORS, so that a missing one is a failure there.
"""

import os
from pathlib import Path

import pytest

_HERE = Path(__file__).parents[2] / ".validators"


def python():
    """Return the interpreter of the environment that has the packages of requirements.txt."""
    return _there(_HERE / "python" / "bin" / "python")


def program(name):
    """Return a command of that environment, like `wb-manager`."""
    return _there(_HERE / "python" / "bin" / name)


def replayweb():
    """Return the folder of ReplayWeb.page, with its ui.js and sw.js."""
    return _there(max(_HERE.glob("replayweb-*"), default=_HERE / "replayweb"))


def schema(name):
    """Return a schema in XML: `premis.xsd` or `ead3.xsd`. Another one can be put there by hand, such as ead3.rng."""
    return _there(_HERE / "schemas" / name)


def _there(path):
    if not path.exists():
        sentence = f"{path.name} is not installed: `make validators` installs it"
        if os.environ.get("TINPHUONG_VALIDATORS"):
            pytest.fail(sentence)
        pytest.skip(sentence)
    return path
