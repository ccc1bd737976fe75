"""Near duplicates: one story on several sites, edited, and told apart from templates. Pure functions.

`sketch` finds candidates, `alike` decides.
"""

from crawler.near.comparison import FAR_APART, Likeness, NearVerdict, Story, alike, story
from crawler.near.sketches import sketch

__all__ = ["FAR_APART", "Likeness", "NearVerdict", "Story", "alike", "sketch", "story"]
