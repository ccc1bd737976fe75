"""Replicas of platforms that anybody may take: WordPress, Drupal, Joomla."""

# ruff: noqa: E501 (markup keeps the long lines of the portals)

import json

from tests.platforms.replica import WARD, Answer, Replica, esc, file_link, menu, page, paragraphs, rss, sitemap


class WordPress(Replica):
    platform, host = "wordpress", "anvinh.wordpress.test"
    traps = ("replytocom", "/wp-login", "/embed", "wp-admin", "/author/")
    start = ("/", "/category/tin-tuc/")
    sapo = False
    headers = (("Link", '<http://anvinh.wordpress.test/wp-json/>; rel="https://api.w.org/"'),)
    has_api = True
    head = (
        '<meta name="generator" content="WordPress 6.1.9"><link rel="stylesheet" href="/wp-content/themes/x/style.css">'
    )
    split = 0  # this story goes on at /2/

    def address(self, story):
        return f"/{story.slug}/"

    def _part(self, target):
        """A further page of the story that is split, None for any other."""
        story = self.stories[self.split]
        return self._single(story, story.paragraphs[2:], 2) if target == f"{self.address(story)}2/" else None

    def entry(self, story):
        return (
            f'<article id="post-{story.number}" class="post-{story.number} post type-post status-publish"><h2 class="entry-title"><a href="{self.address(story)}" rel="bookmark">{esc(story.title)}</a></h2>'
            f'<time class="entry-date published" datetime="{story.at("%Y-%m-%dT%H:%M:00+07:00")}">{story.at("%d/%m/%Y")}</time><div class="entry-summary"><p>{esc(story.sapo)}</p></div></article>'
        )

    def _frame(self, title, inner, kind="archive"):
        links = menu(
            ("/", "Trang chủ"),
            ("/category/tin-tuc/", "Tin tức"),
            ("/gioi-thieu/", "Giới thiệu"),
            ("/author/bientap/", "Biên tập"),
            ("/wp-login.php", "Đăng nhập"),
        )
        return page(title, self.head, f"<nav>{links}</nav><main>{inner}</main>", f'class="{kind}"')

    def route(self, asked):
        base = f"http://{self.host}"
        if asked.path == "/wp-json/wp/v2/posts" and self.has_api:
            number = int(asked.query.get("page", 1))
            shown = self.pages[number - 1] if number <= 2 else []
            posts = [
                {
                    "id": s.number,
                    "link": base + self.address(s),
                    "title": {"rendered": esc(s.title)},
                    "status": "publish",
                    "date": s.at("%Y-%m-%dT%H:%M:00"),
                    "content": {"protected": False},
                }
                for s in shown
            ]
            return Answer(
                json.dumps(posts).encode(), "application/json; charset=UTF-8", headers={"X-WP-TotalPages": "2"}
            )
        if asked.path == "/wp-sitemap.xml":
            return sitemap([f"{base}/wp-sitemap-posts-post-1.xml", f"{base}/wp-sitemap-posts-page-1.xml"], index=True)
        if asked.path == "/wp-sitemap-posts-post-1.xml":
            return sitemap([base + self.address(s) for s in self.stories])
        if asked.path == "/wp-sitemap-posts-page-1.xml":
            return sitemap([base + "/gioi-thieu/"])
        if asked.path == "/feed/":
            return rss(base, self.stories[:3], self.address)
        if asked.path == "/gioi-thieu/":
            return self._frame(
                "Giới thiệu",
                '<article class="page type-page"><h1 class="entry-title">Giới thiệu</h1><div class="entry-content"><p>Phường nằm bên sông.</p></div></article>',
                "page page-id-2",
            )
        if part := self._part(asked.path):
            return part
        path = asked.path.rstrip("/")
        number = int(path.rpartition("/page/")[2]) if "/page/" in path else 1
        if path.partition("/page/")[0] == "/category/tin-tuc":
            pager = "".join(
                f'<a class="page-numbers" href="/category/tin-tuc/{"" if n == 1 else f"page/{n}/"}">{n}</a>'
                for n in (1, 2)
            )
            return self._frame(f"Tin tức - {WARD}", f"{self.entries(number)}<div>{pager}</div>")
        return self._frame(WARD, self.entry(self.stories[0]), "home blog") if path == "" else None

    def article(self, story):
        is_split = story is self.stories[self.split]
        return self._single(story, story.paragraphs[: 2 if is_split else None], 1 if is_split else 0)

    def _single(self, story, texts, number):
        """A page of an article: `number` of two, 0 for the only one."""
        links = "".join(
            f'<span class="post-page-numbers current">{n}</span> ' if n == number
            else f'<a href="{self.address(story)}{"" if n == 1 else "2/"}" class="post-page-numbers">{n}</a> '
            for n in (1, 2)
        )  # fmt: skip
        pages = f'<div class="page-links">Trang: {links}</div>' if number else ""
        body = "".join(f"<p>{esc(text)}</p>" for text in texts)
        return self._frame(
            f"{story.title} - {WARD}",
            f'<article id="post-{story.number}" class="post type-post"><header><h1 class="entry-title">{esc(story.title)}</h1><span class="posted-on"><time class="entry-date published" datetime="{story.at("%Y-%m-%dT%H:%M:00+07:00")}">{story.at("%d/%m/%Y")}</time></span></header>'
            f'<div class="entry-content">{body}{file_link(story, "/wp-content/uploads/2024/05")}{pages}</div></article><a href="{self.address(story)}?replytocom=3">Trả lời</a><a href="{self.address(story)}embed/">Nhúng</a>',
            "single single-post",
        )


