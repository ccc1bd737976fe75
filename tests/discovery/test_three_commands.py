"""From nothing to a province's news by three commands, each as a user types it in a new folder."""

import csv
import sqlite3

import pytest

from tests.discovery.portals_by_host import PortalsByHost
from tests.discovery.province import addresses_of, host_of, portals_of, units_of
from tests.discovery.stub_dns import StubDns
from tests.running import tinphuong

PROVINCE, UNITS, ARTICLES = "Điện Biên", 8, 6


@pytest.fixture(scope="module")
def province(tmp_path_factory):
    """The folder of a discovered and crawled province, what each command said, and the server it was asked of."""
    folder = tmp_path_factory.mktemp("province")
    portals = portals_of(PROVINCE, most=UNITS, articles=ARTICLES)
    with (
        StubDns(addresses_of(portals)) as dns,
        PortalsByHost(portals) as web,
        pytest.MonkeyPatch.context() as patch,
    ):
        said = {
            "DNS": dns.address, "DNS_RATE": 10_000, "PROXY": web.proxy, "DELAY": 0, "ALLOW_PRIVATE": "127.0.0.0/8",
            "SITES_PACKAGE": "false",
        }  # fmt: skip
        for name, value in said.items():
            patch.setenv(f"TINPHUONG_{name}", str(value))
        commands = (["init", "."], ["discover", PROVINCE], ["crawl", "--province", PROVINCE])
        done = [tinphuong(*command, cwd=folder) for command in commands]
    return folder, done, web


def test_each_command_ends_well(province):
    _, done, _ = province
    assert [job.returncode for job in done] == [0, 0, 0], [job.stderr for job in done]
    assert f"{UNITS} sites: {UNITS} ok; {UNITS * ARTICLES} articles new" in done[2].stdout


def test_every_portal_is_a_row_with_its_own_unit(province):
    folder, _, _ = province
    with (folder / "sites.csv").open(encoding="utf-8") as file:
        rows = {row["host"]: (row["unit_old"], row["unit_new"]) for row in csv.DictReader(file)}
    assert rows == {host_of(unit): ("", unit.code) for unit in units_of(PROVINCE, UNITS)}


def test_the_news_of_each_is_stored(province):
    folder, _, _ = province
    with sqlite3.connect(folder / "data" / "tinphuong.db") as connection:
        counts = dict(connection.execute("SELECT site, count(*) FROM articles GROUP BY site"))
    assert len(counts) == UNITS and set(counts.values()) == {ARTICLES}


def test_no_portal_was_asked_by_two_at_once(province):
    _, _, web = province
    assert web.at_once and max(web.at_once.values()) == 1
