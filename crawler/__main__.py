"""`python -m crawler` is `tinphuong`."""

import sys

from crawler.cli import main

sys.exit(main())
