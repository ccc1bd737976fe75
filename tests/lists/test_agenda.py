"""Which pages that may be lists are asked for, and which can wait."""

import pytest

from crawler.run.site_memory import FIRST, Remembered, SiteMemory
from spiders.lists.agenda import Agenda
from spiders.lists.pager_pages import first_pages, further_pages
from spiders.lists.sections import Sections
from spiders.lists.unlikely import family, is_unlikely
from spiders.platforms.generic import PLATFORM

SITE = "https://phuong.test"
NAMES = [str(number) for number in range(40)]


def known(**tops):
    """What is remembered of a home page ("" → home) and sections, by the articles that they show."""
    memory = SiteMemory(was_crawled=True, stored=set(NAMES))
    for name, top in tops.items():
        path = "" if name == "home" else f"/{name.replace('_', '-')}"
        memory.sections[f"phuong.test{path}"] = Remembered(f"{SITE}{path or '/'}", True, True, None, tuple(top))
    return memory


def begun(memory):
    agenda = Agenda(Sections())
    return agenda, agenda.remember(memory, [f"{SITE}/"], lambda url: False)


def test_a_list_that_alone_shows_an_article_is_read_in_every_run():
    agenda, alone = begun(known(home=NAMES[:20], tin_tuc=NAMES[:10], thong_bao=NAMES[15:25]))
    assert alone == [f"{SITE}/thong-bao"], "a list is put aside though no other shows all it shows"
    assert agenda.put_aside == {"phuong.test/tin-tuc": f"{SITE}/tin-tuc"}


def test_everything_is_read_in_its_turn():
    memory = known(home=NAMES[:20], tin_tuc=NAMES[:10])
    memory.everything = True
    assert begun(memory)[1] == [f"{SITE}/tin-tuc"]


def test_a_run_without_news_has_two_requests_besides_its_lists():
    agenda, _ = begun(known(home=NAMES, tin_tuc=NAMES[:9], thong_bao=NAMES[9:20]))
    agenda.asked("phuong.test", FIRST)
    assert agenda.may_spend(0), "robots.txt and the home page use up the measure of three lists"
    for page in range(2, 5):
        agenda.asked("phuong.test", ("page", page))
    assert not agenda.may_spend(0) and agenda.may_spend(9), "what a run may cost does not grow with its articles"


def test_a_list_is_covered_by_a_longer_one_that_is_read_to_its_end():
    sections = Sections()
    whole, part = (sections.begin(f"{SITE}/{name}", SiteMemory(), depth=1) for name in ("tin", "muc"))
    named = {("page", number): f"{SITE}/tin?page={number}" for number in (2, 3, 4)}
    sections[whole].note(FIRST, NAMES[:10], set(NAMES[:10]), named)
    sections[part].note(FIRST, NAMES[:10:2], set(), {("page", 2): f"{SITE}/muc?page=2"})
    assert not sections.is_covered(part), "a list of which one page was read is believed to show all"
    for start in (10, 20, 30):
        page, _ = sections[whole].next_page()
        sections[whole].note(page, NAMES[start : start + 10], set(NAMES), named)
    assert sections.is_covered(part) and not sections.is_covered(whole)


def test_a_short_list_covers_none_that_is_longer_by_its_pager():
    sections = Sections()
    short, long = (sections.begin(f"{SITE}/{name}", SiteMemory(), depth=1) for name in ("tin", "muc"))
    sections[short].note(FIRST, NAMES[:10], set(NAMES), {("page", 2): "2"})
    page, _ = sections[short].next_page()
    sections[short].note(page, NAMES[10:20], set(NAMES), {})
    sections[long].note(FIRST, NAMES[:10], set(), {("page", number): str(number) for number in range(2, 9)})
    assert not sections.is_covered(long), "eight pages are left out though twenty articles are known"


@pytest.mark.parametrize(
    "path",
    ["/lien-he", "/contact.php", "/user.php?id.1", "/e107_admin/admin.php", "/2026/07/", "/tag/an-toan", "/index.php",
     "/bai?author=Khue", "/gioi-thieu", "/voting/", "/rss.xml", "/dang-nhap.aspx"],
)  # fmt: skip
def test_pages_named_like_those_without_news_can_wait(path):
    assert is_unlikely(f"{SITE}{path}")


@pytest.mark.parametrize(
    "path", ["/", "/tin-tuc", "/chuyen-muc/thong-bao", "/news.php", "/quoc-phong-an-ninh", "/lich-su"]
)
def test_other_pages_cannot(path):
    assert not is_unlikely(f"{SITE}{path}")


def test_pages_of_one_kind_are_one_family():
    assert family(f"{SITE}/page.php?id=7") == family(f"{SITE}/page.php?id=12") != family(f"{SITE}/news.php?id=7")
    assert family(f"{SITE}/muc/a") == family(f"{SITE}/muc/b") and family(f"{SITE}/tin-tuc") is None


def test_start_pages_are_first_pages_each_once():
    pages = ["/", "/page/2/", "/?start=12", "/?p=2", "/tin?offset=20", "/tin;page=3", "/bai?p=77"]
    assert first_pages((SITE + page for page in pages), PLATFORM) == [
        f"{SITE}{page}" for page in ("/", "/tin", "/bai?p=77")
    ]


def test_pages_with_a_number_as_their_link_are_further_pages():
    links = {f"{SITE}/?p=2": "2", f"{SITE}/?p=3": "Trang sau", f"{SITE}/tin-tuc": "Tin tức", f"{SITE}/trang-2": "»"}
    assert further_pages(links, PLATFORM) == {f"{SITE}/?p=2", f"{SITE}/?p=3", f"{SITE}/trang-2"}
