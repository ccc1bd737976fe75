"""`tinphuong discover` as a user runs it: a stub name server and one server that plays every host, on loopback."""

import csv
import json
import signal
from contextlib import contextmanager

import pytest

from crawler.cli import Exit
from crawler.discovery.names import area_of_unit, candidates_of
from crawler.units import parse_unit
from spiders.portals import directory
from storage.locking import sole_writer
from tests.discovery.front_page_makes import Make, Says
from tests.discovery.portals_by_host import PortalsByHost, front
from tests.discovery.stub_dns import StubDns
from tests.running import start, tinphuong, wait_for

UNIT = "new:14797"  # phường Hạc Thành, of twelve old units: what hosts call them is learnt from the directory
NEW_HOST = "hacthanh.thanhhoa.gov.vn"
PUBLIC = "203.162.0.11"
HEADER = "slug,name,host,platform,unit_old,unit_new,start_pages\n"
BETTING = """<html><head><title>Nhà cái uy tín - tỷ lệ kèo - casino trực tuyến</title></head><body><h1>Nhà cái số 1</h1>
<p>Cá cược bóng đá, casino, nổ hũ, bắn cá, tài xỉu, xóc đĩa, nạp tiền rút tiền nhanh.</p></body></html>"""


def names():
    """The names that are asked for, of this unit: all that nobody has listed."""
    found = candidates_of(area_of_unit(UNIT, parse_unit(UNIT)))
    return [candidate.host for candidate in found if directory().at(candidate.host) is None]


def portal(host, unit, area="tỉnh Thanh Hóa", make="liferay", **says):
    made = Make(Says(host, unit, area, **says), make)
    return front(made.body, content_type=made.content_type)


OTHERS = [host for host in names() if host != NEW_HOST]
SILENT, BROKEN, PRIVATE, BET, ALIAS = OTHERS[:5]
ZONE = {
    NEW_HOST: PUBLIC, SILENT: "silent", BROKEN: "servfail", PRIVATE: "10.1.2.3", BET: "203.162.0.12",
    ALIAS: "-> default.example.net", "default.example.net": "203.162.0.13",
}  # fmt: skip
HOSTS = {
    NEW_HOST: portal(NEW_HOST, "Phường Hạc Thành"),
    BET: front(BETTING),
    ALIAS: front("<html><title>Welcome to nginx!</title><h1>Welcome to nginx!</h1></html>"),
}


class Given:
    """A working folder with a table of sites, and how the command is run in it."""

    def __init__(self, folder, dns, web):
        self.folder, self.dns, self.web = folder, dns, web
        self.table = folder / "sites.csv"
        self.table.write_text(HEADER)

    def arguments(self, *options):
        return ["discover", *(options or [UNIT]), "--db", self.folder / "a.db", "--sites", self.table]

    def run(self, *options):
        done = tinphuong(*self.arguments(*options))
        assert "Traceback" not in done.stderr, done.stderr
        return done

    def facts(self, *options):
        done = self.run(UNIT, "--json", *options)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)["areas"][0]

    def rows(self):
        with self.table.open(encoding="utf-8") as file:
            return list(csv.DictReader(file))


@contextmanager
def given(folder, monkeypatch, *, zone=ZONE, deaf=False, rate=1000):
    with StubDns(zone, deaf=deaf) as dns, PortalsByHost(HOSTS) as web:
        said = {
            "DNS": dns.address, "DNS_RATE": rate, "DNS_TIMEOUT": 0.3, "PROXY": web.proxy, "DELAY": 0,
            "RETRY_BACKOFF": 0, "SITES_PACKAGE": "false",
        }  # fmt: skip
        for name, value in said.items():
            monkeypatch.setenv(f"TINPHUONG_{name}", str(value))
        yield Given(folder, dns, web)


