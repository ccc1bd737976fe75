"""The HTTP client for web archives: one request at a time, with pauses, and no more often than the archive allows.

The pause between two requests to a host is cdx-toolkit's own: 6 s for the Internet Archive, about 1 s for Common Crawl,
3 s for any other; its variables CDXT_… change it. Its client is not used: it retries without end while a server answers
503, ignores Retry-After, and undoes the encoding of bodies.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import HTTPError

from crawler.errors import InternalError
from crawler.network.addresses import Reach
from crawler.network.destinations import Destinations
from crawler.network.requests_guard import GuardedAdapter, RefusedAddress
from crawler.reasons import Reason, http_reason
from crawler.run.retry_after import seconds_to_wait
from crawler.web_archives.sources import toolkit

_AGAIN = frozenset({429, 500, 502, 503, 504, 509})
_HOPELESS = (Reason.DNS, Reason.TLS, Reason.TOO_LARGE, Reason.INTERNAL_ADDRESS, Reason.BAD_ADDRESS)
_CHUNK = 64 * 1024


class NoAnswer(InternalError):
    """A request without a usable answer; `reason` is a word of crawler.reasons. `sent_away`: the server asked to wait
    longer than the client does."""

    def __init__(self, reason: str, detail: str, *, sent_away: bool = False):
        super().__init__(detail)
        self.reason = reason
        self.sent_away = sent_away


class TimeUp(InternalError):
    """The time of the run is over, or would be over before the next request may be sent."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer. `headers`: as sent, in order; `body`: with its Content-Encoding, unless `get` had to undo it."""

    url: str
    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str | None:
        """Return the first header of that name."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)

    @property
    def text(self) -> str:
        """The body as UTF-8, with a replacement character for every byte that is not."""
        return self.body.decode("utf-8", "replace")


@dataclass(slots=True)
class Client:
    """Sends requests, without following redirects.

    `retries`: how often a request is sent again, after `backoff` seconds, doubled each time, or after the time in
    Retry-After if that is at most `longest_wait` seconds; `pauses`: host → seconds between two requests; `until`: the
    value of `clock` (seconds) at which the time is up, None for no limit; `reach`: the addresses that it may
    connect to; `proxy`: through which it asks, "" for that of the environment, if any.
    """

    user_agent: str
    pauses: Callable[[str], float]
    retries: int = 3
    backoff: float = 2.0
    longest_wait: float = 300.0
    timeout: float = 45.0
    max_bytes: int = 32 * 1024 * 1024
    until: float | None = None
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    reach: Reach = field(default_factory=Reach)
    proxy: str = ""
    _session: requests.Session = field(default_factory=requests.Session)
    _next: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, GuardedAdapter(self.reach))

    def get(
        self, url: str, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None,
        undo: bool = False, most: int = 0,
    ) -> Answer:  # fmt: skip
        """Return the answer, whatever its status, except those that ask for a retry. `undo`: undo Content-Encoding;
        `most`: bytes that the body may have, if that is more than `max_bytes`.

        Raises NoAnswer where the last retry fails too, and TimeUp.
        """
        host = urlsplit(url).netloc
        for turn in range(self.retries + 1):
            self._wait(self._next.get(host, 0.0) - self.clock())
            try:
                answer = self._send(url, params, headers or {}, undo, max(most, self.max_bytes))
            except NoAnswer as error:
                if turn == self.retries or error.reason in _HOPELESS:
                    raise
                pause = self.backoff * 2**turn
            else:
                if answer.status not in _AGAIN:
                    return answer
                asked = seconds_to_wait(answer.header("Retry-After"))
                too_long = (asked or 0.0) > self.longest_wait
                if turn == self.retries or too_long:
                    raise NoAnswer(http_reason(answer.status), f"{host} answered {answer.status}", sent_away=too_long)
                pause = self.backoff * 2**turn if asked is None else asked
            finally:
                self._next[host] = self.clock() + self.pauses(host)
            self._next[host] = max(self._next[host], self.clock() + pause)
        raise AssertionError("unreachable: the last turn returns or raises")

    def _wait(self, seconds: float) -> None:
        if self.until is not None and self.clock() + max(seconds, 0.0) >= self.until:
            raise TimeUp
        if seconds > 0:
            self.sleep(seconds)

    def _send(
        self, url: str, params: Mapping[str, Any] | None, headers: Mapping[str, str], undo: bool, most: int
    ) -> Answer:
        # Encodings that every reader of web archives can undo; the archive sends bodies as it stored them.
        if refused := Destinations(self.reach).refusal(url):
            raise NoAnswer(*refused)
        common = {"User-Agent": self.user_agent, "Accept": "*/*", "Accept-Encoding": "gzip, deflate"}
        try:
            with self._session.get(
                url, params=params, headers=common | dict(headers), timeout=self.timeout, allow_redirects=False,
                stream=True, proxies={"http": self.proxy, "https": self.proxy} if self.proxy else None,
            ) as response:  # fmt: skip
                if response.status_code == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:
                    raise NoAnswer(Reason.PROXY, "the proxy wants a user and password, or others than it was given")
                parts, size = [], 0
                for chunk in response.raw.stream(_CHUNK, decode_content=undo):
                    parts.append(chunk)
                    size += len(chunk)
                    if size > most:
                        raise NoAnswer(Reason.TOO_LARGE, f"more than {most} bytes")
                items = list(response.raw.headers.items())
                return Answer(response.url, response.status_code, items, b"".join(parts))
        except RefusedAddress as error:
            raise NoAnswer(Reason.INTERNAL_ADDRESS, str(error)) from None
        except requests.exceptions.ProxyError:
            raise NoAnswer(Reason.PROXY, "the proxy opened no way to the server") from None
        except requests.exceptions.SSLError as error:
            raise NoAnswer(Reason.TLS, str(error)) from None
        except requests.exceptions.Timeout as error:
            raise NoAnswer(Reason.TIMEOUT, str(error)) from None
        except (requests.exceptions.RequestException, HTTPError, OSError) as error:
            raise NoAnswer(_reason(error), str(error)) from None


def pause(host: str) -> float:
    """Return the seconds between two requests to a host (with port) that cdx-toolkit recommends."""
    toolkit()
    from cdx_toolkit.myrequests import retry_info

    return float(retry_info.get(host.partition(":")[0], retry_info["default"])["minimum_interval"])


def _reason(error: BaseException) -> Reason:
    said = str(error)
    if "resolve" in said or "Name or service" in said or "getaddrinfo" in said:
        return Reason.DNS
    return Reason.REFUSED if "refused" in said else Reason.TIMEOUT if "timed out" in said else Reason.CONNECTION
