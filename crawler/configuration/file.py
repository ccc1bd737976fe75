"""A configuration file: its values, and the line in which each stands."""

import tomllib
from collections.abc import Iterable
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import Any

from crawler.configuration.keys import BY_NAME, KEYS, SECTIONS, SITE_BY_NAME
from crawler.configuration.toml_lines import lines_of
from crawler.configuration.values import BadSetting, of_toml
from crawler.errors import ConfigurationError

_LARGEST = 1024 * 1024  # bytes; more is no configuration


class BadConfiguration(ConfigurationError):
    """A configuration has faults; the message has a line for each, with file, line and a sentence."""

    def __init__(self, faults: Iterable[str]):
        self.faults = list(faults)
        super().__init__("\n".join(self.faults))


class ConfigurationFile:
    """What one file says: `values` (key → value) and `sites` (slug → key → value), both as they are used.

    Raises BadConfiguration where it cannot be read, is no TOML, or holds unknown keys or bad values: all of them.
    """

    def __init__(self, path: Path):
        self.path = path
        self.values: dict[str, Any] = {}
        self.sites: dict[str, dict[str, Any]] = {}
        self._names: dict[str, tuple[str, ...]] = {}  # key → how the file names it
        self._text = _text(path)
        self._folder = path.absolute().parent
        self._faults: list[str] = []
        try:
            self._tree = tomllib.loads(self._text)
        except (tomllib.TOMLDecodeError, RecursionError) as error:
            raise BadConfiguration([f"{path}: {_of_toml_error(error)}"]) from None
        self._read()
        if self._faults:
            raise BadConfiguration(self._faults)

    def place(self, *names: str) -> str:
        """Return file and line of a key or section."""
        return f"{self.path}, line {self._lines.get(names, 1)}"

    @cached_property
    def _lines(self) -> dict[tuple[str, ...], int]:
        return lines_of(self._text)

    def place_of(self, key: str) -> str:
        """Return file and line of a key of `values`."""
        return self.place(*self._names[key])

    def _read(self) -> None:
        flat = {key.flat: key for key in KEYS}
        for name, value in self._tree.items():
            if name == "site":
                self._read_sites(value)
            elif name in SECTIONS and isinstance(value, dict):
                for inner, said in value.items():
                    self._keep(f"{name}.{inner}", said, name, inner)
            elif name in BY_NAME or name not in flat:
                self._keep(name, value, name)
            else:
                self._keep(flat[name].name, value, name)

    def _keep(self, name: str, value: Any, *names: str) -> None:
        if name not in BY_NAME:
            self._unknown(names, [*BY_NAME, *SECTIONS, "site"])
        elif name in self.values:
            self._faults.append(f"{self.place(*names)}: {name} stands in the file twice; take one of them out")
        else:
            try:
                self.values[name] = of_toml(BY_NAME[name], value, self._folder)
                self._names[name] = names
            except BadSetting as wrong:
                self._faults.append(f"{self.place(*names)}: {name}{wrong}")

    def _read_sites(self, sites: Any) -> None:
        if not isinstance(sites, dict):
            self._faults.append(f"{self.place('site')}: site is no key; write [site.SLUG] with keys of that site below")
            return
        for slug, facts in sites.items():
            if not isinstance(facts, dict):
                self._unknown(("site", slug), ())
                continue
            self.sites[slug] = {}
            for name, value in facts.items():
                if name not in SITE_BY_NAME:
                    self._unknown(("site", slug, name), SITE_BY_NAME)
                    continue
                try:
                    self.sites[slug][name] = of_toml(SITE_BY_NAME[name], value, self._folder)
                except BadSetting as wrong:
                    self._faults.append(f"{self.place('site', slug, name)}: site.{slug}.{name}{wrong}")

    def _unknown(self, names: tuple[str, ...], known: Iterable[str]) -> None:
        name = ".".join(names)
        known = list(known)
        wanted = name if "." in "".join(known) else names[-1]
        near = get_close_matches(wanted, known, n=1) or [key for key in known if key.endswith(f".{names[-1]}")][:1]
        hint = f"did you mean {near[0]}?" if near else "`tinphuong config` lists the keys"
        self._faults.append(f"{self.place(*names)}: there is no key {name}; {hint}")


def _text(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            raw = stream.read(_LARGEST + 1)
        if len(raw) > _LARGEST:
            raise BadConfiguration([f"{path}: is larger than 1 MiB; a configuration is a short text"])
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except OSError as error:
        raise BadConfiguration(
            [f"the configuration {path} cannot be read: {error.strerror}; `tinphuong init` makes one"]
        ) from None
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise BadConfiguration([f"{path}, line {line}: is not UTF-8; save the file in that encoding"]) from None


def _of_toml_error(error: Exception) -> str:
    """What tomllib says, as `line 3, column 5: …`."""
    if isinstance(error, RecursionError):
        return "is nested too deeply; a configuration is a short text"
    said, _, place = str(error).rpartition(" (at ")
    said, place = (said, place.rstrip(")")) if said else (str(error), "")
    sentence = f"{said[:1].lower()}{said[1:]}; write it as TOML: key = value, texts in quotation marks"
    return f"{place}: {sentence}" if place else sentence
