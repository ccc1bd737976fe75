"""A whole province from nothing to its news by three commands, on loopback: time, requests and memory of each.

`tinphuong init`, `tinphuong discover PROVINCE`, `tinphuong crawl --province PROVINCE`, as a user types them, with a
name server and a server of portals of ours (tests/discovery): a portal for each of `--units` units, of eight platforms.
Every host is reached through a proxy, so no port below 1024 is needed; pauses are as short as `--delay` says, where a
live crawl makes one of two seconds.
"""

import argparse
import csv
import json
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.discovery.portals_by_host import PortalsByHost
from tests.discovery.province import addresses_of, host_of, portals_of, units_of
from tests.discovery.stub_dns import StubDns
from tests.memory import watched
from tests.running import ROOT, environment

_LONGEST = 1800  # seconds


def main() -> None:
    """Run the three commands and print what each took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--province", default="Thanh Hóa")
    parser.add_argument("--units", type=int, default=150)
    parser.add_argument("--articles", type=int, default=11, help="of each portal")
    parser.add_argument("--delay", default="0.01", metavar="S")
    parser.add_argument("--rate", default="20", metavar="N", help="names that are asked for in a second")
    parser.add_argument("--show", action="store_true", help="what the commands print, too")
    arguments = parser.parse_args()
    portals = portals_of(arguments.province, most=arguments.units, articles=arguments.articles)
    with (
        tempfile.TemporaryDirectory() as folder,
        PortalsByHost(portals) as server,
        StubDns(addresses_of(portals)) as names,
    ):
        env = environment() | {
            "TINPHUONG_PROXY": server.proxy, "TINPHUONG_DNS": names.address, "TINPHUONG_DNS_RATE": arguments.rate,
            "TINPHUONG_ALLOW_PRIVATE": "127.0.0.0/8", "TINPHUONG_DELAY": arguments.delay,
            "TINPHUONG_DELAY_JITTER": "0", "TINPHUONG_CONTACT": "mailto:archive@example.org",
        }  # fmt: skip
        for command in (["init", "."], ["discover", arguments.province], ["crawl", "--province", arguments.province]):
            asked = len(server.asked)
            done = _run(command, Path(folder), env)
            took = f"{done['seconds']:6.1f} s  {done['cpu']:6.1f} s of CPU  {done['memory']:4.0f} MB"
            print(f"{' '.join(command):32} {took}  {len(server.asked) - asked:5} requests  exit {done['code']}")
            if arguments.show:
                print(done["text"])
        print(f"{_right(Path(folder), arguments)} of the rows have their own unit")
        print(f"{sum(names.names.values())} names asked for; {_found(Path(folder))}")
        print("most requests to one host at once:", max(server.at_once.values()))


def _run(command: list[str], folder: Path, env: dict[str, str]) -> dict:
    began = time.monotonic()
    with (folder / ".out").open("w+", encoding="utf-8") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "crawler", *command], cwd=folder, env=env | {"PYTHONPATH": str(ROOT)},
            stdout=out, stderr=subprocess.STDOUT,
        )  # fmt: skip
        memory, cpu = watched(process, began + _LONGEST)
        out.seek(0)
        text = out.read()
    return {"seconds": time.monotonic() - began, "cpu": cpu, "memory": memory, "code": process.returncode, "text": text}


def _right(folder: Path, arguments: argparse.Namespace) -> str:
    """How many of the rows that were written have the code of the unit whose portal it is."""
    units = {host_of(unit): unit.code for unit in units_of(arguments.province, arguments.units)}
    with (folder / "sites.csv").open(encoding="utf-8") as file:
        rows = [(row["host"], row["unit_old"], row["unit_new"]) for row in csv.DictReader(file)]
    return f"{sum((old, new) == ('', units.get(host)) for host, old, new in rows)} of {len(rows)}"


def _found(folder: Path) -> str:
    with sqlite3.connect(folder / "data" / "tinphuong.db") as connection:
        (articles,) = connection.execute("SELECT count(*) FROM articles").fetchone()
        sites = connection.execute("SELECT platform, count(*) FROM sites GROUP BY platform ORDER BY 2 DESC").fetchall()
    return f"{articles} articles of {json.dumps(dict(sites))}"


if __name__ == "__main__":
    main()
