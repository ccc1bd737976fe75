"""The browser of a run: which program, with which flags; started when the first page needs it, ended with the run."""

import asyncio
import logging
import os
import re
import shutil
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from crawler.errors import how_to_install
from crawler.reasons import Reason
from crawler.run.failures import Refused

if TYPE_CHECKING:
    from playwright.async_api import Browser, BrowserContext

logger = logging.getLogger(__name__)

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
"""Names by which a Chromium is looked for on the PATH."""

VARIABLE = "TINPHUONG_BROWSER_PROGRAM"
_START = 60.0  # seconds; a loaded machine needs some
_CLOSE = 10.0  # seconds, then the process that drives the browser is left to end it
_WORDS = 200  # characters of what Chromium says when it does not start

# All that a page asks for is answered by the crawl (crawler.rendering.page). What the browser might ask for on its own
# finds no server: every name is unknown to it, and its proxy is a port on which nothing listens.
_NO_NETWORK = (
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--proxy-server=http://127.0.0.1:9",
    "--proxy-bypass-list=<-loopback>",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
)
FLAGS = (
    *_NO_NETWORK,
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-extensions",
    "--disable-gpu",
    "--disable-notifications",
    "--disable-quic",
    "--disable-speech-api",
    "--disable-sync",
    "--dns-prefetch-disable",
    "--js-flags=--max-old-space-size=512",  # MiB of one page's scripts
    "--metrics-recording-only",
    "--mute-audio",
    "--no-first-run",
    "--no-pings",
)


def what_is_missing(program: str) -> str | None:
    """Return what keeps pages from being rendered, as the end of a sentence about a site, or None.

    `program`: what the configuration names, "" where Chromium is looked for.
    """
    try:
        import scrapy_playwright  # noqa: F401  # that it is there
    except ImportError:
        packages = "its pages need a browser, and the packages that drive one are not installed"
        return f"{packages}: {how_to_install('browser')}, and Chromium (apt-get install chromium)"
    if program and not shutil.which(program):
        return f"its pages need a browser, and {program}, which `browser.program` names, is no program here"
    if not program_path(program):
        return (
            "its pages need a browser, and no Chromium was found: install it (apt-get install chromium), or name the "
            f"program in `browser.program` ({VARIABLE})"
        )
    return None


def program_path(program: str) -> str | None:
    """Return the path of the browser's program, None where there is none."""
    return next((path for name in ([program] if program else PROGRAMS) if (path := shutil.which(name))), None)


def is_alive(context: "BrowserContext") -> bool:
    """Tell whether the browser of a context still runs: one that took too much memory may have been ended."""
    return context.browser is not None and context.browser.is_connected()


class RunBrowser:
    """One browser for all sites of a run, each of which has a context of its own: its cookies and its storage.

    It is started for the first context and ended with the last. Where it could not be started, no second try is made
    in this run. `program`: what the configuration names. The packages of the group are imported here, and no sooner.
    """

    def __init__(self) -> None:
        self._lock = asyncio.Lock()
        self._provider: Any = None
        self._browser: Browser | None = None
        self._contexts: set[BrowserContext] = set()
        self._failed: str | None = None

    async def context(self, program: str, user_agent: str) -> "BrowserContext":
        """Return a new context. Raises Refused where no browser can be started."""
        async with self._lock:
            if self._failed:
                raise Refused(Reason.NO_BROWSER, self._failed)
            if self._browser is None or not self._browser.is_connected():
                await self._end()
                self._browser = await self._started(program)
            context = await self._browser.new_context(
                user_agent=user_agent,
                locale="vi-VN",
                timezone_id="Asia/Ho_Chi_Minh",
                viewport={
                    "width": 1280,
                    "height": 2000,
                },  # long: what is loaded when it comes into view
                service_workers="block",
                accept_downloads=False,
                bypass_csp=False,
            )
            self._contexts.add(context)
            return context

    async def leave(self, context: "BrowserContext") -> None:
        """Close a context, and the browser with the last one."""
        async with self._lock:
            self._contexts.discard(context)
            with suppress(Exception):  # it may be gone already
                await asyncio.wait_for(context.close(), _CLOSE)
            if not self._contexts:
                await self._end()

    async def _started(self, program: str) -> "Browser":
        from scrapy.settings import Settings
        from scrapy_playwright.handler import Config
        from scrapy_playwright.provider import PlaywrightBrowserProvider

        path = program_path(program)
        options = {
            "executable_path": path,
            "headless": True,
            "args": [*FLAGS],
            # Chromium's own sandbox does not work for root, who has to do without it.
            "chromium_sandbox": os.geteuid() != 0,
            "timeout": _START * 1000,
            # The run ends the browser; a signal to the whole group must not end it sooner.
            **dict.fromkeys(("handle_sigint", "handle_sigterm", "handle_sighup"), False),
        }
        self._provider = PlaywrightBrowserProvider(
            Config.from_settings(Settings({"PLAYWRIGHT_LAUNCH_OPTIONS": options}))
        )
        try:
            await self._provider.start()
            browser: Browser = await asyncio.wait_for(self._provider.launch_browser(), _START + _CLOSE)
        except Exception as error:
            await self._end()
            self._failed = f"its pages need a browser, and {path} could not be started: {_why(error)}"
            raise Refused(Reason.NO_BROWSER, self._failed) from error
        return browser

    async def _end(self) -> None:
        """End the browser, if there is one. The process that drives it ends it even where this process is killed."""
        browser, self._browser = self._browser, None
        provider, self._provider = self._provider, None
        for close in (browser and browser.close, provider and provider.playwright and provider.playwright.stop):
            if close:
                with suppress(Exception):
                    await asyncio.wait_for(close(), _CLOSE)


def _why(error: Exception) -> str:
    """Return what a browser that does not start says, in one line without `<`, which would look like a dump."""
    lines = [line.strip(" -") for line in str(error).splitlines()]
    own = [found[1] for line in lines if (found := re.search(r"\[err\]\s+(.*\S)", line))]
    telling = [line for line in own if re.search("sandbox|error|fatal|cannot|not found", line, re.IGNORECASE)]
    if isinstance(error, TimeoutError):
        return f"it did not answer within {_START:g} seconds"
    said = (telling or own or ["it ended at once"])[0]
    return re.sub(r"[<>]", "", said)[:_WORDS]
