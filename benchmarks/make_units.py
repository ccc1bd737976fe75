"""Make the table of administrative units (crawler/units/*.csv) from vietnamadminunits; a tool for development.

    python benchmarks/make_units.py                       # writes the three files
    python benchmarks/make_units.py --against WHEEL       # compares them with vietnam-provinces 2026.9.0

The package keys mergers by folded names within a province of today, so that namesakes from two old provinces took one
another's mergers; `units_corrections.csv` undoes that, pair by pair. `--against` reads the statistics office's table
of conversion from a wheel of vietnam-provinces without importing it, and prints every pair in which the two differ.
"""

import argparse
import csv
import json
import sqlite3
import sys
import unicodedata
import zipfile
from collections import Counter
from importlib.util import find_spec
from pathlib import Path

HERE = Path(__file__).parent
UNITS = HERE.parent / "crawler" / "units"
VERSION = "1.0.4"
KINDS = ("Phường", "Xã", "Thị trấn", "Đặc khu", "Thành phố", "Thị xã", "Quận", "Huyện", "Tỉnh")

Pair = tuple[str, str]


def main() -> None:
    """Write the table, or compare it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--against", type=Path, metavar="WHEEL", help="a wheel of vietnam-provinces")
    arguments = parser.parse_args()
    if arguments.against:
        compare(arguments.against)
        return
    spec = find_spec("vietnamadminunits")
    if spec is None or spec.origin is None:
        sys.exit(
            f"this needs the package vietnamadminunits {VERSION}: python -m pip install vietnamadminunits=={VERSION}"
        )
    data = Path(spec.origin).parent / "data"
    db = sqlite3.connect(data / "dataset.db")
    db.row_factory = sqlite3.Row
    old = [dict(row) for row in db.execute("SELECT * FROM admin_units_legacy")]
    new = [dict(row) for row in db.execute("SELECT * FROM admin_units")]
    pairs = corrected(mergers(json.loads((data / "converter_2025.json").read_text(encoding="utf-8")), old, new))
    into = Counter(before for before, _ in pairs)
    write("units_old.csv", "code,kind,name,district,district_code,province,province_code", map(old_row, old))
    write("units_new.csv", "code,kind,name,province,province_code", map(new_row, new))
    write("merges.csv", "old,new,how", [(a, b, "whole" if into[a] == 1 else "part") for a, b in pairs])
    print(
        f"{len(old)} old units, {len(new)} new ones, {len(pairs)} mergers, {sum(n > 1 for n in into.values())} splits"
    )


def old_code(row: dict) -> str:
    """The unit's code; that of the district for the five island districts, which had no communes."""
    return row["wardCode"] or row["districtCode"]


def old_row(row: dict) -> tuple[str, ...]:
    kind, name = parted(row["ward"] or row["district"])
    district, province = (" ".join(parted(row[level])) for level in ("district", "province"))
    return old_code(row), kind, name, district, row["districtCode"], province, row["provinceCode"]


def new_row(row: dict) -> tuple[str, ...]:
    return row["wardCode"], *parted(row["ward"]), " ".join(parted(row["province"])), row["provinceCode"]


def parted(name: str) -> Pair:
    """Part "Thị Trấn Prao" into ("thị trấn", "Prao")."""
    name = unicodedata.normalize("NFC", name).strip()
    kind = next(kind for kind in KINDS if name.casefold().startswith(kind.casefold() + " "))
    return kind.casefold(), name[len(kind) + 1 :]


def mergers(converter: dict, old: list[dict], new: list[dict]) -> set[Pair]:
    """Return (old code, new code) for every merger that the package knows."""
    before = {f"{row['provinceKey']}_{row['districtKey']}_{row['wardKey'] or ''}": old_code(row) for row in old}
    after = {(row["provinceKey"], row["wardKey"]): row["wardCode"] for row in new}
    found = set()
    for province, wards in converter["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        found |= {(before[key], after[province, ward]) for ward, keys in wards.items() for key in keys}
    for province, divided in converter["DICT_PROVINCE_WARD_DIVIDED"].items():
        found |= {
            (before[key], after[province, ward["newWardKey"]]) for key, wards in divided.items() for ward in wards
        }
    return found


def corrected(pairs: set[Pair]) -> list[Pair]:
    """Return the pairs, sorted, with the corrections made; each must have something to correct."""
    with (HERE / "units_corrections.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            pair = row["old"], row["new"]
            if (pair in pairs) != (row["action"] == "drop"):
                sys.exit(f"units_corrections.csv: nothing to {row['action']} at {pair}")
            pairs = pairs - {pair} if row["action"] == "drop" else pairs | {pair}
    return sorted(pairs)


def write(name: str, header: str, rows) -> None:
    with (UNITS / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header.split(","))
        writer.writerows(sorted(rows))


def compare(wheel: Path) -> None:
    """Print how the table differs from the statistics office's as vietnam-provinces has it."""
    sys.path.insert(0, str(HERE.parent))
    from crawler.units import table
    from crawler.units.keys import marked

    units = table()
    archive = zipfile.ZipFile(wheel)
    names = json.loads(archive.read("vietnam_provinces/data/flat-divisions.json"))
    theirs = {f"{row['code']:05}": marked(row["name"]) for row in names}
    ours = {code: marked(f"{unit.kind} {unit.name}") for code, unit in units.new.items()}
    differing = sum(ours.get(code) != theirs.get(code) for code in ours.keys() | theirs.keys())
    print(f"new units: {len(ours)} here, {len(theirs)} there, {differing} differ in code, kind or name")
    conversion: dict[str, object] = {}
    exec(archive.read("vietnam_provinces/_ward_conversion_2025.py"), conversion)
    there = {(f"{o.code:05}", f"{new:05}") for new, entry in conversion["NEW_TO_OLD"].items() for o in entry.old_wards}
    here = {(old, unit.code) for old in units.old for unit in units.successors(old)}
    print(f"mergers: {len(here)} here, {len(there)} there, {len(here & there)} in both")
    for side, pairs in (("only here", here - there), ("only there", there - here)):
        for before, after in sorted(pairs):
            old, new = units.old.get(before), units.new.get(after)
            print(f"  {side}: {old.label if old else before} -> {new.label if new else after}")


if __name__ == "__main__":
    main()
