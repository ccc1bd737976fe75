"""Parts of a crawl that fail on the page whose address holds $FAULTY, each in a place of its own."""

import os
from typing import Any

import spiders.articles
from crawler.run import article_parts
from crawler.run import signals as events
from spiders.base import PortalSpider
from storage import article_units, collection


def fail_on(url: str) -> None:
    if os.environ["FAULTY"] in url:
        raise KeyError("lỗi của chính mình")


class FaultyPipeline:
    def process_item(self, item: Any) -> Any:
        fail_on(item.url)
        return item


class FaultyRequest:
    def process_request(self, request: Any) -> None:
        fail_on(request.url)


class FaultyResponse:
    def process_response(self, request: Any, response: Any) -> Any:
        fail_on(request.url)
        return response


class FaultySpiderMiddleware:
    def process_spider_input(self, response: Any) -> None:
        fail_on(response.url)


class FaultyHandler:
    """An extension that listens to what happens to articles."""

    @classmethod
    def from_crawler(cls, crawler: Any) -> "FaultyHandler":
        handler = cls()
        crawler.signals.connect(handler.saved, signal=events.article_saved)
        return handler

    def saved(self, item: Any) -> None:
        fail_on(item.url)


class FaultyCode:
    """An extension that makes a function of ours fail: that of $FAULTY_PLACE."""

    @classmethod
    def from_crawler(cls, crawler: Any) -> "FaultyCode":
        getattr(cls, os.environ["FAULTY_PLACE"])()
        return cls()

    @staticmethod
    def callback() -> None:
        note = article_parts.ArticleParts.note

        async def failing(self: Any, pages: Any, response: Any) -> None:
            fail_on(response.url)
            await note(self, pages, response)

        article_parts.ArticleParts.note = failing

    @staticmethod
    def errback() -> None:
        asked_url = spiders.articles.asked_url

        def failing(request: Any) -> str:
            fail_on(request.url)
            return asked_url(request)

        spiders.articles.asked_url = failing

    @staticmethod
    def lists() -> None:
        address_of = spiders.articles.address_of

        def failing(response: Any) -> str:
            fail_on(response.url)
            return address_of(response)

        spiders.articles.address_of = failing

    @staticmethod
    def storing() -> None:
        """Fails when half of the article is written."""
        put = article_units.put

        def failing(db: Any, article_id: int, units: Any) -> None:
            put(db, article_id, units)
            fail_on(next(db.query("SELECT url FROM articles WHERE id = ?", [article_id]))["url"])

        collection.article_units.put = failing

    @staticmethod
    def beginning() -> None:
        offer = PortalSpider._offer

        def failing(self: Any, entries: Any) -> Any:
            for url, _ in entries:
                fail_on(url)
            return offer(self, entries)

        PortalSpider._offer = failing
