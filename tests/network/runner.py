"""Runs the command line with name servers and settings of a test's own: `python -m tests.network.runner ARGUMENTS`.

Standard input is a JSON object: `names` (host → the IPv4 addresses that it leads to, one for each time it is asked for,
the last one for ever) and `settings`.
"""

import json
import os
import socket
import sys
from collections import Counter

from crawler import settings
from crawler.cli import main


def _answers(names):
    asked = Counter()
    real = socket.gethostbyname

    def gethostbyname(name):
        if name not in names:
            if name.replace(".", "").isdigit():
                return real(name)
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        asked[name] += 1
        return names[name][min(asked[name], len(names[name])) - 1]

    return gethostbyname


if __name__ == "__main__":
    job = json.load(sys.stdin)
    os.environ.pop("TINPHUONG_ALLOW_PRIVATE", None)  # it would go before the settings
    socket.gethostbyname = _answers(job["names"])
    quick = {"DOWNLOAD_DELAY": 0.001, "DOWNLOAD_DELAY_JITTER": 0, "RETRY_BACKOFF": 0.01, "RETRY_TIMES": 1}
    for setting, value in (quick | job["settings"]).items():
        setattr(settings, setting, value)
    sys.exit(main(sys.argv[1:]))
