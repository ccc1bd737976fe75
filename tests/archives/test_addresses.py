"""The addresses of an archive: found however they are spelled, and never taken for another."""

import pytest

from tests.archives.made_warcs import html, http, packed, record
from tests.archives.test_foreign_records import archive_of, body

ONE, TWO = html("Một"), html("Hai")

SPELLINGS = {
    "other scheme": ("https://phuong.test/a", "http://phuong.test/a"),
    "www.": ("http://www.phuong.test/a", "http://phuong.test/a"),
    "bare host": ("http://phuong.test/a", "https://www.phuong.test/a"),
    "port of the scheme": ("http://phuong.test:80/a", "http://phuong.test/a"),
    "empty port": ("http://phuong.test:/a", "http://phuong.test/a"),
    "host in capitals": ("http://PHUONG.Test/a", "http://phuong.test/a"),
    "dot after the host": ("http://phuong.test./a", "http://phuong.test/a"),
    "no path": ("http://phuong.test", "http://phuong.test/"),
    "fragment": ("http://phuong.test/a#top", "http://phuong.test/a"),
    "letters that are not encoded": ("http://phuong.test/tin-tức", "http://phuong.test/tin-t%E1%BB%A9c"),
    "small hex": ("http://phuong.test/t%e1%bb%a9c", "http://phuong.test/t%E1%BB%A9c"),
    "a blank": ("http://phuong.test/a b", "http://phuong.test/a%20b"),
    "needless encoding": ("http://phuong.test/%61%2Db", "http://phuong.test/a-b"),
    "a comma": ("http://phuong.test/a%2cb", "http://phuong.test/a,b"),
    "international host": ("http://phường.test/a", "http://xn--phng-rib8295b.test/a"),
    "order of parameters": ("http://phuong.test/a?x=1&y=2", "http://phuong.test/a?y=2&x=1"),
    "user": ("http://me@phuong.test/a", "http://phuong.test/a"),
}


@pytest.mark.parametrize(("captured", "asked"), SPELLINGS.values(), ids=SPELLINGS)
def test_an_address_is_found_however_it_is_spelled(tmp_path, captured, asked):
    archive = archive_of(tmp_path, packed(record(captured, http(ONE))))
    assert body(archive, asked) == ONE and archive.skipped == {}
    assert [capture.body for capture in archive.captures()] == [ONE]


DIFFERENT = {
    "a question mark in the path": ("http://phuong.test/a%3Fb=1", "http://phuong.test/a?b=1"),
    "a slash in a name": ("http://phuong.test/a%2Fb", "http://phuong.test/a/b"),
    "a number sign": ("http://phuong.test/a%23b", "http://phuong.test/a#b"),
    "encoded twice": ("http://phuong.test/a%2541", "http://phuong.test/a%41"),
    "a percent sign": ("http://phuong.test/100%25-2", "http://phuong.test/100%-2%"),
    "an ampersand in a value": ("http://phuong.test/?a=1%26b=2", "http://phuong.test/?a=1&b=2"),
    "old charset": ("http://phuong.test/?q=%E0", "http://phuong.test/?q=%E1"),
    "other port": ("http://phuong.test:8080/a", "http://phuong.test/a"),
    "capitals in the path": ("http://phuong.test/A", "http://phuong.test/a"),
    "very long": (f"http://phuong.test/{'a' * 9000}", f"http://phuong.test/{'a' * 9001}"),
}


@pytest.mark.parametrize(("one", "other"), DIFFERENT.values(), ids=DIFFERENT)
def test_addresses_that_differ_stay_apart(tmp_path, one, other):
    archive = archive_of(tmp_path, packed(record(one, http(ONE)), record(other, http(TWO))))
    assert (body(archive, one), body(archive, other), len(archive)) == (ONE, TWO, 2)
    assert [capture.body for capture in archive.captures()] == [ONE, TWO]
