"""robots.txt as servers send it: redirected, endless, in odd charsets, or with a web page in its place."""

import pytest

from tests.network.crawling import crawl
from tests.network.portal import ARTICLES, Portal, article, pages

FORBIDDEN = article(1)[0]
RULES = f"User-agent: *\nDisallow: {FORBIDDEN}\n"
OTHER = "luat.phuong.test"


def crawled(tmp_path, robots, *, otherwise=None, more=None):
    """Crawl a portal with this robots.txt; returns what came of it, and the paths that were asked for."""
    with Portal(pages() | {"/robots.txt": robots} | (more or {}), otherwise=otherwise) as portal:
        if callable(robots):
            portal.answers["/robots.txt"] = robots(portal.port)
        came = crawl(tmp_path, f"127.0.0.1:{portal.port}", names={OTHER: ["127.0.0.1"]})
    return came, portal.asked


def text(body):
    return 200, {"Content-Type": "text/plain"}, body


OBEYED = {
    "as it should be": RULES.encode(),
    "byte order mark": b"\xef\xbb\xbf" + RULES.encode(),
    "utf-16": RULES.encode("utf-16"),
    "utf-16 without a mark": RULES.encode("utf-16-le"),
    "big-endian": b"\xfe\xff" + RULES.encode("utf-16-be"),
    "returns": RULES.replace("\n", "\r").encode(),
    "windows": RULES.replace("\n", "\r\n").encode(),
    "zeros": RULES.replace("Dis", "D\x00is").encode(),
    "control characters": RULES.replace("/tin", "/\x0btin").encode(),
    "noise before": b"\x80\x81\xff\n" + RULES.encode(),
    "a warning before": b"<br />\n<b>Warning</b>: x in /var/www/robots.php<br />\n" + RULES.encode(),
    "endless": RULES.encode() + b"# x\n" * 5_000_000,
}


@pytest.mark.parametrize("kind", OBEYED)
def test_rules_are_obeyed_as_they_come(tmp_path, kind):
    came, asked = crawled(tmp_path, text(OBEYED[kind]))
    assert FORBIDDEN not in asked and len(came.articles) == len(ARTICLES) - 1, came.site["message"]


FREE = {"empty": b"", "noise": bytes(range(256)) * 20, "json": b'{"a": 1}', "spaces": b" \n" * 50}


@pytest.mark.parametrize("kind", FREE)
def test_what_holds_no_rule_forbids_nothing(tmp_path, kind):
    came, _ = crawled(tmp_path, text(FREE[kind]))
    assert (came.code, len(came.articles)) == (0, len(ARTICLES))


def test_a_rule_cut_in_half_is_left_out(tmp_path):
    rules = b"User-agent: *\n# " + b"x" * (500 * 1024 - 16 - 12) + b"\nDisallow: /tin-khac/\n"
    came, _ = crawled(tmp_path, text(rules))
    assert len(came.articles) == len(ARTICLES), "half a rule forbade everything"


def test_a_redirect_to_another_host_is_followed(tmp_path):
    came, asked = crawled(
        tmp_path,
        lambda port: (301, {"Location": f"http://{OTHER}:{port}/luat.txt"}, b""),
        more={"/luat.txt": text(RULES)},
    )
    assert "/luat.txt" in asked and FORBIDDEN not in asked and len(came.articles) == len(ARTICLES) - 1


@pytest.mark.parametrize("hops", [5, 6])
def test_five_redirects_are_followed(tmp_path, hops):
    chain = {f"/r{n}": (302, {"Location": f"/r{n + 1}"}, b"") for n in range(1, hops)} | {f"/r{hops}": text(RULES)}
    came, _ = crawled(tmp_path, (302, {"Location": "/r1"}, b""), more=chain)
    assert len(came.articles) == (len(ARTICLES) - 1 if hops == 5 else 0)
    assert came.site["reason"] == (None if hops == 5 else "redirect_loop")


@pytest.mark.parametrize("location", ["http://127.0.0.15/robots.txt", "http://10.1.1.1/", "http://[::1]/"])
def test_a_redirect_into_a_private_network_is_not_followed(tmp_path, location):
    came, asked = crawled(tmp_path, (302, {"Location": location}, b""))
    assert (came.site["reason"], asked) == ("internal_address", ["/robots.txt"])


HOME = pages()["/"]
HTML = {"Content-Type": "text/html; charset=utf-8"}
FRAME = "<!DOCTYPE html><html><head><script src='/app.js'></script></head><body><div id='app'></div></body></html>"


@pytest.mark.parametrize("page", [HOME, FRAME])
def test_a_server_that_answers_everything_alike_has_no_rules(tmp_path, page):
    came, asked = crawled(tmp_path, page, otherwise=(200, HTML, page))
    assert len(came.articles) == len(ARTICLES) and came.site["catch_all"] is True
    assert sum(path.endswith(".txt") for path in asked) == 2


def test_a_server_that_redirects_everything_to_its_home_page_has_no_rules(tmp_path):
    away = (302, {"Location": "/"}, b"")
    came, _ = crawled(tmp_path, away, otherwise=away)
    assert len(came.articles) == len(ARTICLES) and came.site["catch_all"] is True


@pytest.mark.parametrize(
    "otherwise", [(404, HTML, "<html>Không có</html>"), (200, HTML, f"<html>{'khác ' * 3}{FRAME}")]
)
def test_a_page_that_only_stands_there_leaves_the_rules_unknown(tmp_path, otherwise):
    came, _ = crawled(tmp_path, HOME, otherwise=otherwise)
    assert came.site["reason"] == "robots_unreadable" and came.articles == []
    assert "an HTML page came instead" in came.site["message"], came.site["message"]


CHALLENGES = {
    "firewall": "<html><head><title>Just a moment...</title></head><body><p>Checking your browser before accessing "
    "the site. Enable JavaScript and cookies to continue.</p></body></html>",
    "cookie": "<html><head><script>document.cookie='k=1;path=/';location.reload()</script></head><body></body></html>",
}


@pytest.mark.parametrize("kind", CHALLENGES)
def test_an_anti_bot_page_is_a_failure(tmp_path, kind):
    came, _ = crawled(tmp_path, CHALLENGES[kind], otherwise=(200, HTML, CHALLENGES[kind]))
    assert (came.code, came.site["reason"], came.articles) == (1, "antibot", [])
    assert "in place of robots.txt" in came.site["message"]
