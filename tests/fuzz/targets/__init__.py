"""What is fuzzed, by name."""

from tests.fuzz.target import Target
from tests.fuzz.targets.documents import FEEDS, LISTS, PAGES
from tests.fuzz.targets.files import IMPORTS, RECORDS, TABLES
from tests.fuzz.targets.texts import ADDRESSES, DATES, QUERIES, ROBOTS, UNITS

ALL: dict[str, Target] = {
    target.name: target
    for target in (PAGES, LISTS, FEEDS, ROBOTS, DATES, RECORDS, IMPORTS, QUERIES, ADDRESSES, UNITS, TABLES)
}
