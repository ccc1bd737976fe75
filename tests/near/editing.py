"""An editor: what desks do to a story when they take it over, by chance from a seed."""

import random
import re
from collections.abc import Callable

_DATE = re.compile(r"\b(\d{1,2})/(\d{1,2})(/\d{4})?\b")
_PERSON = re.compile(r"(?:đồng chí|ông|bà|anh|chị) (?:[A-ZĐÂÊÔƯĂÁÀ]\w+ ){1,3}([A-ZĐÂÊÔƯĂÁÀ]\w+)")
_QUOTE = re.compile(r"[^.]*?[\"“][^\"”]{25,}[\"”][^.]*\. ?")
_ABBREVIATED = {
    "Ủy ban nhân dân": "UBND", "tổ dân phố": "TDP", "đồng chí": "đ/c", "Hội Cựu chiến binh": "Hội CCB",
    "Ủy ban MTTQ": "UBMTTQ", "bảo hiểm xã hội": "BHXH", "thành phố": "TP", "ban tổ chức": "BTC",
}  # fmt: skip
_CAPTIONS = (
    "Toàn cảnh buổi lễ", "Các đại biểu chụp ảnh lưu niệm", "Quang cảnh hội nghị", "Ảnh: Thu Trang",
    "Đông đảo người dân tham dự", "Lãnh đạo phường phát biểu tại buổi làm việc",
)  # fmt: skip
_BYLINES = (
    "Thanh Huyền", "Tin, ảnh: Quốc Khánh", "Ban Biên tập", "Nguồn: Trung tâm Văn hóa, Thông tin và Thể thao", "H.T",
    "Theo Cổng thông tin điện tử thành phố", "Đài Truyền thanh phường",
)  # fmt: skip
_BACKGROUND = (
    "Những năm qua, cấp ủy, chính quyền địa phương luôn quan tâm chăm lo đời sống vật chất và tinh thần của nhân dân, "
    "phát huy vai trò của mặt trận và các đoàn thể trong các phong trào thi đua yêu nước.",
    "Đây là hoạt động có ý nghĩa thiết thực, góp phần xây dựng nếp sống văn minh đô thị, được đông đảo người dân đồng "
    "tình hưởng ứng. Các địa phương khác trong vùng cũng đang tìm hiểu để học tập.",
    "Trước đó, nhiều hoạt động tương tự đã được tổ chức tại các khu dân cư trên địa bàn và để lại ấn tượng tốt đẹp.",
    "Được thành lập trên cơ sở sắp xếp các đơn vị hành chính, phường hiện có hơn mười nghìn nhân khẩu sinh sống tại "
    "các khu dân cư, chủ yếu làm nghề buôn bán, dịch vụ và tiểu thủ công nghiệp.",
)  # fmt: skip

Parts = list[str]


def edited(title: str, lead: str, body: str, date: str, chance: random.Random) -> tuple[str, str, str]:
    """Return title, lead and body after two to five of the things editors do; facts are dropped but never altered."""
    paragraphs = body.split("\n\n")
    for change in chance.sample(_CHANGES, chance.randint(2, 5)):
        paragraphs = change(paragraphs, date, chance) or paragraphs
    if chance.random() < 0.5:
        title = _other_title(title, paragraphs, chance)
    if lead and chance.random() < 0.5:
        lead, paragraphs = ("", paragraphs) if chance.random() < 0.5 else ("", [lead, *paragraphs])
    return title, lead, "\n\n".join(paragraphs)


def _other_title(title: str, paragraphs: Parts, chance: random.Random) -> str:
    tail = title.partition(": ")[2]
    if tail:
        return tail[0].upper() + tail[1:]
    words = title.split()
    return chance.choice((" ".join(words[: max(5, len(words) - 3)]), title.upper(), f"Tin địa phương: {title}"))


def _dates(paragraphs: Parts, date: str, chance: random.Random) -> Parts:
    forms: tuple[Callable[[re.Match[str]], str], ...] = (
        lambda m: f"{m[1]}-{m[2]}{(m[3] or '').replace('/', '-')}",
        lambda m: f"{int(m[1])}/{int(m[2])}{m[3] or ''}",
        lambda m: f"{m[1]} tháng {m[2]}" + (f" năm {m[3][1:]}" if m[3] else ""),
        lambda m: f"{m[1]}.{m[2]}{(m[3] or '').replace('/', '.')}",
    )
    form = chance.choice(forms)
    return [_DATE.sub(form, part) for part in paragraphs]


