"""What is known of a site as a whole, held against one article of it."""

from typing import Any

from crawler.doubts import Doubt, DoubtKind
from crawler.extraction.article import Article
from crawler.extraction.observe import date_at
from crawler.extraction.rules import site_furniture
from crawler.profile.model import SiteProfile
from crawler.profile.observation import masked

_MOSTLY = 0.5  # of a text's characters
_SIGNED_IN = 400  # last characters of a text, in which a signature is


def weigh(article: Article, profile: SiteProfile) -> None:
    """Take out what the site's other articles show to be the portal's, and doubt what they make doubtful.

    The lines of the text are taken out before, where they are still blocks: `rules.site_furniture`.
    """
    if article.title and profile.title_tail and article.title.endswith(profile.title_tail):
        article.title = article.title.removesuffix(profile.title_tail) or article.title
    if article.summary and masked(article.summary) in profile.portal:
        article.summary = None
    if article.author in profile.not_authors:
        article.author = None
    if article.author and article.author == profile.one_author and article.author not in article.body[-_SIGNED_IN:]:
        seen = f"{article.author}: {profile.articles} articles"
        article.doubts.append(Doubt("author", DoubtKind.ALIKE_ON_ALL, seen))
    portal = site_furniture.share(article.body, profile.portal)
    if portal >= _MOSTLY:
        article.doubts.append(Doubt("body", DoubtKind.MOSTLY_FURNITURE, f"{portal:.0%} of its characters"))


def add_date(article: Article, root: Any, profile: SiteProfile) -> None:
    """Offer the date from the place where the site's articles show it, where none was found near the title."""
    shown = any(candidate.source == "page" for candidate in article.date_candidates)
    if profile.date_place and not shown and (found := date_at(root, profile.date_place)):
        article.date_candidates.insert(0, found)
        article.notes.append("date from the place where the site's articles show it")
