"""Making a working folder: what is missing is written, what is there is left as it is."""

import os
import pwd
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from string import Template

from crawler.configuration.configuration import FILE
from crawler.errors import UsageError
from crawler.working_folder import program
from crawler.working_folder.configuration_text import configuration_text
from crawler.working_folder.quoting import for_cron, for_systemd, path_for_systemd, why_not_in_cron

TABLE = "sites.csv"
FOLDERS = ("sites", "frozen", "data")
_TEMPLATES = Path(__file__).with_name("templates")
_NOT_IN_GIT = "# A collection is backed up, not put into git.\n*\n!.gitignore\n"
_MAX_TIME = "3000"  # seconds: a run an hour, with time to end
_HOMES = ("/home", "/root", "/run/user")
_TEMPORARY = ("/tmp", "/var/tmp")  # noqa: S108 — looked at, not written to


@dataclass(slots=True)
class Made:
    """What was done: the folder, the command that runs the program, and the files and folders written or left."""

    folder: Path
    command: list[str]
    written: list[Path] = field(default_factory=list)
    left: list[Path] = field(default_factory=list)

    @property
    def configuration(self) -> Path:
        """The configuration file."""
        return self.folder / FILE


def make(folder: Path, *, contact: str = "", package_sites: bool = False, add_missing: bool = False) -> Made:
    """Make `folder` a working folder. `contact`: an address as `checked_contact` returns it, "" for none.

    Raises UsageError where it is one already and not `add_missing`, where it cannot be written, and where its path, or
    that of the program, cannot be named in a crontab or a unit.
    """
    folder = Path(os.path.abspath(folder))  # noqa: PTH100 — a symbolic link outlives what it leads to
    made = Made(folder, program.words())
    _check(made, add_missing)
    live = {"db": "data/tinphuong.db", "sites.package": package_sites, "sites.folder": "sites", "sites.tables": [TABLE]}
    if contact:
        live["contact"] = contact
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in FOLDERS:
            _put(made, folder / name, Path.mkdir)
        for name, text in _texts(made).items():
            _put(made, folder / name, _writer(text))
        # last: whoever is stopped can begin again; 0o600: addresses of alarms and proxies hold passwords
        _put(made, made.configuration, _writer(configuration_text(live), mode=0o600))
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        raise UsageError(
            f"{folder} cannot be made a working folder: {error.strerror}{where}; set that right, then run again"
        ) from None
    return made


def checked_contact(text: str) -> str:
    """Return an address for `contact`. Raises UsageError for what is neither a mail address nor a web address."""
    text = text.strip()
    if re.fullmatch(r"[^\s@()<>:;,\"]+@[\w-]+(\.[\w-]+)+", text, re.ASCII):
        return f"mailto:{text}"
    if re.fullmatch(r"(mailto:[^\s@()<>]+@[\w-]+(\.[\w-]+)+|https?://[^\s/()<>]+[^\s()<>]*)", text, re.ASCII):
        return text
    raise UsageError(
        f"{text!r} is no address that webmasters can use; give one like mailto:archive@example.org or "
        "https://archive.example.org/crawler"
    )


def _check(made: Made, add_missing: bool) -> None:
    """Raise UsageError where no working folder can be made, before anything is written."""
    folder = made.folder
    for named in (str(folder), *made.command):
        if any(not character.isprintable() for character in named):
            raise UsageError(f"{named!r} holds characters that cannot be named in a crontab; choose another path")
        if wrong := why_not_in_cron(named):
            raise UsageError(f"{named!r} holds {wrong}; choose another path")
    if os.path.lexists(folder) and not folder.is_dir():
        kind = "is a file" if folder.exists() else "is a link that leads nowhere"
        raise UsageError(f"{folder} {kind}; name a folder, or a place where one can be made")
    if program.PACKAGE.parent == folder.resolve() or program.PACKAGE in (folder.resolve(), *folder.resolve().parents):
        raise UsageError(f"{folder} holds the program itself; name a folder of its own: tinphuong init FOLDER")
    if os.path.lexists(made.configuration) and not add_missing:
        raise UsageError(
            f"{made.configuration} exists already, and nothing was changed; `--add-missing` writes what is missing "
            "beside it, and leaves all that is there as it is"
        )
    for name in FOLDERS:
        if os.path.lexists(folder / name) and not (folder / name).is_dir():
            raise UsageError(f"{folder / name} is in the way of a folder of that name; move it, or name another folder")


