"""An article whose text goes on over several pages, made one."""

from collections.abc import Sequence

from crawler.extraction.article import Article
from crawler.reasons import Reason


def join(first: Article, further: Sequence[Article]) -> Article:
    """Return `first` with the text, files and pictures of the further pages, in their order.

    Title, lead and dates are those of the first page; author and source of the first page that names one. Where a
    further page holds no text of an article, the whole is none: its reason is `part_missing`.
    """
    if first.reason or not further:
        return first
    for part in further:
        if part.reason:
            first.reason = Reason.PART_MISSING
            first.body = first.markdown = ""
            return first
        lead = part.summary if part.summary and part.summary != first.summary else ""
        first.body = "\n\n".join(text for text in (first.body, lead, part.body) if text)
        first.markdown = "\n\n".join(text for text in (first.markdown, lead, part.markdown) if text)
        first.author = first.author or part.author
        first.source = first.source or part.source
        first.attachments += [file for file in part.attachments if file.url not in {f.url for f in first.attachments}]
        first.images += [image for image in part.images if image.url not in {i.url for i in first.images}]
    first.notes.append(f"read from {len(further) + 1} pages")
    return first
