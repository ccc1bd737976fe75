"""Which addresses of proxies are ones that requests can be sent through. Pure."""

from urllib.parse import urlsplit

from crawler.network.destinations import ascii_host

TAKES = "an address like http://proxy.example.org:3128"


def is_proxy(address: str) -> bool:
    """Tell whether this is the address of a proxy that is spoken to over http, with or without a user and password.

    Scrapy reaches no server of https through a proxy that is itself spoken to over https.
    """
    try:
        parts = urlsplit(address)
        valid = parts.port != 0 and bool(ascii_host(parts.hostname or ""))
    except ValueError:
        return False
    return valid and parts.scheme == "http" and parts.path in ("", "/") and not (parts.query or parts.fragment)
