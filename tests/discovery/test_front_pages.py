"""Front pages over real HTTP: where they lead, what servers give hosts that nobody uses, and one request at a time."""

import json
from collections import Counter
from dataclasses import replace

import pytest

from tests import running
from tests.discovery.dangers import BA_THUOC, TRUC_BACH
from tests.discovery.front_page_makes import Says, liferay, wordpress
from tests.discovery.good_portals import good_portals
from tests.discovery.portals_by_host import Answer, Host, PortalsByHost, front, sends_to
from tests.network.certificates import Issuer

_SHARED = "203.0.113.1"  # of the wards on one server
_WARDS = [
    Says(f"{name}.bathuoc.thanhhoa.gov.vn", f"xã {shown}", "huyện Bá Thước, tỉnh Thanh Hóa")
    for name, shown in (("aithuong", "Ái Thượng"), ("bancong", "Ban Công"), ("dienlu", "Điền Lư"), ("kytan", "Kỳ Tân"))
]


def _echo(host: str, path: str) -> Answer | None:
    """A page that repeats the name of its host, with a token: the same for any host."""
    if path != "/":
        return None
    token = sum(map(ord, host))
    return Answer(
        f"<html><title>{host}</title><h1>Cổng thông tin {host}</h1><p>UBND, văn bản. Mã {token}</p></html>".encode()
    )


HOSTS = {
    **{says.host: front(liferay(says)) for says in _WARDS},
    TRUC_BACH.host: Host(front(wordpress(TRUC_BACH)).pages, frozenset({"http"})),
    "moved.hanoi.gov.vn": sends_to(f"http://{TRUC_BACH.host}/"),
    "byscript.hanoi.gov.vn": front(f"<html><script>location.href='http://{TRUC_BACH.host}/'</script></html>"),
    "inside.hanoi.gov.vn": sends_to("http://10.0.0.5/"),
    "loop.hanoi.gov.vn": sends_to("https://loop.hanoi.gov.vn/"),
    "forbidden.hanoi.gov.vn": Host({"/robots.txt": Answer(b"User-agent: *\nDisallow: /", content_type="text/plain")}),
}
_OWN_ADDRESS = {host: f"203.0.113.{number}" for number, host in enumerate([*HOSTS, "phuong1.any.gov.vn"], 10)}
ADDRESS_OF = (
    _OWN_ADDRESS | {says.host: _SHARED for says in _WARDS} | {"phuong2.any.gov.vn": _OWN_ADDRESS["phuong1.any.gov.vn"]}
)


def _address(host):
    if host in ADDRESS_OF:
        return ADDRESS_OF[host]
    suffix = host.partition(".")[2]
    return next((at for name, at in ADDRESS_OF.items() if name.partition(".")[2] == suffix), host)


@pytest.fixture(scope="module", params=["loopback", "proxy"])
def walked(request):
    with PortalsByHost(HOSTS, {".any.gov.vn": Host(_echo)}, _address) as server:
        way = (
            {"TINPHUONG_LOOPBACK_PORT": server.port}
            if request.param == "loopback"
            else {"TINPHUONG_PROXY": server.proxy}
        )
        job = {"answers": [[host, [at]] for host, at in ADDRESS_OF.items()], "settings": way}
        done = running.run("tests.discovery.runner", json.dumps(job))
        assert done.returncode == 0, done.stderr
        return {one["page"]["host"]: one for one in json.loads(done.stdout)}, server, request.param


def test_the_wards_of_one_server_are_asked_one_at_a_time_and_once_for_nobody(walked):
    found, server, _ = walked
    assert server.at_once[_SHARED] == 1
    nobody = [host for _, host, path in server.asked if path == "/" and host.endswith("bathuoc.thanhhoa.gov.vn")]
    strangers = [host for host in nobody if host not in HOSTS]
    assert len(strangers) == 1
    for says in _WARDS:
        assert found[says.host]["finding"]["confidence"] == "sure", found[says.host]
        assert found[says.host]["page"]["address"] == _SHARED


def test_a_server_that_gives_any_host_the_same_page_has_no_portal(walked):
    found, server, _ = walked
    for host in ("phuong1.any.gov.vn", "phuong2.any.gov.vn"):
        assert found[host]["page"]["same_as_any"] and found[host]["page"]["asked_any"]
        assert (found[host]["finding"]["confidence"], found[host]["finding"]["reason"]) == ("refused", "same_as_any")
    asked = Counter(host for _, host, path in server.asked if host.endswith("any.gov.vn") and path == "/")
    assert len(asked) == 3


