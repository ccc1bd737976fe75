"""The addresses of the pages, as a Datasette plugin, and the policy under which a browser shows them."""

import sqlite3
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote, unquote

from datasette import hookimpl
from datasette.utils.asgi import Request, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from crawler import clock
from crawler.browse import charts, feed, machine_readable, page_data, policy, portal_pages, search_address, text_at
from crawler.browse.answer_cache import AnswerCache
from crawler.browse.facets import chosen_unit
from crawler.browse.languages import LANGUAGES, Words
from crawler.browse.portal_counts import KnownSite
from crawler.browse.responses import as_csv, as_json
from crawler.browse.search_address import SearchAddress
from crawler.filetypes import PICTURES, real_type
from crawler.text import markup
from crawler.units import table
from storage import fields
from storage.exports import citing, palette
from storage.files import pictures
from storage.views import articles, sites

NAME = "tinphuong"  # of the plugin
DATABASE = "data"  # the name under which the collection is attached
_HERE = Path(__file__).parent
_MOST_MEMORY = 256 << 20  # bytes that SQLite may take in all
_LONGEST = 64 << 20  # bytes of a value or row
_LONGEST_WITH_SQL = 8 << 20  # where questions are a stranger's
_STATIC = {"style.css": "text/css; charset=utf-8", "icon.svg": "image/svg+xml"}
_COOKIE = "tinphuong_language"
_CACHE = AnswerCache()  # Datasette makes no object of a plugin that could have one
_COLUMNS = ("id", "site", "key", *fields.LISTED, "removed_at", "url")  # of a search

Page = Callable[..., Awaitable[Response]]
_Function = TypeVar("_Function", bound=Callable[..., Any])


def _hook(function: _Function) -> _Function:
    """Mark a function as a hook of Datasette, whose own decorator has no types."""
    hookimpl(function)
    return function


@_hook
def register_routes() -> list[tuple[str, Page]]:
    """Return the addresses; they come before Datasette's own."""
    return [
        (r"^/$", _start),
        (r"^/search(?:\.(?P<format>json|csv))?$", _search),
        (r"^/article/(?P<site>[^/]+)/(?P<identity>.+?)(?P<format>\.json)?$", _article),
        (r"^/article/(?P<number>\d+)$", _by_number),
        (r"^/cite/(?P<format>[a-z-]+)(?:/(?P<site>[^/]+)/(?P<identity>.+))?$", _cite),
        (r"^/ark:/?(?P<naan>[^/]+)/(?P<name>[^/]+)$", _by_ark),
        (r"^/ward/(?P<site>[^/.]+)(?:\.(?P<format>json))?$", _ward),
        (r"^/run/(?P<number>\d{1,18})(?:\.(?P<format>json))?$", _run),
        (r"^/health(?:\.(?P<format>json|csv))?$", _health),
        (r"^/portals(?:\.(?P<format>json|csv))?$", _portals),
        (r"^/portals/(?P<province>[^/.]+)(?:\.(?P<format>json))?$", _province),
        (r"^/picture/(?P<number>\d{1,18})$", _picture),
        (r"^/feed\.atom$", _feed),
        (r"^/language/(?P<language>vi|en)$", _language),
        (r"^/static/(?P<name>[a-z]+\.(?:css|svg))$", _static),
        (r"^/favicon\.ico$", _favicon),
        (rf"^/(?!{DATABASE}(?:[/.]|$)|-/static)", _nothing),  # but the tables, and what their pages need
    ]


@_hook
def startup() -> None:
    """Compile the templates and read the table of units, with its names, before a reader waits for them."""
    for name in _environment().list_templates():
        _environment().get_template(name)
    _ = table().by_name, table().successors("")
    portal_pages.coverage_of((), ()).counts()


