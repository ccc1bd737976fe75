"""Dates under construction, and what may separate two of them."""

from dataclasses import dataclass, field

from crawler.dates.elements import Element
from crawler.dates.model import Moment
from crawler.dates.vocabulary import WD

PART = r"(?:(?:rang sang|sang|trua|chieu|toi|dem|khuya) )?"
RANGE = (
    rf"[ ),]{{0,2}}(?:-{{1,2}}>?|~|÷|→|den het|cho den|den|toi|to|rang)[ ]?(?:het |luc )?"
    rf"(?:{PART})(?:{WD}[ ,(]{{0,3}})?(?:ngay ?:? ?)?[ (]{{0,2}}|[ )]{{0,2}}(?:rang sang) (?:ngay )?| ?/ ?"
)
LIST = rf"[ )]{{0,2}}(?:,|;|&|va|cung)[ ]?(?:{PART})(?:ngay )?"


@dataclass(slots=True)
class Compound:
    """A date in the making. `first` and `last` are its ends, `kind` and `other` as in FoundDate."""

    kind: str
    start: int
    end: int
    first: Moment | None
    last: Moment | None
    element: Element
    clocked: bool = False
    placeholder: bool = False
    notes: list[str] = field(default_factory=list)
    rank: int = 0
    other: Moment | None = None