class WordPressWithoutApi(WordPress):
    """As plugins for security leave it: without generator, API, feeds and sitemap."""

    host = "anvinh.wordpress2.test"
    headers = ()
    has_api = False
    head = (
        '<link rel="stylesheet" href="/wp-content/themes/x/style.css">'
        '<script src="/wp-includes/js/jquery/jquery.min.js"></script>'
    )

    def route(self, asked):
        html_instead = asked.path in ("/feed/", "/wp-sitemap.xml", "/wp-json/wp/v2/posts")
        return page("Truy cập", "", "<p>Trang chủ</p>") if html_instead else super().route(asked)


class Drupal(Replica):
    platform, host = "drupal", "anvinh.drupal.test"
    traps = ("/print/", "/user/", "/comment/")
    start = ("/", "/tin-tuc")
    headers = (("X-Generator", "Drupal 7 (http://drupal.org)"),)
    sapo = False

    def address(self, story):
        return f"/{story.slug}"

    def entry(self, story):
        return (
            f'<div class="views-row"><div class="views-field views-field-title"><span class="field-content"><a href="/index.php{self.address(story)}">{esc(story.title)}</a></span></div>'
            f'<div class="views-field views-field-created">{story.at("%d/%m/%Y")}</div><div class="views-field-body"><p>{esc(story.sapo)}</p></div></div>'
        )

    def _frame(self, title, inner):
        links = menu(
            ("/", "Trang chủ"),
            ("/tin-tuc", "Tin tức"),
            ("/gioi-thieu-chung", "Giới thiệu"),
            ("/user/login", "Đăng nhập"),
        )
        return page(
            title,
            '<meta name="Generator" content="Drupal 7"><script>jQuery.extend(Drupal.settings, {});</script>',
            f'<div id="page">{links}<div id="content">{inner}</div></div>',
        )

    def is_at(self, story, path, query):
        return super().is_at(story, path.replace("/index.php", "", 1), query)

    def route(self, asked):
        if asked.path == "/rss.xml":
            return rss(f"http://{self.host}", self.stories[:2], self.address)
        if asked.path == "/tin-tuc":
            pager = "".join(
                f'<li class="pager-item"><a href="/tin-tuc{"" if n == 0 else f"?page={n}"}">{n + 1}</a></li>'
                for n in (0, 1)
            )
            return self._frame(
                f"Tin tức | {WARD}",
                f'<div class="view-content">{self.entries(int(asked.query.get("page", 0)) + 1)}</div><ul class="pager">{pager}</ul>',
            )
        if asked.path == "/gioi-thieu-chung":
            return self._frame(
                "Giới thiệu",
                '<div class="node node-page"><div class="field-name-body"><p>Phường nằm bên sông.</p></div></div>',
            )
        return self._frame(WARD, self.entry(self.stories[0])) if asked.path == "/" else None

    def article(self, story):
        file = f'<div class="field field-name-field-file"><span class="file">{file_link(story, "/sites/default/files")}</span></div>'
        return self._frame(
            f"{story.title} | {WARD}",
            f'<h1 class="title" id="page-title">{esc(story.title)}</h1><div id="node-{story.number}" class="node node-article"><div class="submitted">{story.at("%d/%m/%Y %H:%M")}</div><div class="content">'
            f'<div class="field field-name-body field-type-text-with-summary"><div class="field-items"><div class="field-item even" property="content:encoded">{paragraphs(story)}</div></div></div>{file}'
            f'<a href="/print/{story.number}">In</a><a href="/comment/reply/{story.number}">Bình luận</a></div></div>',
        )


