"""Who a ward is: the administrative units before and since 1 July 2025, what became of what, and what a name means.

Pure: no Scrapy, no database, no network. The table is read when it is first asked for.
"""

from crawler.units.code_check import faults
from crawler.units.hosts.identity import Identity, host_identity, propose
from crawler.units.keys import key
from crawler.units.lookup import find
from crawler.units.meanings import AmbiguousUnit, Meaning, UnitError, UnknownUnit, resolve
from crawler.units.model import NEW, OLD, Unit, Units, Vintage, named, table
from crawler.units.unit_query import UnitQuery, new_codes, parse_unit

__all__ = [
    "NEW",
    "OLD",
    "AmbiguousUnit",
    "Identity",
    "Meaning",
    "Unit",
    "UnitError",
    "UnitQuery",
    "Units",
    "UnknownUnit",
    "Vintage",
    "faults",
    "find",
    "host_identity",
    "key",
    "named",
    "new_codes",
    "parse_unit",
    "propose",
    "resolve",
    "table",
]  # fmt: skip
