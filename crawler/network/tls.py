"""Which servers are believed: certificates are verified, unless a site's facts say otherwise.

Roots of trust are those of the system and of certifi, or those that SSL_CERT_FILE and SSL_CERT_DIR name alone.
"""

import os
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from typing import Any, Self

import certifi
from OpenSSL import SSL, crypto
from service_identity import VerificationError
from service_identity.exceptions import CertificateError
from service_identity.hazmat import DNS_ID, IPAddress_ID, verify_service_identity
from service_identity.pyopenssl import extract_patterns
from twisted.internet.ssl import CertificateOptions, TLSVersion
from twisted.web.iweb import IPolicyForHTTPS
from zope.interface import implementer  # type: ignore[import-untyped]

from crawler.dates.local_time import local_day
from crawler.network.destinations import plain_name
from crawler.scrapy_internals import tls_options


class Tls(StrEnum):
    """How a site's server is believed. `old`: verified, but with old protocols and weak keys too; `any`: not verified,
    whatever it offers."""

    VERIFIED = ""
    OLD = "old"
    ANY = "any"


class _Options(CertificateOptions):
    """How connections are secured; one context serves all connections of its kind, to whatever site: it has all roots,
    a megabyte or two."""

    def __init__(self, kind: Tls):
        old: dict[str, Any] = {"insecurelyLowerMinimumTo": TLSVersion.TLSv1_0} if kind else {}
        super().__init__(fixBrokenPeers=True, **old)
        self._kind = kind

    def _makeContext(self, *arguments: Any, **named: Any) -> SSL.Context:
        context = super()._makeContext(*arguments, **named)
        if self._kind:
            context.set_cipher_list(b"DEFAULT:@SECLEVEL=0")
            context.set_options(0x4)  # OP_LEGACY_SERVER_CONNECT: servers without secure renegotiation
        _add_roots(context)
        return context


def _add_roots(context: SSL.Context) -> None:
    context.set_default_verify_paths()
    if not any(_named_roots()):
        context.load_verify_locations(certifi.where())


def _named_roots() -> tuple[str, str]:
    return os.environ.get("SSL_CERT_FILE") or "", os.environ.get("SSL_CERT_DIR") or ""


@cache
def _options_of(kind: Tls, _roots: tuple[str, str]) -> _Options:
    return _Options(kind)


@implementer(IPolicyForHTTPS)
class TlsPolicy:
    """Secures the connections of one site; `hosts` → the fact `tls` of its own hosts, all others are verified. It is
    looked at for each connection, and may grow.

    What was wrong with a host's certificate is kept until `forget`, as the exception does not tell.
    """

    def __init__(self, hosts: Mapping[str, Tls] | None = None):
        self._hosts = {} if hosts is None else hosts
        self._problems: dict[str, str] = {}

    @classmethod
    def of_spider(cls, spider: Any) -> Self:
        """Return the policy of a site's class; of a probe, one by what it learns of each host (`tls_of_hosts`); of any
        other spider, one that verifies every host."""
        if (learnt := getattr(spider, "tls_of_hosts", None)) is not None:
            return cls(learnt)
        kind = Tls(getattr(spider, "tls", ""))
        names: Iterable[str] = spider.host_names() if kind else ()
        return cls({plain_name(name): kind for name in names})

    def kind_of(self, host: str) -> Tls:
        """Return how the server of `host` is believed; subdomains as their domain."""
        name = plain_name(host)
        while name and name not in self._hosts:
            name = name.partition(".")[2]
        return self._hosts.get(name, Tls.VERIFIED)

    def noted(self, host: str) -> str:
        """Return the fact under which a connection to `host` was made; "" where it was verified as usual."""
        return str(self.kind_of(host))

    def creatorForNetloc(self, hostname: bytes, port: int) -> Any:
        """Return what makes the connections to a host."""
        host = hostname.decode("ascii")
        kind = self.kind_of(host)
        return tls_options(_options_of(kind, _named_roots()), host, self._verifier(host, kind))

    def _verifier(self, host: str, kind: Tls) -> Callable[..., bool]:
        name = host.strip("[]")
        identity = IPAddress_ID(name) if re.fullmatch(r"[\d.]+|.*:.*", name) else DNS_ID(name.rstrip("."))

        def verify(_: Any, certificate: crypto.X509, error: int, depth: int, ok: int) -> bool:
            if kind is Tls.ANY:
                return True
            if not ok:
                self._problems.setdefault(host, _wrong_certificate(certificate, error, depth))
                return False
            if depth == 0:
                try:
                    verify_service_identity(extract_patterns(certificate), [identity], [])
                except (CertificateError, VerificationError, ValueError):
                    self._problems.setdefault(host, f"its certificate is issued for {_names(certificate)}; {_SAY_ANY}")
                    return False
            return True

        return verify

    def forget(self, host: str) -> None:
        """Forget what was wrong with a host's certificate, before it is asked again."""
        self._problems.pop(host, None)

    def why_failed(self, host: str, error: BaseException | None) -> str | None:
        """Return what was wrong with a host's certificate or protocol, as the end of a sentence, or None."""
        if problem := self._problems.pop(host, None):
            return problem
        said = {text for text in _openssl_reasons(error) if text}
        for pattern, wrong in _OLD_PROTOCOLS:
            if found := next((text for text in said if re.search(pattern, text)), None):
                more = _SAY_OLD if self.kind_of(host) is Tls.VERIFIED else "even the site's tls fact does not help"
                return f"{wrong} ({found}); {more}"
        return None


