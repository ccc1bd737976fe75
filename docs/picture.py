"""Draws docs/demo.svg from a real run of `tinphuong demo` on a terminal: run `python docs/picture.py` in the root.

Nothing is changed by hand; the lines between the two patterns below are left out, and “⋮” marks the place.
"""

import fcntl
import io
import os
import pty
import re
import struct
import subprocess
import sys
import tempfile
import termios
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

TARGET = Path(__file__).with_name("demo.svg")
COLUMNS = 128
LEFT_OUT_FROM, LEFT_OUT_UNTIL = re.compile(r"site +pages +new "), re.compile(r"\d+ articles are stored")

THEME = TerminalTheme(
    (22, 27, 34), (201, 209, 217),
    [(72, 79, 88), (255, 123, 114), (86, 211, 100), (227, 179, 65), (121, 192, 255), (210, 168, 255), (86, 212, 221),
     (177, 186, 196)],
)  # fmt: skip

# Rich's own frame, but with a monospaced font of the reader's machine instead of one from the network.
FRAME = """<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<title>tinphuong demo</title>
<style>
.{unique_id}-matrix {{
  font-family: ui-monospace, "SF Mono", Menlo, Consolas, "Noto Sans Mono", "DejaVu Sans Mono", monospace;
  font-size: {char_height}px; line-height: {line_height}px; font-variant-east-asian: full-width; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}"/>
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""


def run() -> str:
    """Return what `tinphuong demo` writes to a terminal COLUMNS wide."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 60, COLUMNS, 0, 0))
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"TERM": "xterm-256color", "PYTHONPATH": str(Path.cwd())}
        environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}"
        environment.pop("TINPHUONG_DB", None)
        process = subprocess.Popen(
            [sys.executable, "-m", "crawler", "demo"], cwd=folder, stdin=slave, stdout=slave, stderr=slave,
            env=environment,
        )  # fmt: skip
        os.close(slave)
        written = b""
        try:
            while chunk := os.read(master, 65536):
                written += chunk
        except OSError:  # the terminal's other end is closed
            pass
        if process.wait():
            sys.exit(written.decode())
    return written.decode().replace("\r\n", "\n")


def last_frame(written: str) -> str:
    """Return the output with only the last state of the progress table."""
    head, _, rest = written.partition("\x1b[?25l")
    moving, _, tail = rest.partition("\x1b[?25h")
    frame = re.split(r"\r?\x1b\[2K(?:\x1b\[1A\x1b\[2K)*", moving)[-1]
    return head + frame + tail


def main() -> None:
    """Run the demo and draw it."""
    lines = [Text("$ make demo", style="bold bright_white")]
    left_out = False
    for line in last_frame(run()).split("\n"):
        text = Text.from_ansi(line)
        if LEFT_OUT_FROM.match(text.plain):
            left_out = True
            lines.append(Text("⋮", style="dim"))
        elif LEFT_OUT_UNTIL.match(text.plain):
            left_out = False
            lines.append(Text())
        if not left_out and (text.plain.strip() or lines[-1].plain.strip()):
            lines.append(text)
    console = Console(record=True, width=COLUMNS, file=io.StringIO(), force_terminal=True, color_system="truecolor")
    for line in lines:
        line.highlight_regex(r"^  tinphuong .*$|^\d+ articles are stored", "bold bright_cyan")
        line.highlight_regex(r"^(?: *site .*|published .*)$|^[- ]+$", "dim")
        console.print(line, no_wrap=True, overflow="crop", highlight=False)
    TARGET.write_text(console.export_svg(title="tinphuong demo", theme=THEME, code_format=FRAME), encoding="utf-8")


if __name__ == "__main__":
    main()
