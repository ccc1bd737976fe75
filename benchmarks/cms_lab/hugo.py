"""Hugo from Debian, with two themes written here: cards under an empty link (PaperMod's way), and Bootstrap's cards."""

# ruff: noqa: E501 (markup keeps its long lines)

import json
import shutil
from datetime import datetime

from benchmarks.cms_lab.articles import CATEGORIES, ICT, WARD, Article, Page, as_html
from benchmarks.cms_lab.cms import Cms, LabProblem, run, without
from benchmarks.cms_lab.files import write_files
from benchmarks.cms_lab.front import Behind, of_folder

_HEAD = """<!DOCTYPE html>
<html lang="vi" dir="auto"><head><meta charset="utf-8">
<title>{{ if .IsHome }}{{ .Site.Title }}{{ else }}{{ .Title }} | {{ .Site.Title }}{{ end }}</title>
<meta name="description" content="{{ .Description }}">
<link rel="canonical" href="{{ .Permalink }}">
<meta name="generator" content="Hugo {{ hugo.Version }}">
{{ range .AlternativeOutputFormats }}<link rel="{{ .Rel }}" type="{{ .MediaType.Type }}" href="{{ .Permalink }}">
{{ end }}{{ block "head" . }}{{ end }}</head>
"""

_OVERLAY = {
    "_default/baseof.html": _HEAD
    + """<body class="list" id="top">
<header class="header"><nav class="nav"><div class="logo"><a href="{{ "/" | relURL }}" accesskey="h"
 title="{{ .Site.Title }} (Alt + H)">{{ .Site.Title }}</a></div>
<ul id="menu">{{ range .Site.Menus.main }}<li><a href="{{ .URL }}" title="{{ .Name }}"><span>{{ .Name }}</span></a></li>
{{ end }}</ul></nav></header>
<main class="main">{{ block "main" . }}{{ end }}</main>
<footer class="footer"><span>&copy; <a href="{{ "/" | relURL }}">{{ .Site.Title }}</a></span></footer>
<a href="#top" aria-label="go to top" title="Go to Top" class="top-link" id="top-link"></a></body></html>""",
    "_default/list.html": """{{ define "main" }}{{ if not .IsHome }}<header class="page-header"><h1>{{ .Title }}</h1></header>
{{ end }}{{ $pages := .RegularPagesRecursive }}{{ if .IsHome }}
{{ $pages = where .Site.RegularPages "Type" "in" .Site.Params.mainSections }}{{ end }}
{{ $paginator := .Paginate $pages }}{{ range $at, $page := $paginator.Pages }}
<article class="{{ if and (eq $at 0) $.IsHome }}first-entry{{ else }}post-entry{{ end }}">
<header class="entry-header"><h2 class="entry-hint-parent">{{ .Title }}</h2></header>
<div class="entry-content"><p>{{ .Description }}</p></div>
<footer class="entry-footer"><span title='{{ .Date }}'>{{ .Date.Format "2 January 2006" }}</span>&nbsp;·&nbsp;{{ .ReadingTime }}
 min&nbsp;·&nbsp;{{ .Params.author }}</footer>
<a class="entry-link" aria-label="post link to {{ .Title }}" href="{{ .Permalink }}"></a>
</article>{{ end }}
{{ if gt $paginator.TotalPages 1 }}<footer class="page-footer"><nav class="pagination">
{{ if $paginator.HasPrev }}<a class="prev" href="{{ $paginator.Prev.URL | absURL }}">«&nbsp;Trang trước&nbsp;</a>{{ end }}
{{ if $paginator.HasNext }}<a class="next" href="{{ $paginator.Next.URL | absURL }}">Trang sau&nbsp;&nbsp;»</a>{{ end }}
</nav></footer>{{ end }}{{ end }}""",
    "_default/single.html": """{{ define "head" }}{{ if ne .Type "page" }}<meta property="og:type" content="article">
<meta property="og:title" content="{{ .Title }}"><meta property="og:description" content="{{ .Description }}">
<meta property="article:published_time" content="{{ .Date.Format "2006-01-02T15:04:05-07:00" }}">{{ end }}{{ end }}
{{ define "main" }}<article class="post-single"><header class="post-header">
<div class="breadcrumbs"><a href="{{ "/" | absURL }}">Trang chủ</a>{{ with .CurrentSection }}&nbsp;»&nbsp;
<a href="{{ .Permalink }}">{{ .Title }}</a>{{ end }}</div>
<h1 class="post-title entry-hint-parent">{{ .Title }}</h1>
{{ if ne .Type "page" }}<div class="post-description">{{ .Description }}</div>
<div class="post-meta"><span title='{{ .Date }}'>{{ .Date.Format "2 January 2006" }}</span>&nbsp;·&nbsp;{{ .ReadingTime }}
 min&nbsp;·&nbsp;{{ .Params.author }}</div>{{ end }}</header>
<div class="post-content">{{ .Content }}</div>
{{ if ne .Type "page" }}<footer class="post-footer"><ul class="post-tags"></ul><nav class="paginav">
{{ with .NextInSection }}<a class="prev" href="{{ .Permalink }}"><span class="title">« Trang trước</span><br>
<span>{{ .Title }}</span></a>{{ end }}
{{ with .PrevInSection }}<a class="next" href="{{ .Permalink }}"><span class="title">Trang sau »</span><br>
<span>{{ .Title }}</span></a>{{ end }}</nav></footer>{{ end }}</article>{{ end }}""",
}

