"""Makes the record that the collection stores from the item that went through the pipelines."""

from collections.abc import Iterable
from datetime import UTC

from crawler.run.items import PageItem
from crawler.units.links import Link
from storage.records import Record
from storage.rows import UnitLink


def record_of(item: PageItem) -> Record:
    """Return the record of a page whose article is isolated. Raises ValueError where it has no article."""
    article = item.article
    if article is None:
        raise ValueError(f"{item.url} holds no article")
    fields = article.to_dict()
    fields["event_dates"] = [
        {"date": event.iso, "raw": event.raw, "start": event.start, "end": event.end} for event in item.event_dates
    ]
    return Record(
        site=item.site,
        key=item.key,
        url=item.url,
        content_hash=item.content_hash,
        seen_at=item.fetched_at.astimezone(UTC).isoformat(timespec="seconds"),
        fields=fields,
        seen_urls=item.seen_urls,
        attachments=[{"url": file.url, "name": file.name, "type": file.type} for file in article.attachments],
        images=[{"url": image.url, "caption": image.caption or ""} for image in article.images],
        units=units_of(item.units),
        others=item.others if article.layout_matched else (),  # else it may be a list that has the article's number
        capture_id=item.capture_id,
        trusted=article.layout_matched,
        keys=item.keys,
    )


def units_of(links: Iterable[Link]) -> list[UnitLink]:
    """Return links as rows of `article_units`, without the columns for article and order."""
    return [
        {
            "code": link.unit.code, "vintage": link.unit.vintage, "certainty": str(link.certainty),
            "found_in": link.where, "evidence": link.evidence,
        }
        for link in links
    ]  # fmt: skip
