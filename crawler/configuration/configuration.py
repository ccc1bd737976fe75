"""The settings in force: of the command line, the environment, the configuration file, and the defaults."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from crawler.configuration.file import BadConfiguration, ConfigurationFile
from crawler.configuration.keys import BY_NAME, KEYS, SITE_BY_NAME, SITE_KEYS, Key
from crawler.configuration.values import BadSetting, of_text
from crawler.errors import UsageError

if TYPE_CHECKING:
    from scrapy.settings import Settings

FILE = "tinphuong.toml"
VARIABLE = "TINPHUONG_CONFIG"
_OF_SITES = "TINPHUONG_SITE_"
_LEAST_DELAY = 0.001  # seconds; with 0 Scrapy 2.19 starts several requests to one host at once


@dataclass(frozen=True, slots=True)
class InForce:
    """A value, and where it comes from: `default`, a variable, file and line, or an option."""

    value: Any
    origin: str


class Configuration(Mapping[str, Any]):
    """Key → value in force, all keys of `crawler.configuration.keys`; nothing changes it.

    `file`: the file that was read, None for none; `sites`: slug → key → value of single sites, as they are said.
    """

    def __init__(
        self,
        file: ConfigurationFile | None = None,
        environment: Mapping[str, str] | None = None,
        options: Mapping[str, Any] | None = None,
    ):
        self.file = file.path if file else None
        self._file = file
        self._variables: dict[str, Any] = {}
        self._sources: tuple[tuple[str, Mapping[str, Any]], ...] = (
            ("option", dict(options or {})), ("variable", self._variables), ("file", file.values if file else {}),
        )  # fmt: skip
        self._site_variables: dict[str, dict[str, InForce]] = {}
        self._faults: list[str] = []
        for name, text in (environment or {}).items():
            if name.startswith("TINPHUONG_") and text.strip():
                self._read_variable(name, text)
        if self._faults:
            raise BadConfiguration(self._faults)

    @classmethod
    def load(
        cls,
        named: Path | None = None,
        *,
        options: Mapping[str, Any] | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> Self:
        """Return the settings in force for a command.

        The file is `named`, or that of $TINPHUONG_CONFIG, or `tinphuong.toml` in the current folder, or the one in the
        user's configuration folder. `options`: key → value, of the command line; `environment`: that of the process
        unless given. Raises BadConfiguration.
        """
        environment = os.environ if environment is None else environment
        path = named or _found(environment)
        return cls(ConfigurationFile(path) if path else None, environment, options)

    @classmethod
    def of_environment(cls) -> Self:
        """Return the settings in force without any file. Raises BadConfiguration."""
        return cls(environment=os.environ)

    def __getitem__(self, name: str) -> Any:
        return self._said(name)[1] if self.is_said(name) else self._default(BY_NAME[name])

    def __iter__(self) -> Any:
        return iter(BY_NAME)

    def __len__(self) -> int:
        return len(BY_NAME)

    def in_force(self, name: str) -> InForce:
        """Return the value of a key and where it comes from. Raises KeyError."""
        if not self.is_said(name):
            return InForce(self[name], "default")
        source, value = self._said(name)
        if source == "file" and self._file:
            return InForce(value, self._file.place_of(name))
        return InForce(value, BY_NAME[name].variable if source == "variable" else source)

    def is_said(self, name: str) -> bool:
        """Tell whether anybody says what a key is, so that it is not left to the default."""
        return any(name in values for _, values in self._sources)

    def _said(self, name: str) -> tuple[str, Any]:
        """Who says what a key is, and what."""
        return next((source, values[name]) for source, values in self._sources if name in values)

    def _default(self, key: Key) -> Any:
        return self._user_agent() if key.name == "politeness.user_agent" else default(key)

    @property
    def sites(self) -> dict[str, dict[str, InForce]]:
        """What is said of single sites: slug → key → value and where it comes from."""
        found: dict[str, dict[str, InForce]] = {}
        for slug, facts in (self._file.sites if self._file else {}).items():
            found[slug] = {}
            for name, value in facts.items():
                place = self._file.place("site", slug, name) if self._file else ""
                found.setdefault(slug, {})[name] = InForce(value, place)
        for slug, said in self._site_variables.items():
            found.setdefault(slug, {}).update(said)
        return found

    @property
    def site_places(self) -> list[Path]:
        """The tables and the folder of the user's own sites; not a folder that holds no site file yet.

        Raises BadConfiguration where the folder does not exist.
        """
        folder: Path | None = self["sites.folder"]
        if folder is None:
            return list(self["sites.tables"])
        if not folder.is_dir():
            origin = self.in_force("sites.folder").origin
            raise BadConfiguration(
                [f"{origin}: sites.folder: there is no folder {folder}; make it, or take the key out"]
            )
        used = any(path.name[0] not in "._" for pattern in ("*.py", "*/*.py") for path in folder.glob(pattern))
        return [*self["sites.tables"], *([folder] if used else [])]

    @property
    def frozen(self) -> Path | None:
        """The folder of the frozen pages of the user's own sites; None without a file that says where it could be."""
        said: Path | None = self["sites.frozen"]
        return said or (self.file.absolute().parent / "frozen" if self.file else None)

    def of_scrapy(self) -> dict[str, Any]:
        """Return the settings of Scrapy and of `crawler.settings` that differ from those of the module."""
        found = {}
        for key in KEYS:
            if key.setting and self.is_said(key.name):
                found[key.setting] = self[key.name] * key.scale if key.scale > 1 else self[key.name]
        found["USER_AGENT"] = self["politeness.user_agent"] or self._user_agent()
        if "DOWNLOAD_DELAY" in found:
            found["DOWNLOAD_DELAY"] = max(_LEAST_DELAY, found["DOWNLOAD_DELAY"])
        return {name: list(value) if isinstance(value, tuple) else value for name, value in found.items()}

    def of_project(self) -> dict[str, Any]:
        """Return the settings of `crawler.settings` as they are in force: without Scrapy's defaults, and without it."""
        from crawler import settings

        return {name: value for name, value in vars(settings).items() if name.isupper()} | self.of_scrapy()

    def settings(self) -> "Settings":
        """Return Scrapy's settings of a crawl."""
        from scrapy.settings import Settings

        settings = Settings()
        settings.setmodule("crawler.settings", priority="project")
        settings.update(self.of_scrapy(), priority="project")
        return settings

    def _user_agent(self) -> str:
        from crawler.settings import user_agent

        return user_agent(self["contact"])

    def _read_variable(self, name: str, text: str) -> None:
        here = Path()
        try:
            if name in _BY_VARIABLE:
                key = _BY_VARIABLE[name]
                self._variables[key.name] = of_text(key, text, here)
            elif name.startswith(_OF_SITES) and (found := _of_site(name.removeprefix(_OF_SITES))):
                slug, key = found
                said = InForce(of_text(key, text, here), name)
                self._site_variables.setdefault(slug, {})[key.name] = said
        except BadSetting as wrong:
            self._faults.append(f"the environment variable {name}{wrong}")


