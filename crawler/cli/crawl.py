"""`tinphuong crawl`: the main job."""

import argparse
import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.cli import NO_SITE, UsageError, named_path, registry_of
from crawler.cli.jobs_option import add_jobs, jobs_of
from crawler.cli.output.complaints import complaints
from crawler.cli.province_option import add_province, check_province, registered_of_provinces
from crawler.text.terminal_text import one_line

if TYPE_CHECKING:
    from crawler.configuration import Configuration
    from crawler.run.site_report import SiteReport
    from crawler.web_archives.fetch import Fetched, Plan
    from spiders.base import PortalSpider

_EPILOG = """\
examples:
  tinphuong crawl --due --quiet                        from cron
  tinphuong crawl --province "Thanh Hóa"               all sites of a province
  tinphuong crawl SITE --replay old.warc.gz            what a file holds, found as on the site itself
  tinphuong crawl SITE --replay old.wacz --replay-all  every article page in it, linked or not
  tinphuong crawl SITE --from-archive ia --captures-from 2018 --captures-to 2021-06 --captures 500
                                                       the Internet Archive's captures, 500 a run; again to go on
"""
_REPORT_EVERY = 50  # captures


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which sites, from where, how much."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = _EPILOG
    parser.add_argument("sites", nargs="*", metavar="SITE", help="a registered site, as `tinphuong sites` lists them")
    parser.add_argument("--all", action="store_true", help="all registered sites")
    parser.add_argument("--due", action="store_true", help="the registered sites whose turn it is")
    add_province(
        parser, "the registered sites of a province, of before or since July 2025; with --due those that are due"
    )
    parser.add_argument(
        "--replay", nargs="+", type=named_path, default=[], metavar="FILE",
        help="read WARC or WACZ files, or folders of saved pages, instead of the network",
    )  # fmt: skip
    parser.add_argument(
        "--replay-all", action="store_true", help="with --replay: every article page there, whether linked or not"
    )
    parser.add_argument(
        "--refer", action="store_true",
        help="with --replay: leave the records in the files, to be read there, and copy nothing into the collection",
    )  # fmt: skip
    parser.add_argument(
        "--from-archive", metavar="URL",
        help="fetch what a web archive has, then read it as with --replay-all: ia (Internet Archive), cc (Common "
        "Crawl), or the URL of a CDX server",
    )  # fmt: skip
    parser.add_argument("--captures-from", metavar="DATE", help="with --from-archive: nothing captured before that")
    parser.add_argument("--captures-to", metavar="DATE", help="with --from-archive: nothing captured after that")
    parser.add_argument(
        "--captures", type=int, metavar="N", help="with --from-archive: fetch at most N a site; the next run goes on"
    )
    parser.add_argument(
        "--wayback", metavar="URL", help="with --from-archive: where raw captures are, if not beside the CDX server"
    )
    add_jobs(parser, "read pages of --replay and --from-archive, and of a live run of more than 64 sites at once")
    parser.add_argument("--limit", type=int, metavar="N", help="at most N articles a site, the newest listed first")
    parser.add_argument("--attachments", action="store_true", help="fetch the files that articles link to, too")
    parser.add_argument(
        "--pictures",
        action="store_true",
        help="keep the pictures of articles, too; with --replay and --from-archive those that the archive has",
    )
    parser.add_argument(
        "--requisites",
        action="store_true",
        help="keep what pages need to look as they did, too: style sheets, fonts, scripts, pictures",
    )
    parser.add_argument("--full", action="store_true", help="fetch also the articles that are known")
    parser.add_argument(
        "--believe-removals", action="store_true",
        help="note articles as taken down even where nearly all that are looked at again are gone",
    )  # fmt: skip
    parser.add_argument("--since", metavar="DATE", help="store no article that is older")
    parser.add_argument("--max-time", type=float, metavar="S", help="stop after S seconds; the next run goes on")
    parser.add_argument("--summary", type=named_path, metavar="FILE", help="write what the run came to as JSON")
    parser.add_argument("--log", type=named_path, metavar="FILE", help="write a log there too; it rotates")
    parser.add_argument(
        "--log-format", choices=["text", "json"],
        help="how log lines and what is said on standard error look: json is one object a line (default: text)",
    )  # fmt: skip
    parser.add_argument(
        "--ping", metavar="URL", help="report start, success, failure to this URL ($TINPHUONG_PING_URL)"
    )
    parser.add_argument(
        "--alarms-to", action="append", metavar="URL",
        help="tell there which sites turned failing, doubtful or quiet, or recovered: an address of Apprise; may be "
        "repeated ($TINPHUONG_ALARMS_TO)",
    )  # fmt: skip
    parser.add_argument(
        "--alarm-every-run", action="store_true",
        help="end with 1 and a line in every run in which a site is failing or doubtful, not only when it turns so "
        "($TINPHUONG_ALARMS_EVERY_RUN)",
    )  # fmt: skip


