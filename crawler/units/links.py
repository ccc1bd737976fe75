"""Which wards and communes an article is about, from its own words.

An article is about the units that its title names. Where the title names none of the site's own district, it is about
those that the lead names, up to four: more are a list of who was there. Where neither names one, it is about those that
the body names again and again, or that sign it. On a ward's own site "the ward" without a name is that ward.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from crawler.text import fold
from crawler.units.mentions import Mention, bare_mentions, mentions
from crawler.units.model import NEW, OLD, Unit, Vintage
from crawler.units.page_context import Context
from crawler.units.scope import Scope

_SPLIT = "2025-07"  # month from which the new units are
_LONGEST = 50_000  # characters of a text that are read
_MOST_IN_LEAD = 4  # units; a lead that names more lists who was there
_MOST_IN_BODY = 3
_SIGNATURE = 80  # characters a last line may have to be one


class Certainty(StrEnum):
    """How sure a link is."""

    SURE = "sure"  # named by kind and name, and only one unit of the place and time is called that
    LIKELY = "likely"  # something of that is inferred


@dataclass(frozen=True, slots=True)
class Link:
    """A unit an article is about. `where`: title, summary, body, or site; `evidence`: the words as written there."""

    unit: Unit
    where: str
    certainty: Certainty
    evidence: str


def linked_units(title: str, summary: str, body: str, *, scope: Scope, published: str | None) -> list[Link]:
    """Return the units that an article on a site of this scope is about, in the order in which they are named.

    `published`: ISO date of any precision; None where it is not known: then a name that an old and a new unit share is
    the old one's, likely. Texts are read in NFC, the first 50,000 characters of each; never raises.
    """
    title, summary, body = (unicodedata.normalize("NFC", text[:_LONGEST]) for text in (title, summary, body))
    lead, where, rest = summary, "summary", body
    if not lead.strip():
        lead, _, rest = body.partition("\n\n")
        where = "body"
    context = Context(scope, vintage_at(published), title, lead)
    found: dict[Unit, Link] = {}
    _add(found, mentions(title, context) or bare_mentions(title, context), "title")
    if not any(_inside(unit, scope) for unit in found):
        in_lead = mentions(lead, context)
        near = [mention for mention in in_lead if _inside(mention.unit, scope)]
        if len({mention.unit for mention in in_lead}) <= _MOST_IN_LEAD:
            _add(found, near or ([] if found else in_lead), where)
        if not found and not in_lead:
            _add(found, _in_body(mentions(rest, context), rest), "body")
    if scope.own and not any(_inside(unit, scope) for unit in found):
        _add(found, _own(title, lead, rest, context), "site")
    return list(found.values())


def vintage_at(published: str | None) -> Vintage | None:
    """Return which units there were on an ISO date, None where that is not known: 2025 alone does not show it."""
    if not published or (len(published) < len(_SPLIT) and published[:4] == _SPLIT[:4]):
        return None
    return OLD if published[: len(_SPLIT)] < _SPLIT else NEW


def _add(found: dict[Unit, Link], named: Iterable[Mention], where: str) -> None:
    for mention in named:
        known = found.get(mention.unit)
        certainty = Certainty.SURE if mention.sure else Certainty.LIKELY
        if known is None or (known.certainty is Certainty.LIKELY and mention.sure and known.where == where):
            found[mention.unit] = Link(mention.unit, where, certainty, mention.evidence)


def _inside(unit: Unit, scope: Scope) -> bool:
    """Whether a unit is of the site's district, or of its province where it is a province's site."""
    if not scope.district and not scope.units:
        return unit.province in scope.provinces
    return (unit.vintage, unit.code) in scope.units


def _in_body(named: list[Mention], body: str) -> Iterator[Mention]:
    """What a body without such a title or lead is about: what it comes back to, and who signed it."""
    last = body.rstrip().rpartition("\n")[2]
    start = len(body.rstrip()) - len(last)
    counted = Counter(mention.unit for mention in named)
    few = len(counted) <= _MOST_IN_BODY
    seen = set()
    for mention in named:
        signed = len(last) <= _SIGNATURE and mention.start >= start > 0
        if mention.unit not in seen and ((few and counted[mention.unit] > 1) or signed):
            seen.add(mention.unit)
            yield mention.less_sure()


_OWN = re.compile(
    r"(?<!\w)(phường|xã|thị trấn)(?!\w)(?!\s*,)(?!\s+(?:xã|phường|bạn|khác|lân|hội|viên|nhà|là)(?!\w))", re.IGNORECASE
)
_AHEAD = re.compile(r"(?<!\w)(?:\w+ )?(\w+)\s$")
_NOT_OWN = frozenset({
    "ba", "bay", "bon", "cac", "cap", "chin", "giua", "hai", "hang", "khoi", "lien", "moi", "mot", "muoi", "nam",
    "nhieu", "nhung", "sau", "so", "tac", "tam", "thi", "tung", "va", "xa",
})  # fmt: skip


def _own(title: str, lead: str, rest: str, context: Context) -> Iterator[Mention]:
    """The site's own unit, where its kind is written without a name: "UBND phường", "trên địa bàn xã"."""
    own = next((unit for unit in context.scope.own if context.vintage in (None, unit.vintage)), None)
    if own is None:
        return
    for text, enough in ((title, 1), (lead, 1), (rest, 2)):
        said = [
            match for match in _OWN.finditer(text) if match[1].lower() == own.kind and not _named(text, match.end())
        ]
        phrases = [phrase for match in said if (phrase := _phrase(text, match))]
        if len(phrases) >= enough:
            yield Mention(own, 0, phrases[0], sure=False)
            return


def _phrase(text: str, match: re.Match[str]) -> str:
    """The kind with up to two words before it, "" where they say that it is any, or several: "các phường"."""
    ahead = _AHEAD.search(text, max(0, match.start() - 30), match.start())
    if ahead and (ahead[1].isdigit() or fold(ahead[1]) in _NOT_OWN):
        return ""
    return f"{ahead[0] if ahead else ''}{match[0]}"


def _named(text: str, at: int) -> bool:
    """Whether a name or number follows, known or not."""
    behind = text[at : at + 3].lstrip()
    return bool(behind) and (behind[0].isupper() or behind[0].isdigit())