_STRETCHED = {
    "_default/baseof.html": _HEAD
    + """<body><nav class="navbar navbar-expand-lg"><div class="container">
<a class="navbar-brand" href="{{ "/" | relURL }}">{{ .Site.Title }}</a><ul class="navbar-nav">
{{ range .Site.Menus.main }}<li class="nav-item"><a class="nav-link" href="{{ .URL }}">{{ .Name }}</a></li>
{{ end }}</ul></div></nav><main class="container">{{ block "main" . }}{{ end }}</main>
<footer class="footer py-3"><p class="text-muted">{{ .Site.Title }}</p></footer></body></html>""",
    "_default/list.html": """{{ define "main" }}<h1>{{ .Title }}</h1>{{ $pages := .RegularPagesRecursive }}{{ if .IsHome }}
{{ $pages = where .Site.RegularPages "Type" "in" .Site.Params.mainSections }}{{ end }}
{{ $paginator := .Paginate $pages }}<div class="row row-cols-1 row-cols-md-3 g-4">{{ range $paginator.Pages }}
<div class="col"><div class="card h-100 position-relative"><div class="card-body"><h5 class="card-title">{{ .Title }}</h5>
<p class="card-text">{{ .Description | truncate 90 }}</p>
<p class="card-text"><small class="text-body-secondary">{{ .Date.Format "02/01/2006" }}</small></p>
<a href="{{ .RelPermalink }}" class="stretched-link" title="{{ .Title }}"></a></div></div></div>{{ end }}</div>
{{ template "_internal/pagination.html" . }}{{ end }}""",
    "_default/single.html": """{{ define "main" }}<article><h1>{{ .Title }}</h1>
{{ if ne .Type "page" }}<p class="text-muted">{{ .Params.author }} - {{ .Date.Format "02/01/2006 15:04" }}</p>
<p class="lead">{{ .Description }}</p>{{ end }}{{ .Content }}</article>{{ end }}""",
}


class Hugo(Cms):
    """Hugo, whose cards lie under an empty link that names the article for screen readers only."""

    name, title = "hugo", "Hugo, overlay cards"
    layouts = _OVERLAY

    def missing(self) -> str | None:
        return "Hugo is not installed: apt install hugo" if without("hugo") else None

    def install(self) -> Behind:
        root = self.place.folder
        shutil.rmtree(root, ignore_errors=True)
        for name, layout in self.layouts.items():
            file = root / "layouts" / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(layout, encoding="utf-8")
        menu = [{"name": words, "url": f"/{slug}/"} for slug, words in CATEGORIES.items()]
        settings = {
            "baseURL": f"{self.place.address}/", "languageCode": "vi", "title": WARD, "paginate": 9,
            "enableRobotsTXT": True,
            "disableKinds": ["taxonomy", "term"], "params": {"mainSections": list(CATEGORIES)},
            "menu": {"main": [*menu, {"name": "Giới thiệu", "url": "/gioi-thieu/"}]},
        }  # fmt: skip
        (root / "config.json").write_text(json.dumps(settings), encoding="utf-8")
        for slug, words in CATEGORIES.items():
            self._write(f"{slug}/_index", {"title": words}, "")
        return of_folder(root / "public")

    def version(self) -> str:
        return run(["hugo", "version"]).split()[1].split("+")[0].removeprefix("v")

    def put(self, articles: list[Article]) -> dict[int, str]:
        for article in articles:
            front = {
                "title": article.title, "date": article.published.isoformat(), "description": article.lead,
                "author": article.byline, "draft": article.draft,
            }  # fmt: skip
            if article.pinned:
                front["weight"] = 1
            if (self.place.folder / "content" / f"{article.category}/{article.slug}.html").exists():
                front["lastmod"] = datetime.now(ICT).isoformat(timespec="seconds")
            self._write(f"{article.category}/{article.slug}", front, as_html(article, "/files/"))
        write_files(articles, self.place.folder / "static" / "files")
        self._build()
        return {one.number: "" if one.draft else f"{self.place.address}/{one.category}/{one.slug}/" for one in articles}

    def delete(self, articles: list[Article]) -> None:
        for article in articles:
            (self.place.folder / "content" / f"{article.category}/{article.slug}.html").unlink()
        self._build()

    def put_page(self, page: Page) -> None:
        self._write(page.slug, {"title": page.title}, "".join(f"<p>{text}</p>" for text in page.paragraphs))
        self._build()

    def _write(self, name: str, front: dict[str, object], body: str) -> None:
        file = self.place.folder / "content" / f"{name}.html"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(front, ensure_ascii=False, indent=1) + "\n\n" + body, encoding="utf-8")

    def _build(self) -> None:
        said = run(["hugo", "--quiet", "--cleanDestinationDir"], cwd=self.place.folder)
        if "ERROR" in said:
            raise LabProblem(f"Hugo did not build the site: {said}")


class HugoStretched(Hugo):
    """Hugo with Bootstrap's cards, each under a `.stretched-link` without words."""

    name, title = "hugo-cards", "Hugo, stretched links"
    layouts = _STRETCHED
