"""The pages over a planted collection, asked in-process, served over HTTP, and shown by a real Chromium."""

import asyncio
import os
import subprocess
import sys
import threading
from contextlib import contextmanager

import pytest

from tests.browse.planted import plant
from tests.running import PATIENCE, ROOT

pytest.importorskip("datasette", reason="the optional group requirements-browse.txt is not installed")


@pytest.fixture(scope="session")
def planted(tmp_path_factory):
    path = tmp_path_factory.mktemp("browse") / "planted.db"
    plant(path)
    return path


@contextmanager
def asking(path, **options):
    """Ask pages of a collection in-process: ask("/search?q=a", **headers) → an httpx response. `options`: of
    `application`."""
    from crawler.browse.server import application

    datasette = application(path, **options)
    loop = asyncio.new_event_loop()  # in a thread of its own: playwright has one in this
    threading.Thread(target=loop.run_forever, daemon=True).start()

    def asked(path, *, method="GET", **headers):
        url = f"http://localhost{path}"
        request = datasette.client.request(method, url, headers=headers, avoid_path_rewrites=True)
        return asyncio.run_coroutine_threadsafe(request, loop).result(PATIENCE)

    yield asked
    loop.call_soon_threadsafe(loop.stop)


@pytest.fixture(scope="session")
def ask(planted):
    with asking(planted) as ask:
        yield ask


@contextmanager
def serving(path):
    """Serve the pages of a collection over real HTTP, as `tinphuong browse` does; gives their address."""
    process = subprocess.Popen(
        [sys.executable, "-m", "crawler", "--db", str(path), "browse", "--port", "0"],
        cwd=ROOT, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    try:
        line = process.stdout.readline()
        assert " at " in line, f"tinphuong browse does not say where its pages are, but {line!r}"
        yield line.split(" at ")[1].split()[0].rstrip("/")
    finally:
        process.terminate()
        process.wait()


@pytest.fixture(scope="session")
def address(planted):
    """The pages over real HTTP."""
    with serving(planted) as address:
        yield address


@pytest.fixture
def tab(chromium, address, request):
    """A fresh tab that notes what it asked for; a test may set its width by an indirect parameter."""
    context = chromium.new_context(
        viewport={"width": getattr(request, "param", 1280), "height": 900}, base_url=address, bypass_csp=False
    )
    context.set_default_timeout(PATIENCE * 1000)  # milliseconds
    page = context.new_page()
    page.asked, page.complaints = [], []
    page.on("request", lambda sent: page.asked.append(sent.url))
    page.on("console", lambda said: page.complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.on("dialog", lambda dialog: (page.complaints.append("dialog"), dialog.dismiss()))
    yield page
    assert [url for url in page.asked if not url.startswith(address)] == []
    context.close()
