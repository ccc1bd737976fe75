"""What it costs to find near duplicates, and how many planted ones are found, at 10,000 to 1,000,000 articles.

python benchmarks/near_bench.py                             10,000 articles, beside datasketch (requirements-peers.txt)
python benchmarks/near_bench.py --articles 100000 1000000   these sizes; 1,000,000 takes 20 minutes of a core and 3 GB

The articles are made up of the phrases of tests/near/*.txt in chance order, with other numbers, days and names in each.
Of 100, six are taken over from an earlier one and edited, four are weekly schedules or notices from one template.
"""

import argparse
import random
import re
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from crawler.near import story  # noqa: E402
from storage import Collection  # noqa: E402
from storage.near import link_waiting  # noqa: E402
from tests.near.editing import edited  # noqa: E402
from tests.near.gold import NEWS, stories  # noqa: E402

SITES = 3321
_PEER_UP_TO = 10_000  # articles: it keeps all in memory
COPIES, TEMPLATES = 0.06, 0.04
_STEP = 0.75  # how often the next word is one that followed the last two, not only the last one
_NAMES = (
    "Nguyễn Trần Lê Phạm Hoàng Phan Vũ Đặng Bùi Đỗ Hồ Ngô Dương Lý Lò Nông Quàng Hà Mạc Đinh",
    "An Bình Chi Dũng Giang Hải Hạnh Hùng Khánh Lan Lâm Linh Mai Minh Nam Nga Phúc Quân Sơn Thảo Tùng Yến",
)
_FAMILY, _GIVEN = (names.split() for names in _NAMES)
_PERSON = re.compile(r"(đồng chí|ông|bà|anh|chị|phường) (?:[A-ZĐ]\w+ ?){1,4}")
_SCHEDULE = (
    "Lịch công tác tuần {week} của lãnh đạo UBND phường {ward}",
    "Thứ Hai, ngày {d0}: 07h30 chào cờ; 08h00 giao ban lãnh đạo UBND; 14h00 tiếp công dân.\n\nThứ Ba, ngày {d1}: "
    "08h00 họp Ban quản lý dự án, đ/c Phó Chủ tịch chủ trì; 14h00 kiểm tra trật tự đô thị tổ {n}.\n\nThứ Tư, "
    "ngày {d2}: 08h00 dự hội nghị tại UBND thành phố; 14h00 làm việc.\n\nThứ Năm, ngày {d3}: 08h00 xét hồ sơ "
    "bảo trợ xã hội; 14h00 sinh hoạt chi bộ.\n\nThứ Sáu, ngày {d4}: 08h00 trực tiếp nhận hồ sơ; 14h00 tổng vệ sinh.",
)
_NOTICE = (
    "Thông báo tạm ngừng cấp nước khu vực phường {ward}",
    "Để thi công đấu nối đường ống D{n}00, Công ty Cấp nước thông báo tạm ngừng cấp nước tại tổ dân phố {n} phường "
    "{ward} từ 22h00 ngày {d0} đến 05h00 ngày {d1}. Đề nghị bà con chủ động tích trữ nước. Trân trọng cảm ơn!",
)