@pytest.fixture(scope="module")
def discovered(tmp_path_factory):
    """A discovery and a second one, with what each printed, asked and wrote."""
    with pytest.MonkeyPatch.context() as patch, given(tmp_path_factory.mktemp("discover"), patch) as place:
        place.dry = place.facts("--dry-run")
        place.asked_dry = (len(place.dns.asked), len(place.web.asked), (place.folder / "discovery.db").exists())
        place.first = place.facts()
        place.asked_first = len(place.dns.asked), len(place.web.asked)
        place.printed = place.run()
        place.asked_second = len(place.dns.asked), len(place.web.asked)
        yield place


def test_a_dry_run_says_what_would_be_asked_and_asks_nothing(discovered):
    dry = discovered.dry
    assert discovered.asked_dry == (0, 0, False)
    assert [name["host"] for name in dry["asked"]] == names()
    assert dry["to_ask"] == len(names()) == sum(dry["forms"].values())
    assert dry["questions"] == dry["to_ask"] + 2 * dry["suffixes"]
    assert dry["seconds"] == round(dry["questions"] / dry["rate"], 1)


def test_every_name_is_asked_for_once_and_counted(discovered):
    first = discovered.first
    outcomes = first["outcomes"]
    assert sum(outcomes.values()) == first["names"] == len(names())
    assert {name: outcomes[name] for name in ("sure", "silent", "servfail", "private")} == dict.fromkeys(
        ("sure", "silent", "servfail", "private"), 1
    )
    assert sum(count for name, count in outcomes.items() if name.startswith("refused: ")) == 2
    asked = discovered.dns.names
    assert asked[SILENT] == 2, "once more at the end, after no answer had come"
    assert all(asked[host] == 1 for host in names() if host != SILENT)


def test_only_what_is_sure_is_written(discovered):
    (row,) = discovered.rows()
    assert (row["host"], row["unit_old"], row["unit_new"], row["name"]) == (NEW_HOST, "", "14797", "Phường Hạc Thành")
    assert row["scheme"] == "http"
    assert discovered.first["written"][0]["host"] == NEW_HOST


def test_a_portal_is_shown_with_its_evidence(discovered):
    (found,) = discovered.first["portals"]
    assert (found["host"], found["confidence"], found["unit_new"]) == (NEW_HOST, "sure", "14797")
    assert any("Hạc Thành" in said for said in found["evidence"])
    assert found["against"] == []


def test_what_is_refused_has_its_reason_and_is_no_row(discovered):
    refused = {name["host"]: name for name in discovered.first["asked"] if name.get("confidence") == "refused"}
    assert set(refused) == {BET, ALIAS}
    assert all(name["reason"] and name["against"] for name in refused.values())


def test_the_second_run_asks_for_nothing_again(discovered):
    assert discovered.asked_second == discovered.asked_first
    assert discovered.printed.returncode == 0
    assert "1 registered" in discovered.printed.stdout
    assert f"{len(names()) - 1} remembered" in discovered.printed.stdout


def test_what_is_remembered_is_asked_for_again_where_that_is_wanted(discovered):
    before = discovered.dns.names[BET]
    discovered.facts("--again")
    assert discovered.dns.names[BET] == before + 1


def test_a_name_under_a_suffix_where_any_name_answers_proves_nothing(tmp_path, monkeypatch):
    suffix = "tpthanhhoa.thanhhoa.gov.vn"
    with given(tmp_path, monkeypatch, zone={f"*.{suffix}": "203.162.0.99"}) as place:
        found = place.facts()
    under = [host for host in names() if host.endswith(f".{suffix}")]
    assert under
    assert found["outcomes"]["wildcard"] == len(under)
    assert found["portals"] == [] and place.rows() == []


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_an_interrupted_discovery_goes_on_where_it_was(tmp_path, monkeypatch, how):
    with given(tmp_path, monkeypatch, rate=40) as place:
        with start("crawler", *place.arguments()) as job:
            wait_for(lambda: len(place.dns.asked) >= 12, job, "the twelfth question")
            job.send_signal(how)
            done = job.done()
        assert done.returncode == (Exit.INTERRUPTED if how != signal.SIGKILL else -signal.SIGKILL), done.stderr
        assert place.rows() == []
        monkeypatch.setenv("TINPHUONG_DNS_RATE", "1000")
        found = place.facts()
        assert sum(found["outcomes"].values()) == len(names())
        twice = [host for host in names() if place.dns.names[host] > 1 and host != SILENT]
    assert len(twice) <= 2, "the questions that were open when it ended"
    assert [row["host"] for row in place.rows()] == [NEW_HOST]