def run(arguments: argparse.Namespace) -> int:
    """Crawl, show progress, print the result; the exit code follows from the run's own facts."""
    from crawler.cli.alarms import alarm_settings
    from crawler.cli.output import logs
    from crawler.cli.output.progress import watching
    from crawler.cli.output.run_results import print_report
    from crawler.cli.ping import ping
    from crawler.cli.since import since_day
    from crawler.run.alarms.tell import deliver_left
    from crawler.run.run import Options, crawl
    from crawler.run.run_report import check_summary
    from storage.errors import CollectionError, Locked
    from storage.files.own_paths import refuse_own

    if arguments.limit is not None and arguments.limit < 1:
        raise UsageError("--limit takes a number of articles, 1 or more")
    if arguments.replay_all and not arguments.replay:
        raise UsageError("--replay-all needs --replay with the files to read")
    if arguments.refer and not arguments.replay:
        raise UsageError("--refer needs --replay with the files whose records are to stay where they are")
    if arguments.refer and arguments.configuration["captures.keep"] is False:
        raise UsageError("--refer notes captures, and captures.keep is false: leave one of them out")
    plan = _plan(arguments)
    configuration = arguments.configuration
    arguments.log_format = arguments.log_format or configuration["log.format"]
    max_time = configuration["bounds.max_time"] if arguments.max_time is None else arguments.max_time
    if max_time < 0:
        raise UsageError("--max-time takes a number of seconds")
    log = arguments.log or configuration["log.file"]
    live = not arguments.replay and not plan
    for written in filter(None, (arguments.summary, log)):
        refuse_own(written, arguments.db)
    if arguments.summary:
        with _summary_writable(arguments.summary):
            check_summary(arguments.summary)
    try:
        logs.set_up(log, arguments.log_format)
    except OSError as error:
        raise UsageError(f"the log {log} cannot be written: {error.strerror}") from None
    alarms_to, every_run = alarm_settings(arguments)
    spiders = _chosen(arguments)
    if not spiders:
        with suppress(Locked):  # the other run sends it
            deliver_left(arguments.db, alarms_to)
        if not arguments.quiet:
            print("no site is due")
        return 0
    options = Options(
        db=arguments.db,
        replay=arguments.replay,
        replay_all=arguments.replay_all,
        refer=arguments.refer,
        plan=plan,
        limit=arguments.limit or 0,
        full=arguments.full,
        believe_removals=arguments.believe_removals,
        since=since_day(arguments.since),
        max_time=max_time,
        attachments=arguments.attachments or (configuration["captures.attachments"] and live),
        pictures=arguments.pictures or (configuration["captures.pictures"] and live),
        requisites=_requisites(asked=arguments.requisites, how=configuration["captures.requisites"], live=live),
        configuration=configuration,
        jobs=jobs_of(arguments),
        alarms_to=alarms_to,
        alarm_every_run=every_run,
    )
    reports: list[SiteReport] = []
    as_json_lines = arguments.log_format == "json"
    url = arguments.ping or configuration["alarms.ping"]

    def begun() -> None:
        if not arguments.replay and not arguments.quiet:
            _warn_of_no_contact(configuration)
        ping(url, "start")

    gc.freeze()  # this process does nothing else: its collector need not look at what is loaded, not even at the end
    try:
        on_terminal = as_json_lines and sys.stderr.isatty()
        with watching(reports, quiet=arguments.quiet or on_terminal, sites=len(spiders)):
            report = crawl(spiders, options, reports, begun=begun)
    except Locked:
        raise  # the run that holds the lock reports by itself
    except CollectionError as error:
        ping(url, "fail", str(error))
        raise
    ping(url, "success" if report.exit_code == 0 else "fail", report.line())
    if arguments.summary:
        with _summary_writable(arguments.summary):
            report.write(arguments.summary)
    print_report(report, quiet=arguments.quiet, as_json=arguments.json, complain=complaints(arguments.log_format))
    return report.exit_code


