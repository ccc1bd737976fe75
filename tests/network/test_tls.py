"""Certificates are verified, a failure says what is wrong and which fact helps, and the fact is noted."""

import gzip
import ssl
from datetime import timedelta

import pytest
from twisted.internet.protocol import Factory, Protocol
from twisted.internet.testing import StringTransport
from twisted.protocols.tls import TLSMemoryBIOFactory

from crawler.dates.model import HANOI
from crawler.network.tls import Tls, TlsPolicy
from tests.network.certificates import NOW, YEAR, Issuer
from tests.network.crawling import crawl
from tests.network.portal import ARTICLES, Portal, pages

HOST = "benla.phuong.test"
NAMES = {HOST: ["127.0.0.1"], f"www.{HOST}": ["127.0.0.1"]}


@pytest.fixture(scope="module")
def issuer(tmp_path_factory):
    return Issuer(tmp_path_factory.mktemp("issuer"))


@pytest.fixture(autouse=True)
def believed(issuer, monkeypatch):
    """Our issuer is the one that is believed."""
    monkeypatch.setenv("SSL_CERT_FILE", str(issuer.path))


def crawled(tmp_path, certificate, *, tls="", tune=None, host=HOST):
    with Portal(pages(), certificate=certificate, tune=tune) as portal:
        came = crawl(tmp_path, f"{host}:{portal.port}", names=NAMES, scheme="https", tls=tls)
    return came, portal


def only(version):
    def tune(context):
        context.minimum_version = context.maximum_version = version

    return tune


def test_a_certificate_of_a_known_issuer_is_believed(tmp_path, issuer):
    came, _ = crawled(tmp_path, issuer.server(HOST))
    assert (came.code, len(came.articles), came.site["tls"]) == (0, len(ARTICLES), "")


def test_an_address_may_be_certified_too(tmp_path, issuer):
    came, _ = crawled(tmp_path, issuer.server("127.0.0.1"), host="127.0.0.1")
    assert (came.code, len(came.articles)) == (0, len(ARTICLES))


WRONG = {
    "expired": ({"ends": NOW - timedelta(days=3)}, f"expired on {(NOW - timedelta(days=3)).astimezone(HANOI).date()}"),
    "not yet": ({"begins": NOW + YEAR / 2}, f"valid only from {(NOW + YEAR / 2).astimezone(HANOI).date()}"),
    "self-signed": ({"alone": True}, "self-signed"),
}


@pytest.mark.parametrize("kind", WRONG)
def test_what_is_wrong_with_a_certificate_is_said_and_the_fact_helps(tmp_path, issuer, kind):
    facts, said = WRONG[kind]
    certificate = issuer.server(HOST, **facts)
    came, portal = crawled(tmp_path, certificate)
    assert (came.code, came.site["reason"], came.articles) == (1, "tls", [])
    assert said in came.site["message"] and 'tls = "any"' in came.site["message"], came.site["message"]
    assert portal.asked == [], "something was asked of a server that is not believed"
    came, _ = crawled(tmp_path, certificate, tls="any")
    assert (came.code, len(came.articles), came.site["tls"]) == (0, len(ARTICLES), "any")
    assert "not verified" in came.site["message"]


def test_a_certificate_for_another_name_says_for_which(tmp_path, issuer):
    came, _ = crawled(tmp_path, issuer.server("khac.phuong.test", "*.xa.test"))
    assert came.site["reason"] == "tls"
    assert "issued for khac.phuong.test, *.xa.test" in came.site["message"], came.site["message"]


def test_an_unknown_issuer_is_named(tmp_path, issuer):
    came, _ = crawled(tmp_path, Issuer(tmp_path, "Nhà phát hành lạ").server(HOST))
    assert came.site["reason"] == "tls"
    assert "'Nhà phát hành lạ', which is not known" in came.site["message"], came.site["message"]


@pytest.mark.long
def test_a_weak_key_is_allowed_by_old_and_still_verified(tmp_path, issuer):
    weak = issuer.server(HOST, bits=1024)
    came, _ = crawled(tmp_path, weak)
    assert came.site["reason"] == "tls" and 'tls = "old"' in came.site["message"], came.site["message"]
    came, _ = crawled(tmp_path, weak, tls="old")
    assert (came.code, len(came.articles), came.site["tls"]) == (0, len(ARTICLES), "old")
    came, _ = crawled(tmp_path, issuer.server(HOST, bits=1024, ends=NOW - YEAR / 2), tls="old")
    assert came.site["reason"] == "tls" and "expired" in came.site["message"], came.site["message"]


@pytest.mark.long
@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1:DeprecationWarning")
@pytest.mark.parametrize("version", ["TLSv1", "TLSv1_1"])
def test_an_old_protocol_is_named_and_allowed_by_the_fact(tmp_path, issuer, version):
    tune = only(ssl.TLSVersion[version])
    certificate = issuer.server(HOST, bits=2048)
    came, _ = crawled(tmp_path, certificate, tune=tune)
    assert came.site["reason"] == "tls" and "old protocol" in came.site["message"], came.site["message"]
    assert 'tls = "old"' in came.site["message"]
    came, _ = crawled(tmp_path, certificate, tune=tune, tls="old")
    assert (came.code, len(came.articles)) == (0, len(ARTICLES)), came.site["message"]


def test_each_record_of_an_unverified_server_says_so(tmp_path, issuer):
    crawled(tmp_path, issuer.server(HOST, alone=True), tls="any")
    (file,) = (tmp_path / "a.captures").glob("*.warc.gz")
    records = gzip.decompress(file.read_bytes())
    notes = [line for line in records.split(b"\r\n") if line.startswith(b"WARC-JSON-Metadata")]
    assert notes and all(b'"tls": "any"' in note for note in notes)


def test_the_roots_of_trust_are_in_memory_once_for_all_sites(issuer, tmp_path, monkeypatch):
    def context(policy, host):
        wrapper = TLSMemoryBIOFactory(policy.creatorForNetloc(host, 443), True, Factory.forProtocol(Protocol))
        protocol = wrapper.buildProtocol(None)
        protocol.makeConnection(StringTransport())
        return protocol._tlsConnection.get_context()

    one, other = (context(TlsPolicy(), host) for host in (b"mot.phuong.test", b"hai.phuong.test"))
    assert one is other
    assert context(TlsPolicy({"ba.phuong.test": Tls.OLD}), b"ba.phuong.test") is not one
    monkeypatch.setenv("SSL_CERT_FILE", str(Issuer(tmp_path, "Khác").path))
    assert context(TlsPolicy(), b"mot.phuong.test") is not one, "other roots are named now"
