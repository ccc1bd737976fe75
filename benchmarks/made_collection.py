"""A made collection of any size, for measuring: words as frequent as in news of wards, unequal sites.

Text is drawn from words and set phrases by Zipf's law: the n-th commonest comes about 1/n as often as the first, so
that "phường" is in nearly every article and most words in hardly one. Nothing is taken from real pages. Articles
come site by site, newest first, as a crawl finds them.
"""

import random
import unicodedata
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import accumulate, count
from pathlib import Path
from typing import Any

from crawler.units import NEW, OLD, table
from storage import Collection
from storage.files import texts as file_texts
from storage.search import fulltext

SITES = 210
SEED = 8
_FIRST, _LAST = date(2015, 1, 1), date(2026, 6, 30)
_SEEN = "2026-07-01T00:00:00+00:00"
_BATCH = 5000
_TAIL = 6000  # rare words
_COMMONEST = (
    "phường", "và", "các", "của", "nhân dân", "trên địa bàn", "công tác", "được", "cho", "trong", "tổ chức", "ủy ban",
    "với", "ủy ban nhân dân", "người dân", "thực hiện", "là", "tổ dân phố", "có", "năm", "đã", "hội nghị", "ông", "bà",
    "tại", "về", "đến", "ngày", "này", "khu phố", "tham gia", "đồng chí", "những", "phòng", "ban", "cán bộ",
    "tuyên truyền", "một", "để", "theo", "triển khai", "kế hoạch", "cùng", "chương trình", "vệ sinh môi trường",
    "chủ tịch", "phó chủ tịch", "bí thư", "đảng ủy", "hội đồng nhân dân", "mặt trận tổ quốc", "đoàn thanh niên",
    "hội phụ nữ", "hội cựu chiến binh", "hội nông dân", "công an", "trường tiểu học", "trường mầm non", "trạm y tế",
    "học sinh", "giáo viên", "gia đình", "an ninh trật tự", "phòng cháy chữa cháy", "đô thị", "văn minh đô thị",
    "quản lý", "kiểm tra", "xử lý", "vi phạm", "giải phóng mặt bằng", "dự án", "đường", "ngõ", "số", "nhà văn hóa",
    "thể dục thể thao", "thi đấu", "giải", "bóng đá", "cầu lông", "văn nghệ", "thư viện", "đọc sách", "trẻ em",
    "người cao tuổi", "tặng quà", "hỗ trợ", "khó khăn", "hộ nghèo", "bảo hiểm y tế", "tiêm chủng", "dịch bệnh",
    "sốt xuất huyết", "sức khỏe", "khám bệnh", "miễn phí", "thông báo", "lịch", "lịch tiếp công dân", "công dân",
    "thủ tục hành chính", "dịch vụ công", "trực tuyến", "chuyển đổi số", "căn cước", "chữ ký số", "hồ sơ",
    "giải quyết", "ý kiến", "cử tri", "bầu cử", "đại biểu", "kỳ họp", "nghị quyết", "báo cáo", "kết quả", "chỉ tiêu",
    "thu ngân sách", "thuế", "kinh doanh", "chợ", "an toàn thực phẩm", "hàng hóa", "vỉa hè", "lòng đường", "rác thải",
    "phân loại rác", "trồng cây", "cây xanh", "hồ", "mưa bão", "ngập úng", "phòng chống thiên tai", "dân quân",
    "khám tuyển nghĩa vụ quân sự", "tân binh", "lễ giao nhận quân", "liệt sĩ", "thương binh", "dâng hương", "lễ hội",
    "đình", "chùa", "di tích", "lịch sử", "truyền thống", "kỷ niệm", "ngày thành lập", "khen thưởng", "gương sáng",
    "từ", "khi", "sau", "trước", "nhiều", "như", "cũng", "còn", "đó", "không", "phải", "sẽ", "đang", "ra", "vào",
    "lên", "nhằm", "góp phần", "nâng cao", "chất lượng", "hiệu quả", "tăng cường", "đẩy mạnh", "phát động",
    "phong trào", "ra quân", "buổi", "sáng", "chiều", "tối", "tháng", "quý", "đợt", "lần thứ", "toàn", "mỗi", "mọi",
    "bên cạnh", "đồng thời", "2015", "2016", "2017", "2018", "2019", "2020", "2021", "2022", "2023", "2024", "2025",
    "2026",
)  # fmt: skip
_ONSETS = "b c ch d đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x"
_RHYMES = (
    "a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây e ec em en eng eo ep et ê "
    "êch êm ên ênh êp êt êu i ia ich iêc iêm iên iêng iêp iêt iêu im in inh ip it iu o oa oac oai oan oang oat oay "
    "oc oi om on ong op ot ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt u ua uân uât uc ui um un ung uôc uôi uôm uôn "
    "uông uôt up ut ư ưa ưc ưi ưng ươc ươi ươm ươn ương ươp ươt ưt ưu uy uyên uyêt uynh"
)
_TONES = "\u0300\u0301\u0309\u0303\u0323"
_SECTIONS = (
    "Tin tức", "Thông báo", "Văn bản", "Cải cách hành chính", "An ninh trật tự", "Văn hóa", "Giáo dục", "Y tế",
    "Đoàn thể",
    "Hoạt động của phường", "Gương người tốt", "Lịch công tác", "Chuyển đổi số", "Kinh tế", "Đô thị", "Pháp luật",
)  # fmt: skip
_LEADS = (
    "Phường {} ", "Hội nghị ", "Thông báo ", "Lịch công tác tuần ", "Kế hoạch ", "UBND phường {} ", "Khu phố {} ",
    "Lễ ", "Ra quân ", "Tổ dân phố {} ",
)  # fmt: skip


