"""The command line with small bounds, so that a run of hostile sites takes a minute: `python -m tests.hostile.command`.

A bound that is no setting of this version is left out.
"""

import os
import sys

from crawler import settings
from crawler.cli import main

SMALL: dict[str, object] = {
    "TINPHUONG_TIMEOUTS_IN_A_ROW": 3, "TINPHUONG_TIMEOUT_SUM": 30, "TINPHUONG_RETRY_AFTER_SUM": 10,
    "TINPHUONG_SECTIONS": 60, "TINPHUONG_LIST_PAGES": 60, "TINPHUONG_LIST_ARTICLES": 200, "TINPHUONG_PAGE_SECONDS": 3.0,
    "RETRY_AFTER_MAX": 5.0, "RETRY_TIMES": 1, "ROBOTS_MAX_CRAWL_DELAY": 1.0, "TINPHUONG_ATTACHMENT_TIMEOUT": 3,
    "DOWNLOAD_TIMEOUT": float(os.environ.get("TINPHUONG_TIMEOUT", 45)),
}  # fmt: skip

if __name__ == "__main__":
    for name, value in SMALL.items():
        if hasattr(settings, name):
            setattr(settings, name, value)
    sys.exit(main(sys.argv[1:]))
