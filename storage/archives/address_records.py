"""Records of our own making that name a capture under another address: they give an address, and are no captures.

An article is known under more addresses than the one that was asked for, and tools that replay an archive find a page
only under an address that a record has. So an export adds a revisit record for each further address, and for a page
that a browser finished (its record has an address of its own, `urn:dom:…`) the page under its web address. Nobody asked
a server for them: `address_of` in their WARC-JSON-Metadata says so, and whatever reads archives here passes over them.
"""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from storage.archives.made_records import made_record

MARK = "address_of"
NOTE = (
    f"Records with {MARK} in WARC-JSON-Metadata were made for this file and not asked of any server: "
    "they name a capture under a further address of its article"
)
_SAME = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
_HTTP = "application/http; msgtype=response"


@dataclass(frozen=True, slots=True)
class Named:
    """The record that an address is given to. `date` and `digest` as WARC-Date and WARC-Payload-Digest have them."""

    record_id: str
    url: str
    date: str
    digest: str


def is_address_record(headers: Mapping[str, str]) -> bool:
    """Tell by its headers (names in lower case) whether a record gives an address and is no capture."""
    note = headers.get("warc-json-metadata", "")
    if MARK not in note:
        return False
    try:
        said = json.loads(note)
    except (ValueError, RecursionError):
        return False
    return isinstance(said, dict) and MARK in said


def further_address(url: str, capture: Named, holder: Named, http: bytes) -> bytes:
    """Return a revisit record, compressed: `capture` can be found under `url`, too, at the same time.

    `holder`: the record with the payload, which is `capture` itself unless that is a revisit; `http`: status line and
    headers as they came, with the empty line behind them; b"" where they are not known.
    """
    head = {
        "WARC-Type": "revisit",
        "WARC-Record-ID": _id(capture.record_id, url),
        "WARC-Target-URI": url,
        "WARC-Date": capture.date,
        "WARC-Profile": _SAME,
        "WARC-Refers-To": f"<{holder.record_id}>",
        "WARC-Refers-To-Target-URI": holder.url,
        "WARC-Refers-To-Date": holder.date,
        "WARC-Payload-Digest": holder.digest,
    }
    return made_record(head | _note(capture.url) | ({"Content-Type": _HTTP} if http else {}), http)


def finished_page(url: str, capture: Named, page: bytes, content_type: str) -> tuple[Named, bytes]:
    """Return a resource record, compressed, that has a page under its web address as a browser had finished it.

    `capture`: the record of the finished page, whose address is `urn:dom:…`; `page`: its payload. Also returns what
    names the new record.
    """
    head = {
        "WARC-Type": "resource",
        "WARC-Record-ID": _id(capture.record_id, url),
        "WARC-Target-URI": url,
        "WARC-Date": capture.date,
        "WARC-Refers-To": f"<{capture.record_id}>",
        "WARC-Payload-Digest": capture.digest,
    }
    made = Named(head["WARC-Record-ID"].strip("<>"), url, capture.date, capture.digest)
    return made, made_record(head | _note(capture.url) | {"Content-Type": content_type}, page)


def _id(record_id: str, url: str) -> str:
    return f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'{record_id} {url}')}>"


def _note(captured_url: str) -> dict[str, str]:
    # pywb sorts what a second holds by this note, and takes the first: `address_of` comes before `site`.
    return {"WARC-JSON-Metadata": json.dumps({MARK: captured_url}, ensure_ascii=True)}
