"""`--jobs N`: how many processes do the work of a command."""

import argparse

from crawler.cli import UsageError


def add_jobs(parser: argparse.ArgumentParser, what: str) -> None:
    """Add the option; `what` they do, as its help."""
    parser.add_argument(
        "--jobs", type=int, metavar="N",
        help=f"processes that {what} (default: bounds.jobs; without it the cores, 1 where memory is small)",
    )  # fmt: skip


def jobs_of(arguments: argparse.Namespace) -> int:
    """Return how many there are to be: those that are asked for, else what the configuration says, else what this
    machine is good for. Raises UsageError."""
    from crawler.run.reading.pool import MOST_JOBS, usual_jobs

    if arguments.jobs is not None and not 1 <= arguments.jobs <= MOST_JOBS:
        raise UsageError(f"--jobs takes a number of processes, from 1 to {MOST_JOBS}")
    return arguments.jobs or arguments.configuration["bounds.jobs"] or usual_jobs()
