"""Walking a list: what is new is found, what is known is not read again."""

from hypothesis import given
from hypothesis import strategies as st

from crawler.run.site_memory import FIRST, Remembered
from spiders.lists.section_walk import SectionWalk

SIZE = 5


def walk(site, memory=None, stored=(), *, full=False, stop_after=None, broken=()):
    """Walk a list of the articles `site`; returns (pages read, new articles met, what is remembered)."""
    memory = memory or Remembered()
    pages = [site[i : i + SIZE] for i in range(0, len(site), SIZE)] or [[]]
    section = SectionWalk("u", memory, full=full)
    named = {("cur", n + 1): f"u?cur={n + 1}" for n in range(1, len(pages))}
    page, url, read, found = FIRST, "u", [], []
    remembered = memory
    while page:
        number = page[1]
        read.append(number)
        if number in broken:
            section.fail(page, url)
        else:
            new = {key for key in pages[number - 1] if key not in stored}
            found += new
            section.note(page, pages[number - 1], new, named)
            if stop_after and len(read) >= stop_after:
                return read, found, section.remembered(page, url)
            turned = section.next_page()
            remembered = section.remembered(page, url)
            page, url = turned or (None, None)
            continue
        page, url = section.next_page() or (None, None)
    return read, found, remembered


def articles(*numbers):
    return [str(number) for number in numbers]


SITE = articles(*range(100, 60, -1))  # 40 articles on 8 pages


def test_a_first_walk_reads_everything():
    read, found, memory = walk(SITE)
    assert read == list(range(1, 9)) and set(found) == set(SITE) and memory.complete


def test_an_unchanged_list_costs_two_pages():
    _, _, memory = walk(SITE)
    assert walk(SITE, memory, SITE)[0] == [1, 2]


def test_full_reads_everything_again():
    _, _, memory = walk(SITE)
    assert walk(SITE, memory, SITE, full=True)[0] == list(range(1, 9))


def test_new_articles_on_top_are_found():
    _, _, memory = walk(SITE)
    later = articles(*range(107, 100, -1)) + SITE
    read, found, memory = walk(later, memory, SITE)
    assert set(found) == set(articles(*range(101, 108))) and len(read) <= 5
    assert walk(later, memory, later)[0] == [1, 2]


def test_a_pinned_old_article_hides_nothing():
    _, _, memory = walk(SITE)
    pinned = ["65", *[a for a in ["101", *SITE] if a != "65"]]
    _, found, memory = walk(pinned, memory, SITE)
    assert found == ["101"]
    assert walk(pinned, memory, pinned)[0] == [1, 2]


def test_two_pages_of_old_articles_sorted_to_the_top_hide_nothing():
    _, _, memory = walk(SITE)
    bumped = SITE[25:35]
    resorted = [*bumped, "101", *[a for a in SITE if a not in bumped]]
    _, found, memory = walk(resorted, memory, SITE)
    assert found == ["101"]
    assert walk(resorted, memory, [*SITE, "101"])[0] == [1, 2]


def test_a_walk_cut_short_goes_on_where_it_stopped():
    read, found, memory = walk(SITE, stop_after=3)
    assert read == [1, 2, 3] and not memory.complete and memory.resume
    later = ["101", *SITE]
    read, more, memory = walk(later, memory, found)
    assert set(found) | set(more) == set(later) and memory.complete
    assert read == [1, 2, 3, 4, 5, 6, 7, 8, 9]


def test_a_walk_that_goes_on_reads_no_page_between():
    _, found, memory = walk(SITE, stop_after=6)
    read, more, _ = walk(SITE, memory, found)
    assert read == [1, 2, 6, 7, 8] and set(found) | set(more) == set(SITE)


def test_a_page_that_could_not_be_read_is_gone_on_with_next_time():
    _, found, memory = walk(SITE, broken={4})
    assert not memory.complete and set(SITE) - set(found) == set(SITE[15:20])
    read, more, memory = walk(SITE, memory, found)
    assert set(more) == set(SITE[15:20]) and read == [1, 2, 4, 5, 6, 7, 8] and memory.complete


def test_a_page_that_is_unreadable_twice_is_left():
    _, found, memory = walk(SITE, broken={4})
    _, _, memory = walk(SITE, memory, found, broken={4})
    assert memory.complete and walk(SITE, memory, found)[0] == [1, 2]


def test_news_over_several_pages_is_found_though_the_run_ends_among_them():
    """Also where the pages read before the end would all be known next time."""
    _, _, memory = walk(SITE)
    later = articles(*range(118, 100, -1)) + SITE
    for pages in range(1, 6):
        _, found, cut = walk(later, memory, SITE, stop_after=pages)
        stored = {*SITE, *found}
        _, more, after = walk(later, cut, stored)
        assert stored | set(more) == set(later) and after.complete
        assert walk(later, after, later)[0] == [1, 2]


def test_news_is_found_though_a_page_among_it_fails():
    _, _, memory = walk(SITE)
    later = articles(*range(118, 100, -1)) + SITE
    _, found, memory = walk(later, memory, SITE, broken={3})
    assert set(articles(*range(101, 119))) - set(found) == set(later[10:15])
    _, more, _ = walk(later, memory, {*SITE, *found})
    assert set(more) == set(later[10:15])


def test_a_list_that_changes_its_order_each_time_is_left_in_the_end():
    site = articles(*range(1000))
    _, _, memory = walk(site)
    assert len(walk(site[::-1], memory, site)[0]) < 20


@given(
    st.lists(st.integers(0, 60), unique=True, min_size=1, max_size=40),
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 40)), max_size=4),
    st.integers(1, 6),
)
def test_every_article_is_found_over_runs_that_are_cut_short(numbers, additions, patience):
    """Articles are added at the top between runs of at most `patience` pages; in the end a run to the end has all."""
    site, stored, memory = articles(*numbers), set(), None
    for round_, (count, _) in enumerate(additions):
        _, found, memory = walk(site, memory, stored, stop_after=patience)
        stored |= set(found)
        site = [f"n{round_}-{i}" for i in range(count)] + site
    for _ in range(3):
        _, found, memory = walk(site, memory, stored)
        stored |= set(found)
    assert stored == set(site)


def test_a_new_article_deep_in_a_list_sorted_anew_is_found_by_the_next_walk():
    site = articles(*range(300))
    _, _, memory = walk(site)
    later = [*site[::-1][:200], "new", *site[::-1][200:]]
    _, found, memory = walk(later, memory, site)
    _, more, memory = walk(later, memory, {*site, *found})
    assert {*found, *more} == {"new"} and memory.complete
