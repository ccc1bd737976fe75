"""How long a host is waited for in one run: whether it has used up what it is given."""

from collections import Counter
from dataclasses import dataclass, field

from crawler.reasons import Reason, http_reason
from crawler.text.counted import counted


@dataclass(slots=True)
class HostPatience:
    """What each host has cost in one run. A host that has cost too much is given up until the next run.

    `timeouts`: in a row; `timeout_seconds`: lost to timeouts in sum; `waited_seconds`: of Retry-After in sum. 0 is no
    bound.
    """

    timeouts: int
    timeout_seconds: float
    waited_seconds: float
    given_up: dict[str, tuple[str, str]] = field(default_factory=dict)  # host → reason, detail
    _in_a_row: Counter[str] = field(default_factory=Counter)
    _lost: dict[str, float] = field(default_factory=dict)
    _waited: dict[str, float] = field(default_factory=dict)

    def answered(self, host: str) -> None:
        """Note that an answer came, of whatever status."""
        self._in_a_row.pop(host, None)

    def timed_out(self, host: str, seconds: float) -> bool:
        """Note a request that was not answered within `seconds`; True if the host is given up now."""
        self._in_a_row[host] += 1
        self._lost[host] = self._lost.get(host, 0.0) + seconds
        row, lost = self._in_a_row[host], self._lost[host]
        if self.timeouts and row >= self.timeouts:
            return self._give_up(
                host, Reason.TIMEOUT, f"the host was given up after {counted(row, 'timeout')} in a row"
            )
        if self.timeout_seconds and lost >= self.timeout_seconds:
            return self._give_up(
                host, Reason.TIMEOUT, f"the host was given up after {counted(round(lost), 'second')} of timeouts"
            )
        return False

    def asked_to_wait(self, host: str, seconds: float, status: int) -> bool:
        """Note a Retry-After of `seconds`; True if that is more than the host is waited for, so that it is given up."""
        waited = self._waited.get(host, 0.0)
        if self.waited_seconds and waited + seconds > self.waited_seconds:
            asked, before = counted(round(seconds), "second"), counted(round(waited), "second")
            said = f"the host was given up: it asked to wait {asked} after {before} of waiting"
            return self._give_up(host, http_reason(status), said)
        self._waited[host] = waited + seconds
        return False

    def _give_up(self, host: str, reason: str, detail: str) -> bool:
        if host in self.given_up:
            return False
        self.given_up[host] = str(reason), detail
        return True


def given_up_stat(host: str) -> str:
    """Return the name of the stat that says why a host was given up."""
    return f"retry/given_up/{host}"
