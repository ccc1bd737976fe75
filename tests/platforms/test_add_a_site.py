"""docs/add-a-site.md does what it says: its commands are run in a copy of the checkout, their output compared."""

import re
import shlex
import shutil
import subprocess
import sys

import pytest

from tests.platforms.__main__ import BY_NAME
from tests.platforms.server import PlatformServer
from tests.running import PATIENCE, ROOT, environment

PAGE = ROOT / "docs" / "add-a-site.md"
PORT = "8810"
DRAFT = (
    "slug,name,host,platform,unit_old,unit_new,start_pages\n"
    "tayninh_phuong3,Phường 3,phuong3.example.vn,nukeviet,25459,,/\n"
    "tayninh_ninhthanh,Phường Ninh Thạnh,ninhthanh.example.vn,nukeviet4,25468,,/\n"
)
WORK = '[sites]\npackage = false\nfolder = "sites"\ntables = ["sites.csv"]\n'
MINE = "slug,name,host,scheme\nkhac_quangha,Xã Quảng Hà,quangha.example.vn,http\n"


FIRST = (
    "slug,name,host,platform,scheme,start_pages\n"
    "khac_anvinh,Phường An Vĩnh,127.0.0.1:{port},drupal,http,/ /tin-phuong\n"
)


def shown(page):
    """(command, output) of the page's shell blocks, in order."""
    for block in re.findall(r"^```shell\n(.*?)^```", page, re.MULTILINE | re.DOTALL):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            line, _, output = part.partition("\n")
            yield line, output.strip()


def printed(page, path):
    """What the page shows of a file that it prints with `cat`."""
    return next(output for line, output in shown(page) if line == f"cat {path}") + "\n"


def run(line, place, port):
    words = shlex.split(line.replace(PORT, str(port)))
    if words[0] == "tinphuong":
        words = [sys.executable, "-m", "crawler", *words[1:]]
    elif words[0] == "python":
        words = [sys.executable, *words[1:], "-p", "no:cacheprovider"]
    env = {"TINPHUONG_DELAY": "0.01"} | environment(place)
    done = subprocess.run(words, cwd=place, capture_output=True, text=True, timeout=PATIENCE, env=env)
    text = (done.stdout + done.stderr).replace(str(port), PORT)
    text = re.sub(r"(\d passed), .* in [\d.]+s", r"\1", text)  # how many others there are changes
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A copy of what a checkout holds of the program and its tests."""
    place = tmp_path_factory.mktemp("checkout")
    ignored = shutil.ignore_patterns("__pycache__", "*.pyc")
    for name in ("crawler", "spiders", "storage", "tests"):
        shutil.copytree(ROOT / name, place / name, ignore=ignored)
    shutil.copy(ROOT / "pyproject.toml", place)
    (place / "draft.csv").write_text(DRAFT, encoding="utf-8")
    (place / "mine.csv").write_text(MINE, encoding="utf-8")
    (place / "work" / "sites").mkdir(parents=True)
    (place / "work" / "tinphuong.toml").write_text(WORK, encoding="utf-8")
    for name, table in (("try", FIRST), ("own", "slug,name,host\n"), ("many", "slug,name,host\n")):
        (place / name / "sites" / "khac").mkdir(parents=True)
        (place / name / "tinphuong.toml").write_text(f'db = "a.db"\n{WORK}', encoding="utf-8")
        (place / name / "sites.csv").write_text(table, encoding="utf-8")
    return place


def test_the_page_shows_what_its_commands_print(place):
    with PlatformServer(only=BY_NAME["handmade"]) as server:
        page = PAGE.read_text(encoding="utf-8")
        (place / "try" / "sites.csv").write_text(FIRST.format(port=server.port), encoding="utf-8")
        for path in ("own/sites/khac/anvinh.py", "many/addresses.txt"):
            (place / path).write_text(printed(page, path).replace(PORT, str(server.port)), encoding="utf-8")
        for line, output in shown(page):
            if "tests.platforms" not in line:
                assert run(line, place, server.port) == output, line
