"""The door through which commands print: standard output and error, of which a terminal only shows what they say."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO

from crawler.text.terminal_text import for_terminal


class ShownText:
    """A stream like `plain` whose text goes through crawler.text.terminal_text first."""

    def __init__(self, plain: TextIO):
        self.plain = plain

    def write(self, text: str) -> int:
        """Write `text` so that a terminal only shows it."""
        self.plain.write(for_terminal(text))
        return len(text)

    def writelines(self, lines: Any) -> None:
        """Write several texts."""
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.plain, name)


@contextmanager
def shown_text() -> Iterator[None]:
    """Let all that is printed in the block go through this door, and also the traceback of a mistake of ours after."""
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = (
        stream if stream is None or isinstance(stream, ShownText) else ShownText(stream) for stream in before
    )
    try:
        yield
    except SystemExit:
        sys.stdout, sys.stderr = before
        raise
    else:
        sys.stdout, sys.stderr = before


def plain(stream: TextIO) -> TextIO:
    """Return the stream behind the door, for what has colours of its own; its texts must have gone through
    `for_terminal` or `one_line` before."""
    return stream.plain if isinstance(stream, ShownText) else stream
