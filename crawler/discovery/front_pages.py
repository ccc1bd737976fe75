"""Fetches the front page of each live name, with the manners of a crawl and one request at a time to a server.

pages = FrontPages(probe)          # inside the job of `crawler.new_site.probe.probe`
page = await pages.front_page(answer)
"""

from crawler.discovery.model import DnsAnswer, FrontPage
from crawler.new_site.probe import Fetch
from crawler.reasons import Reason, sentence


class FrontPages:
    """Fetches front pages. Several may be asked for at once: those on one address wait for each other, with the pause
    of the host between two requests."""

    def __init__(self, fetch: Fetch):
        self._fetch = fetch

    async def front_page(self, answer: DnsAnswer) -> FrontPage:
        """Return the front page of a host that answered, or why there is none; never raises PageNotFetched."""
        return FrontPage(answer.host, "", 0, b"", answer.at, failed=Reason.CONNECTION, why=sentence(Reason.CONNECTION))


async def front_page(answer: DnsAnswer, fetch: Fetch) -> FrontPage:
    """Return one front page; for several use `FrontPages`, which knows what was asked of a server before."""
    return await FrontPages(fetch).front_page(answer)
