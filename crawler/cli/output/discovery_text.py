"""What `discover` prints: what it would ask for, what it found, and what is to be learnt from that."""

import argparse
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from crawler.cli.output.text_table import cut, table
from crawler.cli.surveying import told_options
from crawler.discovery.discover import Name, Plan, Walk
from crawler.discovery.model import Finding
from crawler.discovery.names import Area, suffix_of
from crawler.discovery.results import by_form, facts_of, never_hit, outcomes, portals_of, unit_of
from crawler.text.counted import counted

if TYPE_CHECKING:
    from crawler.discovery.memory import Memory
    from crawler.new_site.portal_rows import AddedSites

_WIDE = 60  # characters of evidence and of what speaks against a row
_MOST_ROWS = 60


def dry_run_facts(plan: Plan, memory: "Memory", rate: float, *, again: bool) -> dict[str, Any]:
    """Return what a walk would ask for."""
    asked = list(plan.names.values()) if again else plan.to_ask
    suffixes = {suffix_of(name.host) for name in asked} if again else plan.suffixes(memory)
    questions = len(asked) + 2 * len(suffixes)
    forms = Counter(name.candidate.form for name in asked)
    return {
        **_area_facts(plan.area), "names": len(plan.names), "to_ask": len(asked),
        "remembered": len(plan.names) - len(asked), "to_fetch": 0 if again else len(plan.to_fetch),
        "listed": len(plan.listed), "registered": len(plan.registered),
        "suffixes": len(suffixes), "questions": questions, "rate": rate, "seconds": round(questions / rate, 1),
        "names_a_unit": _a_unit(plan), "forms": dict(forms.most_common()),
        "asked": [
            {"host": name.host, "form": name.candidate.form, "units": [unit.reference for unit in name.candidate.units]}
            for name in asked
        ],
    }  # fmt: skip


def print_dry_run(plan: Plan, memory: "Memory", rate: float, *, again: bool) -> None:
    """Print what a walk would ask for."""
    facts = dry_run_facts(plan, memory, rate, again=again)
    _print_area(plan)
    if asked := memory.asked_at(plan.area.units):
        print(f"All names of {counted(len(asked), 'unit')} were asked for, last on {max(asked)[:10]}.")
    if facts["forms"]:
        print()
        print(table([[form, count] for form, count in facts["forms"].items()], ["form", "names"]))
        print()
    print(
        f"It would ask for {counted(facts['to_ask'], 'name')} ({facts['names_a_unit']} a unit), and for two that "
        f"nobody uses under each of {counted(facts['suffixes'], 'suffix', 'suffixes')}: about "
        f"{_minutes(facts['seconds'])} at {rate:g} a second. {facts['remembered']} are remembered. Then one front page "
        f"of each name that is live{_waiting(facts['to_fetch'])}."
    )


def walk_facts(plan: Plan, walk: Walk | None, added: "AddedSites | None") -> dict[str, Any]:
    """Return what a walk came to, for --json."""
    facts: dict[str, Any] = {
        **_area_facts(plan.area), "names": len(plan.names), "names_a_unit": _a_unit(plan), "listed": plan.listed,
        "registered": plan.registered, "outcomes": outcomes(plan),
        "remembered": sum(name.remembered for name in plan.names.values()),
        "forms": [
            {"form": count.form, "names": count.names, "live": count.live, "sure": count.sure, "likely": count.likely,
             "look": count.look}
            for count in by_form(plan)
        ],
        "portals": [facts_of(name) for name in portals_of(plan)],
        "asked": [facts_of(name) for name in plan.names.values()],
    }  # fmt: skip
    if walk is not None:
        facts |= {
            "questions": walk.questions, "dns_seconds": round(walk.dns_seconds, 1), "requests": walk.requests,
            "front_pages": walk.pages_fetched, "sources": walk.sources_read,
            "page_seconds": round(walk.page_seconds, 1),
        }  # fmt: skip
    if added is not None:
        facts["written"] = [row.cells() for row in added.added]
        facts["not_written"] = {**added.refused, **{host: f"registered as {s}" for host, s in added.registered.items()}}
    return facts