def _is_spelled(onset: str, rhyme: str) -> bool:
    """Whether Vietnamese writes the two together: k, gh and ngh come before e, ê and i only, c, g and ng never."""
    front = rhyme[0] in "eêi"
    if onset in ("k", "gh", "ngh"):
        return front
    if onset == "qu":
        return rhyme[0] not in "uưoô"
    return not (front and onset in ("c", "g", "ng"))


class Language:
    """Words and set phrases with their chances."""

    def __init__(self, chance: random.Random):
        self.chance = chance
        bare = [onset + rhyme for onset in _ONSETS.split() for rhyme in _RHYMES.split() if _is_spelled(onset, rhyme)]
        toned = [self._toned(word) for word in bare for _ in range(2)]
        tail = list(dict.fromkeys([*bare, *toned]))
        chance.shuffle(tail)
        del tail[_TAIL:]
        self.units = [*_COMMONEST, *(word for word in tail if word not in _COMMONEST)]
        self.names = [word.capitalize() for word in tail[:600]]
        self.weights = list(accumulate(1 / (rank + 3) for rank in range(len(self.units))))

    def _toned(self, word: str) -> str:
        vowels = [n for n, letter in enumerate(word) if unicodedata.normalize("NFD", letter)[0] in "aeiouy"]
        at = next((n for n in reversed(vowels) if word[n] in "âăêôơư"), vowels[-1])
        return unicodedata.normalize("NFC", word[: at + 1] + self.chance.choice(_TONES) + word[at + 1 :])

    def words(self, many: int) -> list[str]:
        return self.chance.choices(self.units, cum_weights=self.weights, k=many)

    def name(self) -> str:
        return " ".join(self.chance.sample(self.names, 2))

    def text(self, characters: int) -> str:
        """Sentences in paragraphs, about so long."""
        made: list[str] = []
        left = characters
        while left > 0:
            words = self.words(self.chance.randint(8, 22))
            if self.chance.random() < 0.15:
                words.insert(self.chance.randrange(len(words)), self.name())
            sentence = " ".join(words)
            sentence = f"{sentence[0].upper()}{sentence[1:]}."
            made.append(sentence + ("\n\n" if self.chance.random() < 0.25 else " "))
            left -= len(made[-1])
        return "".join(made).strip()


def _days(chance: random.Random, articles: int) -> list[str]:
    """Days of publication, newest first; more of them in later years, a few unknown."""
    span = (_LAST - _FIRST).days
    days = sorted((int(span * chance.random() ** 0.7) for _ in range(articles)), reverse=True)
    made = []
    for day in days:
        text = (_FIRST + timedelta(days=day)).isoformat()
        kind = chance.random()
        text = (
            ""
            if kind < 0.01
            else text
            if kind < 0.7
            else f"{text}T{chance.randint(7, 17):02}:{chance.randint(0, 59):02}"
        )
        made.append(text)
    return made


def _sizes(articles: int) -> list[int]:
    """How many articles each site has: few large sites, many small ones."""
    shares = [1 / (rank + 8) for rank in range(SITES)]
    sizes = [int(articles * share / sum(shares)) for share in shares]
    sizes[0] += articles - sum(sizes)
    return sizes


