"""An article as a MODS 3.4 record: what libraries take where Dublin Core says too little.

MODS knows places, roles, dates of capture and conditions of use, each under its own name.
"""

import re
from collections.abc import Iterator

from crawler.units import named
from storage.exports.addresses import captured_address
from storage.exports.identifiers import ark, oai_identifier
from storage.exports.mapping import UnitThen, unit_at, unit_today
from storage.exports.xml import element, text
from storage.rights.statements import statement_of
from storage.rows import WholeArticle

PREFIX = "mods"
NAMESPACE = "http://www.loc.gov/mods/v3"
SCHEMA = "http://www.loc.gov/standards/mods/v3/mods-3-4.xsd"
_HEAD = (
    f'<mods xmlns="{NAMESPACE}" xmlns:xlink="http://www.w3.org/1999/xlink" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" version="3.4" '
    f'xsi:schemaLocation="{NAMESPACE} {SCHEMA}">'
)
_NO_SPACE = re.compile(r"[^\S]")


def mods(article: WholeArticle, naan: str | None = None, source: str = "") -> str:
    """Return an article's record. `naan`: for its ARK, None for none; `source`: the institution that hands it on."""
    return f"{_HEAD}{''.join(_parts(article, naan, source))}</mods>"


def _parts(article: WholeArticle, naan: str | None, source: str) -> Iterator[str]:
    issuer, capture = article["issuer"], article["capture"]
    yield f"<titleInfo>{element('title', article['title'])}</titleInfo>"
    if article["author"]:
        yield _name("", article["author"], "aut", "author")  # as signed: a person, an office, or both
    yield _name("corporate", issuer["name"], "isb", "issuing body")
    yield "<typeOfResource>text</typeOfResource>" + element("genre", "news article")
    yield f"<originInfo>{_dates(article)}</originInfo>"
    if language := article["language"]:
        authority = 'authority="rfc4646"' if re.fullmatch(r"[A-Za-z]{2,3}(?:-\w{2,8})*", language) else ""
        yield f'<language><languageTerm type="code" {authority}>{text(language)}</languageTerm></language>'
    kind = ((capture and capture["content_type"]) or "text/html").split(";")[0]
    media = element("internetMediaType", kind)
    yield f"<physicalDescription>{media}<digitalOrigin>born digital</digitalOrigin></physicalDescription>"
    if article["summary"]:
        yield element("abstract", article["summary"])
    if article["source"]:
        yield _marked("note", 'type="source"', article["source"])
    if article["section"]:
        yield f"<subject>{element('topic', article['section'])}</subject>"
    for unit in _units(article):
        yield f"<subject>{element('geographic', str(unit))}</subject>"
    yield f'<relatedItem type="host"><titleInfo>{element("title", issuer["name"])}</titleInfo><location>'
    yield f"{element('url', 'https://' + issuer['host'] + '/')}</location></relatedItem>"
    for item in article["attachments"]:
        yield f'<relatedItem type="constituent"><titleInfo>{element("title", item["name"] or item["url"])}</titleInfo>'
        yield f"<location>{element('url', item['url'])}</location></relatedItem>"
    yield from _identifiers(article, naan)
    stated = statement_of(issuer)
    if stated:
        link = f' xlink:href="{text(stated.url)}"' if stated.url and not _NO_SPACE.search(stated.url) else ""
        kind = f'type="use and reproduction"{link}'
        yield _marked("accessCondition", kind, stated.text or stated.url)
    yield _record_info(article, source)


def _name(kind: str, value: str, code: str, role: str) -> str:
    marked = f' type="{kind}"' if kind else ""
    terms = (
        f'<roleTerm type="code" authority="marcrelator">{code}</roleTerm>'
        f'<roleTerm type="text" authority="marcrelator">{role}</roleTerm>'
    )
    return f"<name{marked}>{element('namePart', value)}<role>{terms}</role></name>"


def _dates(article: WholeArticle) -> str:
    capture, published = article["capture"], article["published_at"]
    issued = _marked("dateIssued", 'encoding="edtf" keyDate="yes"', published) if published else ""
    taken = capture["captured_at"].replace("+00:00", "Z") if capture else ""
    captured = _marked("dateCaptured", 'encoding="w3cdtf"', taken) if taken else ""
    return element("publisher", article["issuer"]["name"]) + issued + captured


def _units(article: WholeArticle) -> list[UnitThen]:
    """The site's unit at the time and today, then those that the text is about, each once."""
    issuer = article["issuer"]
    own = (unit_at(issuer, article["published_at"]), unit_today(issuer))
    about = (UnitThen(item["code"], item["vintage"], named(item["code"], item["vintage"])) for item in article["units"])
    return [unit for unit in dict.fromkeys((*own, *about)) if unit]


def _identifiers(article: WholeArticle, naan: str | None) -> Iterator[str]:
    captured = captured_address(article)
    yield _marked("identifier", 'type="uri"', captured)
    others = (article["url"], *(item["url"] for item in article["urls"]))
    yield from (_marked("identifier", 'type="uri"', url) for url in dict.fromkeys(others) if url != captured)
    if named_so := ark(article, naan):
        yield _marked("identifier", 'type="ark"', named_so)
    yield _marked("identifier", 'type="oai"', oai_identifier(article))
    yield _marked("identifier", 'type="sha256" displayLabel="text"', article["content_hash"])
    if capture := article["capture"]:
        digest = capture["payload_digest"].removeprefix("sha256:")
        yield _marked("identifier", 'type="sha256" displayLabel="page"', digest)
    shown = _marked("url", 'usage="primary display"', captured)
    yield f"<location>{shown}</location>"


def _record_info(article: WholeArticle, source: str) -> str:
    begun = _marked("recordCreationDate", 'encoding="w3cdtf"', article["first_seen_at"].replace("+00:00", "Z"))
    changed = article["changed_at"]
    change = _marked("recordChangeDate", 'encoding="w3cdtf"', changed.replace("+00:00", "Z")) if changed else ""
    by = element("recordContentSource", source) if source else ""
    return f"<recordInfo>{by}{begun}{change}{element('recordIdentifier', oai_identifier(article))}</recordInfo>"


def _marked(name: str, attributes: str, value: str) -> str:
    return f"<{name} {attributes}>{text(value)}</{name}>"
