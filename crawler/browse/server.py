"""Serving a collection to this machine's browser."""

import socket
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from crawler.browse.portal_counts import KnownSite
from crawler.errors import MissingGroup, TinphuongError, how_to_install

GROUP = "browse"


class NotServed(TinphuongError):
    """The pages cannot be served; the message says why and what to do."""


def application(path: Path, *, sql: bool = False, registered: Sequence[KnownSite] = (), naan: str | None = None) -> Any:
    """Return Datasette over the collection at `path`, read-only. Raises MissingGroup.

    `sql`: SQL may be asked; `registered`: sites that count as known although they were never crawled; `naan`: for ARKs
    in citations.
    """
    try:
        from datasette.app import Datasette
        from datasette.database import Database
        from datasette.plugins import pm
    except ImportError as error:
        raise MissingGroup(f"browse needs the optional group {GROUP}: {how_to_install(GROUP)} ({error})") from None
    from crawler.browse import plugin

    # With rich it would print a traceback with all values for every mistyped address.
    pm.get_plugin("datasette.handle_exception").rich = None
    mutable = _brought_up_to_date(path)
    if not pm.is_registered(plugin):
        pm.register(plugin, name=plugin.NAME)
    datasette = Datasette(
        [],
        settings={
            "default_page_size": 50,
            "allow_download": False,
            "allow_facet": True,
            "num_sql_threads": 3,
            "default_allow_sql": sql,
        },
        metadata={"title": "Tin Phường", "plugins": {plugin.NAME: {"registered": tuple(registered), "naan": naan}}},
    )
    datasette.add_database(Database(datasette, path=str(path), is_mutable=mutable), name=plugin.DATABASE)
    return datasette


def _brought_up_to_date(path: Path) -> bool:
    """Migrate the database if it is old; False where it cannot be written at all, so that it cannot change either."""
    from storage import Collection
    from storage.errors import NewerSchema, Unreadable, Unwritable

    try:
        Collection(path, must_exist=True).close()
    except NewerSchema:
        raise
    except (Unreadable, Unwritable) as error:
        if not path.is_file() or ("cannot be written" not in str(error) and "readonly" not in str(error)):
            raise
        return False
    return True


def listening(port: int) -> socket.socket:
    """Return a socket on loopback; `port` 0 takes a free one. Raises NotServed where the port is taken."""
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind(("127.0.0.1", port))
        made.listen()  # a request that comes before the server is ready waits, and is not refused
    except OSError as error:
        made.close()
        raise NotServed(f"port {port} cannot be used ({error.strerror}): name another with --port") from None
    return made


def serve(
    path: Path, port: int, *, sql: bool, announce: Any, registered: Sequence[KnownSite] = (), naan: str | None = None
) -> None:
    """Serve until interrupted; `announce` is called with the address once the port is ours."""
    datasette = application(path, sql=sql, registered=registered, naan=naan)
    import uvicorn

    with listening(port) as own:
        announce(f"http://127.0.0.1:{own.getsockname()[1]}/")
        config = uvicorn.Config(
            datasette.app(), log_level="warning", lifespan="on", server_header=False, access_log=False,
            use_colors=False, proxy_headers=False, ws="none",
        )  # fmt: skip
        uvicorn.Server(config).run(sockets=[own])
