"""What the table of units costs: import, reading, the index by name, one name; each the least of several processes."""

import json
import subprocess
import sys

_RUNS = 7
_CODE = """
import json, time
took, began = {}, time.perf_counter()
def lap(name):
    global began
    took[name] = (time.perf_counter() - began) * 1000
    began = time.perf_counter()
import crawler.units as units
lap("import crawler.units")
table = units.table()
lap("table(): reading 13,361 units")
table.by_name
lap("the index by name")
table.successors("05473"), table.predecessors("05467")
lap("what became of what")
for unit in list(table.old.values())[::50]:
    units.find(f"{unit.kind} {unit.name}, {unit.district}")
lap("find(): 201 names with their district")
for unit in list(table.old.values())[::50]:
    units.find(unit.name)
lap("find(): 201 bare names")
print(json.dumps(took))
"""


def main() -> None:
    """Print the table."""
    runs = [json.loads(subprocess.check_output([sys.executable, "-c", _CODE])) for _ in range(_RUNS)]
    for name in runs[0]:
        print(f"{name:40} {min(run[name] for run in runs):7.1f} ms")


if __name__ == "__main__":
    main()
