"""WARC records that are made for a file and not captured, and the digest that all records here have."""

import gzip
from base64 import b32encode
from collections.abc import Mapping
from hashlib import sha1


def sha1_digest(*parts: bytes) -> str:
    """Return the digest of `parts` one after the other as WARC-Block-Digest and WARC-Payload-Digest have it here:
    sha1: and base32."""
    digest = sha1(usedforsecurity=False)
    for part in parts:
        digest.update(part)
    return f"sha1:{b32encode(digest.digest()).decode()}"


def made_record(head: Mapping[str, str], block: bytes) -> bytes:
    """Return a record of our own making as a gzip member, the same bytes every time. `head`: its headers, but for
    WARC-Block-Digest and Content-Length."""
    head = {**head, "WARC-Block-Digest": sha1_digest(block), "Content-Length": str(len(block))}
    lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
    return gzip.compress(b"WARC/1.1\r\n" + lines.encode() + b"\r\n" + block + b"\r\n\r\n", mtime=0)
