"""A resolver for tests: `xa1.may2.test` is on 127.3.0.2; every other name has no address."""

import re

from scrapy.resolver import CachingThreadedResolver
from twisted.internet import defer
from twisted.internet.error import DNSLookupError

NETWORK = "127.3.0.0/24"


def address(server: int) -> str:
    """The loopback address of one of the servers."""
    return f"127.3.0.{server}"


class Resolver(CachingThreadedResolver):
    """Answers from the name alone, as the setting TWISTED_DNS_RESOLVER."""

    def getHostByName(self, name, timeout=()):
        """The address of a name."""
        if found := re.search(r"\bmay(\d+)\.test$", name):
            return defer.succeed(address(int(found[1])))
        return defer.fail(DNSLookupError(name))
