"""One crawl of all replicas of platforms, as sites of a table."""

import json
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from tests.platforms import replicas
from tests.platforms.server import PlatformServer
from tests.running import run


@dataclass
class Crawled:
    """What the crawl left."""

    code: int
    err: str
    db: Path
    summary: dict
    served: list

    def rows(self, sql, *arguments):
        with sqlite3.connect(self.db) as connection:
            connection.row_factory = sqlite3.Row
            return [dict(row) for row in connection.execute(sql, arguments)]


def slug_of(replica):
    return f"thu_{replica.host.split('.')[1]}"


def write_table(path, chosen, *, stated=True):
    """A table of sites for replicas; without their platforms unless these are `stated`."""
    rows = [
        f"{slug_of(r)},Phường thử,{r.host},{r.platform if stated else ''},,,{' '.join(r.start)},http" for r in chosen
    ]  # fmt: skip
    path.write_text("slug,name,host,platform,unit_old,unit_new,start_pages,scheme\n" + "\n".join(rows) + "\n")


def crawl(folder, chosen=replicas.ALL, replay=(), *, stated=True):
    """Crawl the replicas into folder/a.db, over HTTP or from WARC files."""
    write_table(folder / "sites.csv", chosen, stated=stated)
    with PlatformServer(served=chosen) as server:
        source = {"replay": list(map(str, replay))} if replay else {"port": server.port}
        job = source | {"db": str(folder / "a.db"), "summary": str(folder / "summary.json"),
               "table": str(folder / "sites.csv")}  # fmt: skip
        done = run("tests.platforms.runner", json.dumps(job))
        served = server.served
    return Crawled(
        done.returncode, done.stderr, folder / "a.db", json.loads((folder / "summary.json").read_text()), served
    )
