"""Whatever stands around it, an article's address names one article."""

from hypothesis import given
from hypothesis import strategies as st
from scrapy.http import HtmlResponse

from crawler import urls
from crawler.run.session_parameters import changed, may_be_sessions
from spiders.lists.canonicals import form_of, named_by
from spiders.platforms.generic import PLATFORM as GENERIC
from spiders.platforms.joomla import PLATFORM as JOOMLA
from storage.archives.address_key import address_key

WORD = st.from_regex(r"[a-z]{3,8}", fullmatch=True)
TOKEN = st.from_regex(r"[a-z0-9]{8,26}", fullmatch=True)
PATH = st.lists(WORD, min_size=1, max_size=3).map(lambda parts: f"/{'/'.join(parts)}-512.aspx")
QUERY = st.lists(st.tuples(st.sampled_from(["id", "cat", "sid", "so"]), st.integers(1, 99_999)), max_size=3).map(
    lambda pairs: "&".join(f"{name}={value}" for name, value in pairs)
)
NAMES = st.sampled_from(
    [
        "PHPSESSID",
        "jsessionid",
        "zenid",
        "osCsid",
        "CFID",
        "CFTOKEN",
        "sessionid",
        "ASPSESSIONIDQQ",
        "ASP.NET_SessionId",
    ]
)
FOLDERS = st.sampled_from(["S({})", "A({})", "F({})", "A({0})F({0})S({0})", "X(1)S({})"])


@given(PATH, QUERY, NAMES, FOLDERS, TOKEN)
def test_a_session_makes_no_other_address(path, query, name, folder, token):
    plain = f"http://a.vn{path}{'?' + query if query else ''}"
    session = f"{name}={token}x"
    forms = [
        f"http://a.vn/({folder.format(token)}){path}{'?' + query if query else ''}",
        f"http://a.vn/%28{folder.format(token).replace('(', '%28').replace(')', '%29')}%29{path}?{query}",
        f"http://a.vn{path};jsessionid={token}{'?' + query if query else ''}",
        f"http://a.vn{path}?{query}&amp;{session}",
        f"http://a.vn{path}?{session}&{query}",
    ]
    assert {urls.cleaned(form) for form in forms} == {urls.cleaned(plain)} == {plain}
    assert {address_key(form) for form in forms if "&amp;" not in form} == {address_key(plain)}
    assert urls.without_session(plain) == plain


@given(st.text(max_size=60))
def test_any_text_can_be_cleaned_twice(text):
    url = urls.absolute("http://a.vn/tin/", text)
    if url is not None:
        assert urls.cleaned(url) == url
        assert urls.without_session(url) == url
        GENERIC.identity(url), JOOMLA.identity(url)


@given(PATH, st.integers(1, 9999), st.sampled_from(["https://www.a.vn", "http://a.vn", "http://a.vn:80"]))
def test_an_article_is_one_at_all_its_addresses(path, number, origin):
    base = path.removesuffix("-512.aspx")
    expected = GENERIC.identity(f"http://a.vn{base}/bai-{number}")
    for form in (f"{base}/bai-{number}/", f"/vi{base}/bai-{number}", f"/index.php{base}/bai-{number}",
                 f"{base}/bai-{number}/index.html", f"{base}/b%61i-{number}?utm_source=x&print=1"):  # fmt: skip
        url = urls.absolute(origin, form)
        assert GENERIC.identity(url) == expected, form
    pairs = (f"id={number}&amp;cat=2", f"cat=2&id={number}", f"id={number}")
    assert len({GENERIC.identity(urls.absolute(origin, f"/xem.aspx?{pair}")) for pair in pairs}) == 1


def test_kinds_of_pages_count_separately():
    for category, article in (
        ("/index.php?view=category&id=2", "/index.php?view=article&id=2"),
        ("/?mod=news&id=7", "/?mod=event&id=7"),
    ):
        assert GENERIC.identity(f"http://a.vn{category}") != GENERIC.identity(f"http://a.vn{article}")
    assert JOOMLA.identity("http://a.vn/gioi-thieu/2-tin") != JOOMLA.identity("http://a.vn/thong-bao/2-ra-quan")
    assert JOOMLA.identity("http://a.vn/a/b/2-ra-quan.html") == JOOMLA.identity(
        "https://a.vn/index.php/c/2-ra-quan?start=3"
    )
    raw = JOOMLA.identity("http://a.vn/index.php?option=com_content&view=article&id=2%3Ara-quan&Itemid=5")
    assert (raw, JOOMLA.number(raw)) == ("2-ra-quan", "2")


@given(st.lists(st.tuples(PATH, st.sampled_from(["sid", "t"]), TOKEN), max_size=12))
def test_what_may_be_a_session_has_one_value_for_an_address(links):
    found = may_be_sessions(f"http://a.vn{path}?{name}={value}" for path, name, value in links)
    for name, carried in found.items():
        assert len(carried) >= 3
        for path, known, value in links:
            assert known != name or carried[f"http://a.vn{path}"] == value
    assert changed(found, found) == set()
    other = {name: {address: f"{value}1" for address, value in carried.items()} for name, carried in found.items()}
    assert changed(found, other) == set(found)


def test_numbers_of_pages_are_no_sessions():
    numbered = [f"http://a.vn/xem-{number}.html?id={number + 500}&tab=12&v=moi" for number in range(6)]
    assert may_be_sessions(numbered) == {}
    pages = [f"http://a.vn/tin?trang={number}&muc=20259871" for number in range(6)]
    assert set(may_be_sessions(pages)) == {"muc"}


@given(st.binary(max_size=300))
def test_any_page_can_be_asked_for_its_canonical_address(body):
    named = named_by(HtmlResponse("http://a.vn/tin/5.html", body=b"<link rel=canonical href=" + body))
    assert named is None or form_of("http://a.vn/tin/5.html", named)
