"""Prints the settings that are named, as the process has them: `python -m tests.run.show_settings USER_AGENT`."""

import sys

from crawler.configuration import Configuration

if __name__ == "__main__":
    settings = Configuration.of_environment().settings()
    print(*(settings[name] for name in sys.argv[1:]), sep="\n")