def _today(paragraphs: Parts, date: str, chance: random.Random) -> Parts:
    year, month, day = date.split("-")
    found = re.compile(rf"\b(?:ngày )?0?{int(day)}/0?{int(month)}(?:/{year})?\b")
    return [found.sub("hôm nay", paragraphs[0], count=1), *paragraphs[1:]]


def _abbreviate(paragraphs: Parts, date: str, chance: random.Random) -> Parts:
    chosen = chance.sample(sorted(_ABBREVIATED.items()), 4)
    for long, short in chosen:
        paragraphs = [part.replace(long, short) for part in paragraphs]
    return paragraphs


def _write_out(paragraphs: Parts, date: str, chance: random.Random) -> Parts:
    return [part.replace("UBND", "Ủy ban nhân dân").replace("TDP", "tổ dân phố") for part in paragraphs]


def _short_names(paragraphs: Parts, date: str, chance: random.Random) -> Parts:
    return [paragraphs[0], *(_PERSON.sub(lambda m: f"{m[0].split()[0]} {m[1]}", part) for part in paragraphs[1:])]


def _drop(paragraphs: Parts, date: str, chance: random.Random) -> Parts | None:
    if len(paragraphs) < 3:
        return None
    gone = chance.randrange(1, len(paragraphs))
    return paragraphs[:gone] + paragraphs[gone + 1 :]


def _merge(paragraphs: Parts, date: str, chance: random.Random) -> Parts | None:
    if len(paragraphs) < 2:
        return None
    at = chance.randrange(len(paragraphs) - 1)
    return [*paragraphs[:at], f"{paragraphs[at]} {paragraphs[at + 1]}", *paragraphs[at + 2 :]]


def _caption(paragraphs: Parts, date: str, chance: random.Random) -> Parts:
    at = chance.randint(1, len(paragraphs))
    return [*paragraphs[:at], *chance.sample(_CAPTIONS, chance.randint(1, 2)), *paragraphs[at:]]


def _byline(paragraphs: Parts, date: str, chance: random.Random) -> Parts:
    last = paragraphs[-1]
    kept = paragraphs[:-1] if len(paragraphs) > 1 and len(last.split()) < 8 else paragraphs
    return [*kept, chance.choice(_BYLINES)]


def _quote(paragraphs: Parts, date: str, chance: random.Random) -> Parts:
    made = [_QUOTE.sub("", part).strip() for part in paragraphs]
    return [part for part in made if part] or paragraphs


def _typos(paragraphs: Parts, date: str, chance: random.Random) -> Parts:
    """Slips of the typist in one word of about thirty: marks lost, a letter doubled, a word run on."""

    def slip(match: re.Match[str]) -> str:
        word = match[0]
        if chance.random() > 0.03:
            return word
        return chance.choice((word.translate(_BARE), word + word[-1], word[0] + word[2:]))

    return [re.sub(r"\b[a-zà-ỹ]{4,}\b", slip, part) for part in paragraphs]


_BARE = str.maketrans("áàảãạấầếềốồớờứừíìýđ", "aaaaaaaeeoooouuiiyd")


def _background(paragraphs: Parts, date: str, chance: random.Random) -> Parts:
    return [*paragraphs, chance.choice(_BACKGROUND)]


def _shorter(paragraphs: Parts, date: str, chance: random.Random) -> Parts | None:
    """A press version of about 60 %: sentences go, but seldom the first."""
    sentences = [(n, s) for n, part in enumerate(paragraphs) for s in re.split(r"(?<=[.!?]) ", part)]
    if len(sentences) < 4:
        return None
    keep = sorted({0, *chance.sample(range(len(sentences)), round(0.6 * len(sentences)))})
    made: dict[int, list[str]] = {}
    for at in keep:
        made.setdefault(sentences[at][0], []).append(sentences[at][1])
    return [" ".join(part) for part in made.values()]


def _openings(paragraphs: Parts, date: str, chance: random.Random) -> Parts:
    return [re.sub(r"^(Nhân dịp này|Tại buổi lễ|Cũng trong dịp này|Tuy nhiên|Theo đó), (\w)",
                   lambda m: m[2].upper(), part) for part in paragraphs]  # fmt: skip


_CHANGES: tuple[Callable[[Parts, str, random.Random], Parts | None], ...] = (
    _dates, _today, _abbreviate, _write_out, _short_names, _drop, _merge, _caption, _byline, _quote, _typos,
    _background, _shorter, _openings,
)  # fmt: skip