def print_end(plan: Plan, walk: Walk | None, added: "AddedSites | None", arguments: argparse.Namespace) -> None:
    """Print what a walk came to: the portals, what became of all names, how the forms did, and what to do next."""
    _print_area(plan)
    print()
    portals = portals_of(plan)
    if portals:
        rows = [_row(name, name.finding) for name in portals[:_MOST_ROWS] if name.finding]
        print(table(rows, ["host", "unit", "confidence", "evidence", "against"]))
        if len(portals) > _MOST_ROWS:
            print(f"… and {len(portals) - _MOST_ROWS} more; --json lists them all, with all names that were asked for.")
    else:
        print("No portal was found that nobody had listed.")
    print()
    counts = by_form(plan)
    if counts:
        headers = ["form", "names", "live", "sure", "likely", "look"]
        print(table([[c.form, c.names, c.live, c.sure, c.likely, c.look] for c in counts], headers))
        print()
    said = ", ".join(f"{count} {outcome}" for outcome, count in outcomes(plan).items())
    remembered = sum(name.remembered for name in plan.names.values())
    print(f"{counted(len(plan.names), 'name')} ({_a_unit(plan)} a unit): {said or 'none'}. {remembered} remembered.")
    if walk is not None:
        print(
            f"The name service: {counted(walk.questions, 'question')} in {_minutes(walk.dns_seconds)}; "
            f"{counted(walk.pages_fetched, 'front page')} by {counted(walk.requests, 'request')} in "
            f"{_minutes(walk.page_seconds)}, {walk.sources_read} of them of known portals, read for their links."
        )
    if (misses := never_hit(counts)) and added is not None:
        print(f"No portal by {counted(len(misses), 'form')} of {len(counts)}: {', '.join(misses)}.")
    if added is not None:
        _print_written(plan, added, arguments)


def _print_written(plan: Plan, added: "AddedSites", arguments: argparse.Namespace) -> None:
    if added.added:
        print(f"\nWritten: {counted(len(added.added), 'row')}: {', '.join(row.slug for row in added.added[:8])}"
              f"{' …' if len(added.added) > 8 else ''}.")  # fmt: skip
    for host, why in added.refused.items():
        print(f"Not written: {host}: {why}.")
    if added.registered:
        print(f"Registered already: {', '.join(f'{host} ({slug})' for host, slug in added.registered.items())}.")
    likely = [name for name in portals_of(plan) if name.finding and name.finding.confidence == "likely"]
    if likely and not arguments.all:
        print(f"{counted(len(likely), 'likely portal')} not written; look at what speaks against them, then --all.")
    if added.added:
        print(f"next: tinphuong{told_options(arguments)} crawl --province {plan.area.province}")


def _row(name: Name, finding: Finding) -> Sequence[object]:
    host = finding.host if finding.host == name.host else f"{finding.host} (asked: {name.host})"
    return [
        host, cut(unit_of(finding) or "–", _WIDE), str(finding.confidence), cut("; ".join(_evidence(finding)), _WIDE),
        cut(_against(finding), _WIDE) or "–",
    ]  # fmt: skip


def _evidence(finding: Finding) -> list[str]:
    """What the page says of itself comes before how it was reached."""
    return sorted(finding.evidence, key=lambda said: " says “" not in said)


def _against(finding: Finding) -> str:
    return "; ".join([*(["frozen"] if finding.is_frozen else []), *finding.against])


def _area_facts(area: Area) -> dict[str, Any]:
    return {"area": area.name, "text": area.text, "units_old": len(area.old), "units_new": len(area.new)}


def _print_area(plan: Plan) -> None:
    area = plan.area
    print(
        f"{area.name[:1].upper()}{area.name[1:]}: {counted(len(area.new), 'unit')} of today, {len(area.old)} of before "
        f"July 2025; {counted(len(plan.listed), 'portal')} in the directory (`tinphuong portals`), "
        f"{len(plan.registered)} registered."
    )


def _a_unit(plan: Plan) -> float:
    return round(len(plan.names) / max(1, len(plan.area)), 1)


def _waiting(pages: int) -> str:
    return f", and of {pages} that are known to be" if pages else ""


def _minutes(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"
