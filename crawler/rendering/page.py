"""One page in the browser: every request that it makes is answered here, and it is read when it no longer changes."""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING, Any
from urllib.parse import urldefrag

from crawler.reasons import Reason
from crawler.run.failures import NotUsed

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext, Page, Request, Route

logger = logging.getLogger(__name__)

_MOST_REQUESTS = 120  # of one page
_MOST_NAVIGATIONS = 4  # the page itself among them; scripts may send on, or load a page again with a cookie
_LOOK = 0.1  # seconds between two looks at a page
_QUIET = 0.5  # seconds without a request and without a change, after which a page is finished
_PATIENCE = 3.0  # seconds that a page gets which neither asked for data nor was filled: a script may begin late
_BRIEF = 1.0  # the same for one that shows a text from the start
_TEXT = 600  # characters of such a text
_FILLED = 200  # characters of text, by which a page has changed that was filled without data from the server
_RESTLESS = 5.0  # seconds without a request, after which a page is finished although it goes on changing: a clock
_MOST_PRESSED = 20  # times that a button for more is pressed
_CLOSE = 5.0  # seconds
_METHODS = frozenset({"GET", "HEAD", "POST"})
_ASKED = frozenset({"document", "script", "xhr", "fetch"})
_NEEDED = frozenset({"script", "xhr", "fetch", "stylesheet", "font", "image"})  # to look as readers see it
_PIXEL = (
    b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00"
    b"\x01\x00\x00\x02\x01D\x00;"
)
# What is not asked for, but answered all the same: a page whose styles or pictures fail may show something else.
_EMPTY = {"stylesheet": ("text/css", b""), "image": ("image/gif", _PIXEL)}

# What a page has to show: its links, by a sum over their addresses, and the length of its text.
_LOOKS_LIKE = """() => {
    const links = document.querySelectorAll('a[href]');
    let sum = 0;
    for (const link of links)
        for (const letter of link.getAttribute('href')) sum = (sum * 31 + letter.charCodeAt(0)) | 0;
    const text = document.body ? document.body.innerText.length : 0;
    return [document.readyState === 'complete', links.length, sum, text];
}"""


# Presses the button that shows more of a list, unless it is a link with an address of its own, which is followed.
_SHOW_MORE = """() => {
    const words = /^(?:xem thêm|xem tiếp|tải thêm|hiển thị thêm|thêm tin|load more|show more|view more)/i;
    for (const found of document.querySelectorAll('button, a, [role=button], input[type=button]')) {
        const said = (found.innerText || found.value || '').trim().normalize('NFC'), leads = found.getAttribute('href');
        if (said.length > 40 || !words.test(said) || found.disabled || !found.offsetParent) continue;
        if (leads && !/^(?:#|javascript:)/i.test(leads)) continue;
        found.click();
        return true;
    }
    return false;
}"""
# Scrolls to the end of a page, by steps that bring everything into view.
_TO_ITS_END = """async () => {
    for (let down = 0; down < Math.min(document.documentElement.scrollHeight, 40000); down += 1500) {
        window.scrollTo(0, down);
        await new Promise(done => setTimeout(done, 20));
    }
    window.scrollTo(0, document.documentElement.scrollHeight);
}"""
_ADDRESSES = "() => [...document.querySelectorAll('a[href]')].slice(0, 5000).map(link => link.href)"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a page asks for. `kind`: document, script, xhr or fetch, of a page that is only loaded also stylesheet, font
    or image; `cookies`: those that its scripts have set too."""

    url: str
    method: str
    kind: str
    headers: dict[str, str]
    body: bytes
    cookies: dict[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the crawl got for it: `url` behind redirects, `headers` as (name, value), `body` unpacked."""

    url: str
    status: int
    headers: Sequence[tuple[str, str]]
    body: bytes


Fetch = Callable[[Asked], Awaitable[Answer]]
"""Gets what a page asks for, by the rules of the crawl. Raises NotUsed, with the reason, for what it does not get."""


@dataclass(slots=True)
class Finished:
    """A page when its scripts were done: its DOM as HTML in UTF-8, and the address at which it was then.

    `refused`: why requests of the page were not sent, counted by reason; `requests`: how many were answered; `pressed`:
    how many times its button for more was pressed.
    """

    html: bytes = b""
    url: str = ""
    requests: int = 0
    pressed: int = 0
    refused: Counter[str] = field(default_factory=Counter)


