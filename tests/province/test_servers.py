"""Sites of a province that share servers: no address is asked by two at once, and none waits that need not."""

import asyncio
import json
from itertools import groupby, pairwise

import pytest

from crawler.run import servers as servers_module
from crawler.run.host_turns import Turns
from crawler.run.servers import Servers as KnownServers
from crawler.run.servers import is_asked_directly
from crawler.run.site import Site
from tests.fifty.portals import made
from tests.platforms import unknown
from tests.province.resolver import NETWORK, address
from tests.province.server import Servers
from tests.running import PATIENCE, alone, run

PAUSE = 0.1  # seconds
# In the order of the table: the first three are on one server.
HOSTS = ("xa1.may1.test", "xa2.may1.test", "xa3.may1.test", "xa5.may3.test", "xa6.may2.test", "khongco.test")
# A site of two hosts on one server, which only a file can state.
SITE_FILE = """
from spiders.platforms.generic import GenericSpider


class Xa4(GenericSpider):
    name = "thanhhoa_xa4"
    ward = "Xã 4"
    host = "xa4.may2.test:{port}"
    other_hosts = ("tin4.may2.test:{port}",)
    start_pages = ("/", "http://tin4.may2.test:{port}/")
    scheme = "http"
"""
ALL = {*HOSTS, "xa4.may2.test", "tin4.may2.test"}


@pytest.fixture(scope="module")
def crawled(tmp_path_factory):
    """(the servers, the summary, what was said) of a crawl of the province by three sites at once."""
    folder = tmp_path_factory.mktemp("province")
    portals = {host: made(unknown.Handmade, host, 2) for host in ALL}
    portals["tin4.may2.test"] = portals["xa4.may2.test"]
    with Servers(3, portals) as servers:
        table, files, summary = folder / "sites.csv", folder / "files", folder / "summary.json"
        rows = ["slug,name,host,platform,start_pages,scheme"]
        for host in HOSTS:
            name = host.partition(".")[0]
            rows.append(f"thanhhoa_{name},Xã {name},{host}:{servers.port},generic,/,http")
        table.write_text("\n".join(rows) + "\n", encoding="utf-8")
        files.mkdir()
        (files / "xa4.py").write_text(SITE_FILE.format(port=servers.port), encoding="utf-8")
        job = {
            "settings": {"TWISTED_DNS_RESOLVER": "tests.province.resolver.Resolver", "DOWNLOAD_DELAY": PAUSE,
                         "TINPHUONG_SITES_AT_ONCE": 3, "DOWNLOAD_TIMEOUT": PATIENCE},
            "env": {"TINPHUONG_ALLOW_PRIVATE": NETWORK},
        }  # fmt: skip
        arguments = (
            "--db",
            folder / "a.db",
            "--sites",
            table,
            "--sites",
            files,
            "crawl",
            "--province",
            "Thanh Hóa",
            "--summary",
            summary,
        )
        done = run("tests.living.runner", *map(str, arguments), stdin=json.dumps(job))
        assert summary.exists(), done.stderr
    return servers, json.loads(summary.read_text(encoding="utf-8")), done.stdout + done.stderr


def site_of(asked):
    return asked.host.partition(".")[0].replace("tin", "xa")


def test_all_sites_of_the_province_are_crawled_and_one_without_an_address_fails_alone(crawled):
    _, summary, said = crawled
    found = {site["site"]: (site["status"], site["reason"], site["new"]) for site in summary["sites"]}
    working = {f"thanhhoa_xa{n}": ("ok", None, 2) for n in range(1, 7)}
    assert found == working | {"thanhhoa_khongco": ("failed", "dns", 0)}, said


def test_no_server_has_two_requests_open_at_once(crawled):
    servers, _, _ = crawled
    assert servers.faults == []
    assert {asked.host for asked in servers.asked} == ALL - {"khongco.test"}


def test_the_next_site_of_a_server_comes_after_the_pause(crawled):
    servers, _, _ = crawled
    changes = 0
    for number in range(1, 4):
        of_server = [asked for asked in servers.asked if asked.server == address(number)]
        for before, after in pairwise(of_server):
            if site_of(before) != site_of(after):
                changes += 1
                assert after.begun - before.ended > PAUSE * 0.95, f"no pause between {before} and {after}"
    assert changes == 3, "a site began while another one of its server was at work"


def test_the_longest_overdue_goes_first_at_each_server(crawled):
    servers, _, _ = crawled
    order = [host for host, _ in groupby(asked.host for asked in servers.asked if asked.server == address(1))]
    assert order == ["xa1.may1.test", "xa2.may1.test", "xa3.may1.test"]


# The parts


def test_an_address_is_its_own_server_and_behind_a_proxy_a_host_is():
    class Asked(Site):
        name, host, scheme = "thu_a", "a.vn", "http"

    async def looked_up():
        servers = KnownServers()
        before = await servers.look_up("127.0.0.1"), await servers.look_up("[::1]")
        servers.by_address = True
        return before, (await servers.look_up("127.0.0.1"), await servers.look_up("[::1]"))

    assert alone(looked_up()) == (("127.0.0.1", "[::1]"), ("127.0.0.1", "::1"))
    assert not is_asked_directly(Asked, {"TINPHUONG_PROXY": "http://127.0.0.1:1"})
    Asked.proxy = ""
    assert is_asked_directly(Asked, {"TINPHUONG_PROXY": "http://127.0.0.1:1"})
    Asked.proxy = "http://127.0.0.1:1"
    assert not is_asked_directly(Asked, {})


def test_a_name_that_does_not_resolve_in_time_is_a_server_of_its_own(monkeypatch):
    monkeypatch.setattr(servers_module, "_PATIENCE", 0.01)
    monkeypatch.setattr(servers_module, "_resolved", lambda host: asyncio.get_running_loop().create_future())

    async def looked_up():
        servers = KnownServers()
        servers.by_address = True
        return await servers.look_up("a.vn"), servers.are_known(["a.vn"])

    assert alone(looked_up()) == ("a.vn", True)


def test_a_site_waits_for_a_file_that_is_fetched_from_its_server():
    turns, order = Turns(), []

    async def site():
        turns.hold("thu_a", ["1.2.3.4"])
        await turns.pause_over(["1.2.3.4"])
        order.append("site")

    async def main():
        async with turns.turn("1.2.3.4", 0.0):
            waiting = asyncio.ensure_future(site())
            for _ in range(20):  # it may run, and has to wait all the same
                await asyncio.sleep(0)
            order.append("file")
        await waiting
        assert turns.is_held("1.2.3.4") and not turns.are_free(["1.2.3.4"])
        turns.release("thu_a")
        assert turns.are_free(["1.2.3.4"])

    alone(main())
    assert order == ["file", "site"]
