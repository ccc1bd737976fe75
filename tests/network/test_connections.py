"""The last guard, at the connection itself: in Twisted, in `requests`, and around the private parts of both."""

import warnings
from types import SimpleNamespace

import pytest
import requests
from twisted.internet.endpoints import HostnameEndpoint, TCP4ClientEndpoint, wrapClientTLS
from twisted.internet.protocol import ClientFactory
from twisted.internet.ssl import optionsForClientTLS
from twisted.internet.testing import MemoryReactor

from crawler.network.addresses import Reach
from crawler.network.connections import GuardedReactor
from crawler.network.requests_guard import GuardedAdapter, RefusedAddress
from crawler.run.failures import Refused, of_failure
from crawler.scrapy_internals import connect_through
from tests.network.portal import Portal, pages


@pytest.fixture
def reactor():
    return MemoryReactor()


@pytest.mark.parametrize("host", ["127.0.0.15", "10.0.0.1", "::1", "localhost", "a.vn", "0x7f.1"])
def test_a_connection_to_an_address_that_is_not_allowed_is_not_begun(reactor, host):
    guarded = GuardedReactor(reactor, Reach.of_names(["127.0.0.1"]))
    with pytest.raises(Refused) as raised:
        guarded.connectTCP(host, 80, object())
    assert reactor.tcpClients == [] and of_failure(raised.value)[0] == "internal_address"


def test_other_connections_are_made(reactor):
    guarded = GuardedReactor(reactor, Reach.of_names(["127.0.0.1"]))
    for host in ("127.0.0.1", "8.8.8.8", "2001:4860:4860::8888"):
        guarded.connectTCP(host, 80, ClientFactory())
    assert len(reactor.tcpClients) == 3


def test_endpoints_connect_through_the_guard_with_and_without_tls(reactor):
    guarded = GuardedReactor(reactor, Reach())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        plain, inner = HostnameEndpoint(reactor, "a.vn", 80), HostnameEndpoint(reactor, "a.vn", 443)
    secure = wrapClientTLS(optionsForClientTLS("a.vn"), inner)
    connect_through(guarded, (b"http", b"a.vn", 80), plain)
    connect_through(guarded, (b"https", b"a.vn", 443), secure)
    assert plain._reactor is guarded and inner._reactor is guarded
    proxied = SimpleNamespace(_reactor=reactor)
    connect_through(guarded, (b"http-proxy", b"p.vn", 3128), proxied)
    assert proxied._reactor is reactor
    with pytest.raises(TypeError):
        connect_through(guarded, (b"http", b"a.vn", 80), TCP4ClientEndpoint(reactor, "a.vn", 80))


def session(*allowed):
    made = requests.Session()
    made.trust_env = False
    made.mount("http://", GuardedAdapter(Reach.of_names(allowed)))
    return made


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0x7f.1", "2130706433", "[::ffff:127.0.0.1]"])
def test_requests_connects_only_where_it_may(host):
    with Portal(pages()) as portal:
        with pytest.raises(RefusedAddress, match=r"set TINPHUONG_ALLOW_PRIVATE="):
            session().get(f"http://{host}:{portal.port}/", timeout=30)
        assert portal.asked == []
        assert session("127.0.0.1").get(f"http://127.0.0.1:{portal.port}/", timeout=30).status_code == 200
