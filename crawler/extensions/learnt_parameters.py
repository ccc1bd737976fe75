"""Stores what a run learns of the parameters in a site's addresses."""

from typing import Any

from crawler import clock
from crawler.extensions.ledger import ledger_of
from crawler.run.load_memory import keep_parameters
from storage.errors import CapturesUnwritable, Unwritable


def learn_parameters(spider: Any, sessions: set[str], constant: set[str]) -> None:
    """Keep which parameters of the site's addresses say who asks (`sessions`) and which do not, for this run and those
    to come. Ends the run where the database cannot be written."""
    ledger = ledger_of(spider.crawler)
    try:
        keep_parameters(
            ledger.collection, spider.name, spider.platform, spider.memory, sessions, constant, clock.stamp()
        )
    except (Unwritable, CapturesUnwritable) as error:
        ledger.stop_run(error)
