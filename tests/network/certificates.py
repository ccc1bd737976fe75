"""Certificates made for a test: an issuer of our own, and servers that it vouches for or does not."""

import ipaddress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

NOW = datetime.now(UTC).replace(microsecond=0)
YEAR = timedelta(days=365)


class Issuer:
    """An issuer; `path` is its certificate, for SSL_CERT_FILE."""

    def __init__(self, folder: Path, name: str = "Tổ chức chứng thực thử"):
        self.folder = folder
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        made = _certificate(self.name, self.name, self.key.public_key(), NOW - YEAR, NOW + YEAR)
        made = made.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        self.certificate = made.sign(self.key, hashes.SHA256())
        self.path = folder / f"issuer-{abs(hash(name))}.pem"
        self.path.write_bytes(self.certificate.public_bytes(serialization.Encoding.PEM))

    def server(self, *hosts, begins=NOW - YEAR, ends=NOW + YEAR, bits=0, alone=False):
        """Write a certificate with its key and return the file's path.

        `bits`: of an RSA key; `alone`: signed by itself instead of by the issuer.
        """
        key = rsa.generate_private_key(65537, bits) if bits else ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, hosts[0])])
        made = _certificate(subject, subject if alone else self.name, key.public_key(), begins, ends)
        names = x509.SubjectAlternativeName([_general_name(host) for host in hosts])
        signed = made.add_extension(names, critical=False).sign(key if alone else self.key, hashes.SHA256())
        path = self.folder / f"server-{signed.serial_number}.pem"
        path.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.TraditionalOpenSSL,
                serialization.NoEncryption(),
            )
            + signed.public_bytes(serialization.Encoding.PEM)
        )
        return path


def _certificate(subject, issuer, public_key, begins, ends):
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(ends)
    )


def _general_name(host):
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)
