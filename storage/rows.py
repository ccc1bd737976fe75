"""The rows that leave storage, as types. A test compares those of articles and versions with storage/fields.py.

Moments are ISO 8601 in UTC, digests SHA-256 in hex.
"""

from typing import Any, NotRequired, TypedDict

from crawler.units import Vintage


class VersionFields(TypedDict):
    """The fields of an article that every version keeps."""

    title: str
    summary: str
    body: str
    markdown: str
    author: str | None
    source: str | None
    published_at: str | None
    published_raw: str | None


class ArticleFields(VersionFields):
    """The fields of an article, without the lists."""

    section: str | None
    language: str | None
    published_precision: str | None
    published_from: str | None


class ArticleRow(ArticleFields):
    """A row of `articles`."""

    id: int
    site: str
    key: str
    url: str
    event_dates: str  # JSON, as are `notes` and `doubts`
    notes: str
    doubts: str
    layout_matched: int
    content_hash: str
    first_seen_at: str
    last_seen_at: str
    changed_at: str | None
    removed_at: str | None
    run_id: int
    capture_id: int | None
    capture_elsewhere: str | None
    checked_at: str | None
    gone_at: str | None


class VersionRow(VersionFields):
    """A row of `versions`: an earlier text of an article."""

    id: int
    article_id: int
    content_hash: str
    seen_from: str
    seen_until: str
    run_id: int
    capture_id: int | None
    capture_elsewhere: str | None


class Text(VersionFields):
    """A text that an article has or had: today's or an earlier one."""

    url: str
    content_hash: str
    seen_from: str
    seen_until: str


class FoundArticle(ArticleRow):
    """An article that a search found. `urls`: how many addresses it has; `snippet`: text round the best hit."""

    urls: int
    snippet: NotRequired[str]
    matched_attachment: NotRequired[str | None]  # the name of a file whose text matches
    near_group: "NotRequired[NearGroup | None]"


class NewestArticle(ArticleRow):
    """An article with the number of its files and of its addresses."""

    files: int
    urls: int


class RemovedArticle(ArticleRow):
    """An article that its site took down, with what its address answered."""

    reason: str | None


class UnitCodes(TypedDict):
    """The codes of a site's administrative unit before and since July 2025, as far as they are known."""

    unit_old: str | None
    unit_new: str | None


class Issuer(UnitCodes):
    """A row of `sites` without its slug."""

    name: str
    host: str
    platform: str
    updated_at: str
    rights: NotRequired[str | None]
    rights_url: NotRequired[str | None]
    first_host: NotRequired[str | None]  # under which its identifiers were given out


class SiteRow(Issuer):
    """A row of `sites`."""

    slug: str


class RunIdentity(TypedDict):
    """A row of `runs` without its counts."""

    id: int
    site: str
    mode: str
    started_at: str
    finished_at: str | None
    status: str
    reason: str | None
    message: str | None
    software: str
    number: int | None
    previous: str | None


class RunRow(RunIdentity):
    """A row of `runs`."""

    counts: str  # JSON, as are the two after it
    skipped: str
    sources: str


class RunRecord(RunIdentity):
    """A row of `runs`, its JSON unpacked."""

    counts: dict[str, Any]  # what crawler.run.site_report says
    skipped: dict[str, int]
    sources: list[dict[str, Any]]  # the files that a replay read, as storage.archives.sources has them


class CaptureRow(TypedDict):
    """A row of `captures`."""

    id: int
    record_id: str
    run_id: int | None
    site: str
    url: str
    kind: str
    status: int
    content_type: str | None
    captured_at: str
    file: str
    offset: int
    length: int
    payload_digest: str
    warc_digest: str
    revisit_of: int | None
    source: str | None
    archive_file: int | None
    archive_record: str | None
    is_referred: int


class UnitLink(TypedDict):
    """A unit that an article is about, as a crawl hands it in: a row of `article_units`, article and place aside."""

    code: str
    vintage: Vintage
    certainty: str
    found_in: str
    evidence: str


