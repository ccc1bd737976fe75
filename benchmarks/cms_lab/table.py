"""The table of `docs/platforms/lab.md`, and what is told of each trial under it."""

from benchmarks.cms_lab.rounds import Trial

HEAD = (
    "CMS", "version", "platform", "found", "false", "titles", "to the minute", "text F1", "leads", "authors", "files",
    "requests, first run", "an article", "new", "edited", "deleted", "pinned", "no news: lists + articles", "sections",
)  # fmt: skip


def _of(pair: tuple[int, int] | None) -> str:
    return "–" if pair is None else f"{pair[0]}/{pair[1]}"


def without_news(trial: Trial) -> str:
    """The requests of the run without news: those for lists and the like, and those for known articles."""
    if len(trial.vain) < 2:
        return "–"
    lists = trial.vain[-1].total()
    return f"{lists} + {trial.requests[-1] - lists}"


def cells(trial: Trial) -> tuple[str, ...]:
    """A trial as the cells of its row."""
    score, seen = trial.first, trial.seen
    first = trial.requests[1] if len(trial.requests) > 1 else 0
    pinned = "–" if seen.pinned is None else "kept" if seen.pinned else "lost"
    return (
        trial.title, trial.version, trial.platform, f"{score.found}/{score.of}", str(score.false), str(score.titles),
        str(score.minutes), f"{score.text:.3f}", str(score.leads), f"{score.authors}/{score.authors_of}",
        f"{score.files}/{score.files_of}", str(first), f"{first / score.of:.2f}" if score.of else "–", _of(seen.new),
        _of(seen.edited), _of(seen.deleted), pinned,
        without_news(trial), str(trial.sections),
    )  # fmt: skip


def line(cells: tuple[str, ...]) -> str:
    """Cells as a line of a table in Markdown."""
    return "| " + " | ".join(cells) + " |"


def heading() -> tuple[str, str]:
    """The two lines above the rows."""
    return line(HEAD), line(tuple("---" for _ in HEAD))


def told(trial: Trial, *, everything: bool = False) -> str:
    """What went wrong in a trial, and which requests were for no article, in lines."""
    lines = [f"{trial.name} ({trial.title} {trial.version})"]
    if trial.problem:
        lines.append(f"  {trial.problem}")
    lines.append(f"  start pages: {' '.join(trial.starts) or 'none'}")
    lines += [f"  first run: {line}" for line in trial.first.wrong]
    if trial.last:
        lines += [f"  at the end: {line}" for line in trial.last.wrong if line not in trial.first.wrong]
    names = ["first run", "after the changes", "without news"]
    if len(trial.vain) == 2:  # pages that do not change
        del names[1]
    for name, counted in zip(names, trial.vain, strict=False):
        kinds = ", ".join(f"{count} {kind}" for kind, count in counted.most_common(12))
        lines.append(f"  {name}, {sum(counted.values())} requests for no article: {kinds}")
    if everything:
        lines += trial.said
    return "\n".join(lines)
