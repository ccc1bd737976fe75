"""Hands on a generated collection in every format and prints CPU time, memory at its peak, and size.

    python benchmarks/export_bench.py [--articles 100000] [FORMAT ...]

Each format runs in a process of its own; the memory is that process's largest resident set. The texts are made of
Vietnamese words by a fixed seed, 2.5 kB of body each; every article has a capture of 20 kB in a WARC file.
"""

import argparse
import random
import resource
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from crawler.text import content_hash  # noqa: E402
from storage import Collection  # noqa: E402
from storage.archives.captures import Captures  # noqa: E402
from storage.archives.warc import Exchange  # noqa: E402
from storage.exports import FORMATS, Choice, export  # noqa: E402
from storage.records import Record  # noqa: E402

MOMENT = "2027-03-04T05:06:07+00:00"
TEXT = (
    "phường xã tổ dân phố ủy ban nhân dân tuyên truyền vệ sinh môi trường phòng cháy chữa cháy an ninh trật tự "
    "hội nghị đại biểu khu phố trường học trạm y tế tiêm chủng người cao tuổi thanh niên phụ nữ cựu chiến binh"
)
WORDS = TEXT.split()


def generate(db: Path, articles: int, *, captures: bool) -> None:
    """Make a collection of that many articles at `db`."""
    chance = random.Random(7)
    with Collection(db) as collection:
        site = {"slug": "made_ward", "name": "Phường Mẫu", "host": "mau.example.vn", "platform": "made",
                "unit_old": "00004", "unit_new": "00004", "updated_at": MOMENT}  # fmt: skip
        collection.put_site(site)
        run = collection.begin_run("made_ward", mode="demo", started_at=MOMENT, software="made")
        keeper = Captures(collection, {"software": "made"}) if captures else None
        for number in range(articles):
            body = " ".join(chance.choices(WORDS, k=450))
            url = f"https://mau.example.vn/tin/{number}"
            day = (datetime(2015, 1, 1, tzinfo=UTC) + timedelta(hours=number)).date().isoformat()
            page = f"<html><body><h1>Bài {number}</h1><p>{body}</p>{'<i></i>' * 2500}</body></html>".encode()
            capture = None
            if keeper:
                time_ = datetime(2027, 1, 1, tzinfo=UTC) + timedelta(seconds=number)
                exchange = Exchange(url, 200, ((b"Content-Type", b"text/html"),), page, time_)
                capture = keeper.keep(exchange, site="made_ward", kind="article", run_id=run)
            title = f"Bài {number}: {' '.join(chance.choices(WORDS, k=8))}"
            fields = {"title": title, "body": body, "markdown": body, "published_at": day, "language": "vi"}
            collection.save(
                Record("made_ward", str(number), url, content_hash(title, body), MOMENT, fields, capture_id=capture),
                run,
            )
        if keeper:
            keeper.close()
        collection.finish_run(run, finished_at=MOMENT, status="ok", reason=None, message="", counts={}, skipped={})


def measure(db: Path, name: str, dest: Path) -> None:
    """Hand on and print one line."""
    begun = time.process_time()
    done = export(db, name, dest, Choice(), software="tinphuong", progress=lambda done, total: None)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    spent, size = time.process_time() - begun, done.bytes / 1e6
    print(f"| {name} | {done.articles:,} | {spent:.0f} s | {peak:.0f} MB | {size:.0f} MB |")


def main() -> None:
    """Generate once, then measure each format."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("formats", nargs="*", choices=[*FORMATS, []], default=[])
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--one", nargs=3, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        measure(Path(arguments.one[0]), arguments.one[1], Path(arguments.one[2]))
        return
    with TemporaryDirectory() as folder:
        db = Path(folder) / "made.db"
        generate(db, arguments.articles, captures=True)
        print("| format | articles | CPU time | memory at its peak | size |\n|---|---|---|---|---|", flush=True)
        for name in arguments.formats or FORMATS:
            dest = Path(folder) / f"out-{name}"
            subprocess.run([sys.executable, __file__, "--one", db, name, dest], check=True)
            sys.stdout.flush()
            subprocess.run(["rm", "-rf", dest], check=True)


if __name__ == "__main__":
    main()
