"""Which hosts, ports and schemes a request may go to, as far as its URL tells. Pure; no name is resolved here.

The address to which a name leads is judged when the connection is made (`crawler.network.connections`).
"""

import re
import socket
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Address
from urllib.parse import urlsplit, urlunsplit

from crawler.network.addresses import VARIABLE, Address, Reach, parse_address
from crawler.reasons import Reason

_PORTS = {"http": 80, "https": 443}
_PRIVATE_NAME = re.compile(
    r"(?:^|\.)(?:localhost|localdomain|local|internal|intranet|private|corp|home|lan|home\.arpa)$|^[^.]*$",
    re.IGNORECASE,
)
_NAME = re.compile(r"[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*", re.IGNORECASE)

Refusal = tuple[Reason, str]
"""Why a request may not be sent: a reason, and a detail as the end of a sentence about its URL."""


def ports_of_facts(hosts: Iterable[str]) -> dict[str, frozenset[int]]:
    """Return host → the ports on which a site's pages are; `hosts` as its facts name them, with or without port."""
    found: dict[str, frozenset[int]] = {}
    for fact in hosts:
        parts = urlsplit(f"//{fact}")
        name = plain_name(parts.hostname or "")
        ports = frozenset({parts.port} if parts.port else _PORTS.values())
        found[name] = found.get(name, frozenset()) | ports
    return found


def plain_name(host: str) -> str:
    """Return a host's name in one form: lower case, without `www.` and without the dot at its end."""
    return host.lower().rstrip(".").removeprefix("www.")


@dataclass(frozen=True, slots=True)
class Destinations:
    """Where the requests of one crawl may go.

    `ports`: host → ports of the site's own hosts, as of `ports_of_facts`; empty where there is no site, then every port
    is right.
    """

    reach: Reach = field(default_factory=Reach)
    ports: Mapping[str, frozenset[int]] = field(default_factory=dict)

    def refusal(self, url: str, *, elsewhere: bool = False) -> Refusal | None:
        """Return why no request may be sent to `url`, or None.

        `elsewhere`: the request may leave the site's hosts; it may go to the usual ports and to those of the site.
        """
        return _refusal(url, self.ports, self.reach, elsewhere=elsewhere)


def is_web_address(url: str) -> bool:
    """Tell whether `url` is one of http or https with a valid host and port."""
    refused = _refusal(url, {}, Reach.of_names(["0.0.0.0/0", "::/0"]), elsewhere=True)
    return refused is None


def _refusal(url: str, ports: Mapping[str, frozenset[int]], reach: Reach, *, elsewhere: bool) -> Refusal | None:
    try:
        parts = urlsplit(url)
        port = _PORTS.get(parts.scheme, 0) if parts.port is None else parts.port
    except ValueError as error:
        return Reason.BAD_ADDRESS, f"it is not a valid address: {error}"
    if parts.scheme not in _PORTS:
        return Reason.BAD_ADDRESS, f"it is neither http nor https: {url[:200]}"
    host = ascii_host(parts.hostname or "")
    if host is None:
        return Reason.BAD_ADDRESS, f"it names no valid host: {url[:200]}"
    if why := why_not_host(host, reach):
        return Reason.INTERNAL_ADDRESS, why
    if ports and port not in (allowed := _ports_of(host, ports, elsewhere=elsewhere)):
        named = ", ".join(map(str, sorted(allowed)))
        return Reason.OTHER_PORT, f"port {port} of {host}; the site's facts allow {named}"
    return None


def _ports_of(host: str, ports: Mapping[str, frozenset[int]], *, elsewhere: bool) -> frozenset[int]:
    if elsewhere:
        return frozenset(_PORTS.values()).union(*ports.values())
    name = plain_name(host)
    while name and name not in ports:  # a subdomain has the ports of its domain
        name = name.partition(".")[2]
    return ports.get(name, frozenset(_PORTS.values()))


def why_not_host(host: str, reach: Reach) -> str | None:
    """Return why a request may not go to `host`, judged without resolving it, or None.

    A name that only a private network knows is refused unless the operator allows private addresses at all: then the
    address that it leads to decides.
    """
    if address := address_of(host):
        return reach.why_not(address)
    name = host.rstrip(".")
    if not reach.private and _PRIVATE_NAME.search(name):
        return f"{name or host!r} is the name of a host inside a private network; {VARIABLE} can allow its address"
    return None


def address_of(host: str) -> Address | None:
    """Return the address that a host is written as, in any form that a resolver takes for one (0x7f.1, 2130706433)."""
    host = host.rstrip(".")
    if (address := parse_address(host)) is not None:
        return address
    if not re.fullmatch(r"[0-9a-fx.]+", host, re.IGNORECASE):
        return None
    try:
        return IPv4Address(socket.inet_aton(host))
    except (OSError, ValueError):
        return None


def ascii_host(host: str) -> str | None:
    """Return a host as it is asked for: as an address, or as a name of ASCII letters (IDNA); None for any other."""
    if parse_address(host) is not None:
        return host
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")  # which also evens out full-width digits and dots
        except UnicodeError:
            return None
    name = host.removesuffix(".")
    return host if _NAME.fullmatch(name) and len(name) <= 253 else None


def without_user(url: str) -> str:
    """Return `url` without a user's name and password, and with its host in lower-case ASCII; other URLs as they are.

    No page may choose as whom a crawl signs in.
    """
    parts = urlsplit(url)
    name = parts.hostname or ""
    host = ascii_host(name)
    if host is None or ("@" not in parts.netloc and parts.netloc.isascii()):
        return url
    shown = f"[{host}]" if ":" in host else host
    return urlunsplit(parts._replace(netloc=shown if parts.port is None else f"{shown}:{parts.port}"))


def origin_of(url: str) -> str:
    """Return scheme, host and port of `url`: https://a.vn:8443."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