_BY_VARIABLE = {key.variable: key for key in KEYS}


def unknown_variables(environment: Mapping[str, str], besides: Sequence[str] = (VARIABLE,)) -> list[str]:
    """Return the names of variables that begin like ours and are no key."""
    return sorted(
        name
        for name in environment
        if name.startswith("TINPHUONG_")
        and name not in _BY_VARIABLE
        and name not in besides
        and not (name.startswith(_OF_SITES) and _of_site(name.removeprefix(_OF_SITES)))
    )


def default(key: Key) -> Any:
    """Return what a key is where nobody says anything: in the unit of the key."""
    if not key.setting:
        return key.default
    from crawler import settings

    value = getattr(settings, key.setting)
    return value // key.scale if key.scale > 1 else value


def _of_site(rest: str) -> tuple[str, Key] | None:
    """Return (slug, key) of `HANOI_TRUCBACH_DELAY`, None for anything else."""
    for key in sorted(SITE_KEYS, key=lambda key: -len(key.variable)):
        slug = rest.removesuffix(f"_{key.variable}")
        if slug and slug != rest:
            return slug.lower(), SITE_BY_NAME[key.name]
    return None


def _found(environment: Mapping[str, str]) -> Path | None:
    """The configuration file that nobody named on the command line."""
    if named := environment.get(VARIABLE, "").strip():
        if not Path(named).expanduser().is_file():
            raise UsageError(f"${VARIABLE} names {named}, which is no file; `tinphuong init` makes one")
        return Path(named).expanduser()
    if Path(FILE).is_file():
        return Path(FILE)
    import platformdirs

    own = platformdirs.user_config_path("tinphuong", appauthor=False) / FILE
    return own if own.is_file() else None
