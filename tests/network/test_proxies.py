"""Through a proxy: pages, robots.txt, files and surveys; and its password stands nowhere afterwards."""

import gzip
import json

import pytest

from crawler.network.proxies import is_proxy
from crawler.reasons import Reason
from crawler.web_archives.client import Client, NoAnswer
from tests.network.certificates import Issuer
from tests.network.crawling import SLUG, crawl
from tests.network.portal import ARTICLES, Portal, pages
from tests.network.proxy import Proxy
from tests.running import tinphuong

HOST, FILES = "benla.phuong.test", "tailieu.phuong.test"  # which only the proxy knows
USER, SECRET = "vănthư:mật@khẩu", "v%C4%83nth%C6%B0:m%E1%BA%ADt%40kh%E1%BA%A9u"
AGENT = "kho-luu-tru/2 (+mailto:luutru@example.vn)"
PDF = (200, {"Content-Type": "application/pdf"}, b"%PDF-1.4\n%%EOF\n")


def configured(folder, *lines):
    path = folder / "tinphuong.toml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def everything_written(folder):
    """All bytes in a folder, of packed files as they were."""
    found = b""
    for path in folder.rglob("*"):
        if path.is_file() and path.name != "tinphuong.toml":
            raw = path.read_bytes()
            found += gzip.decompress(raw) if path.suffix == ".gz" else raw
    return found


def test_all_that_a_site_gives_comes_through_its_proxy_and_no_password_is_left(tmp_path):
    link = f"<p><a href='http://{FILES}/ke-hoach.pdf'>Kế hoạch</a></p>"
    with Portal(pages(link), otherwise=(404, {}, b"")) as portal, Portal({"/ke-hoach.pdf": PDF}) as files:
        hosts = {HOST: portal.port, f"www.{HOST}": portal.port, FILES: files.port}
        with Proxy(hosts, user=USER) as proxy:
            path = configured(
                tmp_path, f"[site.{SLUG}]", f'proxy = "http://{SECRET}@127.0.0.1:{proxy.port}"',
                f'user_agent = "{AGENT}"', "attachments = true", "delay = 0",
            )  # fmt: skip
            came = crawl(tmp_path, HOST, "--config", path, "--log", tmp_path / "run.log")
            shown = tinphuong("--config", path, "--sites", tmp_path / "sites.csv", "config")
    assert (came.code, len(came.articles)) == (0, len(ARTICLES)), came.err
    assert came.files == {f"http://{FILES}/ke-hoach.pdf": None}, "the attachment did not come through the proxy"
    assert proxy.asked[0] == ("GET", f"http://{HOST}/robots.txt") and proxy.agents == {AGENT}
    assert ("GET", f"http://{FILES}/robots.txt") in proxy.asked
    written = everything_written(tmp_path)
    assert b"User-Agent: " + AGENT.encode() in written, "the request records say nothing of who asked"
    assert f"description: asked by another user agent: {SLUG} as {AGENT}".encode() in written
    texts = written + (came.out + came.err + shown.stdout + shown.stderr).encode()
    for secret in ("mật@khẩu", SECRET, SECRET.partition(":")[2], "Proxy-Authorization"):
        assert secret.lower().encode() not in texts.lower(), f"{secret} is written down"
    assert f"site.{SLUG}.proxy" in shown.stdout and "http://…" in shown.stdout


def test_https_goes_through_a_tunnel_and_is_verified_behind_it(tmp_path, monkeypatch):
    issuer = Issuer(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(issuer.path))
    with Portal(pages(), certificate=issuer.server(HOST)) as portal, Proxy({HOST: portal.port}, user=USER) as proxy:
        monkeypatch.setenv("TINPHUONG_PROXY", f"http://{SECRET}@127.0.0.1:{proxy.port}")
        came = crawl(tmp_path, HOST, scheme="https")
    assert (came.code, len(came.articles)) == (0, len(ARTICLES)), came.site
    assert set(proxy.asked) == {("CONNECT", f"{HOST}:443")}


