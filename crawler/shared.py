"""What the sites of one run share. Scrapy copies its settings for each of them; this survives the copying."""

from dataclasses import dataclass, field
from typing import Any

from crawler.account import Account
from crawler.filereading import FileReader
from crawler.turns import Turns
from storage import Collection
from storage.archive import Archive
from storage.captures import Captures


@dataclass(slots=True)
class Shared:
    """One open collection, the accounts of the run's sites as they fill, the archive a replay reads, and the captures
    a run writes: None where it keeps none. For attachments: who may ask which host, and who reads the files."""

    collection: Collection
    accounts: list[Account] = field(default_factory=list)
    archive: Archive | None = None
    captures: Captures | None = None
    turns: Turns = field(default_factory=Turns)
    reader: FileReader | None = None

    def __deepcopy__(self, memo: dict[int, Any]) -> "Shared":
        return self