def test_http_is_asked_where_https_gives_nothing_and_that_is_noted(walked):
    found, _, _ = walked
    page, finding = found[TRUC_BACH.host]["page"], found[TRUC_BACH.host]["finding"]
    assert (page["scheme"], finding["scheme"], finding["confidence"]) == ("http", "http", "sure")
    assert any("https://" in sentence and "gave no page" in sentence for sentence in finding["evidence"])


def test_the_final_host_counts_and_a_redirect_is_told(walked):
    found, _, _ = walked
    for host in ("moved.hanoi.gov.vn", "byscript.hanoi.gov.vn"):
        finding = found[host]["finding"]
        assert (finding["asked"], finding["host"], finding["unit_old"]) == (host, TRUC_BACH.host, "00004")
        assert f"{host} leads to {TRUC_BACH.host}" in finding["evidence"]


def test_a_redirect_into_a_private_network_is_refused_and_loops_end(walked):
    found, server, _ = walked
    inside = found["inside.hanoi.gov.vn"]["finding"]
    assert (inside["confidence"], inside["reason"]) == ("refused", "internal_address")
    assert not any(host == "10.0.0.5" for _, host, _ in server.asked)
    assert found["loop.hanoi.gov.vn"]["finding"]["reason"] in ("redirect_loop", "http_301", "proxy")
    assert found["forbidden.hanoi.gov.vn"]["finding"]["reason"] == "robots_forbidden"
    assert "/" not in server.requests_to("forbidden.hanoi.gov.vn")


def test_a_host_that_nobody_uses_is_asked_of_the_address_itself(tmp_path):
    """Without a proxy the request goes to the address, with the Host of nobody, whom no name service knows."""
    hosts = {"phuong1.test.gov.vn": front(liferay(BA_THUOC))}
    with PortalsByHost(hosts, {".test.gov.vn": front(liferay(BA_THUOC))}) as server:
        name = f"phuong1.test.gov.vn:{server.port}"
        settings = {"TINPHUONG_ALLOW_PRIVATE": ["127.0.0.1"], "RETRY_TIMES": 0, "DOWNLOAD_TIMEOUT": 3}
        job = {"answers": [[name, ["127.0.0.1"]]], "settings": settings, "names": {"phuong1.test.gov.vn": "127.0.0.1"}}
        done = running.run("tests.discovery.runner", json.dumps(job))
        assert done.returncode == 0, done.stderr
        (only,) = json.loads(done.stdout)
    assert only["page"]["same_as_any"] and only["page"]["scheme"] == "http", only
    strangers = {host for _, host, _ in server.asked} - {"phuong1.test.gov.vn"}
    assert len(strangers) == 1 and strangers.pop().endswith(".test.gov.vn")


@pytest.mark.parametrize(("made", "said"), [({}, "which is not known"), ({"alone": True}, "self-signed")])
def test_a_bad_certificate_is_a_fact_with_its_evidence(tmp_path, made, said):
    certificate = Issuer(tmp_path).server("bathuoc.thanhhoa.gov.vn", **made)
    says = replace(BA_THUOC, host="bathuoc.thanhhoa.gov.vn")
    with PortalsByHost({says.host: front(liferay(says))}, certificate=certificate) as server:
        settings = {"TINPHUONG_ALLOW_PRIVATE": ["127.0.0.1"], "RETRY_TIMES": 0, "DOWNLOAD_TIMEOUT": 3}
        names = {says.host: "127.0.0.1"}
        job = {"answers": [[f"{says.host}:{server.port}", ["127.0.0.1"]]], "settings": settings, "names": names}
        done = running.run("tests.discovery.runner", json.dumps(job))
        assert done.returncode == 0, done.stderr
        (only,) = json.loads(done.stdout)
    assert (only["page"]["scheme"], only["page"]["tls"], only["page"]["failed"]) == ("https", "any", ""), only
    assert only["finding"]["tls"] == "any" and only["page"]["asked_any"] is False
    assert only["finding"]["confidence"] == "sure", only
    assert any(said in sentence for sentence in only["finding"]["evidence"]), only


def test_good_portals_are_found_by_their_host_alone():
    goods = good_portals()
    assert len({good.host for good in goods}) == len(goods)
