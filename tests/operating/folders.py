"""Working folders as `tinphuong init` makes them, with a program and a replica portal to crawl."""

import contextlib
import io
import re
import sys
from unittest import mock

from crawler.cli import main
from tests.platforms import replicas
from tests.running import ROOT

REPLICA = replicas.BY_PLATFORM["drupal"]
ARTICLES = 7  # of the replica, without its duplicate
SLUG = "hanoi_thu"


def console_script(folder):
    """Write a program named `tinphuong` into `folder`, as an installer does; it runs this tree."""
    folder.mkdir(parents=True, exist_ok=True)
    script = folder / "tinphuong"
    lines = (f"#!{sys.executable}", "import sys", f"sys.path[0] = {str(ROOT)!r}", "from crawler.cli import main")
    script.write_text("\n".join((*lines, "sys.exit(main())\n")), encoding="utf-8")
    script.chmod(0o755)
    return script


def init(folder, *options, program):
    """Run `tinphuong init` as if `program` had been started; returns exit code, standard output, standard error."""
    out, err = io.StringIO(), io.StringIO()
    with (
        mock.patch.object(sys, "argv", [str(program)]),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        code = main(["init", str(folder), *map(str, options)])
    return code, out.getvalue(), err.getvalue()


def edit(folder, port):
    """What an operator edits: a site, here a replica on loopback; that it may be reached there, and without a pause."""
    with (folder / "sites.csv").open("a", encoding="utf-8") as table:
        table.write(f"{SLUG},Phường Thử,127.0.0.1:{port},drupal,,,/,http\n")
    set_key(folder, "allow_private", '["127.0.0.1"]')
    set_key(folder, "delay", "0.001")
    set_key(folder, "retry_backoff", "0.01")


def set_key(folder, name, value):
    """Make the first commented line of a key live, with this value."""
    configuration = folder / "tinphuong.toml"
    text = configuration.read_text(encoding="utf-8")
    text, count = re.subn(rf"^# {name} = .*$", lambda _: f"{name} = {value}", text, count=1, flags=re.MULTILINE)
    assert count, f"tinphuong.toml has no line for {name}"
    configuration.write_text(text, encoding="utf-8")
