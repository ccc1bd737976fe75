"""A profile in sentences, English and Vietnamese, each with the count that speaks for it."""

from crawler.profile.model import SiteProfile
from crawler.text.counted import counted

_SENTENCES: dict[str, tuple[str, str]] = {
    "date_place": (
        "the date that varies is at {place} ({seen} of {of})", "ngày thay đổi theo bài nằm ở {place} ({seen}/{of})",
    ),
    "clock": (
        "shows the moment of the fetch: {place} ({seen} of {of})", "chỉ giờ lúc tải trang: {place} ({seen}/{of})",
    ),
    "constant": (
        "shows one date on all: {place} ({seen} of {of})", "bài nào cũng cùng một ngày: {place} ({seen}/{of})",
    ),
    "day_first": (
        "day before month (the day comes first on {day}, the month on {month})",
        "ngày trước tháng (ngày trước: {day} bài, tháng trước: {month} bài)",
    ),
    "month_first": (
        "month before day (the day comes first on {day}, the month on {month})",
        "tháng trước ngày (ngày trước: {day} bài, tháng trước: {month} bài)",
    ),
    "no_order": (
        "day or month first: not known (the day comes first on {day}, the month on {month})",
        "chưa rõ ngày hay tháng đứng trước (ngày trước: {day} bài, tháng trước: {month} bài)",
    ),
    "astray": (
        "weekdays that fit no reading of the date: {seen} of {of}", "thứ trong tuần không khớp ngày nào: {seen}/{of}",
    ),
    "not_author": ("not an author: {name} ({seen} of {of})", "không phải tác giả: {name} ({seen}/{of})"),
    "one_author": ("one author on all: {name}", "mọi bài cùng một tác giả: {name}"),
    "title_tail": ("<title> ends with: {text} ({seen} of {of})", "<title> kết thúc bằng: {text} ({seen}/{of})"),
    "furniture": (
        "not an article's own: {line} (in {texts}, elsewhere on {pages})",
        "không thuộc bài nào: {line} (trong {inside} bài, ngoài bài ở {outside} trang)",
    ),
    "frame": ("{lines} around all articles", "{count} dòng có quanh mọi bài"),
    "length": ("the median text has {characters}", "bài dài trung vị {length} ký tự"),
}  # fmt: skip
_ORDERS = {True: "day_first", False: "month_first", None: "no_order"}


def facts(profile: SiteProfile, language: str = "en") -> list[str]:
    """Return what is known, a sentence a fact, in `language` (en, vi)."""
    of, order = profile.articles, profile.order
    known: list[tuple[str, dict[str, object]]] = []
    if profile.date_place:
        known.append(("date_place", {"place": profile.date_place, "seen": profile.date_place_seen}))
    known += [("clock", {"place": place, "seen": seen}) for place, seen in profile.clocks.items()]
    known += [("constant", {"place": place, "seen": seen}) for place, seen in profile.constant_dates.items()]
    known.append((_ORDERS[order.day_first], {"day": order.day, "month": order.month}))
    if order.astray:
        known.append(("astray", {"seen": order.astray}))
    known += [("not_author", {"name": name, "seen": seen}) for name, seen in profile.not_authors.items()]
    if profile.one_author:
        known.append(("one_author", {"name": profile.one_author}))
    if profile.title_tail:
        known.append(("title_tail", {"text": profile.title_tail.strip(), "seen": profile.title_tail_seen}))
    known += [
        (
            "furniture",
            {
                "line": line,
                "inside": inside,
                "outside": outside,
                "texts": counted(inside, "text"),
                "pages": counted(outside, "page"),
            },
        )
        for line, (inside, outside) in profile.furniture.items()
    ]
    if profile.frame:
        known.append(
            ("frame", {"count": len(profile.frame), "lines": counted(len(profile.frame), "line stands", "lines stand")})
        )
    known.append(("length", {"length": profile.length, "characters": counted(profile.length, "character")}))
    number = 1 if language == "vi" else 0
    return [_SENTENCES[name][number].format(**values, of=of) for name, values in known]