def test_a_proxy_that_cannot_be_used_is_named_without_its_password(tmp_path, monkeypatch):
    with Portal(pages()) as portal, Proxy({HOST: portal.port}, user=USER, refuses=403) as proxy:
        monkeypatch.setenv("TINPHUONG_PROXY", f"http://ai:matkhau@127.0.0.1:{proxy.port}")
        refused = crawl(tmp_path / "refused", HOST)
        monkeypatch.setenv("TINPHUONG_PROXY", f"http://{SECRET}@127.0.0.1:{proxy.port}")
        no_tunnel = crawl(tmp_path / "no tunnel", HOST, scheme="https")
    monkeypatch.setenv("TINPHUONG_PROXY", "http://ai:matkhau@127.0.0.1:9")
    nobody = crawl(tmp_path / "nobody", HOST)
    for came, said in (
        (refused, f"the proxy 127.0.0.1:{proxy.port} wants a user and password"),
        (no_tunnel, f"the proxy 127.0.0.1:{proxy.port} opened no way to the server: it answered 403"),
        (nobody, "the proxy 127.0.0.1:9 refused the connection"),
    ):
        assert (came.code, came.site["reason"]) == (1, "proxy"), came.site
        assert said in came.site["message"], came.site["message"]
        assert "matkhau" not in came.out + came.err + json.dumps(came.site)


def test_new_site_surveys_through_the_proxy(tmp_path, monkeypatch):
    monkeypatch.setenv("TINPHUONG_DELAY", "0.01")
    with Portal(pages()) as portal, Proxy({HOST: portal.port}) as proxy:
        monkeypatch.setenv("TINPHUONG_PROXY", f"http://127.0.0.1:{proxy.port}")
        done = tinphuong("new-site", f"http://{HOST}/", "--dry-run", "--json", "--slug", "thu_benla")
    assert done.returncode == 0, done.stderr
    assert [one["title"] for one in json.loads(done.stdout)["articles"]] == list(ARTICLES)


def test_the_client_of_web_archives_asks_through_the_proxy():
    with Portal(pages()) as portal, Proxy({"kho.test": portal.port}, user="a:b") as proxy:
        client = Client("x", lambda host: 0, retries=0, proxy=f"http://a:b@127.0.0.1:{proxy.port}")
        assert client.get("http://kho.test/").status == 200
        for address, words in (
            (f"http://127.0.0.1:{proxy.port}", "wants a user"),
            ("http://a:xyz@127.0.0.1:9", "no way"),
        ):
            client = Client("x", lambda host: 0, retries=0, proxy=address)
            with pytest.raises(NoAnswer, match=words) as raised:
                client.get("http://kho.test/")
            assert raised.value.reason == Reason.PROXY and "xyz" not in str(raised.value)


@pytest.mark.parametrize(
    ("address", "right"),
    [
        ("http://proxy.example.org:3128", True), ("http://a:b@10.0.0.1:8080/", True), ("http://[::1]:3128", True),
        ("https://proxy.example.org:3128", False), ("socks5://127.0.0.1:1080", False), ("proxy:3128", False),
        ("http://", False), ("http://a b:1", False), ("http://proxy:port", False), ("http://proxy:1/x", False),
    ],
)  # fmt: skip
def test_which_addresses_are_proxies(address, right):
    assert is_proxy(address) is right


def test_new_site_freezes_the_pages_of_a_registered_site_by_its_own_facts(tmp_path):
    table = tmp_path / "sites.csv"
    table.write_text(f"slug,name,host,scheme\n{SLUG},Phường Bến Lá,{HOST},http\n", encoding="utf-8")
    with Portal(pages()) as portal, Proxy({HOST: portal.port}) as proxy:
        configured(
            tmp_path, "[sites]", 'tables = ["sites.csv"]', f"[site.{SLUG}]", f'user_agent = "{AGENT}"',
            f'proxy = "http://127.0.0.1:{proxy.port}"', "delay = 0",
        )  # fmt: skip
        done = tinphuong("new-site", f"http://{HOST}/", cwd=tmp_path)
        checked = tinphuong("check", SLUG, cwd=tmp_path)
    assert done.returncode == 0 and proxy.agents == {AGENT}, done.stderr
    assert (tmp_path / "frozen" / SLUG / "expected.json").is_file() and checked.stdout == "1 site: 1 as recorded\n"
