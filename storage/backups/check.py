"""Checks a backup without restoring it: every file that its generations name is there and is what was written."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from storage.backups.copying import digest_of, holds
from storage.backups.layout import (
    GENERATIONS,
    MANIFEST,
    SUMS,
    Manifest,
    Stored,
    generations,
    read_manifest,
    require_backup,
)
from storage.backups.lock import sole_user
from storage.backups.snapshot import facts_of
from storage.errors import BackupDamaged, BadBackup, CollectionError

_MB = 1_000_000


@dataclass(slots=True)
class Checked:
    """What was read, and what is wrong: sentences. `whole`: the generations that can be restored, the oldest first;
    `of_source`: what was damaged in the collection itself when it was copied."""

    generations: list[str] = field(default_factory=list)
    whole: list[str] = field(default_factory=list)
    files: int = 0
    bytes: int = 0
    damage: list[str] = field(default_factory=list)
    of_source: list[str] = field(default_factory=list)

    def to_dict(self) -> dict[str, object]:
        """Return this as JSON-ready facts."""
        return {
            "whole": not self.damage, "generations": self.generations, "restorable": self.whole, "files": self.files,
            "bytes": self.bytes, "damage": self.damage, "damaged_when_copied": self.of_source,
        }  # fmt: skip


def chosen(dest: Path, generation: str | None) -> str:
    """Return the generation of that name, or the newest. Raises BackupDamaged where there is none."""
    there = generations(dest)
    if not there:
        raise BackupDamaged(f"{dest} holds no whole backup: the first one was cut short; back up again")
    if generation is None:
        return there[-1]
    if generation not in there:
        raise BadBackup(f"{dest} has no generation {generation}; it has {', '.join(there)}")
    return generation


def check(dest: Path, progress: Callable[[int, int], None], *, generation: str | None = None) -> Checked:
    """Read every file of the backup at `dest`, each once, or those of one generation. `progress`: (MB done, of all).

    Raises BadBackup where it is none or has not that generation, BackupDamaged where it has none, Locked where another
    process writes to it.
    """
    require_backup(dest)
    with sole_user(dest, writes=False):
        return _check(dest, progress, generation)


def _check(dest: Path, progress: Callable[[int, int], None], generation: str | None) -> Checked:
    newest = chosen(dest, generation)
    found = Checked([newest] if generation else generations(dest))
    manifests: list[Manifest] = []
    for name in found.generations:
        try:
            manifests.append(manifest_of(dest, name))
        except BackupDamaged as error:
            found.damage.append(str(error))
    total = sum({item.file: item.size for each in manifests for item in each.files()}.values())
    seen: dict[Stored, str | None] = {}
    for manifest in manifests:
        faults = []
        for item in manifest.files():
            if item not in seen:
                seen[item] = _fault(dest, item)
                found.files += 1
                found.bytes += item.size
                progress(found.bytes // _MB, total // _MB)
                faults.append(seen[item])
        own = [fault for fault in faults if fault]
        if seen[manifest.database] is None:
            own += _contents(dest, manifest)
        found.damage += own
        if not own and not any(seen[item] for item in manifest.files()):
            found.whole.append(manifest.generation)
        found.of_source += [f"{manifest.generation}: {what}" for what in manifest.damage]
    return found


def manifest_of(dest: Path, name: str) -> Manifest:
    """Return a manifest whose own digest is the one beside it. Raises BackupDamaged."""
    folder = dest / GENERATIONS / name
    manifest = read_manifest(dest, name)
    try:
        first = (folder / SUMS).read_text(encoding="utf-8").partition(" ")[0]
    except (OSError, ValueError):
        raise BackupDamaged(f"{folder / SUMS} is missing or cannot be read") from None
    if first != digest_of(folder / MANIFEST):
        raise BackupDamaged(f"{folder / MANIFEST} is damaged: its SHA-256 is not the one in {SUMS}")
    return manifest


def _fault(dest: Path, item: Stored) -> str | None:
    path = dest / item.file
    try:
        if not path.is_file():
            return f"{path} is missing"
        if not holds(path, item.size):
            return f"{path} has {path.stat().st_size} bytes, not {item.size}"
        return None if digest_of(path) == item.sha256 else f"{path} is damaged: its SHA-256 is another than was written"
    except OSError as error:
        return f"{path} cannot be read: {error.strerror}"


def _contents(dest: Path, manifest: Manifest) -> list[str]:
    """What the manifest says of its database against the database itself."""
    path = dest / manifest.database.file
    try:
        facts = facts_of(path, checked=False)
    except CollectionError as error:
        return [str(error)]
    wrong = [name for name, count in manifest.counts.items() if facts.counts.get(name) != count]
    named = {item.name for item in manifest.captures}
    lacking = [name for name in facts.ends if "/" not in name and name not in named]
    known = any("is missing" in what for what in manifest.damage)
    return [
        *(f"{path} does not hold as many {name} as the manifest says" for name in wrong),
        *(f"{path} refers to {name}, which is not in the generation" for name in lacking if not known),
    ]
