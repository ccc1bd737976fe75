"""How long a table of 5,000 sites takes to load: the least of several runs, as the machine may be shared."""

import tempfile
import time
from pathlib import Path

from spiders import site_table
from spiders.fingerprint import platforms

ROWS = 5000
RUNS = 7


def main() -> None:
    """Print the seconds of the quickest run."""
    names = sorted(platforms())  # imported once, whatever comes first
    rows = [f"tinh_xa{n},Xã {n},xa{n}.tinh.test,{names[n % len(names)]},{n:05},,/ /tin-tuc" for n in range(ROWS)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sites.csv"
        path.write_text("\n".join([",".join(site_table.COLUMNS), *rows]) + "\n", encoding="utf-8")
        taken = []
        for _ in range(RUNS):
            started = time.perf_counter()
            count = len(site_table.load(path))
            taken.append(time.perf_counter() - started)
    print(f"{count} sites of a table: {min(taken):.2f} s (least of {RUNS} runs)")


if __name__ == "__main__":
    main()
