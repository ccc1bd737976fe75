"""Under which address an article is handed on: the one that was captured, as it is the one that a replay finds."""

from storage.rows import WholeArticle


def captured_address(article: WholeArticle) -> str:
    """Return the address under which the page of an article was captured; without a capture the canonical one."""
    capture = article["capture"]
    return capture["url"] if capture else article["url"]