@_hook
def prepare_connection(conn: sqlite3.Connection, datasette: Any) -> None:
    """Let all connections share the system's cache of the file, and bound what one question can take.

    Datasette's time limit is looked at between the steps of a question: one step must not take long by itself.
    """
    conn.execute(f"PRAGMA mmap_size = {1 << 30}")
    conn.execute(f"PRAGMA hard_heap_limit = {_MOST_MEMORY}")
    with_sql = bool(datasette.setting("default_allow_sql"))
    limits = {
        sqlite3.SQLITE_LIMIT_LENGTH: _LONGEST_WITH_SQL if with_sql else _LONGEST, sqlite3.SQLITE_LIMIT_ATTACHED: 0,
        sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 200, sqlite3.SQLITE_LIMIT_COMPOUND_SELECT: 50,
        sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 1000, sqlite3.SQLITE_LIMIT_COLUMN: 500,
    }  # fmt: skip
    for limit, most in limits.items():
        conn.setlimit(limit, most)
    conn.set_authorizer(_hide_place)


def _hide_place(action: int, table: str | None, column: str | None, *_: object) -> int:
    """Where the file lies on this machine is nobody's business."""
    is_place = action == sqlite3.SQLITE_READ and table == "pragma_database_list" and column == "file"
    return sqlite3.SQLITE_IGNORE if is_place else sqlite3.SQLITE_OK


@_hook
def asgi_wrapper() -> Callable[[Any], Any]:
    """Answer only this machine, only with pages, and every answer under the same strict policy."""
    return policy.guard


@_hook
def handle_exception(request: Request, exception: Exception) -> Response | None:
    """Answer an unknown address with a page that offers a search."""
    return _missing(request) if getattr(exception, "status", 500) == 404 else None


# Answering


@lru_cache(maxsize=1)
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    names: dict[str, object] = {
        "columns": charts.columns,
        "parts_bar": charts.parts_bar,
        "facts": fields.BROWSE,
        "permalink": permalink,
        "safe_url": markup.safe_url,
        "render": markup.render,
        "kept": lambda images: {row["url"]: f"/picture/{row['capture_id']}" for row in images if row["capture_id"]},
        "picture": markup.picture_html,
        "paragraphs": markup.paragraphs,
        "teaser": page_data.teaser,
        "chosen_unit": chosen_unit,
        "chosen_province": portal_pages.name_of_province,
        "citation_formats": citing.FORMATS,
        "most_cited": page_data.MOST,
        "names_of": lambda sites: {row["slug"]: row["name"] for row in sites},
    }
    made.globals.update(names)
    return made


def permalink(row: Mapping[str, object]) -> str:
    """Return an article's address here: by its site and its identity there, which no reprocessing changes."""
    site, key = str(row["site"]), str(row["key"])
    return f"/article/{_quoted(site)}/{key if key.isascii() and key.isalnum() else quote(key, safe='')}"


@lru_cache(maxsize=8192)
def _quoted(slug: str) -> str:
    return quote(slug, safe="")


def _tongue(request: Request) -> str:
    for wanted in (request.args.get("lang"), request.cookies.get(_COOKIE)):
        if wanted in LANGUAGES:
            return str(wanted)
    return LANGUAGES[0]


def _page(request: Request, template: str, *, status: int = 200, **values: Any) -> Response:
    words = Words(_tongue(request))
    here = request.path + (f"?{request.query_string}" if request.query_string else "")
    body = _environment().get_template(template).render(t=words, here=here, query="", **values)
    return Response.html(body, status=status)


def _missing(request: Request) -> Response:
    return _page(request, "missing.html", status=404)


async def _ask(datasette: Any, question: Callable[..., Any], *values: Any, **named: Any) -> Any:
    return await datasette.get_database(DATABASE).execute_fn(lambda connection: question(connection, *values, **named))


# The pages


async def _start(datasette: Any, request: Request) -> Response:
    found = await _ask(datasette, page_data.start, clock.now(), _CACHE)
    known = await _ask(datasette, portal_pages.portals, clock.now(), _CACHE, _registered(datasette))
    return _page(request, "start.html", country=known["country"], **found)


