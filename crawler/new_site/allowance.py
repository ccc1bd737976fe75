"""What the survey of one site may ask of it: so many requests, and so many seconds."""

import asyncio
import time
from collections.abc import Callable

from crawler.new_site.probe import Fetch, Fetched, PageNotFetched
from crawler.reasons import Reason
from crawler.text.counted import counted

MOST_REQUESTS = 26
FEWEST_REQUESTS = 12  # where robots.txt or the configuration wants long pauses
SECONDS = 60.0
_OF_PAUSES = 45.0  # seconds that all pauses together may take, as long as the fewest requests fit in
_SLACK = 20.0  # seconds for the answers where the pauses alone take more than a minute


class Allowance:
    """Fetches the pages of one survey, each once, within its bounds. Redirects and retries are not counted.

    With the usual pause a survey has 26 requests and a minute; with longer ones fewer requests, 12 at least, and the
    time that these need. `now`: a clock of seconds.
    """

    def __init__(self, fetch: Fetch, now: Callable[[], float] = time.monotonic):
        self._fetch = fetch
        self._now = now
        self._began = now()
        self._came: dict[str, Fetched | PageNotFetched] = {}
        self.most = MOST_REQUESTS
        self.seconds = SECONDS
        self.left_out: list[str] = []  # what was not looked at, in words

    async def __call__(self, url: str) -> Fetched:
        """Return a page. Raises PageNotFetched, with the reason `timeout` once the time is up."""
        if url not in self._came:
            try:
                self._came[url] = await self._within_time(url)
            except PageNotFetched as error:
                self._came[url] = error
        came = self._came[url]
        if isinstance(came, PageNotFetched):
            raise came
        return came

    async def _within_time(self, url: str) -> Fetched:
        left = self.seconds - (self._now() - self._began)
        try:
            if left <= 0:
                raise TimeoutError
            async with asyncio.timeout(left):
                return await self._fetch(url)
        except TimeoutError:
            said = f"the {self.seconds:.0f} seconds that a survey may take were up"
            raise PageNotFetched(url, Reason.TIMEOUT, said) from None

    def keep_pauses_of(self, pause: float) -> None:
        """Let the bounds follow from the seconds between two requests that the site or the configuration wants."""
        if pause > 0:
            self.most = max(FEWEST_REQUESTS, min(MOST_REQUESTS, int(_OF_PAUSES / pause)))
            self.seconds = max(SECONDS, self.most * pause + _SLACK)

    def allows(self, what: str, *, keep: int, share: float) -> bool:
        """Tell whether something may still be looked at; `what` it is joins `left_out` where not.

        `keep`: the requests that are kept for what is more important; `share`: of the time, that may be over.
        """
        if len(self._came) + keep < self.most and self._now() - self._began < self.seconds * share:
            return True
        self.left_out.append(what)
        return False

    @property
    def asked(self) -> int:
        """How many pages were asked for."""
        return len(self._came)

    def note(self) -> str:
        """Return a sentence that says what was not looked at, and why; "" where nothing was left out."""
        if not self.left_out:
            return ""
        taken = self._now() - self._began
        slow = taken >= self.seconds / 2
        why = f"the site answers slowly ({counted(self.asked, 'page')} in {taken:.0f} s)" if slow else (
            f"a survey asks for {self.most} pages at most"
        )  # fmt: skip
        return f"not looked at: {', '.join(dict.fromkeys(self.left_out))}; {why}"
