"""How much a page shows is counted without reading all of it, and comes to what counting everything says."""

import re

from hypothesis import given
from hypothesis import strategies as st

from crawler.extraction.onward import may_send_on

_BESIDE = re.compile(rb"<[^<>]*>|[\s\x00]+")
_PIECES = st.sampled_from(
    [b"<p>", b"</p >", b"<", b">", b"a", b"van ban ", b" ", b"\n", b"\x00", b"\x0b", b"\x1c", b"\x85", b"\xa0"]
)
_NAMES = b"<script>location.href = '/vi'</script>"


@given(st.lists(_PIECES, max_size=30).map(b"".join), st.integers(0, 6100))
def test_the_count_ends_where_it_is_decided(piece, more):
    html = _NAMES + piece * (6000 // max(1, len(_BESIDE.sub(b"", piece))) if piece else 0) + b"x" * (more % 40)
    if len(html) <= 100_000:
        assert may_send_on(html) == (len(_BESIDE.sub(b"", html)) < 6000)


def test_a_page_with_much_text_is_none_that_sends_on():
    assert may_send_on(_NAMES + b"<p>van ban</p>")
    assert not may_send_on(_NAMES + b"<p>van ban</p>" * 1200)
    assert not may_send_on(b"<p>van ban</p>"), "nothing names another page"
