"""Whether what a site's newest articles hold can be trusted."""

from collections import Counter
from collections.abc import Sequence

from crawler.doubts import DoubtKind
from crawler.reasons import Reason
from storage.doubts.recent import RecentArticle

FEWEST = 5
"""Articles from which a site is judged."""

UNDATED = 0.25
"""Share of the newest articles that may lack a date: portals have lists, plans and albums without one."""

AT_LEAST = 2
"""Articles that must speak against a site."""

DOUBTED = 0.1
"""Share of the newest articles of which one field may be in doubt."""

# In a ward where one person writes, all articles have one author.
_MAY_BE = frozenset({("author", str(DoubtKind.ALIKE_ON_ALL))})
_OF_RUN = 4  # articles of one run that can speak against a habit
_BROKEN = 0.3  # share of a run's articles without a date, where those before nearly all have one
_HABIT = 0.05


def distrust(recent: Sequence[RecentArticle]) -> tuple[Reason, str] | None:
    """Return (reason, sentence) where the newest articles, the newest first, cannot be trusted, else None. Pure.

    A news article nearly always has a date: so where more than one in four has none, dates are being missed. A site
    whose articles always had one is doubted earlier: where three in ten of its last run have none.
    """
    count = len(recent)
    if count < FEWEST:
        return None
    undated = sum(not article.dated for article in recent)
    if undated >= AT_LEAST and undated > UNDATED * count:
        return Reason.DATES_MISSING, f"{undated} of the newest {count} articles have no date"
    last = [article for article in recent if article.run_id == recent[0].run_id]
    before = recent[len(last) :]
    missing = sum(not article.dated for article in last)
    if (
        len(last) >= _OF_RUN
        and missing >= max(AT_LEAST, _BROKEN * len(last))
        and len(before) >= 2 * FEWEST
        and sum(not article.dated for article in before) <= _HABIT * len(before)
    ):
        return Reason.DATES_MISSING, f"{missing} of the last run's {len(last)} articles have no date"
    doubted = Counter(field for article in recent for field in {field for field, kind in article.doubts - _MAY_BE})
    for field, doubts in doubted.most_common(1):
        if doubts >= AT_LEAST and doubts > DOUBTED * count:
            kinds = Counter(kind for article in recent for name, kind in article.doubts if name == field)
            kind = kinds.most_common(1)[0][0].replace("_", " ")
            return Reason.FIELDS_DOUBTFUL, f"{field} in doubt in {doubts} of the newest {count} articles ({kind})"
    return None