def _requisites(*, asked: bool, how: bool | str, live: bool) -> bool | str:
    """Return whether a run keeps requisites, and how, where `how` is what the configuration says; a replay only where
    it was `asked` to."""
    return (how or True) if asked else how and live


def _warn_of_no_contact(configuration: "Configuration") -> None:
    """Say so where webmasters cannot find out who is asking them, and the contact has a file to be set in."""
    asked = (configuration.in_force(name).origin for name in ("contact", "politeness.user_agent"))
    if configuration.file and all(origin == "default" for origin in asked):
        print(
            "tinphuong: webmasters cannot write to you before they block you: set `contact` in "
            f"{one_line(configuration.file)}, or $TINPHUONG_CONTACT",
            file=sys.stderr,
        )


@contextmanager
def _summary_writable(path: Path) -> Iterator[None]:
    """Raise UsageError where the block cannot write the summary to `path`."""
    try:
        yield
    except OSError as error:
        raise UsageError(f"the summary cannot be written to {path}: {error.strerror}") from None


def _plan(arguments: argparse.Namespace) -> "Plan | None":
    """What to fetch from a web archive, None if none is named."""
    bounds = ("captures", "captures_from", "captures_to", "wayback")
    if arguments.from_archive is None:
        for name in bounds:
            if getattr(arguments, name) is not None:
                raise UsageError(f"--{name.replace('_', '-')} goes with --from-archive")
        return None
    if arguments.replay:
        raise UsageError("--from-archive fetches its own file and reads it: give either that or --replay")
    if arguments.captures is not None and arguments.captures < 1:
        raise UsageError("--captures takes a number of captures, 1 or more")
    from crawler.web_archives.fetch import Plan
    from crawler.web_archives.sources import source, toolkit

    found = source(arguments.from_archive, arguments.wayback)
    toolkit()
    since, until = (_digits(getattr(arguments, name), name) for name in ("captures_from", "captures_to"))
    if since and until and since > until.ljust(len(since), "9"):
        raise UsageError("--captures-from is later than --captures-to")
    report = (lambda result: None) if arguments.quiet or arguments.json else _report_fetched
    return Plan(found, since, until, arguments.captures or 0, arguments.attachments, report, arguments.pictures)


def _digits(text: str | None, name: str) -> str:
    """A day, month or year as the first digits of a capture's time; "" for none."""
    from storage.search.query import iso_date

    if text is None:
        return ""
    iso = iso_date(text)
    try:
        date.fromisoformat(f"{iso}-01-01"[:10])
    except ValueError:
        raise UsageError(
            f"--{name.replace('_', '-')} {text!r} is not a date; write 2019-06-30, 30/6/2019, 2019-06 or 2019"
        ) from None
    return str(iso).replace("-", "")


def _report_fetched(result: "Fetched") -> None:
    """Print how far a fetch has come, every _REPORT_EVERY captures."""
    from crawler.text.counted import counted

    done = result.fetched + result.same
    if done % _REPORT_EVERY == 0:
        print(f"{result.site}: {counted(done, 'capture')} fetched, {result.left} left", flush=True)


def _chosen(arguments: argparse.Namespace) -> list[type["PortalSpider"]]:
    """The sites to crawl, in their order."""
    check_province(arguments)
    registry = registry_of(arguments)
    if not registry and not arguments.sites:
        raise UsageError(NO_SITE)
    if arguments.province and arguments.all:
        raise UsageError("--all is every registered site, and --province those of one province: leave one of them out")
    if arguments.province:
        chosen = registered_of_provinces(arguments, registry)
    elif arguments.due or arguments.all or arguments.sites:
        chosen = registry.chosen(() if arguments.all else arguments.sites)
    else:
        raise UsageError("name the sites to crawl, or say --all, --due or --province P; `tinphuong sites` lists them")
    return _due(chosen, arguments.db) if arguments.due else chosen


def _due(spiders: list[type["PortalSpider"]], db: Path) -> list[type["PortalSpider"]]:
    """Those whose turn it is, the longest overdue first."""
    from crawler import clock
    from crawler.run.due import due, last_runs
    from storage import Collection

    by_slug = {spider.name: spider for spider in spiders}
    with Collection(db) as collection:
        last = last_runs(collection.db.conn)
    return [by_slug[slug] for slug in due({slug: spider.every for slug, spider in by_slug.items()}, last, clock.now())]
