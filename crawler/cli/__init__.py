"""The command line: one file a command, each imported only when it runs."""

import argparse
import codecs
import errno
import importlib
import io
import re
import signal
import sqlite3
import sys
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from crawler import SCHEMA_VERSION, __version__
from crawler.cli.output.complaints import complaints
from crawler.cli.output.shown_text import shown_text
from crawler.cli.shadowing import shadowed
from crawler.errors import ConfigurationError, Exit, TinphuongError, UsageError
from crawler.text.terminal_text import one_line

if TYPE_CHECKING:
    from spiders.registry import Registry

__all__ = [
    "COMMANDS",
    "NO_SITE",
    "Exit",
    "UsageError",
    "build_parser",
    "global_options",
    "main",
    "named_path",
    "number",
    "registry_of",
]

COMMANDS = {
    "init": "make a working folder: configuration, table of sites, crontab and systemd units",
    "crawl": "crawl sites into the database, live or from an archive file",
    "sites": "list the registered sites",
    "portals": "list known portals of wards and communes by province, unit or host, or add them to your sites",
    "discover": "find the portals of a province or unit that nobody listed, with the evidence",
    "new-site": "find out what a site is, and write its file, frozen pages and expected values",
    "check": "read the frozen pages of sites again and show what differs from what was recorded",
    "diff": "show what changed between the versions of an article, in words",
    "removed": "list the articles that their sites took down",
    "status": "show how each site does, from its own run history",
    "alarms": "list the states of sites that alarms go by, or send a test message",
    "doubts": "list the stored fields that may be wrong, with the reason",
    "confirm": "settle doubts about an article: what is stored is right, or what is right instead",
    "search": "find articles, with or without diacritics",
    "similar": "show articles that tell the same story, with the earliest source of each group",
    "browse": "read the collection in a web browser",
    "report": "write one page with charts that shows how a site or all of them do",
    "export": "hand articles on: tables, archives, packages, a repository, a site",
    "import": "take back what was exported, here or on another machine, and merge it",
    "cite": "show how to cite an article: title, ward and unit, dates, address, digest",
    "extract": "show what would be stored of a saved page, as JSON",
    "date": "show what a Vietnamese date string means, as JSON",
    "reprocess": "extract every stored capture again, without the network",
    "verify": "check database, captures and hashes; say what is damaged",
    "backup": "copy the whole collection to another place while runs go on, verified; or check such a copy",
    "restore": "bring a backup back, here or on another machine",
    "prune": "remove captures that are no longer needed, by rules that keep every article's evidence",
    "config": "show the settings in force, and where each comes from",
    "demo": "crawl the bundled replica portals over real HTTP on loopback",
}

NO_SITE = (
    "no site is registered; `tinphuong new-site URL` adds one, `tinphuong portals add --province P` those known of a "
    "province, and sites.package = true in the configuration those that come with the package"
)

_MACHINE = {
    errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO, errno.EMFILE, errno.ENFILE,
    errno.ENAMETOOLONG,
}  # fmt: skip
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN}
_WITH_VALUE = ("--db", "--sites", "--config")  # the global options that take one


def named_path(text: str) -> Path:
    """Return an argument as a path; not an empty one, which a shell makes of an unset variable: it would be `.`."""
    if not text.strip():
        raise argparse.ArgumentTypeError("the path is empty; name a file or folder")
    if "\x00" in text:
        raise argparse.ArgumentTypeError("no path holds a NUL")
    return Path(text)


def number(text: str) -> int:
    """Return an argument as a whole number, of those that a database can hold."""
    if not re.fullmatch(r"[+-]?\d{1,18}", text.strip(), re.ASCII):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of at most 18 digits")
    return int(text)


def global_options(sites: str) -> argparse.ArgumentParser:
    """The global options, accepted before and after the command; `sites` is where the values of --sites go."""
    parser = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    parser.add_argument(
        "--db", type=named_path, metavar="PATH", help="the database (default: $TINPHUONG_DB or data/tinphuong.db)"
    )
    parser.add_argument(
        "--config", type=named_path, metavar="FILE",
        help="the configuration (default: $TINPHUONG_CONFIG, ./tinphuong.toml, or that in your configuration folder)",
    )  # fmt: skip
    parser.add_argument(
        "--sites", type=named_path, metavar="FILE", action="append", dest=sites,
        help="a table of sites, or a folder of site files, beside those of the package; may be repeated",
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help="print JSON where there is something to list")
    parser.add_argument("--quiet", action="store_true", help="print errors only")
    return parser


def build_parser(command: str | None) -> argparse.ArgumentParser:
    """Return the parser; only `command`, if any, gets its own arguments, so that --help imports nothing."""
    parser = argparse.ArgumentParser(
        prog="tinphuong",
        description="Collect, keep and hand on what Việt Nam's wards and communes publish.",
        parents=[global_options("sites_before")],
        allow_abbrev=False,  # --site, where a command has none, is not --sites
        epilog="exit codes: 0 all went well · 1 a site failed · 2 bad usage · 75 another run is on · 130 interrupted",
    )
    parser.add_argument("--version", action="version", version=f"tinphuong {__version__} (schema {SCHEMA_VERSION})")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    after = [global_options("sites_after")]
    for name, summary in COMMANDS.items():
        described = summary[0].upper() + summary[1:] + "."
        sub = commands.add_parser(name, help=summary, description=described, parents=after, allow_abbrev=False)
        if name == command:
            _module(name).add_arguments(sub)
    return parser


