"""WordPress from Debian, with a classic theme and a block theme."""

import shutil
from dataclasses import asdict
from pathlib import Path

from benchmarks.cms_lab.articles import AUTHORS, CATEGORIES, WARD, Article, as_html
from benchmarks.cms_lab.files import write_files
from benchmarks.cms_lab.front import Behind
from benchmarks.cms_lab.php import PhpCms, missing_php

DEBIAN = Path("/usr/share/wordpress")
_CONFIG = """<?php
define('DB_NAME', 'lab');
define('DB_USER', 'root');
define('DB_PASSWORD', '');
define('DB_HOST', '127.0.0.1:{port}');
define('DB_CHARSET', 'utf8mb4');
define('DB_COLLATE', '');
define('DISABLE_WP_CRON', true);
define('WP_HTTP_BLOCK_EXTERNAL', true);
define('AUTOMATIC_UPDATER_DISABLED', true);
$table_prefix = 'wp_';
if (!defined('ABSPATH')) {{ define('ABSPATH', __DIR__ . '/'); }}
require_once ABSPATH . 'wp-settings.php';
"""


def described(article: Article, html: str) -> dict[str, object]:
    """An article as the scripts in PHP take it; its date is in Việt Nam's time."""
    plain = {name: value for name, value in asdict(article).items() if name not in ("published", "pictures", "table")}
    return {
        **plain, "slug": article.slug, "byline": article.byline, "html": html, "parts": article.parts,
        "date": article.published.strftime("%Y-%m-%d %H:%M:%S"), "timestamp": int(article.published.timestamp()),
    }  # fmt: skip


class WordPress(PhpCms):
    """WordPress with Twenty Twenty-One: a sidebar's worth of widgets, monthly archives among them."""

    name, title = "wordpress", "WordPress, classic theme"
    platforms = ("wordpress",)
    splits = True
    theme = "twentytwentyone"

    def missing(self) -> str | None:
        if not (DEBIAN / "wp-load.php").is_file():
            return "WordPress is not installed: apt install wordpress wordpress-l10n"
        if not (DEBIAN / "wp-content" / "themes" / self.theme).is_dir():
            return f"WordPress lacks a theme: apt install wordpress-theme-{self.theme}"
        return missing_php("mysqli", "gd", "xml", "mbstring")

    def install(self) -> Behind:
        shutil.rmtree(self.place.folder, ignore_errors=True)
        self.place.folder.mkdir(parents=True)
        shutil.copytree(DEBIAN, self.root, symlinks=False, ignore_dangling_symlinks=True)
        port = self.start_database()
        (self.root / "wp-config.php").write_text(_CONFIG.format(port=port), encoding="utf-8")
        self._said = self._call(
            "install", title=WARD, theme=self.theme, categories=CATEGORIES, authors=AUTHORS, address=self.place.address
        )
        return self.serve()

    def version(self) -> str:
        return f"{self._said['version']}, {self._said['theme']}"

    def put(self, articles: list[Article]) -> dict[int, str]:
        files = self.root / "wp-content" / "uploads" / "lab"
        write_files(articles, files)
        at = f"{self.place.address}/wp-content/uploads/lab/"
        rows = [described(one, as_html(one, at, split="<!--nextpage-->" if self.splits else "")) for one in articles]
        return self._put(rows)

    def _call(self, do: str, **asked: object) -> dict[str, str]:
        return self.call("wordpress.php", {"do": do, "address": self.place.address, **asked})


class WordPressBlocks(WordPress):
    """WordPress with a theme made of blocks, which shows no links to the further pages of an article."""

    name, title = "wordpress-blocks", "WordPress, block theme"
    splits = False
    theme = "twentytwentythree"
