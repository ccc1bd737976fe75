"""From the pages of a site to its profile: a pure function."""

from collections.abc import Sequence
from statistics import median

from crawler.profile import dates, furniture, people, titles
from crawler.profile.model import EMPTY, SiteProfile
from crawler.profile.observation import Observation

LEAST = 6
"""Articles of different titles from which anything is learned: of fewer, chance makes furniture."""


def learn(observations: Sequence[Observation]) -> SiteProfile:
    """Return what the articles have in common; an empty profile where there are fewer than LEAST titles.

    Copies of one article count once: what stands on both is the article's own.
    """
    pages = list({one.title.casefold(): one for one in observations if one.title}.values())
    if len(pages) < LEAST:
        return EMPTY
    clocks = dates.clocks(pages)
    place, seen = dates.place_of_date(pages, clocks)
    portal = furniture.lines(pages)
    author, not_authors = people.authors(pages, portal)
    tail, tailed = titles.tail(pages)
    return SiteProfile(
        articles=len(pages),
        furniture=portal,
        frame=furniture.frame(pages),
        date_place=place,
        date_place_seen=seen,
        clocks=clocks,
        constant_dates=dates.constants(pages, clocks),
        order=dates.order(pages),
        not_authors=not_authors,
        one_author=author,
        title_tail=tail,
        title_tail_seen=tailed,
        length=int(median(page.length for page in pages)),
    )