def _put(made: Made, path: Path, put: Callable[[Path], object]) -> None:
    """Write a file or folder unless something is there."""
    if os.path.lexists(path):
        if not path.is_dir():
            made.left.append(path)
        return
    put(path)
    made.written.append(path)


def _writer(text: str, mode: int = 0o666) -> Callable[[Path], None]:
    """Return what writes a text in one step: the file is there as a whole, or not at all."""

    def write(path: Path) -> None:
        unfinished = path.with_name(f".{path.name}.unfinished")
        try:
            unfinished.unlink(missing_ok=True)
            with open(unfinished, "x", encoding="utf-8", opener=lambda name, flags: os.open(name, flags, mode)) as file:
                file.write(text)
            unfinished.rename(path)
        except BaseException:
            with suppress(OSError):
                unfinished.unlink()
            raise

    return write


def _texts(made: Made) -> dict[str, str]:
    """The files beside the configuration: name → text."""
    from spiders.site_table import COLUMNS

    of_cron, of_systemd, plain = dict(_for_cron(made)), dict(_for_systemd(made)), {"program": program.for_people()}
    texts = {TABLE: ",".join((*COLUMNS, "scheme")) + "\n", "data/.gitignore": _NOT_IN_GIT}
    for template in sorted(_TEMPLATES.iterdir()):
        facts = of_cron if template.name == "crontab" else plain if template.suffix == ".md" else of_systemd
        texts[template.name] = Template(template.read_text(encoding="utf-8")).substitute(facts)
    return texts


def _jobs(made: Made) -> Iterator[tuple[str, list[str]]]:
    """Yield the commands that run by the clock: name → words."""
    begin = [*made.command, "--config", str(made.configuration)]
    yield "crawl", [*begin, "crawl", "--due", "--max-time", _MAX_TIME]
    yield "status", [*begin, "status"]
    yield "status_quiet", [*begin, "--quiet", "status"]
    yield "verify", [*begin, "--quiet", "verify"]
    yield "backup", [*begin, "--quiet", "backup", str(made.folder / "backup")]


def _for_cron(made: Made) -> Iterator[tuple[str, str]]:
    log = ["--quiet", "--log", str(made.folder / "data" / "crawl.log")]
    for name, words in _jobs(made):
        yield name, for_cron([*words, *log] if name == "crawl" else words)


def _for_systemd(made: Made) -> Iterator[tuple[str, str]]:
    for name, words in _jobs(made):
        yield name, for_systemd(words)
    yield "folder", path_for_systemd(str(made.folder))
    yield "user", "\n".join(_user())
    yield "protection", "\n".join(_protection([made.folder, made.folder.resolve(), *program.places(made.command)]))


def _user() -> Iterator[str]:
    number = os.geteuid()
    try:
        name = pwd.getpwuid(number).pw_name
    except KeyError:
        name = str(number)
    if number == 0:
        yield "# Better a user of its own, who owns this folder:"
    yield f"User={name.replace('%', '%%')}"


def _protection(needed: list[Path]) -> Iterator[str]:
    """Yield what a unit shuts off, as far as the program and the folder are not there."""
    yield "NoNewPrivileges=yes"
    yield "ProtectSystem=strict"
    yield "ProtectHome=read-only" if _any_in(_HOMES, needed) else "ProtectHome=yes"
    yield "PrivateTmp=no" if _any_in(_TEMPORARY, needed) else "PrivateTmp=yes"


def _any_in(folders: tuple[str, ...], paths: list[Path]) -> bool:
    return any(path.is_relative_to(folder) for path in paths for folder in folders)
