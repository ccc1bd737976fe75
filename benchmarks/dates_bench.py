"""How well dates are read and what it costs, with dateparser in the same run: python benchmarks/dates_bench.py

CPU time throughout, the best of several rounds, as other work on the machine would otherwise be counted.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from crawler.dates import find_dates, parse_date  # noqa: E402

BASE = datetime.fromisoformat("2024-03-15T10:00:00+07:00")
STAMPS = [
    "Ngày đăng 05/06/2022 | 07:08",
    "Thứ Sáu, 08/12/2023, 10:14 (GMT+7)",
    "2022-06-05 07:08:09.0",
    "ngày 05 tháng 06 năm 2022",
    "Sáng 14/3",
    "2 giờ trước",
    "rằm tháng Giêng",
    "Tin tức - Sự kiện",
]
LENGTH = 100_000
UNITS = {
    "one digit": "1",
    "slashes": "1/",
    "colons": "1:",
    "hyphens": "1-",
    "numbers": "1 ",
    "list of days": "ngày 1, 2, ",
    "dates": "1/1/2020 ",
    "dates without a year": "ngày 1/1 ",
    "month words": "tháng năm ",
    "number words": "hai nghìn không trăm ",
    "spaces": " ",
    "marks": "a\u0301",
    "entities": "&amp;",
    "read as Latin-1": "Ã¡",
    "relative": "1 giờ trước ",
    "lunar": "rằm tháng 7 ",
    "cited": "Kế hoạch số 5 ngày 1/1/2020 ",
    "zero width": "\u200b",
    "brackets": "((((",
}


def best(action: Callable[[], object], rounds: int, repeat: int = 1) -> float:
    """Return the least CPU seconds one call of `action` took."""
    times = []
    for _ in range(rounds):
        start = time.process_time()
        for _ in range(repeat):
            action()
        times.append((time.process_time() - start) / repeat)
    return min(times)


def accuracy() -> None:
    """Print right, wrong and missed by kind on the table of the tests, for the grammar and for dateparser."""
    import dateparser

    settings = {"DATE_ORDER": "DMY", "RELATIVE_BASE": BASE.replace(tzinfo=None), "TIMEZONE": "Asia/Ho_Chi_Minh"}

    def theirs(text: str) -> str | None:
        try:
            found = dateparser.parse(text, languages=["vi", "en"], settings=settings)
        except (OverflowError, ValueError, TypeError):
            return None
        return found.replace(tzinfo=None).isoformat() if found else None

    def ours(text: str) -> str | None:
        found = parse_date(text, base=BASE)
        return found.isoformat() if found else None

    table: dict[str, list[int]] = {}
    for row in map(json.loads, (ROOT / "tests/dates/cases.jsonl").read_text(encoding="utf-8").splitlines()):
        cells = table.setdefault(row["kind"], [0] * 5)
        cells[0] += 1
        for place, read in ((1, ours), (3, theirs)):
            got, want = read(row["text"]), row["want"]
            # dateparser always gives a time: as much of its answer counts as was asked for
            right = got == want if place == 1 or not got or not want or "/" in want else got.startswith(want)
            cells[place] += right
            cells[place + 1] += got is not None and not right
    print(f"{'kind':16} {'n':>5}  {'grammar: right':>14} {'wrong':>6}  {'dateparser: right':>17} {'wrong':>6}")
    for kind, (n, right, wrong, their_right, their_wrong) in sorted(table.items()):
        print(f"{kind:16} {n:5}  {100 * right / n:13.0f}% {wrong:6}  {100 * their_right / n:16.0f}% {their_wrong:6}")
    n, right, wrong, their_right, their_wrong = (sum(cells[i] for cells in table.values()) for i in range(5))
    print(f"{'all':16} {n:5}  {100 * right / n:13.1f}% {wrong:6}  {100 * their_right / n:16.1f}% {their_wrong:6}\n")


def stamps() -> None:
    import dateparser

    print(f"{'a stamp':38} {'grammar':>10} {'dateparser':>12}")
    for text in STAMPS:
        parse_date(text, base=BASE)
        ours = best(lambda text=text: parse_date(text, base=BASE), 5, 300)
        options = {"languages": ["vi"], "settings": {"DATE_ORDER": "DMY", "RELATIVE_BASE": BASE.replace(tzinfo=None)}}
        dateparser.parse(text, **options)
        theirs = best(lambda text=text, options=options: dateparser.parse(text, **options), 3, 10)
        print(f"{text:38} {ours * 1e6:7.0f} µs {theirs * 1e6:9.0f} µs")


def adversarial() -> None:
    print(f"\n{LENGTH:,} characters of       parse_date   find_dates   half as many: find_dates")
    worst = 0.0
    for name, unit in UNITS.items():
        text = (unit * (LENGTH // len(unit) + 1))[:LENGTH]
        one = best(lambda text=text: parse_date(text, base=BASE), 2)
        every = best(lambda text=text: find_dates(text, base=BASE), 3)
        half = best(lambda text=text: find_dates(text[: LENGTH // 2], base=BASE), 3)
        worst = max(worst, one, every)
        print(f"{name:28} {one * 1e3:8.1f} ms  {every * 1e3:8.1f} ms  {half * 1e3:8.1f} ms")
    print(f"worst: {worst * 1e3:.1f} ms")


def article() -> None:
    rows = (ROOT / "tests/dates/cases.jsonl").read_text(encoding="utf-8").splitlines()
    text = ". ".join(json.loads(row)["text"] for row in rows)[:10_000]
    print(f"\n10,000 characters of dense dates: {best(lambda: find_dates(text, base=BASE), 5) * 1e3:.1f} ms")


def importing() -> None:
    code = "import time; start = time.process_time(); import {}; print(time.process_time() - start)"
    print("\nimport, CPU:")
    for name in ("crawler.dates", "crawler.dates.parser", "dateparser"):
        runs = [
            subprocess.run(
                [sys.executable, "-c", code.format(name)], cwd=ROOT, capture_output=True, text=True, check=True
            )
            for _ in range(5)
        ]
        print(f"{name:28} {min(float(run.stdout) for run in runs) * 1e3:6.1f} ms")


if __name__ == "__main__":
    accuracy()
    stamps()
    adversarial()
    article()
    importing()
