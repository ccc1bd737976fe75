"""Asking a web archive: one request at a time, with pauses, and no more often than it wants.

The pause between two requests to a host is cdx-toolkit's own: 6 s for the Internet Archive, about 1 s for Common Crawl,
3 s for any other; its variables CDXT_… change it. Its own client is not used: it asks on without end while a server
says 503, does not look at Retry-After, and undoes the encoding of what comes in.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import HTTPError

from crawler.errors import InternalError
from crawler.reasons import Reason, http_reason
from crawler.web_archives.sources import toolkit

_AGAIN = frozenset({429, 500, 502, 503, 504, 509})
_CHUNK = 64 * 1024


class NoAnswer(InternalError):
    """A request that brought nothing; `reason` is a word of crawler.reasons. `sent_away`: the server
    wants not to be asked for longer than is waited."""

    def __init__(self, reason: str, detail: str, *, sent_away: bool = False):
        super().__init__(detail)
        self.reason = reason
        self.sent_away = sent_away


class TimeUp(InternalError):
    """The time given to the run is over, or would be before the next request may be sent."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `headers`: as sent, in order; `body`: before any Content-Encoding is undone, unless `get` was
    asked to undo it."""

    url: str
    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str | None:
        """Return the first header of that name."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)

    @property
    def text(self) -> str:
        """The body as UTF-8; what is none is replaced."""
        return self.body.decode("utf-8", "replace")


@dataclass(slots=True)
class Client:
    """Sends requests. `retries`: how often one is sent again, after `backoff` seconds, doubled each time, or after
    what Retry-After says, unless that is over `longest_wait` seconds; `pauses`: host → seconds between two requests.

    Redirects are not followed. `until`: the value of `clock` (seconds) at which the time is up, None for no bound.
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
    _session: requests.Session = field(default_factory=requests.Session)
    _next: dict[str, float] = field(default_factory=dict)

    def get(
        self, url: str, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None,
        undo: bool = False, most: int = 0,
    ) -> Answer:  # fmt: skip
        """Return the answer, whatever its status but those that ask to come again. `undo`: undo Content-Encoding;
        `most`: bytes that the body may have, where that is more than `max_bytes`.

        Raises NoAnswer where there is none after all, TimeUp.
        """
        host = urlsplit(url).netloc
        for turn in range(self.retries + 1):
            self._wait(self._next.get(host, 0.0) - self.clock())
            try:
                answer = self._send(url, params, headers or {}, undo, max(most, self.max_bytes))
            except NoAnswer as error:
                if turn == self.retries or error.reason in (Reason.DNS, Reason.TLS, Reason.TOO_LARGE):
                    raise
                pause = self.backoff * 2**turn
            else:
                if answer.status not in _AGAIN:
                    return answer
                asked = _retry_after(answer)
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
        # Encodings that every reader of web archives can undo; the archive hands out what it stored.
        common = {"User-Agent": self.user_agent, "Accept": "*/*", "Accept-Encoding": "gzip, deflate"}
        try:
            with self._session.get(
                url, params=params, headers=common | dict(headers), timeout=self.timeout, allow_redirects=False,
                stream=True,
            ) as response:  # fmt: skip
                parts, size = [], 0
                for chunk in response.raw.stream(_CHUNK, decode_content=undo):
                    parts.append(chunk)
                    size += len(chunk)
                    if size > most:
                        raise NoAnswer(Reason.TOO_LARGE, f"more than {most} bytes")
                items = list(response.raw.headers.items())
                return Answer(response.url, response.status_code, items, b"".join(parts))
        except requests.exceptions.SSLError as error:
            raise NoAnswer(Reason.TLS, str(error)) from None
        except requests.exceptions.Timeout as error:
            raise NoAnswer(Reason.TIMEOUT, str(error)) from None
        except (requests.exceptions.RequestException, HTTPError, OSError) as error:
            raise NoAnswer(_reason(error), str(error)) from None


def pause(host: str) -> float:
    """Return the seconds between two requests to a host (with port) that cdx-toolkit holds right."""
    toolkit()
    from cdx_toolkit.myrequests import retry_info

    return float(retry_info.get(host.partition(":")[0], retry_info["default"])["minimum_interval"])


def _reason(error: BaseException) -> Reason:
    said = str(error)
    if "resolve" in said or "Name or service" in said or "getaddrinfo" in said:
        return Reason.DNS
    return Reason.REFUSED if "refused" in said else Reason.TIMEOUT if "timed out" in said else Reason.CONNECTION


def _retry_after(answer: Answer) -> float | None:
    """Seconds the server asks to wait, from a number or an HTTP date; None where it does not say."""
    value = (answer.header("Retry-After") or "").strip()
    if value.isdigit():
        return float(value)
    try:
        return max(0.0, (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return None