class RunFacts(TypedDict):
    """What identifies a run on any machine."""

    site: str
    mode: str
    started_at: str
    finished_at: str | None
    status: str
    software: str


class CaptureFacts(TypedDict):
    """What identifies a capture on any machine."""

    record_id: str
    url: str
    status: int
    content_type: str | None
    captured_at: str
    payload_digest: str
    warc_digest: str
    source: NotRequired[str | None]  # not in what was exported before


class Address(TypedDict):
    """A row of `article_urls`, the article aside."""

    url: str
    site: str
    key: str | None
    relation: str  # canonical, alias or duplicate
    first_seen_at: str
    last_seen_at: str
    gone_at: str | None
    published_at: str | None  # the date that its page shows, as are the three after it
    published_precision: str | None
    published_raw: str | None
    published_from: str | None


class AttachedFile(TypedDict):
    """A row of `attachments` with what is known of the file itself; an import may lack all but url, name and type."""

    url: str
    name: str
    type: str
    position: int
    sha256: str | None
    size: int | None
    real_type: str | None
    fetched_at: str | None
    fetch_error: str | None
    fetch_tries: int
    capture: CaptureFacts | None
    file_type: str | None
    kept_at: str | None
    text: str | None
    text_reason: str | None
    text_at: str | None


class Picture(TypedDict):
    """A row of `images`."""

    url: str
    caption: str
    position: int
    fetch_error: str | None
    fetch_tries: int
    capture: CaptureFacts | None


class EarlierText(VersionFields):
    """A row of `versions`, run and capture by what identifies them."""

    content_hash: str
    seen_from: str
    seen_until: str
    run: RunFacts | None
    capture: CaptureFacts | None


class UnitFacts(UnitLink):
    """A row of `article_units`, the article aside."""

    position: int


class Event(TypedDict):
    """A row of `article_events`: the article was removed, or returned."""

    kind: str
    at: str
    reason: str | None
    run: RunFacts | None


class NearGroup(TypedDict):
    """The articles (ids) that tell one story, and its earliest source."""

    earliest_id: int
    earliest_url: str
    articles: list[int]


class EventDate(TypedDict):
    """A day that a body names: ISO 8601 or EDTF, the words, and where they begin and end in the body."""

    date: str
    raw: str
    start: int
    end: int


class ProfileRow(TypedDict):
    """A row of `site_profiles`: what was learned of a site, from how many articles, and when that was in force."""

    id: int
    site: str
    valid_from: str
    valid_until: str | None
    articles: int
    profile: str  # JSON: crawler/profile/model.py


class DoubtRow(TypedDict):
    """Why a field of an article may be wrong: the field's column, the kind (crawler/doubts.py) and what was seen."""

    field: str
    kind: str
    evidence: str


class Confirmation(TypedDict):
    """A row of `confirmations`, the article aside: what a person said of a column of `articles`."""

    field: str
    value: str | None
    was: str | None
    by: str
    at: str


class WholeArticle(ArticleFields):
    """An article as it is handed on and taken in: its row with all that hangs on it (see storage.exports.articles)."""

    id: int
    site: str
    key: str
    url: str
    event_dates: list[EventDate]
    notes: list[str]
    doubts: list[DoubtRow]
    layout_matched: NotRequired[int]  # not in what was exported before there were doubts
    content_hash: str
    first_seen_at: str
    last_seen_at: str
    changed_at: str | None
    removed_at: str | None
    checked_at: str | None
    gone_at: str | None
    run: RunFacts | None
    capture: CaptureFacts | None
    issuer: Issuer
    near_group: NearGroup | None
    urls: list[Address]
    attachments: list[AttachedFile]
    images: list[Picture]
    versions: list[EarlierText]
    units: list[UnitFacts]
    events: list[Event]
    confirmations: list[Confirmation]