async def _search(datasette: Any, request: Request) -> Response:
    asked, kind = await _asked(datasette, request), request.url_vars.get("format")
    found = await _ask(
        datasette, page_data.find, asked.text, asked.filters, _CACHE, page=asked.page, by_date=asked.by_date,
        size=page_data.MOST if kind else page_data.PAGE, brief=bool(kind),
    )  # fmt: skip
    found["remarks"] = [*asked.remarks, *found["remarks"]]
    if not kind:
        known = await _ask(datasette, sites.sites)
        return _page(request, "search.html", search=asked, asked=asked.parts, link=asked.link, sites=known, **found)
    hits = [
        {name: row[name] for name in _COLUMNS}
        | {"permalink": permalink(row), "snippet": "".join(piece.text for piece in row["snippet"])}
        for row in found["hits"]
    ]
    if kind == "csv":
        return as_csv(hits, (*_COLUMNS, "permalink", "snippet"), "tinphuong")
    remarks = [str(remark) for remark in found["remarks"]]
    return as_json(
        {
            "query": asked.parts, "total": found["total"], "more": found["more"], "remarks": remarks, "articles": hits,
        }
    )  # fmt: skip


async def _asked(datasette: Any, request: Request) -> SearchAddress:
    asked = search_address.read_address(request.args.get)
    if not (province := asked.parts["province"]):
        return asked
    found = await _ask(datasette, portal_pages.sites_of, province, clock.now(), _CACHE, _registered(datasette))
    return asked.among(found)


async def _article(datasette: Any, request: Request) -> Response:
    site, identity = unquote(request.url_vars["site"]), unquote(request.url_vars["identity"])
    ending = request.url_vars.get("format") or ""
    asked = request.args.get("at")
    at = text_at.read_moment(asked) if asked else None
    if asked and at is None:
        return _missing(request)
    row = await _ask(datasette, page_data.article, site, identity + ending, at)  # it may end in .json itself
    for_programs = row is None and bool(ending)
    if for_programs:
        row = await _ask(datasette, page_data.article, site, identity, at)
    if row is None:
        return _missing(request)
    if for_programs:
        return as_json({name: value for name, value in row.items() if name != "others"} | {"permalink": permalink(row)})
    if (row["site"], row["key"]) != (site, identity + ending):
        address = permalink(row) + (f"?at={quote(asked)}" if asked else "")
        return Response.redirect(address, status=301)
    found = await _ask(datasette, machine_readable.of_article, row, _configured(datasette, "naan"))
    return _page(request, "article.html", article=row, ward=row["ward"], asked_at=asked, **found)


async def _by_number(datasette: Any, request: Request) -> Response:
    number = int(request.url_vars["number"][:18])
    found = await _ask(datasette, articles.address, number)
    return Response.redirect(permalink(found)) if found else _missing(request)


async def _cite(datasette: Any, request: Request) -> Response:
    """Citations in a format: of one article, or of the results of a search, at most as many as are listed at all."""
    name, site, asked = request.url_vars["format"], request.url_vars.get("site"), request.args.get("at")
    if not citing.is_format(name):
        return _missing(request)
    if site:
        at, identity = text_at.read_moment(asked or ""), unquote(request.url_vars["identity"])
        row = None if asked and at is None else await _ask(datasette, page_data.article, unquote(site), identity, at)
        found = row and await _ask(datasette, machine_readable.cited, row)
    else:
        search = await _asked(datasette, request)
        found = await _ask(datasette, page_data.cited, search.text, search.filters, by_date=search.by_date)
    if found is None:
        return _missing(request)
    text, media, file = machine_readable.file_of(found, name, _configured(datasette, "naan"))
    return Response(text, content_type=media, headers={"Content-Disposition": f'attachment; filename="{file}"'})


async def _by_ark(datasette: Any, request: Request) -> Response:
    name = unquote(request.url_vars["name"]).replace("-", "").lower()  # hyphens say nothing in an ARK
    found = await _ask(datasette, articles.of_stable_name, name)
    return Response.redirect(permalink(found)) if found else _missing(request)


async def _ward(datasette: Any, request: Request) -> Response:
    found = await _ask(datasette, page_data.ward, unquote(request.url_vars["site"]), clock.now())
    if found is None:
        return _missing(request)
    return as_json(found) if request.url_vars.get("format") else _page(request, "ward.html", ward=found)


