"""What may be wrong with a field of an article: the kinds of doubts, each with a sentence in English and Vietnamese.

A doubt is raised where sources disagree beyond what their order of trust explains. Its kind is a stable word that is
stored, searched for and explained in docs/doubts.md; its evidence says in a few words what was seen. Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from crawler.text.worded import Worded, sentence_of


class DoubtKind(Worded):
    """Why a field may be wrong. A sentence begins with the field: "date: the weekday beside it is another day's"."""

    # Dates
    WEEKDAY = "weekday", "the weekday beside it belongs to another day", "thứ ghi bên cạnh là của ngày khác"
    DAY_OR_MONTH = (
        "day_or_month", "day and month may be the other way round, and nothing tells which",
        "không rõ ngày trước hay tháng trước",
    )  # fmt: skip
    FETCH_TIME = "fetch_time", "it is the moment of the fetch: perhaps the page's clock", "trùng lúc tải trang"
    AFTER_FETCH = "after_fetch", "it lies after the fetch", "muộn hơn lúc tải trang"
    OUT_OF_ORDER = (
        "out_of_order", "it is months away from its neighbours in the list",
        "lệch nhiều tháng so với bài cạnh trong danh sách",
    )  # fmt: skip

    # Any field of which another source says something else
    DIFFERS_FROM_LIST = "differs_from_list", "the list says something else", "danh sách ghi khác"
    DIFFERS_FROM_FEED = "differs_from_feed", "the feed says something else", "nguồn tin RSS ghi khác"
    DIFFERS_FROM_META = "differs_from_meta", "the page's metadata say something else", "siêu dữ liệu của trang ghi khác"

    # The text
    MID_SENTENCE = "mid_sentence", "it ends in the middle of a sentence", "dừng giữa câu"
    SHORTER_THAN_PROMISED = (
        "shorter_than_promised", "it is far shorter than list, feed or metadata promise",
        "ngắn hơn nhiều so với phần giới thiệu",
    )  # fmt: skip
    MOSTLY_FURNITURE = (
        "mostly_furniture", "most of it stands on other pages of the site too",
        "phần lớn cũng có trên các trang khác của cổng",
    )  # fmt: skip
    READERS_DIFFER = (
        "readers_differ", "a second way of reading the page finds another text", "cách đọc thứ hai cho nội dung khác",
    )  # fmt: skip
    OTHER_COPY = "other_copy", "a copy of the text shows another one", "bản sao của bài ghi khác"

    # Any field that a person confirmed or corrected (storage/doubts)
    CHANGED_SINCE = (
        "changed_since", "the page has said something else since a person confirmed it",
        "trang đã ghi khác từ khi có người xác nhận",
    )  # fmt: skip

    # People
    ALIKE_ON_ALL = "alike_on_all", "it is the same on all articles of the site", "giống nhau ở mọi bài của cổng"


# What only a list can raise: another reading of the page neither confirms nor refutes it.
OF_LISTS = frozenset({DoubtKind.OUT_OF_ORDER, DoubtKind.DIFFERS_FROM_LIST, DoubtKind.DIFFERS_FROM_FEED})

_KNOWN = {str(kind): kind for kind in DoubtKind}


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why one field of one article may be wrong. `field` is the name of its column; `evidence` one short line."""

    field: str
    kind: DoubtKind
    evidence: str = ""

    def to_dict(self) -> dict[str, str]:
        """Return the doubt as plain JSON."""
        return {"field": self.field, "kind": str(self.kind), "evidence": self.evidence}

    @classmethod
    def from_dict(cls, stored: Mapping[str, str]) -> Self:
        """Return what `to_dict` gave. Raises KeyError for a kind that is unknown here."""
        return cls(stored["field"], _KNOWN[stored["kind"]], stored["evidence"])


def meaning(kind: str, language: str = "en") -> str:
    """Return what a kind of doubt means in `language` (en, vi), as the end of a sentence about a field."""
    return sentence_of(_KNOWN, kind, language)
