"""Near duplicates: recognises one story on several sites, edited or not, among texts from a template. Pure functions.

Candidates are found by sketches (crawler/text/sketches.py); `alike` decides.
"""

from crawler.near.comparison import FAR_APART, Likeness, NearVerdict, Story, alike, story

__all__ = ["FAR_APART", "Likeness", "NearVerdict", "Story", "alike", "story"]