def articles(count_: int, characters: int, seed: int = SEED) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield (slug, the fields of an article) without its run."""
    chance = random.Random(seed)
    language = Language(chance)
    numbers = count(1)
    for site, size in enumerate(_sizes(count_)):
        slug = f"made_ward{site:03}"
        sections = chance.sample(_SECTIONS, 7)
        for day in _days(chance, size):
            number = next(numbers)
            lead = chance.choice(_LEADS).format(language.name())
            yield slug, {
                "site": slug, "key": str(number), "url": f"http://{slug}.example.vn/tin/{number}",
                "title": lead + " ".join(language.words(chance.randint(3, 9))),
                "summary": language.text(130) if chance.random() < 0.6 else "",
                "body": language.text(max(80, int(chance.gauss(characters, characters / 4)))),
                "section": chance.choice(sections) if chance.random() < 0.9 else None, "published_at": day or None,
                "published_precision": "day", "content_hash": f"{number:064x}", "first_seen_at": _SEEN,
                "last_seen_at": _SEEN, "markdown": "", "removed_at": _SEEN if chance.random() < 0.005 else None,
            }  # fmt: skip


def make(path: Path, count_: int, characters: int = 2500, seed: int = SEED) -> None:
    """Write a new database of that many articles, the bodies about so many characters long."""
    unfinished = path.with_suffix(".part")
    unfinished.unlink(missing_ok=True)
    chance, linking = random.Random(seed + 1), random.Random(seed + 2)
    language = Language(chance)
    old, new = (list(units)[:300] for units in (table().old, table().new))
    with Collection(unfinished) as collection:
        db = collection.db
        db.execute("PRAGMA synchronous = OFF")
        db.execute("PRAGMA cache_size = -400000")
        runs = {f"made_ward{site:03}": _site(collection, chance, f"made_ward{site:03}", site) for site in range(SITES)}
        db.conn.execute("BEGIN")
        for number, (slug, values) in enumerate(articles(count_, characters, seed), 1):
            values["run_id"] = runs[slug]
            _add(db, "articles", values | {"id": number})
            _add(
                db, "article_urls",
                {"url": values["url"], "article_id": number, "site": slug, "key": values["key"],
                 "relation": "canonical", "first_seen_at": _SEEN, "last_seen_at": _SEEN},
            )  # fmt: skip
            fulltext.add(db, number, values)
            for position in range(linking.choice((0, 1, 1, 1, 2))):  # the wards that it is about
                vintage = (OLD, NEW)[position]
                _add(
                    db, "article_units",
                    {"article_id": number, "code": linking.choice(old if vintage == OLD else new), "vintage": vintage,
                     "certainty": "sure", "found_in": "title", "evidence": "Phường", "position": position},
                )  # fmt: skip
            if number % 8 == 0:
                digest = f"{number:064x}"
                read = number % 40 == 0
                _add(
                    db, "files",
                    {"id": number, "sha256": digest, "size": 1000, "type": "pdf", "kept_at": "2026-07-01",
                     "text": language.text(1500) if read else "", "text_at": "2026-07-01"},
                )  # fmt: skip
                _add(
                    db, "attachments",
                    {"article_id": number, "url": f"{values['url']}.pdf", "name": "kem-theo.pdf", "type": "pdf",
                     "position": 0, "sha256": digest},
                )  # fmt: skip
                if read:
                    text = db.execute("SELECT text FROM files WHERE id = ?", (number,)).fetchone()[0]
                    file_texts.index(db, number, text)
            if number % _BATCH == 0:
                db.conn.execute("COMMIT")
                db.conn.execute("BEGIN")
        db.conn.execute("COMMIT")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    unfinished.rename(path)


def _add(db: Any, table: str, values: dict[str, Any]) -> None:
    db.execute(
        f"INSERT INTO {table} ({', '.join(values)}) VALUES ({', '.join('?' * len(values))})",
        tuple(values.values()),
    )


def _site(collection: Collection, chance: random.Random, slug: str, number: int) -> int:
    """Put a site with a year of weekly runs; return the last run's id."""
    old = list(table().old)[number]
    collection.put_site(
        {"slug": slug, "name": f"Phường Mẫu {number}, tỉnh Mẫu {number % 30}", "host": f"{slug}.example.vn",
         "platform": "made", "unit_old": old, "unit_new": table().successors(old)[0].code, "updated_at": "2026-07-01"}
    )  # fmt: skip
    run = 0
    filled = {"title": 9, "summary": 6, "body": 9, "author": 3, "published_at": 9, "section": 8}
    for week in range(52):
        moment = f"{date(2025, 7, 1) + timedelta(days=7 * week)}T01:00:00+00:00"
        run = collection.begin_run(slug, mode="live", started_at=moment, software="made")
        counts = {"pages": 30, "listings": 5, "fetched": 9, "articles": {"new": 9}, "filled": filled, "seconds": 60}
        failed = number % 17 == 0 and week > 48
        collection.finish_run(
            run, finished_at=moment, status="failed" if failed else "ok", reason="timeout" if failed else None,
            message="its pages do not answer" if failed else "9 new", counts=counts,
            skipped={"http_404": chance.randint(0, 2)},
        )  # fmt: skip
    return run
