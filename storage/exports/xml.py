"""XML by hand: a few tags, written as a stream, with what XML forbids left out."""

import re
from html import escape

from storage.exports.mapping import Article, dublin_core, qualified

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DC_HEAD = (
    '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xsi:schemaLocation="http://www.openarchives.org/OAI/2.0/oai_dc/ http://www.openarchives.org/OAI/2.0/oai_dc.xsd">'
)


def text(value: str) -> str:
    """Return `value` as it may appear between tags or in an attribute."""
    return escape(_FORBIDDEN.sub("", value))


def element(name: str, value: str) -> str:
    """Return `value` within a tag."""
    return f"<{name}>{text(value)}</{name}>"


def oai_dc(article: Article, naan: str | None = None) -> str:
    """Return an article's Dublin Core record in the container of OAI-PMH. `naan`: for its ARK, None for none."""
    elements = (element(f"dc:{name}", value) for name, value in dublin_core(article, naan))
    return _DC_HEAD + "".join(elements) + "</oai_dc:dc>"


def dcterms(article: Article, naan: str | None = None) -> str:
    """Return an article's record in DCMI terms: an element `record` with a child for each value."""
    terms = (element(f"dcterms:{name}", value) for name, value in qualified(article, naan))
    return f"<record>{''.join(terms)}</record>"
