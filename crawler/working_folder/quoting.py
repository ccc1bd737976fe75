"""Words as cron and systemd read them; both have their own rules beside those of a shell."""

import re
import shlex
from collections.abc import Iterable

_PLAIN = re.compile(r"[\w./=:@+,-]+")


def for_cron(words: Iterable[str]) -> str:
    """Return a command for a line of a crontab: sh's quoting, and `\\%` for `%`, at which cron ends a command."""
    return shlex.join(words).replace("%", r"\%")


def why_not_in_cron(text: str) -> str:
    """Return what no crontab can name in `text`, "" if it can be named."""
    if re.search(r"\\[\\%]|\\$", text):
        return r"a backslash before another one, before % or at the end, which each cron reads in its own way"
    return ""


def for_systemd(words: Iterable[str]) -> str:
    """Return words as `ExecStart=` takes them: quoted where need be, `%%` for `%`, no variables put in.

    The paths of `ReadWritePaths=` and `RequiresMountsFor=` are read in the same way, but for the variables.
    """
    words = list(words)
    if re.search(r"[\"'\\]", words[0]):  # systemd takes no program of such a name, but an argument
        words = ["/bin/sh", "-c", 'exec "$0" "$@"', *words]
    quoted = [word if _PLAIN.fullmatch(word) else f'"{_escaped(word)}"' for word in words]
    if any("$" in word for word in words):
        # a colon in front of the program: no variables are put in ($$ would do for arguments, but not for the program)
        quoted[0] = f'":{quoted[0][1:]}' if quoted[0].startswith('"') else f":{quoted[0]}"
    return " ".join(quoted)


def path_for_systemd(path: str) -> str:
    """Return a path as `ReadWritePaths=` and `RequiresMountsFor=` take it."""
    return path if _PLAIN.fullmatch(path) else f'"{_escaped(path)}"'


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