class Joomla(Replica):
    platform, host = "joomla", "anvinh.joomla.test"
    traps = ("tmpl=component", "print=1", "com_mailto", "format=feed")
    start = ("/", "/index.php/tin-tuc")
    sapo = False

    def address(self, story):
        return f"/tin-tuc/{story.number}-{story.slug}"

    def entry(self, story):
        return (
            f'<div class="items-row"><div class="item"><div class="page-header"><h2 itemprop="name"><a href="/index.php{self.address(story)}">{esc(story.title)}</a></h2></div>'
            f'<dl class="article-info"><dd class="published"><time datetime="{story.at("%Y-%m-%dT%H:%M:00+07:00")}">{story.at("%d/%m/%Y")}</time></dd></dl><p>{esc(story.sapo)}</p></div></div>'
        )

    def _frame(self, title, inner):
        links = menu(
            ("/", "Trang chủ"),
            ("/index.php/tin-tuc", "Tin tức"),
            ("/index.php?option=com_users&view=login", "Đăng nhập"),
            ("/index.php/tin-tuc?format=feed&type=rss", "RSS"),
        )
        return page(
            title,
            '<meta name="generator" content="Joomla! 3 - Open Source"><script src="/media/jui/js/jquery.js"></script>',
            f'<div class="moduletable_menu">{links}</div>{inner}',
        )

    def is_at(self, story, path, query):
        return super().is_at(story, path.replace("/index.php", "", 1), query)

    def route(self, asked):
        if asked.path == "/index.php/tin-tuc":
            pager = "".join(
                f'<li><a href="/index.php/tin-tuc{"" if n == 0 else f"?start={n * 5}"}">{n + 1}</a></li>'
                for n in (0, 1)
            )
            return self._frame(
                f"Tin tức - {WARD}",
                f'<div class="blog">{self.entries(int(asked.query.get("start", 0)) // 5 + 1)}</div><ul class="pagination">{pager}</ul>',
            )
        return (
            self._frame(WARD, f'<div class="blog">{self.entry(self.stories[0])}</div>') if asked.path == "/" else None
        )

    def article(self, story):
        address = self.address(story)
        return self._frame(
            story.title,
            f'<div class="item-page" itemscope itemtype="https://schema.org/Article"><div class="page-header"><h2 itemprop="headline">{esc(story.title)}</h2></div><div class="icons"><a href="{address}?tmpl=component&amp;print=1">In</a>'
            f'<a href="/index.php/component/mailto/?tmpl=component">Email</a></div><dl class="article-info"><dd class="published"><time datetime="{story.at("%Y-%m-%dT%H:%M:00+07:00")}" itemprop="datePublished">{story.at("%d/%m/%Y %H:%M")}</time></dd></dl>'
            f'<div itemprop="articleBody">{paragraphs(story)}</div>{file_link(story, "/images")}<ul class="pager pagenav"><li><a href="/index.php{self.address(self.stories[0])}">Trước</a></li></ul></div>',
        )
