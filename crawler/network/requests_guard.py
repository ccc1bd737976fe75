"""The same judgement for the library `requests`: an adapter whose connections go only where requests may go."""

import socket
from ipaddress import ip_address
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError, NameResolutionError
from urllib3.util.connection import allowed_gai_family, create_connection

from crawler.errors import InternalError
from crawler.network.addresses import Reach


class RefusedAddress(InternalError, HTTPError):
    """A host led to no address that requests may reach; the message is the end of a sentence about it."""


class GuardedAdapter(HTTPAdapter):
    """Connects only to addresses that `reach` allows, judged after the name is resolved. Proxies are not judged.

    Its requests raise RefusedAddress.
    """

    def __init__(self, reach: Reach, **options: Any):
        self._reach = reach
        super().__init__(max_retries=0, **options)

    def init_poolmanager(self, *arguments: Any, **named: Any) -> None:
        """Make the pools of direct connections guarded ones; a proxy has pools of its own."""
        super().init_poolmanager(*arguments, **named)
        reach = self._reach

        class Plain(HTTPConnection):
            def _new_conn(self) -> socket.socket:
                return _connect(self, reach)

        class Secure(HTTPSConnection):
            def _new_conn(self) -> socket.socket:
                return _connect(self, reach)

        class PlainPool(HTTPConnectionPool):
            ConnectionCls = Plain

        class SecurePool(HTTPSConnectionPool):
            ConnectionCls = Secure

        self.poolmanager.pool_classes_by_scheme = {"http": PlainPool, "https": SecurePool}


def _connect(connection: HTTPConnection, reach: Reach) -> socket.socket:
    """Connect to the first address of the host that may be reached and answers."""
    host, port = connection.host, connection.port
    try:
        answers = socket.getaddrinfo(host, port, allowed_gai_family(), socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError) as error:
        raise NameResolutionError(host, connection, error) from error  # type: ignore[arg-type]
    addresses = list(dict.fromkeys(str(answer[4][0]) for answer in answers))
    refused = [why for address in addresses if (why := reach.why_not(ip_address(address)))]
    failure: OSError | None = None
    for address in addresses:
        if reach.why_not(ip_address(address)):
            continue
        try:
            return create_connection(
                (address, port), connection.timeout, source_address=connection.source_address,
                socket_options=connection.socket_options,
            )  # fmt: skip
        except OSError as error:
            failure = error
    raise failure or RefusedAddress(refused[0] if refused else f"its host {host} has no address")
