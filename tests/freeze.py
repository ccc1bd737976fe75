"""Freezing the replica portals: `python -m tests.freeze` records a list and an article of each anew.

Look at the difference before you commit it. The frozen pages themselves are the product's:
`crawler.new_site.frozen_pages`.
"""

import http.client
from urllib.parse import urlsplit

from crawler.new_site.frozen_pages import FROZEN, Page, read_list, write
from spiders.registry import Registry

SITES = Registry.of_package()

__all__ = ["FROZEN", "Page", "fetch", "record", "write"]

# Which of a site's pages are kept: the first section of its start pages beyond "/", or this one.
LISTINGS = {"hatinh_honglinh": "/portal/pages/tin-tuc.aspx"}


def record() -> None:
    """Write the frozen pages and what is made of them today."""
    from crawler.replica_portals import PortalServer, sites

    with PortalServer() as portals:
        for slug, spider in SITES.items():
            if slug not in sites():
                print(f"{slug} has no replica: freeze its pages with tinphuong new-site")
                continue
            path = LISTINGS.get(slug) or next(page for page in spider.start_pages if page != "/")
            listing = fetch(portals.port, f"{spider.scheme}://{spider.host}{path}")
            first = read_list(spider, listing)["articles"][0][0]
            write(spider, listing, fetch(portals.port, first))


def fetch(port: int, url: str) -> Page:
    """Fetch a page of a replica portal."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection("127.0.0.1", port)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    connection.request("GET", target, headers={"Host": parts.netloc, "X-Forwarded-Proto": parts.scheme})
    answer = connection.getresponse()
    if answer.status in (301, 302):
        return fetch(port, answer.headers["Location"])
    return Page(url, answer.headers["Content-Type"], answer.read())


if __name__ == "__main__":
    record()