class RenderedPage:
    """A page that came, and that is to be finished in a browser."""

    def __init__(
        self,
        came: Answer,
        fetch: Fetch,
        *,
        seconds: float,
        largest: int,
        wants_more: Callable[[list[str]], bool] = lambda addresses: False,
        most_requests: int = _MOST_REQUESTS,
    ):
        """`came`: the page as the server sent it; `seconds` for its scripts, without the time for which they wait for
        answers; `largest`: bytes of the finished page, 0 for no bound; `wants_more`: whether a page that links to these
        addresses is to be asked for more, where it has a button that shows more; `most_requests`: of the page."""
        self.came = came
        self.fetch = fetch
        self.seconds = seconds
        self.largest = largest
        self.wants_more = wants_more
        self.most_requests = most_requests
        self.finished = Finished(url=came.url)
        self._address = urldefrag(came.url).url
        self._led_to = {self._address: came.url}
        self._pending = 0
        self._navigations = 0
        self._has_data = False
        self._last_request = monotonic()
        self._end = False
        self._asks, self._methods = _ASKED, _METHODS

    async def finish(self, context: "BrowserContext") -> Finished:
        """Return the finished page. Raises NotUsed where it takes too long or is too large."""
        return await self._opened(context, self._read)

    async def load(self, context: "BrowserContext") -> Finished:
        """Show the page to its end, only to learn what it asks for to look as readers see it; its HTML is not returned.

        It cannot send on to another page, and sends nothing. Raises NotUsed where it takes too long.
        """
        self._asks, self._methods = _NEEDED, frozenset({"GET"})
        return await self._opened(context, self._look_through)

    async def _opened(self, context: "BrowserContext", use: Callable[["Page"], Awaitable[None]]) -> Finished:
        from playwright.async_api import Error

        try:
            page = await asyncio.wait_for(context.new_page(), self.seconds)
        except (Error, TimeoutError) as error:
            raise NotUsed(Reason.TOO_SLOW, "the browser opened no page for it") from error
        try:
            await self._watch(page)
            await page.goto(self._address, wait_until="commit", timeout=self.seconds * 1000)
            await self._settle(page)
            await use(page)
        except TimeoutError as error:
            raise self._too_slow() from error
        except Error as error:
            if "Timeout" in error.message:
                raise self._too_slow() from error
            said = error.message.splitlines()[0][:200]
            raise NotUsed(Reason.TOO_SLOW, f"the browser lost it: {said}") from error
        finally:
            self._end = True
            await _close(page)
        return self.finished

    def _too_slow(self) -> NotUsed:
        return NotUsed(Reason.TOO_SLOW, f"its scripts were not done after {self.seconds:g} seconds")

    async def _read(self, page: "Page") -> None:
        await self._show_more(page)
        await self._take(page)

    async def _look_through(self, page: "Page") -> None:
        await asyncio.wait_for(page.evaluate(_TO_ITS_END), self.seconds)
        self._has_data = True  # it was given its time
        await self._settle(page)

    async def _watch(self, page: "Page") -> None:
        """Take every request of the page, and let it open nothing."""
        await page.route("**/*", self._answer)
        await page.route_web_socket("**/*", lambda socket: socket.close())
        page.on("popup", _close)
        page.on("dialog", lambda dialog: asyncio.ensure_future(dialog.dismiss()))

    # What the page asks for

    async def _answer(self, route: "Route") -> None:
        from playwright.async_api import Error

        with suppress(Error):  # the page is gone
            await self._answered(route, route.request)

    async def _answered(self, route: "Route", request: "Request") -> None:
        if request.is_navigation_request() and request.frame.parent_frame is None:
            self._navigations += 1
            if self._navigations == 1:
                await _fulfill(route, self.came)
                return
            if self._navigations > _MOST_NAVIGATIONS or "document" not in self._asks:
                self.finished.refused[Reason.REDIRECT_LOOP] += 1
                await route.abort("aborted")  # anything else would put an error page in its place
                return
        elif request.resource_type == "document":  # a frame: the crawl asks for those that hold a text
            await route.abort("blockedbyclient")
            return
        asks = request.resource_type in self._asks and request.method in self._methods
        if not asks and (empty := _EMPTY.get(request.resource_type)):
            await route.fulfill(status=200, content_type=empty[0], body=empty[1])
        elif self._end or not asks:
            await route.abort("blockedbyclient")
        elif self.finished.requests >= self.most_requests:
            self.finished.refused[Reason.RUN_BOUND] += 1
            await route.abort("blockedbyclient")
        else:
            await self._ask(route, request)

    async def _ask(self, route: "Route", request: "Request") -> None:
        self.finished.requests += 1
        self._pending += 1
        is_page = request.is_navigation_request()
        try:
            cookies = await request.frame.page.context.cookies(request.url)
            answer = await self.fetch(
                Asked(
                    urldefrag(request.url).url,
                    request.method,
                    request.resource_type,
                    await request.all_headers(),
                    request.post_data_buffer or b"",
                    {cookie.get("name", ""): cookie.get("value", "") for cookie in cookies},
                )
            )
        except NotUsed as error:
            self.finished.requests -= 1
            self.finished.refused[error.reason] += 1
            logger.debug("%s: a request of the page is refused: %s: %s", self.came.url, request.url, error)
            await route.abort("aborted" if is_page else "blockedbyclient")
        else:
            self._has_data = self._has_data or request.resource_type in ("xhr", "fetch")
            if is_page:
                self._led_to[urldefrag(request.url).url] = answer.url
            await _fulfill(route, answer)
        finally:
            self._pending -= 1
            self._last_request = monotonic()

    # When it is finished

    async def _settle(self, page: "Page") -> None:
        """Wait until the page asks for nothing more and no longer changes. Raises TimeoutError.

        The time for which its requests wait for their turn and for their answers does not count: that is the pause
        between two requests to the site, and each request has a bound of its own.
        """
        spent, looked = 0.0, monotonic()
        first: list[int] | None = None
        before: list[int] | None = None
        changed_at = self._last_request = looked
        while True:
            await asyncio.sleep(_LOOK)
            now = monotonic()
            if not self._pending:
                spent += now - looked
            looked = now
            if self._pending:
                continue
            if spent > self.seconds:
                raise TimeoutError
            shown = await self._shown(page, self.seconds - spent + _LOOK)
            now = monotonic()
            if shown is None or shown != before:
                before, changed_at = shown, now
            if shown is None:
                first = None
                continue
            first = first or shown
            unasked, unchanged = now - self._last_request, now - changed_at
            is_filled = self._has_data or shown[0] != first[0] or abs(shown[-1] - first[-1]) >= _FILLED
            quiet = _QUIET if is_filled else _BRIEF if first[-1] >= _TEXT else _PATIENCE
            if unasked >= quiet and (unchanged >= quiet or unasked >= _RESTLESS):
                return

    async def _show_more(self, page: "Page") -> None:
        """Press the button that shows more of a list, as long as that brings more links and more is wanted."""
        count = -1
        for _ in range(_MOST_PRESSED):
            said = await asyncio.wait_for(page.evaluate(_ADDRESSES), self.seconds)
            addresses = [text for text in said if isinstance(text, str)] if isinstance(said, list) else []
            if len(addresses) <= count or not self.wants_more(addresses):
                return
            count = len(addresses)
            self._has_data = False
            if not await asyncio.wait_for(page.evaluate(_SHOW_MORE), self.seconds):
                return
            self.finished.pressed += 1
            await self._settle(page)

    async def _shown(self, page: "Page", seconds: float) -> list[int] | None:
        """Return what the page shows: the number of its links, a sum over them, the length of its text.

        None while it is not loaded, or is replaced by another one. Raises TimeoutError.
        """
        from playwright.async_api import Error

        try:
            is_loaded, *shown = await asyncio.wait_for(page.evaluate(_LOOKS_LIKE), seconds)
            return [int(number) for number in shown] if is_loaded else None
        except Error:
            if page.is_closed():
                raise
        except (TypeError, ValueError):  # a script has changed what the browser says
            pass
        return None

    async def _take(self, page: "Page") -> None:
        size = await asyncio.wait_for(page.evaluate("document.documentElement.outerHTML.length"), self.seconds)
        if not self.largest or (isinstance(size, int) and size <= self.largest):
            self.finished.html = (await asyncio.wait_for(page.content(), self.seconds)).encode("utf-8", "replace")
        if not self.finished.html or (self.largest and len(self.finished.html) > self.largest):
            raise NotUsed(Reason.TOO_LARGE, f"its finished page has more than {self.largest} bytes")
        address = urldefrag(page.url).url
        self.finished.url = self._led_to.get(address, address)


async def _fulfill(route: "Route", answer: Answer) -> None:
    headers: dict[str, str] = {}
    for name, value in answer.headers:
        if name.lower() not in ("content-encoding", "content-length", "transfer-encoding"):
            headers[name] = f"{headers[name]}\n{value}" if name in headers else value
    await route.fulfill(status=answer.status, headers=headers, body=answer.body)


async def _close(page: Any) -> None:
    """Close a page; one whose script never ends closes without being asked."""
    with suppress(Exception):
        await asyncio.wait_for(page.close(run_before_unload=False), _CLOSE)
