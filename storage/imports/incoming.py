"""What is found out of an article before it is merged: nothing of it needs the others, so several processes can do it.

Pieces of a file are handed out with bounds: a large one is done here, while nothing else waits. So the memory that an
import needs does not depend on how many processes there are, but for a few megabytes for each.
"""

from collections import deque
from collections.abc import Generator, Iterable, Iterator, Mapping
from itertools import chain
from typing import Any, NamedTuple, TypeVar

from crawler.text import content_hash
from crawler.text.text_keys import TextKeys, text_keys
from crawler.workers import Workers
from storage.collection import Collection
from storage.reading import apart
from storage.rows import WholeArticle

T = TypeVar("T")

AT_ONCE = 50  # articles in a piece
LARGE = 1 << 20  # bytes or characters of a piece that others do
_KNOWN = (
    "SELECT EXISTS (SELECT 1 FROM articles WHERE site = ?1 AND key = ?2) "
    "OR EXISTS (SELECT 1 FROM article_urls WHERE site = ?1 AND key = ?2)"
)
_OF_EARLIER = ("title", "body", "content_hash")
_OF_TODAY = ("site", "key", "summary", *_OF_EARLIER)


class Found(NamedTuple):
    """`is_whole`: whether the texts of an article, today's and earlier ones, have the hashes they came with; `keys`: of
    its text of today, None where it is in the collection already, or is not whole."""

    is_whole: bool
    keys: TextKeys | None


class Incoming(NamedTuple):
    """An article in the shape of storage.exports.articles, its place for messages, and what was found out of it."""

    place: str
    article: WholeArticle
    found: Found


def found(collection: Collection, article: Mapping[str, Any]) -> Found:
    """Find out what can be known of an article that is to go into `collection`."""
    earlier = all(_is_whole(text) for text in article.get("versions") or ())
    (is_known,) = collection.db.execute(_KNOWN, (article["site"], article["key"])).fetchone()
    if is_known:
        return Found(earlier and _is_whole(article), None)
    keys = text_keys(article["title"], article["summary"], article["body"])
    is_whole = earlier and keys.content_hash == article["content_hash"]
    return Found(is_whole, keys if is_whole else None)


def _is_whole(text: Mapping[str, Any]) -> bool:
    return bool(content_hash(text["title"], text["body"]) == text["content_hash"])


def each(
    collection: Collection, workers: Workers, work: apart.Work[T], calls: Iterable[tuple[int, tuple[Any, ...]]]
) -> Iterator[T]:
    """Yield `work(collection, *arguments)` for each call, which is the size of its arguments and they, in their order.

    Whatever fails in another process is done here; where `calls` raises, what was asked for before comes first.
    """
    left = iter(calls)
    large: deque[tuple[Any, ...]] = deque()

    def small() -> Iterator[tuple[Any, ...]]:
        for size, arguments in left:
            if size > LARGE:
                large.append(arguments)
                return
            yield arguments

    while True:
        yield from apart.each(collection, workers, work, small())
        if not large:
            return
        yield work(collection, *large.pop())


def of_articles(
    collection: Collection, workers: Workers, placed: Iterable[tuple[str, WholeArticle]]
) -> Generator[Incoming, None, None]:
    """Yield articles that were checked, each given with its place."""
    waiting: deque[list[tuple[str, WholeArticle]]] = deque()

    def calls() -> Iterator[tuple[int, tuple[Any, ...]]]:
        for size, piece in pieces((_size(article), (place, article)) for place, article in placed):
            waiting.append(piece)
            yield size, ([_texts(article) for _, article in piece],)

    for answers in each(collection, workers, _found_of_all, calls()):
        for (place, article), answer in zip(waiting.popleft(), answers, strict=True):
            yield Incoming(place, article, answer)


def _found_of_all(collection: Collection, articles: list[dict[str, Any]]) -> list[Found]:
    return [found(collection, article) for article in articles]


def _size(article: WholeArticle) -> int:
    texts: Iterable[Mapping[str, Any]] = chain((article,), article.get("versions") or ())
    return sum(len(text["title"]) + len(text["summary"]) + len(text["body"]) for text in texts)


def _texts(article: WholeArticle) -> dict[str, Any]:
    """What of an article another process needs."""
    values: Mapping[str, Any] = article
    earlier = [{name: text[name] for name in _OF_EARLIER} for text in values.get("versions") or ()]
    return {name: values[name] for name in _OF_TODAY} | {"versions": earlier}


def pieces(sized: Iterable[tuple[int, T]]) -> Iterator[tuple[int, list[T]]]:
    """Yield things together, with their size: a large one alone. Where it raises, what came before comes first."""
    piece: list[T] = []
    whole = 0
    try:
        for size, item in sized:
            if piece and (len(piece) == AT_ONCE or whole + size > LARGE):
                yield whole, piece
                piece, whole = [], 0
            piece.append(item)
            whole += size
    except Exception:
        if piece:
            yield whole, piece
        raise
    if piece:
        yield whole, piece
