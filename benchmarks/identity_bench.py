"""How often the unit of a host is found right: over the directory of portals, in five ways to ask.

`python benchmarks/identity_bench.py [--each]`; `--each` names the hosts that are not found, or given without a code in
the directory. CPU time; a page names 20 other units and is some 2,000 characters long.
"""

import argparse
import csv
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from crawler.new_site.proposed_names import ward_of
from crawler.units import propose, table

PORTALS = Path(__file__).parents[1] / "spiders" / "portals.csv"
Way = Callable[[str, str], tuple[str | None, str | None]]
WAYS: dict[str, Way] = {
    "owner, text": lambda host, owner: propose(owner, host, owner),
    "ward, text": lambda host, owner: propose(ward_of(owner) or "", host, owner),
    "ward alone": lambda host, owner: propose(ward_of(owner) or "", host, ""),
    "text alone": lambda host, owner: propose("", host, owner),
    "page alone": lambda host, owner: propose("", host, page_of(owner)),
}


def page_of(owner: str) -> str:
    """Return a front page's text that names its owner, and others."""
    others = "\n".join(unit.full_name for unit in list(table().old.values())[::500])
    return f"CỔNG THÔNG TIN ĐIỆN TỬ\n{owner}\nTrang chủ\nGiới thiệu\n{'Tin hoạt động. ' * 20}\n{others}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--each", action="store_true")
    each = parser.parse_args().each
    with PORTALS.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["owner"]]
    propose("", "trucbach.badinh.hanoi.gov.vn", "UBND phường Trúc Bạch")  # reads the tables
    print("way          hosts  right      %  none  only new  wrong   no code: none  given   ms a call")
    for name, ask in WAYS.items():
        counted: Counter[str] = Counter()
        begun = time.process_time()
        for row in rows:
            old, new = ask(row["host"], row["owner"])
            code = row["old_code"]
            state = "right" if old == code else "wrong" if old else "only new" if new else "none"
            state = state if code else "given" if old or new else "silent"
            counted[state] += 1
            if each and state not in ("right", "silent"):
                print("  ", state, row["host"], row["owner"], old, new, code)
        spent = (time.process_time() - begun) * 1000 / len(rows)
        known = counted["right"] + counted["none"] + counted["only new"] + counted["wrong"]
        print(
            f"{name:<12} {known:>5}  {counted['right']:>5}  {100 * counted['right'] / known:5.1f}  {counted['none']:>4}"
            f"  {counted['only new']:>8}  {counted['wrong']:>5}   {counted['silent']:>13}  {counted['given']:>5}"
            f"   {spent:9.2f}"
        )


if __name__ == "__main__":
    main()
