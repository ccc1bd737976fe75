"""A blog on Wagtail as its tutorial builds one: run as a script inside Wagtail's virtual environment.

    python wagtail_site.py FOLDER PORT serve        serve it
    python wagtail_site.py FOLDER PORT              read JSON from standard input, do it, print JSON

It imports nothing of ours, and nothing of ours imports it.
"""

# ruff: noqa: E501 (markup keeps its long lines)

import json
import os
import sys
from datetime import datetime
from pathlib import Path

FOLDER = Path(sys.argv[1])
BASE = """{% load wagtailcore_tags %}<!DOCTYPE html>
<html lang="vi"><head><meta charset="utf-8"><title>{% block title %}{{ page.title }}{% endblock %} | {{ site_name }}</title>
<meta name="description" content="{{ page.search_description }}"></head>
<body class="{% block body_class %}{% endblock %}"><header><a href="/">{{ site_name }}</a><nav>
{% for item in menu %}<a href="{% pageurl item %}">{{ item.title }}</a> {% endfor %}</nav></header>
{% block content %}{% endblock %}<footer>{{ site_name }}</footer></body></html>"""
INDEX = """{% extends "base.html" %}{% load wagtailcore_tags %}{% block body_class %}template-blogindexpage{% endblock %}
{% block content %}<h1>{{ page.title }}</h1>{% for post in posts %}
<h2><a href="{% pageurl post %}">{{ post.title }}</a></h2><p>{{ post.date|date:"d/m/Y" }}</p><p>{{ post.intro }}</p>
{% endfor %}{% if posts.paginator.num_pages > 1 %}<div class="pagination">
{% if posts.has_previous %}<a href="?page={{ posts.previous_page_number }}">Mới hơn</a>{% endif %}
<span>Trang {{ posts.number }} / {{ posts.paginator.num_pages }}</span>
{% if posts.has_next %}<a href="?page={{ posts.next_page_number }}">Cũ hơn</a>{% endif %}</div>{% endif %}{% endblock %}"""
POST = """{% extends "base.html" %}{% load wagtailcore_tags %}{% block body_class %}template-blogpage{% endblock %}
{% block content %}<h1>{{ page.title }}</h1><p class="meta">{{ page.date|date:"d/m/Y H:i" }}</p>
<p class="author">{{ page.author }}</p><div class="intro">{{ page.intro }}</div>
{{ page.body|safe }}<p><a href="{{ page.get_parent.url }}">Về danh sách</a></p>{% endblock %}"""
PAGE = """{% extends "base.html" %}{% block content %}<h1>{{ page.title }}</h1>{{ page.body|safe }}{% endblock %}"""


def configure() -> None:
    """Django's settings for the one app of this file."""
    from django.conf import settings

    templates = FOLDER / "templates"
    templates.mkdir(parents=True, exist_ok=True)
    names = {"base.html": BASE, "lab/index.html": INDEX, "lab/post.html": POST, "lab/page.html": PAGE}
    for name, text in names.items():
        (templates / name).parent.mkdir(exist_ok=True)
        (templates / name).write_text(text, encoding="utf-8")
    apps = ["contrib.sitemaps", "users", "documents", "images", "search", "admin", "sites", "snippets", "embeds"]
    settings.configure(
        DEBUG=True, SECRET_KEY="lab", ALLOWED_HOSTS=["*"], ROOT_URLCONF="__main__", BASE_DIR=FOLDER,
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": FOLDER / "db.sqlite3"}},
        INSTALLED_APPS=[
            *(f"wagtail.{app}" for app in apps), "wagtail", "modelcluster", "taggit", "django.contrib.admin",
            "django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "django.contrib.messages",
            "django.contrib.staticfiles", "django.contrib.sitemaps", "lab",
        ],
        MIDDLEWARE=["django.middleware.common.CommonMiddleware"],
        TEMPLATES=[{
            "BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [templates], "APP_DIRS": True,
            "OPTIONS": {"context_processors": ["django.template.context_processors.request", "lab.context"]},
        }],
        STATIC_URL="/static/", MEDIA_URL="/media/", MEDIA_ROOT=FOLDER / "media", USE_TZ=True, TIME_ZONE="Asia/Ho_Chi_Minh",
        LANGUAGE_CODE="vi", WAGTAIL_SITE_NAME="Phường Bến Lụa", WAGTAILADMIN_BASE_URL="http://127.0.0.1",
        DEFAULT_AUTO_FIELD="django.db.models.AutoField", WAGTAIL_I18N_ENABLED=False,
        WAGTAILSEARCH_BACKENDS={"default": {"BACKEND": "wagtail.search.backends.database"}},
    )  # fmt: skip


