"""`tinphuong browse`: read the collection in a browser."""

import argparse

from crawler.cli import Exit, UsageError

_MAX_PORT = 65_535


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to listen."""
    parser.add_argument(
        "--port", type=int, default=8001, metavar="N", help="the port on 127.0.0.1 (default: 8001; 0: a free one)"
    )
    parser.add_argument("--sql", action="store_true", help="also offer pages where SQL can be asked")
    parser.add_argument("--open", action="store_true", help="open the page in the browser")


def run(arguments: argparse.Namespace) -> int:
    """Serve the pages to this machine only, until interrupted."""
    from crawler.browse.server import serve
    from crawler.cli.known_sites import registered_sites

    if not 0 <= arguments.port <= _MAX_PORT:
        raise UsageError(f"--port takes a number from 0 to {_MAX_PORT}, not {arguments.port}")

    def announce(address: str) -> None:
        print(f"{arguments.db} can be read at {address} (only from this machine); end with Ctrl-C", flush=True)
        if arguments.open:
            import webbrowser

            webbrowser.open(address)

    registered = registered_sites(arguments)
    naan = arguments.configuration["archive.naan"]
    serve(arguments.db, arguments.port, sql=arguments.sql, announce=announce, registered=registered, naan=naan)
    return Exit.OK
