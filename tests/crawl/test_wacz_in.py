"""Packages of others, whole and damaged: everything that is in them is read, everything that is wrong is counted."""

import gzip
import io
import json
import zipfile
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.archives.archive import Archive, BadArchive
from tests.crawl.test_archives import page, records
from tests.examples import examples

URLS = [f"http://a.vn/{number}" for number in range(4)]


def warc(numbers):
    made = [("response", URLS[number], "2021-05-01T00:00:00Z", page(number)) for number in numbers]
    content, starts = records(*made)
    return bytes(content), [start for start, _ in starts]


def package(path, files, *, compression=zipfile.ZIP_STORED, resources=None):
    """Write a WACZ of `files` with a datapackage.json that is true unless `resources` says otherwise."""
    named = [{"path": name, "hash": f"sha256:{sha256(data).hexdigest()}"} for name, data in files.items()]
    about = json.dumps({"profile": "data-package", "resources": named if resources is None else resources})
    with zipfile.ZipFile(path, "w", compression) as out:
        for name, data in {**files, "datapackage.json": about.encode()}.items():
            out.writestr(name, data)
    return path


def index(name, offsets):
    lines = [
        f"a {n} {json.dumps({'url': URLS[0], 'filename': name, 'offset': str(at)})}\n" for n, at in enumerate(offsets)
    ]
    return "".join(lines).encode()


def pages(*urls):
    head = {"format": "json-pages-1.0", "id": "pages"}
    return "\n".join(json.dumps(line) for line in [head, *({"url": url} for url in urls)]).encode()


@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_every_warc_file_of_a_package_is_read_however_it_is_packed(tmp_path, compression):
    one, starts = warc([0, 1])
    two, _ = warc([2, 3])
    files = {"archive/one.warc.gz": one, "archive/two.warc.gz": two, "pages/pages.jsonl": pages(*URLS),
             "indexes/index.cdx": index("one.warc.gz", starts)}  # fmt: skip
    archive = Archive([package(tmp_path / "a.wacz", files, compression=compression)])
    assert [archive.find(url).body for url in URLS] == [page(number) for number in range(4)]
    assert archive.skipped == {}


def test_what_a_package_says_of_itself_and_is_not_so_is_counted_and_costs_nothing(tmp_path):
    one, starts = warc([0, 1])
    files = {"archive/one.warc.gz": one, "pages/pages.jsonl": pages(*URLS[:3]), "pages/extra.jsonl": b"\xff{nonsense",
             "indexes/index.cdx": index("one.warc.gz", [starts[0], starts[1] + 7]) + index("lost.warc.gz", [0]),
             "indexes/more.cdx.gz": b"\x1f\x8b damaged"}  # fmt: skip
    resources = [{"path": "archive/one.warc.gz", "hash": "sha256:00"}, {"path": "archive/lost.warc.gz"}, "x", {}]
    archive = Archive([package(tmp_path / "a.wacz", files, resources=resources)])
    assert [url in archive for url in URLS] == [True, True, False, False]
    assert archive.skipped == {
        "file of another digest than the package says": 1,
        "file that the package names and lacks": 1,
        "line of the package's index that leads to no record": 2,
        "page of the package's list that no record holds": 1,
        "damaged list in the package": 1,
    }


def test_names_that_lead_out_of_a_package_lead_nowhere(tmp_path):
    content, _ = warc([0])
    archive = Archive([package(tmp_path / "a.wacz", {"../../out.warc.gz": content})])
    assert archive.find(URLS[0]).body == page(0)
    assert [path.name for path in tmp_path.iterdir()] == ["a.wacz"]


def test_one_damaged_warc_file_leaves_the_others(tmp_path):
    one, starts = warc([0, 1])
    two, _ = warc([2])
    damaged = one[: starts[1] + 40] + b"\xff" * 40 + one[starts[1] + 80 :]
    path = package(tmp_path / "a.wacz", {"archive/one.warc.gz": one, "archive/two.warc.gz": two})
    path.write_bytes(path.read_bytes().replace(one, damaged))
    archive = Archive([path])
    assert [url in archive for url in URLS[:3]] == [True, False, True]
    assert archive.skipped["file of another digest than the package says"] == 1
    assert sum(count for reason, count in archive.skipped.items() if "damaged" in reason) == 1


