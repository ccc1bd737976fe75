"""What `crawl` says of sites whose start pages list nothing: each in words of its own."""

import json

from tests.new_site.odd_sites import OddServer
from tests.running import tinphuong

SAID = {
    "script_only": ("generic", "empty_listing", "the page is an empty frame that a script fills in a browser"),
    "template": ("generic", "empty_listing", "a script fills its list in a browser; look for a feed or a sitemap"),
    "login": ("wordpress", "login", "a sign-in form came in place of the list"),
    "nothing_yet": ("generic", "nothing_published", "nothing is published yet (“Chưa có bài viết nào.”)"),
    "good": ("joomla", "wrong_platform", "it is read as a site of joomla, but shows no list of that platform"),
}


def test_a_script_a_login_an_empty_site_and_a_wrong_platform_are_told_apart(tmp_path, monkeypatch):
    monkeypatch.setenv("TINPHUONG_ALLOW_PRIVATE", "127.0.0.0/8")
    monkeypatch.setenv("TINPHUONG_DELAY", "0.001")
    (tmp_path / "tinphuong.toml").write_text("[sites]\npackage = false\n", encoding="utf-8")
    with OddServer() as server:
        rows = [f"x_{name.replace('_', '')},Xã,{server.host(name)},{named},http" for name, (named, *_) in SAID.items()]
        table = "\n".join(["slug,name,host,platform,scheme", *rows])
        (tmp_path / "mine.csv").write_text(table, encoding="utf-8")
        words = ["--db", "a.db", "crawl", "--all", "--sites", "mine.csv", "--json", "--quiet"]
        done = tinphuong(*words, cwd=tmp_path)
    found = {row["site"]: row for row in json.loads(done.stdout)["sites"]}
    assert done.returncode == 1, done.stderr
    for name, (_, reason, said) in SAID.items():
        row = found[f"x_{name.replace('_', '')}"]
        assert row["reason"] == reason and said in row["message"], row
    assert found["x_good"]["message"].endswith("it lists 6 articles: try platform = generic")