async def _run(datasette: Any, request: Request) -> Response:
    found = await _ask(datasette, page_data.run, int(request.url_vars["number"]))
    if found is None:
        return _missing(request)
    if request.url_vars.get("format"):
        return as_json(found)
    known = await _ask(datasette, sites.sites)
    return _page(request, "run.html", run=found, ward=known[found["site"]])


async def _health(datasette: Any, request: Request) -> Response:
    found = await _ask(datasette, page_data.health, clock.now(), _CACHE)
    match request.url_vars.get("format"):
        case "json":
            return as_json(found)
        case "csv":
            columns = ("slug", "name", "host", "state", "reason", "message", "articles", "newest")
            return as_csv(found, columns, "tinphuong-health")
    return _page(request, "health.html", health=found)


async def _portals(datasette: Any, request: Request) -> Response:
    found = await _ask(datasette, portal_pages.portals, clock.now(), _CACHE, _registered(datasette))
    match request.url_vars.get("format"):
        case "json":
            return as_json(found)
        case "csv":
            rows = portal_pages.flat(found)
            return as_csv(rows, tuple(rows[0]), "tinphuong-portals")
    return _page(request, "portals.html", places=portal_pages.names_of_provinces(), **found)


async def _province(datasette: Any, request: Request) -> Response:
    asked, ending = unquote(request.url_vars["province"]), request.url_vars.get("format")
    slug = portal_pages.today(asked)
    if slug is None:
        return _missing(request)
    if slug != asked:
        return Response.redirect(f"/portals/{slug}{f'.{ending}' if ending else ''}")
    found = await _ask(datasette, portal_pages.province, slug, clock.now(), _CACHE, _registered(datasette))
    return as_json(found) if ending else _page(request, "province.html", province=found)


def _registered(datasette: Any) -> Sequence[KnownSite]:
    return _configured(datasette, "registered") or ()


def _configured(datasette: Any, name: str) -> Any:
    return (datasette.plugin_config(NAME) or {}).get(name)


async def _picture(datasette: Any, request: Request) -> Response:
    """A picture as it was captured; a file whose bytes are not a picture's is never sent."""
    number, path = int(request.url_vars["number"]), Path(datasette.get_database(DATABASE).path)
    data = await _ask(datasette, pictures.content, path, number)
    kind = real_type(data) if data else None
    if data is None or kind not in PICTURES:
        return _missing(request)
    media = "image/jpeg" if kind == "jpg" else f"image/{kind}"
    return Response(data, content_type=media, headers={"Cache-Control": "private, max-age=86400"})


async def _feed(datasette: Any, request: Request) -> Response:
    asked = await _asked(datasette, request)
    hits = await _ask(datasette, page_data.latest, asked.text, asked.filters, 30)
    known = await _ask(datasette, sites.sites)
    body = feed.atom(hits, known, f"http://{request.host}", permalink, request.query_string)
    return Response(body, content_type="application/atom+xml; charset=utf-8")


async def _nothing(request: Request) -> Response:
    return _missing(request)


async def _language(request: Request) -> Response:
    """Keep the choice in a cookie and go back to the page, which must be one of these."""
    back = request.args.get("back") or "/"
    if not back.startswith("/") or back.startswith("//") or "\\" in back or any(ord(c) < 0x20 for c in back):
        back = "/"
    response = Response.redirect(quote(back, safe="/?&=%+:,;~!*'()@$"))
    response.set_cookie(_COOKIE, request.url_vars["language"], max_age=31_536_000, httponly=True, samesite="lax")
    return response


async def _static(request: Request) -> Response:
    name = request.url_vars["name"]
    if name not in _STATIC:
        return Response.text("not found", status=404)
    return _file(name)


async def _favicon(request: Request) -> Response:
    return _file("icon.svg")


def _file(name: str) -> Response:
    text = (_HERE / "static" / name).read_text(encoding="utf-8")
    if name == "style.css":
        text = palette.css() + text
    return Response(text, content_type=_STATIC[name], headers={"Cache-Control": "max-age=600"})
