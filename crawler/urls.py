"""URLs as portals write them, brought to one form. Pure functions."""

import re
from collections.abc import Collection
from urllib.parse import parse_qsl, urldefrag, urlencode, urljoin, urlsplit, urlunsplit

from crawler.text import without_unstorable

REDIRECTS = frozenset({301, 302, 303, 307, 308})
"""HTTP statuses that send to the address in Location."""

# Parameters that say how a visitor came or how the page is drawn, never which page it is.
_NOISE = re.compile(
    r"^(redirect|inheritRedirect|_\d+_redirect|_\d+_returnToFullPageURL|p_p_auth|p_auth|doAsUserId|"
    r"utm_\w+|fbclid|gclid|zarsrc|print|locale|languageId|_\d+_languageId)$",
    re.IGNORECASE,
)
# Parameters by which servers know a visitor. `sid` is none of them: on some sites it numbers sections or articles.
_SESSION_NAMES = (
    r"jsessionid(?:sso)?|php_?sess(?:ion)?_?id|asp(?:\.|%2e)net_sessionid|aspsessionid\w*|aspxautodetectcookiesupport|"
    r"session_?id|sess_?id|user_?session(?:_?id)?|zenid|oscsid|xtcsid|cfid|cftoken"
)
# With its value, but for a short number: session_id=12 may be a meeting's.
_SESSION_PAIR = re.compile(rf"(?:{_SESSION_NAMES})(?:=(?!\d{{1,5}}$).*)?", re.IGNORECASE | re.DOTALL)
_LOCALE = re.compile(r"^(?:/(?:vi|en|vi[-_]VN|en[-_]US|iw|fr|zh|ja|ko)(?=/|$))+", re.IGNORECASE)
# The same in paths: /tin.jsp;jsessionid=1A2B, and ASP.NET without cookies: /(S(1a2b))/tin.aspx, /(A(x)F(y)S(z))/…, in
# its first version /(1a2b…)/….
_SESSION_IN_PATH = re.compile(
    rf";(?:{_SESSION_NAMES}|sid|sessid)=[^/?#;]*"
    r"|/(?:\(|%28)(?:(?:[AFSX](?:\(|%28)[^()/%]*(?:\)|%29))+|[a-z0-5]{24})(?:\)|%29)(?=/|$)",
    re.IGNORECASE,
)
_LOCALE_SEGMENTS = frozenset({"vi", "en", "vi_vn", "en_us", "vi-vn", "en-us", "iw"})
_DEFAULT_PORTS = {"http": 80, "https": 443}
_MAX_LENGTH = 2000
_LONGEST_HOST = 253
_HOST = re.compile(r"[a-z0-9_~-]+(?:\.[a-z0-9_~-]+)*\.?")
_SCHEME = re.compile(r"(https?):(/*)([^/?#]*)", re.IGNORECASE)
_BLANKS = re.compile(r"[\x00-\x1f]")
_POST = "POST:"


def absolute(base: str, href: str) -> str | None:
    """Return `href` as an absolute http(s) URL without its fragment, or None where it leads to no page.

    Host lower-cased; default and scheme-crossed ports (":443" behind http), sessions in their usual forms and noise
    parameters (`redirect`, `utm_…`) dropped; the rest of the query stays as written, but for blanks, which become
    `%20`. Never raises.
    """
    href = mended(href, base)
    if not href or href.startswith("#"):
        return None
    try:
        parts = urlsplit(urljoin(base, href))
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in _DEFAULT_PORTS or (name := _plain_name(parts.hostname)) is None:
        return None
    netloc = name if port in (None, 80, 443) else f"{name}:{port}"
    path = _SESSION_IN_PATH.sub("", parts.path).replace(" ", "%20") or "/"
    pairs = (pair for pair in parts.query.replace("&amp;", "&").split("&") if pair)
    query = "&".join(pair for pair in pairs if not (_NOISE.match(pair.split("=")[0]) or _SESSION_PAIR.fullmatch(pair)))
    return urlunsplit((parts.scheme, netloc, path, query.replace(" ", "%20"), ""))


def mended(href: str, base: str) -> str:
    """Return a link as browsers read it: without tabs, line ends and blanks around it, backslashes as slashes where it
    has no query yet, and two slashes after `http:` where a host follows with more, or with fewer on another scheme."""
    href = _BLANKS.sub("", without_unstorable(href)).strip()
    if "\\" in href:
        end = next((place for place, letter in enumerate(href) if letter in "?#"), len(href))
        href = href[:end].replace("\\", "/") + href[end:]
    if (found := _SCHEME.match(href)) and len(found[2]) != 2:
        scheme, slashes, name = found.groups()
        scheme_of_base, _, rest = base.partition("://")
        if len(slashes) > 2 or scheme.lower() != scheme_of_base or name.lower() == rest.partition("/")[0]:
            href = f"{scheme}://{href[found.end(2) :]}"
    return href


