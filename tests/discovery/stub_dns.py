"""A name server of a test on loopback: by UDP and TCP, with every kind of answer and of silence."""

import socketserver
import threading
from collections import Counter
from contextlib import suppress
from time import monotonic

from twisted.names import dns

_TYPES = {dns.A: "A", dns.AAAA: "AAAA"}


class StubDns:
    """Answers from `hosts`: name → what is said of it. A name that is not there does not exist (NXDOMAIN).

    An address, or a list of them, of either kind; "silent"; "servfail"; "nodata"; "cut NAME-OR-ADDRESS" for an answer
    that is whole by TCP only; "-> NAME" for an alias. "*.suffix" stands for any name under the suffix. `asked`: (name,
    kind, seconds) in their order, as they came by UDP; `by_tcp`: names that were asked for by TCP. A name server that
    is `deaf` answers nobody.
    """

    def __init__(self, hosts, *, deaf=False):
        self.hosts = hosts
        self.deaf = deaf
        self.asked = []
        self.by_tcp = []
        self.udp, self.tcp = self._on_one_port()
        self.port = self.udp.server_address[1]
        self.tcp.daemon_threads = True

    def _on_one_port(self):
        """Both servers, on a port that is free for UDP and TCP."""
        for _ in range(100):
            udp = socketserver.ThreadingUDPServer(("127.0.0.1", 0), self._handler(by_tcp=False))
            try:
                return udp, socketserver.ThreadingTCPServer(udp.server_address, self._handler(by_tcp=True))
            except OSError:  # somebody has it for TCP
                udp.server_close()
        raise AssertionError("no port is free for UDP and TCP")

    @property
    def address(self):
        return f"127.0.0.1:{self.port}"

    @property
    def names(self):
        """Each name that was asked for → how often by UDP."""
        return Counter(name for name, kind, _ in self.asked if kind == "A")

    def __enter__(self):
        for server in (self.udp, self.tcp):
            threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_):
        for server in (self.udp, self.tcp):
            server.shutdown()
            server.server_close()

    def said_of(self, name):
        if name in self.hosts:
            return self.hosts[name]
        return self.hosts.get(f"*.{name.partition('.')[2]}")

    def answer(self, data, *, by_tcp):
        """The bytes to answer with, None for silence."""
        message = dns.Message()
        message.fromStr(data)
        query = message.queries[0]
        name = str(query.name)
        if by_tcp:
            self.by_tcp.append(name)
        else:
            self.asked.append((name, _TYPES.get(query.type, str(query.type)), monotonic()))
        if self.deaf:
            return None
        reply = dns.Message(message.id, answer=1, recDes=1, recAv=1)
        reply.queries = message.queries
        if not self._fill(reply, name, query.type, by_tcp=by_tcp):
            return None
        return reply.toStr()

    def _fill(self, reply, name, kind, *, by_tcp):
        for _ in range(10):
            said = self.said_of(name)
            if said == "silent":
                return False
            if said in (None, "servfail"):
                reply.rCode = dns.ENAME if said is None else dns.ESERVER
                return True
            if isinstance(said, str) and said.startswith("cut "):
                if not by_tcp:
                    reply.trunc = 1
                    return True
                said = said[4:]
            if isinstance(said, str) and said.startswith("-> "):
                reply.answers.append(dns.RRHeader(name, dns.CNAME, payload=dns.Record_CNAME(said[3:])))
                name = said[3:]
                continue
            for address in [said] if isinstance(said, str) else said:
                if address != "nodata" and (":" in address) == (kind == dns.AAAA):
                    record = dns.Record_AAAA(address) if kind == dns.AAAA else dns.Record_A(address)
                    reply.answers.append(dns.RRHeader(name, kind, payload=record))
            return True
        return True

    def _handler(self, *, by_tcp):
        stub = self

        class OverUdp(socketserver.BaseRequestHandler):
            def handle(self):
                data, socket = self.request
                if answer := stub.answer(data, by_tcp=False):
                    socket.sendto(answer, self.client_address)

        class OverTcp(socketserver.StreamRequestHandler):
            def handle(self):
                with suppress(OSError):
                    while len(size := self.rfile.read(2)) == 2:
                        data = self.rfile.read(int.from_bytes(size, "big"))
                        if answer := stub.answer(data, by_tcp=True):
                            self.wfile.write(len(answer).to_bytes(2, "big") + answer)

        return OverTcp if by_tcp else OverUdp