class Writer:
    """Writes articles from a seed; each is (title, body, day)."""

    def __init__(self, seed: int):
        self.chance = random.Random(seed)
        paragraphs = [
            paragraph
            for split in NEWS
            for texts in stories(split)
            for paragraph in texts[0].body.split("\n\n")
            if len(paragraph) > 120
        ]
        self.starts = [tuple(paragraph.split()[:2]) for paragraph in paragraphs]
        self.after_two: dict[tuple[str, str], list[str]] = defaultdict(list)
        self.after_one: dict[str, list[str]] = defaultdict(list)
        for paragraph in paragraphs:
            words = paragraph.split()
            for one, two in pairwise(words):
                self.after_one[one].append(two)
            for (one, two), (_, three) in pairwise(pairwise(words)):
                self.after_two[one, two].append(three)

    def name(self) -> str:
        return f"{self.chance.choice(_FAMILY)} {self.chance.choice(_GIVEN)} {self.chance.choice(_GIVEN)}"

    def day(self) -> date:
        return date(2012, 1, 1) + timedelta(days=self.chance.randrange(5000))

    def article(self) -> tuple[str, str, str]:
        day = self.day()
        paragraphs = [self.paragraph(day) for _ in range(self.chance.randint(2, 6))]
        opening = f"Ngày {day.day}/{day.month}/{day.year}, phường {self.name()} tổ chức {paragraphs[0][:1].lower()}"
        body = "\n\n".join([opening + paragraphs[0][1:], *paragraphs[1:]])
        return f"Phường {self.name()}: {' '.join(paragraphs[-1].split()[:9])}", body, day.isoformat()

    def paragraph(self, day: date) -> str:
        choice, random_ = self.chance.choice, self.chance.random
        one, two = choice(self.starts)
        words = [one, two]
        for _ in range(self.chance.randint(25, 70)):
            after = self.after_two.get((one, two)) if random_() < _STEP else None
            after = after or self.after_one.get(two)
            if not after:
                break
            one, two = two, choice(after)
            words.append(two)
        text = " ".join(words)
        text = re.sub(r"\d{1,2}/\d{1,2}(/\d{4})?", f"{day.day}/{day.month}", text)
        text = re.sub(r"\b\d{2,4}\b(?!/)", lambda m: str(self.chance.randrange(10, 10 ** len(m[0]))), text)
        text = re.sub(
            r"(đồng chí|ông|bà|anh|chị|phường) (?:[A-ZĐ]\w+ ?){1,4}", lambda m: f"{m[1]} {self.name()} ", text
        )
        return text.rstrip(" ,;-") + "."

    def template(self) -> tuple[str, str, str]:
        day = self.day()
        values = {f"d{n}": f"{(day + timedelta(days=n)).day}/{(day + timedelta(days=n)).month}" for n in range(5)}
        values |= {"week": str(day.isocalendar()[1]), "n": str(self.chance.randint(1, 30)), "ward": self.name()}
        title, body = self.chance.choice((_SCHEDULE, _NOTICE))
        return title.format(**values), body.format(**values), day.isoformat()


def make(path: Path, count: int, seed: int = 6) -> None:
    """Fill a new collection, without its full-text index; table `planted` says which article was taken from which."""
    writer = Writer(seed)
    recent: list[tuple[int, tuple[str, str, str]]] = []
    with Collection(path) as collection:
        for number in range(SITES):
            collection.put_site(
                {"slug": f"ward_{number:04}", "name": f"Phường số {number}", "host": f"w{number}.example.vn",
                 "platform": "made", "unit_old": None, "unit_new": None, "updated_at": "2024-01-01"}
            )  # fmt: skip
        run = collection.begin_run("ward_0000", mode="live", started_at="2024-01-01T00:00:00+00:00", software="bench")
        collection.commit()
        db = collection.db
        db.execute("CREATE TABLE planted (id INTEGER PRIMARY KEY, origin INTEGER)")
        db.execute("PRAGMA synchronous = OFF")
        db.execute("BEGIN")
        for number in range(1, count + 1):
            what = writer.chance.random()
            origin = None
            if what < COPIES and recent:
                origin, (title, body, day) = writer.chance.choice(recent)
                title, _, body = edited(title, "", body, day, writer.chance)
                day = (date.fromisoformat(day) + timedelta(days=writer.chance.randint(0, 3))).isoformat()
            elif what < COPIES + TEMPLATES:
                title, body, day = writer.template()
            else:
                title, body, day = writer.article()
                if writer.chance.random() < 0.1:  # those that others take over, spread over the whole collection
                    place = writer.chance.randrange(5000)
                    recent[place : place + 1] = [(number, (title, body, day))]
            site = f"ward_{writer.chance.randrange(SITES):04}"
            db.execute(
                "INSERT INTO articles (id, site, key, url, title, body, published_at, content_hash, first_seen_at, "
                "last_seen_at, run_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (number, site, str(number), f"http://{site}.example.vn/{number}", title, body, day, str(number),
                 "2026-01-01T00:00:00+00:00", "2026-01-01T00:00:00+00:00", run),
            )  # fmt: skip
            if origin:
                db.execute("INSERT INTO planted VALUES (?, ?)", (number, origin))
            if number % 10_000 == 0:
                db.execute("COMMIT")
                db.execute("BEGIN")
        db.execute("COMMIT")