_SAY_ANY = 'tls = "any" in the site\'s facts would believe it all the same'
_SAY_OLD = 'tls = "old" in the site\'s facts would allow that'

# By the reasons that OpenSSL gives for an end of the handshake.
_OLD_PROTOCOLS = (
    (r"unsupported protocol|alert protocol version|no protocols available|wrong ssl version|version too low",
     "the server speaks only an old protocol"),
    (r"key too small|md too weak|dh key|bad ecpoint|no shared cipher|wrong signature type|no suitable signature",
     "the server uses weak keys or ciphers"),
    (r"alert handshake failure|alert insufficient security", "the server and we have no cipher in common"),
    (r"unsafe legacy renegotiation", "the server lacks secure renegotiation"),
)  # fmt: skip

# X509_V_ERR_… of OpenSSL.
_NOT_YET, _EXPIRED = {9, 13}, {10, 14}
_SELF_SIGNED = {18}
_UNKNOWN_ISSUER = {2, 19, 20, 21, 27}
_WEAK = {66, 67, 68}


def _wrong_certificate(certificate: crypto.X509, error: int, depth: int) -> str:
    whose = "its certificate" if depth == 0 else f"the certificate of its issuer {_name(certificate.get_subject())}"
    if error in _EXPIRED:
        return f"{whose} expired on {_day(certificate.get_notAfter())}; {_SAY_ANY}"
    if error in _NOT_YET:
        return f"{whose} is valid only from {_day(certificate.get_notBefore())}; {_SAY_ANY}"
    if error in _SELF_SIGNED:
        return f"{whose} is self-signed; {_SAY_ANY}"
    if error in _WEAK:
        return f"{whose} has a weak key or signature; {_SAY_OLD}"
    if error in _UNKNOWN_ISSUER:
        return (
            f"its certificate is issued by {_name(certificate.get_issuer())}, which is not known, or the server does "
            f"not send the certificates between; {_SAY_ANY}"
        )
    return f"{whose} is not valid (OpenSSL's error {error}); {_SAY_ANY}"


def _day(stamp: bytes | None) -> str:
    try:
        return local_day(datetime.strptime((stamp or b"").decode("ascii"), "%Y%m%d%H%M%SZ").replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        return "a day that cannot be read"


def _name(name: crypto.X509Name) -> str:
    shown = name.CN or name.O or "nobody"
    return repr(shown[:80])


def _names(certificate: crypto.X509) -> str:
    try:
        patterns = [getattr(pattern, "pattern", b"") for pattern in extract_patterns(certificate)]
    except (CertificateError, ValueError):
        patterns = []
    names = [name.decode("ascii", "replace") if isinstance(name, bytes) else str(name) for name in patterns if name]
    return ", ".join(names[:5]) or f"{_name(certificate.get_subject())}, in a form that is no longer used"


def _openssl_reasons(error: BaseException | None) -> Iterable[str]:
    """Yield the reasons of OpenSSL in an exception, those that it holds, and its causes."""
    seen: set[int] = set()
    waiting: list[Any] = [error]
    while waiting:
        one = waiting.pop()
        one = getattr(one, "value", one)  # of a Twisted Failure
        if not isinstance(one, BaseException) or id(one) in seen:
            continue
        seen.add(id(one))
        waiting += [one.__cause__, one.__context__, *getattr(one, "reasons", ())]
        if isinstance(one, SSL.Error) and one.args and isinstance(one.args[0], list):
            yield from (str(item[-1]).lower() for item in one.args[0])
