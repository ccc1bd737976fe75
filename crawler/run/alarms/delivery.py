"""Where alarms go: addresses of Apprise, such as mail, Telegram and webhooks. None of them is ever shown or logged."""

import hashlib
import logging
import re
import threading
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from types import ModuleType
from typing import TYPE_CHECKING
from urllib.parse import unquote

from crawler.errors import ConfigurationError, MissingGroup, how_to_install
from crawler.text.terminal_text import one_line

if TYPE_CHECKING:
    from apprise import NotifyBase

_SECONDS = 60.0  # that one address may take; Apprise bounds single steps of it, but not all of them
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]{0,31})://")
_MARK = 4  # digits of a digest: too few to find an address by trying
_SHORTEST = 4  # characters of what may be a secret
_LONGEST = 300  # characters of what a service answered


@dataclass(frozen=True, slots=True)
class Target:
    """One address. `name` says which one without a word of it; `mark` tells it from the others and reveals nothing."""

    name: str
    mark: str
    secrets: tuple[str, ...] = field(repr=False)
    service: "NotifyBase" = field(repr=False)

    def send(self, title: str, body: str) -> str | None:
        """Send a message as plain text; returns None where it was taken, else why not, in words that reveal nothing."""
        apprise = _apprise()
        sender = apprise.Apprise()
        sender.add(self.service)
        taken: list[bool] = []

        def work() -> None:
            with suppress(Exception):  # of a plugin; what it says may quote the address
                taken.append(bool(sender.notify(body=body, title=title, body_format=apprise.NotifyFormat.TEXT)))

        with _remarks() as remarks:
            thread = threading.Thread(target=work, daemon=True)  # a service that hangs must not hold the run up
            thread.start()
            thread.join(_SECONDS)
        if taken == [True]:
            return None
        if thread.is_alive():
            return f"the service did not answer within {_SECONDS:.0f} seconds"
        return self._hidden(remarks[-1]) if remarks else "the service did not take it"

    def _hidden(self, remark: str) -> str:
        for secret in self.secrets:
            remark = remark.replace(secret, "***")
        return one_line(remark)[:_LONGEST].rstrip(". ")


def targets(addresses: Sequence[str]) -> list[Target]:
    """Return where alarms go. Raises ConfigurationError for an address that Apprise does not know, and MissingGroup."""
    if not addresses:
        return []
    apprise = _apprise()
    _keep_out_of_logs()
    found: list[Target] = []
    for number, address in enumerate(dict.fromkeys(addresses), 1):
        scheme = match[1].lower() if (match := _SCHEME.match(address)) else ""
        name = f"address {number} of the alarms ({scheme}://…)"
        service = None
        with _without_warnings(), suppress(Exception):  # of a plugin; what it says may quote the address
            service = apprise.Apprise.instantiate(address)
        if not isinstance(service, apprise.NotifyBase):
            why = (
                f"begins with {scheme}://, and what follows is not an address of such a service, or there is none"
                if scheme else "has no scheme such as mailto://, tgram:// or json://"
            )  # fmt: skip
            raise ConfigurationError(
                f"address {number} of the alarms {why}; see https://github.com/caronc/apprise/wiki for how to write it"
            )
        if "overflow=" not in address:  # several messages rather than none where the service takes short ones only
            service.overflow_mode = apprise.OverflowMode.SPLIT
        digest = hashlib.sha256(address.encode("utf-8", "replace")).hexdigest()
        found.append(Target(name, digest[:_MARK], _parts(address), service))
    return found


def _apprise() -> ModuleType:
    """Import Apprise. Raises MissingGroup with what to install."""
    try:
        with _without_warnings():
            import apprise
    except ImportError:
        raise MissingGroup(f"alarms need the optional group alerts: {how_to_install('alerts')}") from None
    return apprise


@contextmanager
def _without_warnings() -> Iterator[None]:
    """Keep to itself what Apprise's imports warn of: they are not the user's."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _parts(address: str) -> tuple[str, ...]:
    """What of an address may be secret: all of it but its scheme and the names of its options; the longest first."""
    _, _, rest = address.partition("://")
    before, _, options = rest.partition("?")
    values = [option.partition("=")[2] for option in options.split("&")]
    parts = {address, rest, before, *re.split(r"[/:@#,]", before), *values}
    parts |= {unquote(part) for part in parts}
    return tuple(sorted((part for part in parts if len(part) >= _SHORTEST), key=len, reverse=True))


class _Remarks(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(record.getMessage())


@contextmanager
def _remarks() -> Iterator[list[str]]:
    """Yield what Apprise warns of within the block."""
    kept, logger = _Remarks(), logging.getLogger("apprise")
    logger.addHandler(kept)
    try:
        yield kept.said
    finally:
        logger.removeHandler(kept)


def _keep_out_of_logs() -> None:
    """Let nothing of Apprise, and of what it sends with, come into our logs: it may quote addresses."""
    for name in ("apprise", "urllib3", "requests"):
        logger = logging.getLogger(name)
        logger.propagate, logger.handlers = False, [logging.NullHandler()]