def _module(command: str) -> ModuleType:
    """The module of a command; it has `add_arguments(parser)` and `run(arguments)`, which returns the exit code."""
    return importlib.import_module(f"crawler.cli.{command.replace('-', '_')}")


def _command_in(argv: list[str]) -> str | None:
    """Return the command that a command line names: its first word that is neither an option nor an option's value."""
    words = iter(argv)
    for word in words:
        if not word.startswith("-"):
            return word if word in COMMANDS else None
        if word in _WITH_VALUE:
            next(words, None)
    return None


def registry_of(arguments: argparse.Namespace) -> "Registry":
    """Return the sites that a command may name: those of the package, of the configuration, and of --sites.

    What the configuration says of single sites goes before their own facts. Raises ConfigurationError where a table or
    a site file has faults, or the configuration names a site that there is not.
    """
    from spiders.registry import Registry

    configuration = arguments.configuration
    registry = Registry.of(arguments.site_places, package=configuration["sites.package"])
    return registry.with_facts(configuration.sites)


def main(argv: list[str] | None = None) -> int:
    """Run the command line and return the exit code."""
    _print_every_letter()
    with shown_text():
        if said := shadowed():
            print(f"tinphuong: {one_line(said)}", file=sys.stderr)
            return Exit.USAGE
        return _run(build_parser(_command_in(argv := sys.argv[1:] if argv is None else argv)).parse_args(argv))


def _settle(arguments: argparse.Namespace) -> None:
    """Give every command what the configuration says where the command line says nothing. Raises ConfigurationError."""
    from crawler.configuration import Configuration

    arguments.db_named = hasattr(arguments, "db")
    options = {"db": arguments.db} if arguments.db_named else {}
    if arguments.command == "init":  # it writes one, and must not fail where the old one has faults
        arguments.configuration = Configuration(options=options)
    else:
        arguments.configuration = Configuration.load(getattr(arguments, "config", None), options=options)
    arguments.db = arguments.configuration["db"]
    places = ("sites_before", "sites_after", "sites_last")  # of the program, of a command, of what a command has it do
    named = [path for place in places for path in getattr(arguments, place, ())]
    arguments.named_places = named
    arguments.site_places = [*arguments.configuration.site_places, *named]
    arguments.json = getattr(arguments, "json", False)
    arguments.quiet = getattr(arguments, "quiet", False)


def _run(arguments: argparse.Namespace) -> int:
    """Run a command and return the exit code; a mistake of the user's is one sentence."""
    before = signal.signal(signal.SIGTERM, _interrupt)  # to remove unfinished files; a crawl has its own
    try:
        _settle(arguments)
        return int(_module(arguments.command).run(arguments))
    except TinphuongError as error:
        if error.exit_code is None:
            raise
        _complain(arguments, _said(error))
        return error.exit_code
    except (sqlite3.DatabaseError, OSError) as error:
        if isinstance(error, BrokenPipeError):
            sys.stderr.close()
            return Exit.OK
        said = _of_the_machine(error, getattr(arguments, "db", None))
        if not said:
            raise
        _complain(arguments, one_line(said))
        return Exit.USAGE if isinstance(error, sqlite3.Error) else Exit.UNHEALTHY
    except KeyboardInterrupt:
        _complain(arguments, "interrupted")
        return Exit.INTERRUPTED
    finally:
        signal.signal(signal.SIGTERM, before)


def _complain(arguments: argparse.Namespace, text: str) -> None:
    """Say on standard error what is wrong, in the form that --log-format asks for."""
    complaints(getattr(arguments, "log_format", None) or "text")(text)


def _of_the_machine(error: Exception, db: Path | None) -> str:
    """What to do about an error that the machine or a damaged database causes; "" for one that is a mistake of ours."""
    if isinstance(error, OSError):
        about = f"{error.filename}: " if error.filename else ""
        return f"{about}{error.strerror}; set that right, then run again" if error.errno in _MACHINE else ""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in _DAMAGED or str(error).startswith(("no such table", "no such column")):
        return f"{db} is damaged ({error}): `tinphuong verify` says what is; put a copy that is whole in its place"
    return ""


def _said(error: TinphuongError) -> str:
    """What an error says: one line, but for the faults of a table of sites, each of which has its own."""
    return str(error) if isinstance(error, ConfigurationError) else one_line(error)


def _print_every_letter() -> None:
    """Print what the terminal's encoding has no letter for as `\\u1ea1`, which is also right in JSON."""
    codecs.register_error("tinphuong_escape", _escaped)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="tinphuong_escape")


def _escaped(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    units = error.object[error.start : error.end].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2)), error.end


def _interrupt(number: int, frame: object) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # some send it twice, while unfinished files are being removed
    raise KeyboardInterrupt
