"""Which addresses, hosts and ports requests may go to, by their spelling alone."""

from ipaddress import ip_address

import pytest

from crawler.network.addresses import Reach, is_public
from crawler.network.destinations import Destinations, address_of, plain_name, ports_of_facts, without_user

PUBLIC = """
8.8.8.8 1.1.1.1 203.162.4.191 113.160.0.1 14.225.0.1 100.63.255.255 100.128.0.1 172.15.0.1 172.32.0.1 11.0.0.1
198.17.255.255 198.20.0.1 191.255.255.255 223.255.255.254 2001:4860:4860::8888 2405:4800::1 2a00:1450::1 2606:4700::1
::ffff:8.8.8.8 64:ff9b::8.8.8.8 2002:808:808::1
"""
NOT_PUBLIC = """
127.0.0.1 127.255.255.254 10.0.0.1 10.255.255.255 172.16.0.1 172.31.255.255 192.168.0.1 169.254.169.254 169.254.0.1
0.0.0.0 0.1.2.3 100.64.0.1 100.127.255.254 192.0.0.8 192.0.0.170 192.0.2.1 198.51.100.7 203.0.113.9 198.18.0.1
198.19.255.255 192.88.99.1 224.0.0.1 239.255.255.255 233.252.0.1 240.0.0.1 255.255.255.255
:: ::1 ::8.8.8.8 fc00::1 fd00::1 fd12:3456::1 fe80::1 fe80::1%eth0 fec0::1 ff02::1 ff0e::1 2001:db8::1 3fff::1 100::1
5f00::1 64:ff9b:1::8.8.8.8 64:ff9b:1::1
::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:0:0 ::ffff:169.254.169.254 64:ff9b::127.0.0.1 64:ff9b::10.0.0.1 64:ff9b::7f00:1
64:ff9b::a9fe:a9fe 2002:7f00:1:: 2002:a00:1::1 2002:c0a8:101::1 2001:0:4136:e378:8000:63bf:f5ff:fffe
2001:0:7f00:1:8000:63bf:3fff:fdd2 2400:cb00::5efe:10.0.0.1 2400:cb00::200:5efe:192.168.1.1
"""


@pytest.mark.parametrize("text", PUBLIC.split())
def test_public_addresses_are_allowed(text):
    assert is_public(ip_address(text)) and Reach().why_not(ip_address(text)) is None


@pytest.mark.parametrize("text", NOT_PUBLIC.split())
def test_other_addresses_are_refused_unless_they_are_named(text):
    why = Reach().why_not(ip_address(text))
    assert why and "TINPHUONG_ALLOW_PRIVATE=" in why
    named = why.partition("TINPHUONG_ALLOW_PRIVATE=")[2].split()[0]
    assert Reach.of_names([named]).allows(ip_address(text)), "what the sentence says to set does not help"


@pytest.mark.parametrize("other", ["127.0.0.15", "127.0.0.2", "10.0.0.1", "::1", "64:ff9b::7f00:1", "2002:7f00:1::"])
def test_exactly_what_is_named_is_allowed(other):
    reach = Reach.of_names(["127.0.0.1", " 10.0.0.5 ", "", "192.168.4.0/30"])
    assert not reach.allows(ip_address(other))
    assert all(reach.allows(ip_address(text)) for text in ("127.0.0.1", "10.0.0.5", "192.168.4.3", "::ffff:127.0.0.1"))
    assert not reach.allows(ip_address("192.168.4.4"))


@pytest.mark.parametrize(
    ("host", "address"),
    [("0x7f.1", "127.0.0.1"), ("0177.0.0.1", "127.0.0.1"), ("2130706433", "127.0.0.1"), ("127.0.0.0xf", "127.0.0.15"),
     ("0X7F000001", "127.0.0.1"), ("127.1", "127.0.0.1"), ("10.0.0.1.", "10.0.0.1"), ("[::1]", "::1"),
     ("a.vn", None), ("1.2.3.4.5", None), ("dead.beef", None), ("123.vn", None), ("256.1.1.1", None)],
)  # fmt: skip
def test_an_address_is_seen_in_every_spelling(host, address):
    assert address_of(host) == (None if address is None else ip_address(address))


NAMES = ["localhost", "LOCALHOST.", "x.localhost", "may-in", "a.local", "a.internal", "metadata.google.internal",
         "nas.home.arpa", "a.lan", "a.corp", "a.intranet", "a.localdomain.",
         "127。0。0。1", "①27.0.0.1", "０x7f.1"]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_names_of_private_networks_are_refused_before_they_are_resolved(name):
    reason, detail = Destinations().refusal(f"http://{name}/x")
    assert reason == "internal_address" and detail


@pytest.mark.parametrize(
    "name", ["a.vn", "a.vn.", "phường.vn", "xn--phng-hma8a.vn", "local.vn", "internal.gov.vn", "a_b.vn"]
)
def test_public_names_are_not(name):
    assert Destinations().refusal(f"https://{name}/x") is None


def test_where_an_address_is_allowed_the_name_is_left_to_it():
    assert Destinations(Reach.of_names(["127.0.0.1"])).refusal("http://localhost:8000/") is None


PORTS = ports_of_facts(["www.a.gov.vn", "b.vn:8080", "b.vn:8443"])


OF_PAGES = {
    "https://a.gov.vn/": None, "http://www.a.gov.vn:80/": None, "https://a.gov.vn:22/": "other_port",
    "https://tin.a.gov.vn/": None, "https://tin.a.gov.vn:8080/": "other_port", "http://b.vn:8080/": None,
    "https://b.vn:8443/": None, "http://b.vn/": "other_port", "http://b.vn:80800/": "bad_address",
    "http://b.vn:0/": "other_port",
}  # fmt: skip
OF_FILES = {
    "https://c.vn/a.pdf": None, "https://c.vn:8443/a.pdf": None, "https://c.vn:6379/": "other_port",
    "http://c.vn:443/": None, "ftp://c.vn/": "bad_address", "https:///x": "bad_address", "http://[bad/": "bad_address",
    "http://a b.vn/": "bad_address", "http://-.vn/": "bad_address",
}  # fmt: skip


@pytest.mark.parametrize("url", [*OF_PAGES, *OF_FILES])
def test_ports_are_those_of_the_facts(url):
    refused = Destinations(Reach(), PORTS).refusal(url, elsewhere=url in OF_FILES)
    assert (refused and str(refused[0])) == (OF_PAGES | OF_FILES)[url]


def test_names_and_users_are_brought_to_one_form():
    assert plain_name("WWW.A.vn.") == "a.vn"
    assert without_user("http://u:p@a.vn:81/x?y#z") == "http://a.vn:81/x?y#z"
    assert without_user("http://a.vn@10.0.0.1/") == "http://10.0.0.1/"
    assert without_user("http://u@[::1]:8/") == "http://[::1]:8/"
    assert without_user("http://a.vn/@x") == "http://a.vn/@x"
