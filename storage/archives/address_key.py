"""The form in which archives compare addresses, and which addresses are those of pages. Pure."""

import re
from contextlib import suppress
from urllib.parse import parse_qsl, quote, unquote_to_bytes, urlencode, urlsplit

from crawler import urls

_LONGEST = 64 * 1024  # characters
_DEFAULT_PORT = re.compile(r":(?:80|443)?$")
_RESERVED = re.compile(r"(%(?:2[35fF]|3[fF]|00))")  # # % / ? and NUL: decoded they would mean something else
_SAFE = "!$&'()*+,;=:@/-._~"
_NO_HOST = re.compile(r"[\s<>\"\\^`{|}\x00-\x20\x7f]")


def is_web_address(url: str) -> bool:
    """Tell whether `url` is an http(s) address with a host and, if any, a port that there can be."""
    if len(url) > _LONGEST:
        return False
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    host = parts.hostname or ""
    return parts.scheme in ("http", "https") and bool(host) and not _NO_HOST.search(host) and port != 0


def address_key(url: str) -> str:
    """Return the form in which addresses are compared.

    Without scheme, www., user, default port and fragment; the host in ASCII; percent-encoded where an address needs it
    and nowhere else, so that %3F never becomes the ? of a query; the parameters sorted. The form that a response
    answers stays (`crawler.urls.with_form`). A visitor's session in a usual form makes no difference. What
    is no address is its own key.
    """
    try:
        parts = urlsplit(urls.without_session(url))
    except ValueError:
        return url
    query = _sorted(parts.query)
    key = f"{_host(parts.netloc)}{_path(parts.path) or '/'}" + (f"?{query}" if query else "")
    if (form := urls.form_of(url)) is not None:
        key += f"#{_sorted(form)}"
    return key


def _host(netloc: str) -> str:
    host = urls.plain_host(_DEFAULT_PORT.sub("", netloc.rpartition("@")[2].lower()))
    name, colon, port = host.partition(":") if not host.startswith("[") else (host, "", "")
    name = name.rstrip(".")
    if not name.isascii():
        with suppress(UnicodeError):  # then it is no host that could be asked, but a name like any other
            name = name.encode("idna").decode("ascii")
    return f"{name}{colon}{port}"


def _path(path: str) -> str:
    """Return a path in which everything is decoded that can be, and encoded that must be."""
    return "".join(
        part.upper() if number % 2 else quote(unquote_to_bytes(part), safe=_SAFE)
        for number, part in enumerate(_RESERVED.split(path))
    )


def _sorted(query: str) -> str:
    # Latin-1 gives each byte a letter of its own: addresses in an old charset stay different from each other.
    raw = query.encode("utf-8", "surrogatepass").decode("latin-1")
    pairs = parse_qsl(raw, keep_blank_values=True, encoding="latin-1")
    return urlencode(sorted(pairs), encoding="latin-1")
