"""Prints the settings that are named, as the process has them: `python -m tests.run.show_settings USER_AGENT`."""

import sys

from crawler import settings

if __name__ == "__main__":
    print(*(getattr(settings, name) for name in sys.argv[1:]), sep="\n")