def test_a_name_server_that_answers_nobody_ends_it_and_nothing_is_remembered(tmp_path, monkeypatch):
    with given(tmp_path, monkeypatch, deaf=True) as place:
        done = place.run()
        dry = place.facts("--dry-run")
    assert done.returncode == Exit.UNHEALTHY
    assert "no name server answered" in done.stderr
    assert dry["remembered"] == 0


def test_two_discoveries_never_overlap(tmp_path, monkeypatch):
    with given(tmp_path, monkeypatch) as place, sole_writer(tmp_path / "discovery.db"):
        done = place.run()
        assert not place.dns.asked
    assert done.returncode == Exit.LOCKED
    assert "another discovery is on" in done.stderr


@pytest.mark.parametrize(
    ("area", "said"),
    [
        ("Thanh Hoaa", "did you mean thanhhoa"), ("phường Nowhere", "no ward or commune"),
        ("Tân Lập", "is the name of"), ("quận Ba Đình", "name one of its wards"),
    ],
)  # fmt: skip
def test_what_is_neither_a_province_nor_one_unit_is_a_mistake(tmp_path, monkeypatch, area, said):
    monkeypatch.chdir(tmp_path)
    done = tinphuong("discover", area, "--dry-run")
    assert done.returncode == Exit.USAGE
    assert said in done.stderr


def test_without_a_table_nothing_is_asked(tmp_path):
    done = tinphuong("discover", UNIT, "--db", tmp_path / "a.db", cwd=tmp_path)
    assert done.returncode == Exit.USAGE
    assert "no table of sites" in done.stderr


def test_a_wrong_name_server_is_a_mistake(tmp_path, monkeypatch):
    monkeypatch.setenv("TINPHUONG_DNS", "dns.example.org")
    done = tinphuong("discover", UNIT, "--dry-run", cwd=tmp_path)
    assert done.returncode == Exit.USAGE
    assert "write it like 127.0.0.1:5353" in done.stderr


def test_links_of_known_portals_lead_to_hosts_that_no_form_makes(tmp_path, monkeypatch):
    linked, source = "tthacthanh.thanhhoa.gov.vn", "thanhhoa.gov.vn"
    assert linked not in names()
    menu = f'<html><title>Tỉnh Thanh Hóa</title><a href="https://{linked}/">Phường Hạc Thành</a></html>'
    zone = {linked: PUBLIC, source: "203.162.0.20"}
    monkeypatch.setitem(HOSTS, linked, portal(linked, "Phường Hạc Thành"))
    monkeypatch.setitem(HOSTS, source, front(menu))
    with given(tmp_path, monkeypatch, zone=zone) as place:
        found = place.facts()
        again = place.facts()
        asked = place.dns.names[linked]
    by_host = {name["asked"]: name for name in found["asked"]}
    assert by_host[linked]["form"] == "link"
    assert by_host[linked]["said"] == "Phường Hạc Thành"
    assert found["sources"] == 1
    assert (again.get("questions", 0), asked) == (0, 1)


def test_a_province_that_is_registered_whole_is_asked_for_nothing_it_has(tmp_path, monkeypatch):
    with given(tmp_path, monkeypatch) as place:
        place.table.write_text(HEADER + f"thanhhoa_hacthanh,Phường Hạc Thành,{NEW_HOST},,,14797,/\n")
        found = place.facts()
        assert place.dns.names[NEW_HOST] == 0
    assert found["registered"] == {NEW_HOST: "thanhhoa_hacthanh"}
    assert place.rows()[0]["slug"] == "thanhhoa_hacthanh"