def _plain_name(name: str | None) -> str | None:
    """Return the name of a host as requests carry it: `xn--…` for letters beyond ASCII, an IPv6 address in brackets;
    None for what no host is called."""
    if not name:
        return None
    if not name.isascii():
        try:
            name = name.encode("idna").decode("ascii").lower()
        except UnicodeError:
            return None
    if ":" in name:
        return f"[{name}]"
    return name if len(name) <= _LONGEST_HOST and _HOST.fullmatch(name) else None


def cleaned(url: str) -> str:
    """Return the address of a page that came in the form in which `absolute` gives links; one it cannot read, as is."""
    return absolute(url, url) or url


def host(url: str) -> str:
    """Return the host of `url`, lower case, without a port, `xn--…` beyond ASCII; "" where there is none."""
    try:
        name = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    return name if name.isascii() else _plain_name(name) or ""


def host_and_port(url: str) -> str:
    """Return the host of `url`, lower case, with its port where it is not the scheme's own; "" where there is none."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return ""
    name = parts.hostname or ""
    return name if port in (None, _DEFAULT_PORTS.get(parts.scheme)) else f"{name}:{port}"


def spellings(url: str) -> list[str]:
    """Return an address with both schemes, each with `www.` and without it: what archives take for one and the same."""
    rest = url.partition("://")[2].removeprefix("www.")
    return [f"{scheme}://{host}{rest}" for scheme in ("http", "https") for host in ("", "www.")] if rest else [url]


def plain_host(host: str) -> str:
    """Return a host in one form for all its spellings: www.a.vn, a.vn:443 and a.vn are one; other ports stay."""
    return re.sub(r":(?:443|80)$", "", host).removeprefix("www.")


def without_locale(url: str) -> str:
    """Return `url` without leading language segments: /vi/en/tin-tuc → /tin-tuc."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=_LOCALE.sub("", parts.path) or "/"))


def without_session(url: str) -> str:
    """Return an address without a visitor's session, where it has one in a usual form; all else stays as written.

    Raises ValueError for what is no address.
    """
    if ";" not in url and "(" not in url and "%28" not in url and "?" not in url:
        return url
    parts = urlsplit(url)
    pairs = parts.query.split("&")
    kept = [pair for pair in pairs if not _SESSION_PAIR.fullmatch(pair)]
    path = _SESSION_IN_PATH.sub("", parts.path)
    if len(kept) == len(pairs) and path == parts.path:
        return url
    return urlunsplit(parts._replace(path=path, query="&".join(kept)))


def without_parameters(url: str, names: Collection[str]) -> str:
    """Return `url` without the query parameters of these names; all else stays as written."""
    if not names or "?" not in url:
        return url
    parts = urlsplit(url)
    pairs = parts.query.split("&")
    kept = [pair for pair in pairs if pair.split("=", 1)[0] not in names]
    return url if len(kept) == len(pairs) else urlunsplit(parts._replace(query="&".join(kept)))


def without_query(url: str) -> str:
    """Return `url` up to its query."""
    return urlunsplit(urlsplit(url)._replace(query="", fragment=""))


def query_value(url: str, name: re.Pattern[str]) -> str | None:
    """Return the value of the first parameter whose whole name matches, or None."""
    return next((value for key, value in parse_qsl(urlsplit(url).query) if name.fullmatch(key)), None)


def with_query_value(url: str, name: str, value: str) -> str:
    """Return `url` with parameter `name` set to `value`, in its place or at the end."""
    parts = urlsplit(url)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    if any(key == name for key, _ in pairs):
        pairs = [(key, value if key == name else old) for key, old in pairs]
    else:
        pairs.append((name, value))
    return urlunsplit(parts._replace(query=urlencode(pairs)))


def with_form(endpoint: str, form: str) -> str:
    """Return the address of the answer to a form that is sent to `endpoint` by POST.

    `form` is the request's body (`PageIndex=1&PageSize=20`). It becomes the fragment, which never leaves the machine:
    `https://host/api/NewsZone/NewsZone#POST:PageIndex=1&PageSize=20`. So a page asked for by POST has an address that
    is a string like any other, in spiders and archives alike.
    """
    return f"{urldefrag(endpoint).url}#{_POST}{form}"


def form_of(address: str) -> str | None:
    """Return the form that `with_form` put into an address; None for a page that is asked for by GET."""
    fragment = urldefrag(address).fragment
    return fragment.removeprefix(_POST) if fragment.startswith(_POST) else None


def is_trap(url: str) -> bool:
    """Tell whether a URL shows the marks of an endless space of pages.

    Two language segments or one at the end of a path (/tin/vi/en/vi), a path segment that comes three times or a run
    of two that repeats (a/b/a/b), more than 12 segments, or more than 2,000 characters.
    """
    if len(url) > _MAX_LENGTH:
        return True
    segments = [segment.lower() for segment in urlsplit(url).path.split("/") if segment]
    if len(segments) > 12:
        return True
    languages = [segment for segment in segments if segment in _LOCALE_SEGMENTS]
    if len(segments) > 1 and languages and (len(languages) > 1 or segments[-1] in _LOCALE_SEGMENTS):
        return True
    if any(segments.count(segment) > 2 for segment in segments if segment != "-"):
        return True
    return any(segments[i : i + 2] == segments[i + 2 : i + 4] for i in range(len(segments) - 3))