APP = """
from django.core.paginator import Paginator
from django.db import models
from wagtail.models import Page


def context(request):
    root = Page.objects.filter(depth=2).first()
    menu = root.get_children().live().in_menu() if root else []
    return {"site_name": "Phường Bến Lụa", "menu": menu}


class BlogIndexPage(Page):
    template = "lab/index.html"

    class Meta:
        app_label = "lab"

    def get_context(self, request):
        found = super().get_context(request)
        posts = BlogPage.objects.live().descendant_of(self).order_by("-pinned", "-date")
        found["posts"] = Paginator(posts, 8).get_page(request.GET.get("page"))
        return found


class BlogPage(Page):
    template = "lab/post.html"
    date = models.DateTimeField()
    intro = models.TextField()
    body = models.TextField()
    author = models.CharField(max_length=80)
    pinned = models.BooleanField(default=False)
    number = models.IntegerField()

    class Meta:
        app_label = "lab"


class PlainPage(Page):
    template = "lab/page.html"
    body = models.TextField()

    class Meta:
        app_label = "lab"
"""


def do(asked: dict) -> dict:
    """Do what was asked of the site; what to print."""
    import wagtail
    from django.core.management import call_command
    from lab.models import BlogIndexPage, BlogPage, PlainPage
    from wagtail.models import Page, Site

    if asked["do"] == "install":
        call_command("makemigrations", "lab", verbosity=0)
        call_command("migrate", verbosity=0)
        Page.objects.filter(depth=2).delete()
        home = Page.objects.get(depth=1).add_child(instance=BlogIndexPage(title=asked["title"], slug="home"))
        Site.objects.all().delete()
        Site.objects.create(hostname="127.0.0.1", port=asked["port"], root_page=home, is_default_site=True)
        for slug, name in asked["categories"].items():
            home.add_child(instance=BlogIndexPage(title=name, slug=slug, show_in_menus=True))
        return {"version": wagtail.__version__}
    said = {}
    for one in asked.get("articles", ()):
        known = BlogPage.objects.filter(number=one["number"]).first()
        post = known or BlogPage(number=one["number"], slug=one["slug"])
        post.title, post.intro, post.body, post.author = one["title"], one["lead"], one["html"], one["byline"]
        post.date, post.pinned, post.live = datetime.fromisoformat(one["published"]), one["pinned"], not one["draft"]
        if known:
            post.save()
        else:
            BlogIndexPage.objects.get(slug=one["category"]).add_child(instance=post)
        if post.live:
            post.save_revision().publish()
        said[one["number"]] = "" if one["draft"] else post.full_url
    for number in asked.get("numbers", ()):
        BlogPage.objects.get(number=number).delete()
    if asked["do"] == "page":
        home = BlogIndexPage.objects.get(slug="home")
        page = PlainPage(title=asked["title"], slug=asked["slug"], body=asked["html"], show_in_menus=True)
        home.add_child(instance=page)
    return said


def main() -> None:
    """Set Django up, then serve or do."""
    package = FOLDER / "code" / "lab"
    package.mkdir(parents=True, exist_ok=True)
    (package / "models.py").write_text(APP, encoding="utf-8")
    (package / "__init__.py").write_text(
        "def context(request):\n    from lab.models import context\n    return context(request)\n", encoding="utf-8"
    )
    sys.path.insert(0, str(package.parent))
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    configure()
    import django

    django.setup()
    from django.conf import settings
    from django.conf.urls.static import static
    from django.core.management import call_command
    from django.urls import include, path
    from wagtail import urls as wagtail_urls
    from wagtail.contrib.sitemaps.views import sitemap

    media = static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT)
    globals()["urlpatterns"] = [path("sitemap.xml", sitemap), *media, path("", include(wagtail_urls))]
    if sys.argv[3:] == ["serve"]:
        call_command("runserver", f"127.0.0.1:{sys.argv[2]}", use_reloader=False)
    else:
        print(json.dumps(do(json.load(sys.stdin))))


if __name__ == "__main__":
    main()