def broken(path, how):
    content, _ = warc([0])
    match how:
        case "cut-off":
            package(path, {"archive/one.warc.gz": content})
            path.write_bytes(path.read_bytes()[:-60])
        case "of 2 packages":
            package(path, {"one.wacz": b"x", "two.wacz": b"y"})
        case "no WARC file":
            package(path, {"pages/pages.jsonl": b""})
        case "hold no record":
            package(path, {"archive/one.warc.gz": b"nonsense"})
        case "not where the package says":
            package(path, {"archive/one.warc.gz": content})
            path.write_bytes(
                path.read_bytes().replace(b"PK\x03\x04", b"PK\x03\x05", 1).replace(b"PK\x03\x05", b"PK\x03\x04", 0)
            )
            data = bytearray(path.read_bytes())
            data[:4] = b"PK\x05\x06"
            path.write_bytes(bytes(data))
        case "encrypted":
            package(path, {"archive/one.warc.gz": content})
            data = bytearray(path.read_bytes())
            at = data.index(b"PK\x01\x02")
            data[at + 8] |= 1
            path.write_bytes(bytes(data))
        case "cannot be unpacked":
            package(path, {"archive/one.warc.gz": content}, compression=zipfile.ZIP_DEFLATED)
            data = bytearray(path.read_bytes())
            at = 30 + len("archive/one.warc.gz")
            data[at : at + 8] = b"\xff" * 8
            path.write_bytes(bytes(data))
        case "too large":
            package(path, {"archive/one.warc.gz": content}, compression=zipfile.ZIP_DEFLATED)
            data = bytearray(path.read_bytes())
            at = data.index(b"PK\x01\x02")
            data[at + 24 : at + 28] = b"\xf0\xff\xff\xff"
            path.write_bytes(bytes(data))
    return path


KINDS = ["cut-off", "of 2 packages", "no WARC file", "hold no record", "not where the package says", "encrypted",
         "cannot be unpacked"]  # fmt: skip


@pytest.mark.parametrize("how", KINDS)
def test_a_package_that_cannot_be_read_is_refused_with_a_reason(tmp_path, how):
    with pytest.raises(BadArchive, match=how):
        Archive([broken(tmp_path / "a.wacz", how)])


def test_a_member_that_claims_to_be_huge_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("storage.archives.wacz._MOST_UNPACKED", 1 << 30)
    with pytest.raises(BadArchive, match="too large"):
        Archive([broken(tmp_path / "a.wacz", "too large")])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"filedesc://a.arc 0.0.0.0 20050101000000 text/plain 76\n1 0 x\n", r"ARC file.*warcio recompress"),
        (gzip.compress(gzip.decompress(warc([0, 1])[0])), "record by record"),
        (b"\x28\xb5\x2f\xfd zstd", "unzstd"),
        (b"", "no WARC record"),
    ],
)
def test_a_file_of_another_form_is_named_as_what_it_is(tmp_path, content, said):
    (tmp_path / "a.warc.gz").write_bytes(content)
    with pytest.raises(BadArchive, match=said):
        Archive([tmp_path / "a.warc.gz"])


WHOLE = io.BytesIO()
package(WHOLE, {"archive/a.warc.gz": warc([0, 1])[0], "indexes/index.cdx": index("a.warc.gz", [0]),
                "pages/pages.jsonl": pages(*URLS)})  # fmt: skip
CHANGE = st.tuples(st.integers(0, len(WHOLE.getvalue()) - 1), st.binary(min_size=1, max_size=6))


@examples(100)
@given(changes=st.lists(CHANGE, max_size=4))
def test_no_damage_to_a_package_breaks_the_program(changes, tmp_path_factory):
    data = bytearray(WHOLE.getvalue())
    for at, value in changes:
        data[at : at + len(value)] = value
    path = tmp_path_factory.getbasetemp() / "damaged.wacz"
    path.write_bytes(bytes(data))
    try:
        archive = Archive([path])
    except BadArchive as error:
        assert str(path) in str(error)
    else:
        assert len(archive) == sum(1 for _ in archive.captures())
        archive.close()
