"""Servers that are broken or hostile, each a kind of its own, and a crawl of them all beside one good site.

`python -m tests.hostile` runs it and prints what became of each; `--table` prints the rows of docs/hostile.md. A kind
is a `Kind` in one of the modules `transfers`, `pages` or `paths`; `server.py` plays them, `run.py` crawls and watches.
"""
