"""Lets warcio read brotli, for the libraries that index WARC files with it.

warcio 1.8.1 sets an attribute on brotli's decompressor that brotli 1.2 no longer takes, and then asks for it.
"""


def teach_brotli() -> None:
    """Register a decompressor that has what warcio asks for."""
    from warcio.bufferedreaders import BufferedReader

    BufferedReader.DECOMPRESSORS["br"] = _Decompressor


class _Decompressor:
    """What warcio expects of a decompressor: `decompress`, `flush`, and `unused_data` after the end of the stream."""

    unused_data = b""

    def __init__(self) -> None:
        import brotli

        self._inflate = brotli.Decompressor()

    def decompress(self, data: bytes) -> bytes:
        return bytes(self._inflate.process(data))

    def flush(self) -> bytes:
        return b""
