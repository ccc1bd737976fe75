"""What a discovery works with: names that may be portals, what answered, and what was concluded of each."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from crawler.units import Unit


@dataclass(frozen=True, slots=True)
class Candidate:
    """A host that may be a portal.

    `units`: those whose names made it, several where they share a label, none for a link whose text names none; `form`:
    how it was formed ("{ward}.{district}.{province}.gov.vn"), "link" or "directory"; `found_on`: address of the page
    that links to it, with the link's words in `said`.
    """

    host: str
    units: tuple[Unit, ...] = ()
    form: str = ""
    found_on: str = ""
    said: str = ""


class AnswerKind(StrEnum):
    """What the name service said of a name."""

    LIVE = "live"  # it has an address, and requests may go there
    NXDOMAIN = "nxdomain"  # there is no such name
    NODATA = "nodata"  # there is such a name, without an address
    SILENT = "silent"  # no answer in time
    SERVFAIL = "servfail"  # the server could not say
    PRIVATE = "private"  # all its addresses are inside a private network or reserved


@dataclass(frozen=True, slots=True)
class DnsAnswer:
    """What the name service answered. `addresses`: as text, IPv4 first; `alias`: the name a CNAME leads to, "";
    `at`: when it was asked (aware); `any_name`: whether names under the same suffix that nobody uses answer too."""

    host: str
    kind: AnswerKind
    at: datetime
    addresses: tuple[str, ...] = ()
    alias: str = ""
    any_name: bool = False


@dataclass(frozen=True, slots=True)
class FrontPage:
    """The front page of a host, or why there is none.

    `host`: the one that was asked; `url`: where it came from in the end, after redirects; `body`: as sent, `charset`
    as declared by its header, ""; `headers`: names in lower case; `at`: aware; `address`: the server's; `scheme`: of
    the answer; `tls`: "", "old" or "any", what it took to believe the certificate; `same_as_any`: whether the server
    gives a host that nobody uses the same page; `asked_any`: whether it was asked for such a host, and answered;
    `notes`: what else was seen on the way, as sentences (redirects, what was wrong with the certificate); `failed`: a
    reason of `crawler.reasons`, with a sentence in `why`.
    """

    host: str
    url: str
    status: int
    body: bytes
    at: datetime
    charset: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    address: str = ""
    scheme: str = "https"
    tls: str = ""
    same_as_any: bool = False
    failed: str = ""
    why: str = ""
    asked_any: bool = False
    notes: tuple[str, ...] = ()


class Confidence(StrEnum):
    """How far a finding is believed."""

    SURE = "sure"  # the page itself says whose it is, and nothing speaks against it
    LIKELY = "likely"  # it is a portal of local government; whose is inferred, or something speaks against it
    LOOK = "look"  # somebody has to look at it
    REFUSED = "refused"  # no portal of a ward or commune


@dataclass(frozen=True, slots=True)
class Finding:
    """What was concluded of a host.

    `host`: the one to crawl, after redirects; `asked`: the one that was asked for; `unit_old`, `unit_new`: codes, None
    where not sure; `name`: of the ward, as its pages have it; `platform`: "" where not known; `newest`: ISO day of the
    newest date on the page, ""; `is_frozen`: nothing on it is from after June 2025; `evidence` and `against`:
    sentences; `reason`: one word for why it is refused or only to be looked at, "".
    """

    host: str
    asked: str
    confidence: Confidence
    unit_old: str | None = None
    unit_new: str | None = None
    name: str = ""
    platform: str = ""
    scheme: str = "https"
    tls: str = ""
    newest: str = ""
    is_frozen: bool = False
    evidence: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    reason: str = ""
