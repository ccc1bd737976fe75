"""The blocks of a page of docs/operating, in order: what is run, what is written, and what is only checked.

A block is run as its language says; a comment right above it says what differs:

| language | what is done |
|---|---|
| `console` | each line after `$ ` is run, and prints what is shown; those after `# ` need root |
| `shell`, `sh`, `bash` | each line is run |
| `cron` | it must be a crontab |
| `toml` | it must be a configuration |
| `ini` | it must be a unit of systemd, if it has a section of one |
| `shell-session`, others | nothing: another test runs it on a collection that it makes, or it is no command |

| comment | means |
|---|---|
| `<!-- not run: REASON -->` | only the syntax is checked, and that the program has such commands and options |
| `<!-- exit code: N -->` | the commands of the block end with N, not 0 |
| `<!-- before: COMMAND -->` | this is run before; a reader does not see it. May be repeated |
| `<!-- file: NAME -->` | the block is written to this file of the working folder |
| `<!-- afresh -->` | from here on another working folder, as each page gets one in the beginning |

Several comments may stand above one block, a line each.
"""

import re
import textwrap
from dataclasses import dataclass, field
from pathlib import Path

SHELLS = {"shell", "sh", "bash"}
_FENCE = re.compile(r"^ *```([\w-]*) *$")
_COMMENT = re.compile(r"^ *<!-- ([a-z ]+?)(?:: (.+?))? -->$")
_KNOWN = {"not run", "exit code", "before", "file", "afresh"}


@dataclass
class Command:
    """A command line, with what is shown under it. `root`: it needs root."""

    text: str
    shown: str = ""
    root: bool = False


@dataclass
class Block:
    """A block of a page; `line` is that of its first line, from 1."""

    page: Path
    line: int
    language: str
    text: str
    not_run: str = ""
    exit_code: int = 0
    before: list[str] = field(default_factory=list)
    file: str = ""
    afresh: bool = False

    @property
    def place(self) -> str:
        return f"{self.page.name}, line {self.line}"

    @property
    def commands(self) -> list[Command]:
        """The command lines of a block that is a shell's."""
        if self.language in SHELLS:
            return [Command(line) for line in _joined(self.text) if line and not line.startswith("#")]
        found: list[Command] = []
        for line in self.text.splitlines() if self.language == "console" else ():
            if line.startswith(("$ ", "# ")):
                found.append(Command(line[2:], root=line.startswith("#")))
            elif found and line.startswith("> ") and not found[-1].shown:
                found[-1].text += f"\n{line[2:]}"
            elif found:
                found[-1].shown += f"{line}\n"
        return found


def blocks(page: Path) -> list[Block]:
    """Return the blocks of a page. Raises AssertionError for a comment that would mean something and is misspelt."""
    found: list[Block] = []
    said: dict[str, list[str]] = {}
    lines = page.read_text(encoding="utf-8").splitlines()
    at = 0
    while at < len(lines):
        if comment := _COMMENT.match(lines[at]):
            said.setdefault(comment[1], []).append(comment[2] or "")
        elif fence := _FENCE.match(lines[at]):
            end = next((i for i in range(at + 1, len(lines)) if _FENCE.match(lines[i])), len(lines))
            assert end < len(lines), f"{page.name}, line {at + 1}: this block is never closed"
            unknown = set(said) - _KNOWN
            assert not unknown, f"{page.name}, line {at + 1}: there is no comment {unknown}"
            assert all(said.get("not run", ())), f"{page.name}, line {at + 1}: not run, without a reason"
            found.append(
                Block(
                    page, at + 2, fence[1], textwrap.dedent("\n".join(lines[at + 1 : end]) + "\n"),
                    not_run="".join(said.get("not run", ())), exit_code=int("".join(said.get("exit code", ("0",)))),
                    before=said.get("before", []), file="".join(said.get("file", ())), afresh="afresh" in said,
                )
            )  # fmt: skip
            at, said = end, {}
        elif lines[at].strip():
            said = {}
        at += 1
    return found


def _joined(text: str) -> list[str]:
    return re.sub(r"\\\n\s*", "", text).splitlines()


_BYTES = r"(?:bytes?|B|[kKMGT]i?B)"
# What differs from machine to machine and from run to run: pattern in what is shown → pattern of what is printed.
_VARYING = (
    (r"…", r".*?"),
    (r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?: ?[+-]\d\d:?\d\d|Z)?)?",
     r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?: ?[+-]\d\d:?\d\d|Z)?)?"),
    (r"\b\d{8}T\d{6}Z?\b", r"\d{8}T\d{6}Z?"),
    (rf"[\d.,]+ {_BYTES}\b", rf"[\d.,]+ {_BYTES}"),
    (r"[\d.,]+ a second\b", r"[\d.,]+ a second"),
    (r"\d+(?:\.\d+)? (?:second|minute|hour|day|month|year)s?\b", r"[\d.,]+ (?:second|minute|hour|day|month|year)s?"),
    (r"[\d.,]+ ?%", r"[\d.,]+ ?%"),
    (r"\b[0-9a-f]{12,64}\b", r"[0-9a-f]{12,64}"),
    (r"127\.0\.0\.1:\d+", r"127\.0\.0\.1:\d+"),
    (r"tinphuong \d+\.\d+\.\d+", r"tinphuong \d+\.\d+\.\d+"),
    (r"schema \d+", r"schema \d+"),
    (r"(?<![\w.:/])/(?:[\w.@+-]+/)+[\w.@+-]*", r"/[^\s:,;]+"),
    (r"-{3,}", r"-{3,}"),
    (r"\s+", r"\s+"),
)  # fmt: skip
_ANY = re.compile("|".join(f"(?P<v{number}>{shown})" for number, (shown, _) in enumerate(_VARYING)))


def pattern_of(shown: str) -> "re.Pattern[str]":
    """Return the pattern of what is printed, of what a page shows: dates, sizes, digests and paths may differ."""
    parts, at, shown = [], 0, shown.strip()
    for found in _ANY.finditer(shown):
        number = int(str(found.lastgroup)[1:])
        parts += [re.escape(shown[at : found.start()]), _VARYING[number][1]]
        at = found.end()
    return re.compile("".join([*parts, re.escape(shown[at:])]), re.DOTALL)
