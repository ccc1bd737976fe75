"""Ask eark-validator about E-ARK packages: `python eark_check.py PACKAGE …` prints a JSON object each.

Run by the environment of tests/validators. As it is imported, eark-validator asks for its lists of terms over the
network, though it brings them along; it is given those.
"""

import io
import json
import sys
import urllib.request
from pathlib import Path

from importlib_resources import files


def _brought_along(address):
    name = address.rpartition("/")[2]
    return io.BytesIO(files("eark_validator.ipxml.resources.vocabs").joinpath(name).read_bytes())


urllib.request.urlopen = _brought_along

from eark_validator.mets import MetsValidator  # noqa: E402 — after its lists are given
from eark_validator.packages import PackageValidator  # noqa: E402

for package in map(Path, sys.argv[1:]):
    report = PackageValidator(package).validation_report
    messages = list(report.structure.messages)
    if report.metadata:
        messages += [*report.metadata.schema_results.messages, *report.metadata.schematron_results.messages]
    inner = {}
    for folder in sorted((package / "representations").iterdir()):
        mets = MetsValidator(str(folder))
        mets.validate_mets("METS.xml")
        inner[folder.name] = [str(error) for error in mets.validation_errors]
    answer = {
        "structure": report.structure.status.value,
        "schema": report.metadata and report.metadata.schema_results.status.value,
        "schematron": report.metadata and report.metadata.schematron_results.status.value,
        "messages": [[message.severity.value, message.rule_id, message.message] for message in messages],
        "representations": inner,
    }
    print(json.dumps(answer))