def link(path: Path) -> None:
    """Link a collection in this process; prints seconds of CPU, those of the last tenth, seconds in all, peak MB."""
    start = time.perf_counter()
    with Collection(path) as collection:
        moments = [(0, time.process_time())]
        link_waiting(
            collection, at="2026-01-02T00:00:00+00:00",
            progress=lambda done, total: moments.append((done, time.process_time())),
        )  # fmt: skip
    whole = moments[-1][1] - moments[0][1]
    nine = next(moment for done, moment in moments if done >= 0.9 * moments[-1][0])
    print(whole, moments[-1][1] - nine, time.perf_counter() - start, _peak())


def _peak() -> float:
    """Peak memory of this process in MB; that of getrusage would be the parent's too."""
    status = Path("/proc/self/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024


def measure(path: Path, count: int) -> dict[str, float]:
    """Make and link a collection of `count` articles; returns what was measured."""
    make(path, count)
    before = path.stat().st_size
    child = subprocess.run([sys.executable, __file__, "--link", path], capture_output=True, text=True, check=True)
    whole, last, seconds, memory = map(float, child.stdout.split())
    with Collection(path) as collection:
        db = collection.db
        groups = dict(db.execute("SELECT article_id, group_id FROM near_groups").fetchall())
        planted = db.execute("SELECT id, origin FROM planted").fetchall()
        family = dict(planted) | {origin: origin for _, origin in planted}
        links = db.execute("SELECT article_id, other_id FROM near_duplicates").fetchall()
    found = sum(one in groups and groups.get(one) == groups.get(two) for one, two in planted)
    right = sum(family.get(one, -1) == family.get(two, -2) for one, two in links)
    return {
        "articles": count, "ms of CPU each": 1000 * whole / count, "of the last tenth": 10_000 * last / count,
        "ms each": 1000 * seconds / count,
        "peak MB": memory, "bytes an article": (path.stat().st_size - before) / count,
        "planted": len(planted), "recall": found / max(1, len(planted)), "links": len(links),
        "precision": right / max(1, len(links)),
    }  # fmt: skip


def peer(path: Path) -> dict[str, float]:
    """datasketch's LSH over the same runs of words, in memory, without a look at what differs."""
    try:
        from datasketch import MinHash, MinHashLSH
    except ImportError:
        sys.exit("the peer needs datasketch: pip install -r requirements-peers.txt")
    from crawler.text.sketches import WORDS

    with Collection(path) as collection:
        rows = collection.db.execute("SELECT id, title, summary, body FROM articles").fetchall()
        planted = collection.db.execute("SELECT id, origin FROM planted").fetchall()
    family = dict(planted) | {origin: origin for _, origin in planted}
    memory = _peak()
    start = time.process_time()
    index = MinHashLSH(threshold=0.3, num_perm=128)
    pairs = set()
    for number, title, summary, body in rows:
        words = story(title, summary, body).wording.words()
        hashed = MinHash(num_perm=128)
        runs = range(max(1, len(words) - WORDS + 1))
        hashed.update_batch([" ".join(words[at : at + WORDS]).encode() for at in runs])
        pairs.update((other, number) for other in index.query(hashed))
        index.insert(number, hashed)
    took = time.process_time() - start
    found = sum((min(pair), max(pair)) in pairs for pair in planted)
    right = sum(family.get(one, -1) == family.get(two, -2) for one, two in pairs)
    return {
        "articles": len(rows), "ms of CPU each": 1000 * took / len(rows),
        "peak MB": _peak() - memory, "planted": len(planted),
        "recall": found / max(1, len(planted)), "links": len(pairs), "precision": right / max(1, len(pairs)),
    }  # fmt: skip


def show(name: str, measured: dict[str, float]) -> None:
    """Print a column of figures."""
    print(f"\n{name}")
    for key, value in measured.items():
        print(f"  {key:<18} {value:>12,.3f}" if isinstance(value, float) else f"  {key:<18} {value:>12,}", flush=True)


def main() -> None:
    """Print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--articles", type=int, nargs="+", default=[10_000], help="how many; several sizes may be given"
    )
    parser.add_argument("--folder", type=Path, help="where the collections are made (default: a temporary folder)")
    parser.add_argument("--link", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.link:
        link(arguments.link)
        return
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        for count in arguments.articles:
            path = Path(folder) / f"{count}.db"
            show("tinphuong", measure(path, count))
            if count <= _PEER_UP_TO:
                show("datasketch, threshold 0.3, 128 permutations", peer(path))
            path.unlink()


if __name__ == "__main__":
    main()
