"""A question takes neither the machine's time nor its memory, and learns nothing of the machine."""

import time

import pytest

from tests.browse.conftest import asking

SQL = "/data.json?sql="
GREEDY = {
    "a value of a gigabyte": "select+hex(zeroblob(900000000))",
    "many large values": "select+" + ",".join(["length(hex(zeroblob(4000000)))"] * 250),
    "a recursion without end": "with+recursive+n(i)+as+(select+1+union+all+select+i%2B1+from+n)+select+count(*)+from+n",
    "all with all": "select+count(*)+from+articles+a,articles+b,articles+c,articles+d,articles+e,articles+f",
    "texts joined for ever": "select+group_concat(body)+from+articles,(with+recursive+n(i)+as+(select+1+union+all+"
    "select+i%2B1+from+n)+select+i+from+n)",
    "random bytes": "select+hex(randomblob(900000000))",
    "a deep question": "select+" + "(" * 900 + "1" + ")" * 900,
    "a long question": "select+1" + "%2B1" * 5000,
    "another file": "attach+'/etc/passwd'+as+other",
    "a library": "select+load_extension('none')",
}  # fmt: skip
PAGES = [
    "/-/databases.json", "/-/databases", "/-/versions.json", "/-/plugins.json", "/-/settings.json", "/-/threads.json",
    "/-/metadata.json", "/-/config.json", "/-/actor.json", "/-/permissions", "/-/allow-debug", "/-/patterns",
    "/-/auth-token", "/-/logout", "/-/", "/data", "/data.json", "/data.db", "/data/none", "/data/none.json",
    "/data/runs.json",
    "/data/articles?_sort=none", "/data/articles.json?_facet=none", "/data/articles/none", "/none", "/_internal.json",
    "/data.json?sql=select+1", "/data/articles.json?_where=1", "/data/articles.json?_trace=1", "/article/a/b",
]  # fmt: skip


@pytest.fixture(scope="module")
def with_sql(planted):
    """Ask as after `browse --sql`."""
    with asking(planted, sql=True) as ask:
        yield ask


@pytest.mark.parametrize("kind", GREEDY)
def test_a_greedy_question_is_ended(with_sql, kind):
    before = time.process_time()
    answer = with_sql(SQL + GREEDY[kind])
    assert answer.status_code >= 400
    assert time.process_time() - before < 6  # seconds of CPU; its time limit is one second


def test_an_honest_question_is_answered(with_sql):
    assert with_sql(f"{SQL}select+count(*)+from+articles&_shape=arrays").json()["rows"][0][0] > 0
    assert with_sql("/data/articles.json?_where=1").status_code == 200
    assert with_sql("/").status_code == with_sql("/search?q=tin").status_code == with_sql("/health").status_code == 200


@pytest.mark.parametrize("path", PAGES)
def test_no_page_says_where_the_file_is(ask, with_sql, planted, path):
    for asked in (ask, with_sql):
        text = asked(path).text
        assert str(planted.parent) not in text and "site-packages" not in text, f"{path} tells a path of the machine"


def test_sql_does_not_say_it_either(with_sql, planted):
    for sql in ("select+*+from+pragma_database_list", "select+file+from+pragma_database_list()"):
        answer = with_sql(SQL + sql)
        assert answer.status_code == 200 and str(planted.parent) not in answer.text


def test_sql_is_off_unless_asked_for(ask):
    for path in (
        f"{SQL}select+1",
        "/data?sql=select+1",
        "/data/articles.json?_where=1%3D1",
        "/data/articles.csv?_where=1",
    ):
        assert ask(path).status_code == 403, f"{path} is answered"
    assert "<textarea" not in ask("/data").text
    assert ask("/data/articles.json?_size=1").status_code == 200


@pytest.mark.parametrize(
    ("host", "status"),
    [("localhost", 200), ("localhost:8001", 200), ("127.0.0.1:1", 200), ("[::1]:9", 200), ("LOCALHOST", 200), ("", 403),
     ("evil.test", 403), ("localhost.evil.test", 403), ("127.0.0.1.evil.test:80", 403), ("localhost:80:1", 403),
     ("localhost@evil.test", 403), ("evil.test#localhost", 403), ("localhost.", 403), ("0.0.0.0", 403), ("127.1", 403),
     ("localhost:", 403), ("localhost:x", 403), ("[::ffff:127.0.0.1]", 403)],
)  # fmt: skip
def test_only_names_of_this_machine_are_answered(ask, host, status):
    assert ask("/", Host=host).status_code == status
    assert ask("/data.json", Host=host).status_code == status
