"""`tinphuong new-site --table FILE`: many sites, a row of the table for each, and a report."""

import argparse
import codecs
import csv
import io
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.cli import Exit, UsageError
from crawler.cli.surveying import address_of, next_commands, pace, quiet_logs
from crawler.new_site.many_sites import Outcome, State, addresses_in, survey_all, totals
from crawler.text.counted import counted
from crawler.text.terminal_text import one_line

if TYPE_CHECKING:
    from crawler.new_site.registration import Registration

_LARGEST = 16 * 1024 * 1024  # bytes of a file of addresses
_AT_ONCE = 4  # sites, each with its own pauses
_WENT_WELL = (State.WRITTEN, State.FOUND, State.REGISTERED, State.REPEATED)
_COLUMNS = ("line", "address", "state", "slug", "platform", "articles", "missing", "note", "requests", "seconds")


def survey_many(arguments: argparse.Namespace, file: str, registered: "Registration") -> int:
    """Survey each site of a file of addresses, write a row for each that can be read, and report on all.

    Sites that are registered already are passed over, so an interrupted run goes on where it ended.
    """
    from crawler.cli.output.progress_bar import steps
    from crawler.new_site.probe import probe

    outcomes = addresses_in(_text_of(file), address_of)
    if not outcomes:
        raise UsageError(f"{file} names no address; write one a line, like https://phuong.example.vn/")
    if not arguments.dry_run:
        registered.check_room()
    if arguments.report:
        _write_report(arguments.report, outcomes)  # so that it is known at once whether it can be written
    quiet_logs()
    shows = not arguments.json and not arguments.quiet
    for outcome in outcomes:
        if outcome.state is not State.NOT_BEGUN and shows:
            print(_line(outcome))

    def ended(outcome: Outcome) -> None:
        if shows:
            print(_line(outcome), flush=True)
        show_progress(sum(each.state is not State.NOT_BEGUN for each in outcomes), len(outcomes))
        if arguments.report:
            _write_report(arguments.report, outcomes)

    begun = [outcome.url for outcome in outcomes if outcome.state is State.NOT_BEGUN]
    configuration = arguments.configuration
    at_once = min(_AT_ONCE, configuration.settings().getint("TINPHUONG_SITES_AT_ONCE"))
    interrupted = False
    with steps("addresses", quiet=arguments.quiet or not begun) as show_progress:
        try:
            if begun:
                probe(
                    lambda fetch: survey_all(
                        outcomes, fetch, registered, at_once=at_once, dry_run=arguments.dry_run, ended=ended
                    ),
                    configuration.settings(),
                    replay=arguments.replay,
                    settings=pace(begun, configuration),
                )
        except KeyboardInterrupt:
            interrupted = True
    if arguments.report:
        _write_report(arguments.report, outcomes)
    if arguments.json:
        facts = {
            "sites": [outcome.to_dict() for outcome in outcomes],
            "totals": {str(state): sum(outcome.state is state for outcome in outcomes) for state in State},
        }
        print(json.dumps(facts, ensure_ascii=False, indent=2))
    elif not arguments.quiet:
        _print_end(arguments, outcomes)
    if interrupted:
        print("tinphuong: interrupted; the same command goes on with the rest", file=sys.stderr)
        return Exit.INTERRUPTED
    return Exit.OK if all(outcome.state in _WENT_WELL for outcome in outcomes) else Exit.UNHEALTHY


def _text_of(file: str) -> str:
    """Return the text of a file of addresses, or of standard input for `-`. Raises UsageError."""
    if file == "-":
        content = sys.stdin.buffer.read(_LARGEST + 1)
    else:
        try:
            with Path(file).open("rb") as opened:
                content = opened.read(_LARGEST + 1)
        except FileNotFoundError:
            raise UsageError(f"{file}: there is no such file of addresses") from None
        except OSError as error:
            raise UsageError(f"{file} cannot be read: {error.strerror}") from None
    if len(content) > _LARGEST:
        raise UsageError(f"{file} is larger than a file of addresses may be ({_LARGEST // 1024**2} MiB)")
    is_utf16 = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = content.decode("utf-16" if is_utf16 else "utf-8-sig")
    except UnicodeDecodeError:
        text = "\x00"
    if "\x00" in text:
        raise UsageError(f"{file} is not a text of addresses; save it as UTF-8, one address a line")
    if text.lstrip().lower().startswith(("slug,", '"slug"')):
        raise UsageError(
            f"{file} is a table of sites; --table FILE takes addresses, one a line, and --sites names the table to "
            "write into"
        )
    return text


def _line(outcome: Outcome) -> str:
    """Return what became of an address, in one line."""
    facts = [outcome.slug if outcome.state is State.WRITTEN else "", outcome.platform]
    if outcome.platform:
        facts.append(counted(outcome.articles, "article"))
    said = [", ".join(filter(None, facts)), f"without {outcome.missing}" if outcome.missing else "", outcome.said]
    return one_line(f"{outcome.line}: {outcome.address}: {outcome.state}: " + "; ".join(filter(None, said))).rstrip(
        ": "
    )


def _print_end(arguments: argparse.Namespace, outcomes: Sequence[Outcome]) -> None:
    print(totals(outcomes))
    if arguments.report:
        print(f"the report is in {arguments.report}")
    if any(outcome.state is State.WRITTEN for outcome in outcomes):
        print("\nCompare the frozen pages with the sites, then try:")
        for line in next_commands(arguments):
            print(f"  {line}")


def _write_report(path: Path, outcomes: Sequence[Outcome]) -> None:
    """Write the report whole, as Markdown to a name that ends in .md, else as CSV. Raises UsageError."""
    from crawler.new_site.whole_files import write_whole

    text = _markdown(outcomes) if path.suffix.lower() == ".md" else _csv(outcomes)
    try:
        write_whole(path, text.encode("utf-8"))
    except OSError as error:
        raise UsageError(f"the report {path} cannot be written: {error.strerror}") from None


def _csv(outcomes: Sequence[Outcome]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, _COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(outcome.to_dict() for outcome in outcomes)
    return out.getvalue()


def _markdown(outcomes: Sequence[Outcome]) -> str:
    rows = [["–" if cell == "" else str(cell) for cell in outcome.to_dict().values()] for outcome in outcomes]
    lines = [_COLUMNS, ["---"] * len(_COLUMNS), *rows]
    cells = [" | ".join(one_line(cell).replace("|", "\\|") for cell in row) for row in lines]
    return "# New sites\n\n" + "\n".join(f"| {row} |" for row in cells) + f"\n\n{totals(outcomes)}\n"
