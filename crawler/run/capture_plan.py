"""What a run asks of something that brings captures in before it: a fetch from a web archive is one."""

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

from crawler.run.site import Site
from storage import Collection
from storage.archives.captures import Captures

if TYPE_CHECKING:
    from scrapy.settings import Settings


class SiteFetched(Protocol):
    """What came of the captures of one site: `failed` counts by reason, `error` says why it could not go on, or ""."""

    site: str
    error: str
    failed: Counter[str]

    @property
    def whole(self) -> bool:
        """Whether everything that was asked for came."""

    def to_dict(self) -> dict[str, Any]:
        """Return the counts as JSON-ready facts."""

    def line(self) -> str:
        """Return it in one line."""


class CapturePlan(Protocol):
    """Which captures to bring in. The run then reads them, instead of asking the sites."""

    @property
    def name(self) -> str:
        """Where the captures come from, in words for people."""

    def fetch(
        self,
        sites: Sequence[type[Site]],
        collection: Collection,
        captures: Captures,
        settings: "Settings",
        *,
        max_time: float,
    ) -> Sequence[SiteFetched]:
        """Bring captures of `sites` into `captures`, within `max_time` seconds (0: no bound) and with the manners of
        `settings`; returns one result each.

        `collection` says which captures are here already; what is written to it is committed.
        """
