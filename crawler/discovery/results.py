"""What a walk came to: portals by confidence, what became of all names, and what that says of the forms. Pure."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from crawler import urls
from crawler.discovery.discover import Name, Plan
from crawler.discovery.model import AnswerKind, Confidence, Finding
from crawler.new_site.portal_rows import SiteRow
from crawler.units import NEW, OLD, table
from crawler.units.hosts.slugs import Named, slug_for
from spiders.portals import directory

_ORDER = {confidence: number for number, confidence in enumerate(Confidence)}


@dataclass(frozen=True, slots=True)
class FormCount:
    """How a form did. `names`: that were made by it; `live`: of them, those that have an address; then findings."""

    form: str
    names: int
    live: int
    sure: int
    likely: int
    look: int


def portals_of(plan: Plan) -> list[Name]:
    """Return the names with a finding that is not refused, the surest first; of names that lead to one host, one."""
    found: dict[str, Name] = {}
    named = [name for name in plan.names.values() if _shown(name.finding)]
    for name in sorted(named, key=lambda name: (_rank(name), name.host != _host(name), _host(name), name.host)):
        found.setdefault(urls.plain_host(_host(name)), name)
    return list(found.values())


def outcomes(plan: Plan) -> dict[str, int]:
    """Return what became of every name → how many, the confidences first."""
    counted = Counter(name.outcome for name in plan.names.values())
    first = [str(confidence) for confidence in Confidence if str(confidence) in counted]
    others = sorted(counted.keys() - set(first), key=lambda outcome: (-counted[outcome], outcome))
    return {outcome: counted[outcome] for outcome in (*first, *others)}


def by_form(plan: Plan) -> list[FormCount]:
    """Return how each form did, the one with most names first."""
    forms: dict[str, list[Name]] = {}
    for name in plan.names.values():
        forms.setdefault(name.candidate.form, []).append(name)
    counts = [_count(form, names) for form, names in forms.items()]
    return sorted(counts, key=lambda count: (-count.names, count.form))


def never_hit(counts: Iterable[FormCount]) -> list[str]:
    """Return the forms that made no portal, likely ones included."""
    return [count.form for count in counts if not count.sure + count.likely]


def unit_of(finding: Finding) -> str:
    """Return the unit of a finding for people: the old one and what it went into, or the new one; "" for none."""
    units = table()
    old, new = units.get(finding.unit_old, OLD), units.get(finding.unit_new, NEW)
    if old is None:
        return f"{new.full_name} (new:{new.code})" if new else ""
    return f"{old.full_name} (old:{old.code})" + (f" → {new.kind} {new.name} (new:{new.code})" if new else "")


def rows_of(findings: Iterable[Finding], taken: Collection[str]) -> list[SiteRow]:
    """Return the rows of a table of sites for findings, each under a slug of its own; `taken`: slugs of others."""
    units = table()
    listed = {portal.slug: portal.host for portal in directory()}
    slugs = {*taken, *listed}
    rows = []
    for finding in findings:
        unit = units.get(finding.unit_old, OLD) or units.get(finding.unit_new, NEW)
        name = finding.name or (unit.title if unit else finding.host)
        others = {slug for slug in slugs if slug in taken or listed.get(slug) != finding.host}
        slug = slug_for(Named(finding.host, finding.unit_old, finding.unit_new), others)
        slugs.add(slug)
        codes = finding.unit_old, finding.unit_new
        rows.append(SiteRow(slug, name, finding.host, finding.scheme, finding.tls, finding.platform, *codes))
    return rows


def facts_of(name: Name) -> dict[str, Any]:
    """Return a name with its finding for --json."""
    facts: dict[str, Any] = {
        "asked": name.host, "outcome": name.outcome, "form": name.candidate.form,
        "units": [unit.reference for unit in name.candidate.units], "remembered": name.remembered,
    }  # fmt: skip
    if name.candidate.found_on:
        facts |= {"found_on": name.candidate.found_on, "said": name.candidate.said}
    if (answer := name.answer) is not None:
        facts |= {"addresses": list(answer.addresses), "alias": answer.alias, "any_name": answer.any_name}
    if (finding := name.finding) is not None:
        facts |= {
            "host": finding.host, "confidence": str(finding.confidence), "unit_old": finding.unit_old,
            "unit_new": finding.unit_new, "name": finding.name, "platform": finding.platform,
            "scheme": finding.scheme, "tls": finding.tls, "newest": finding.newest, "is_frozen": finding.is_frozen,
            "evidence": list(finding.evidence), "against": list(finding.against), "reason": finding.reason,
        }  # fmt: skip
    return facts


def _count(form: str, names: list[Name]) -> FormCount:
    confidences = Counter(name.finding.confidence for name in names if name.finding)
    live = sum(name.answer is not None and name.answer.kind is AnswerKind.LIVE for name in names)
    return FormCount(
        form, len(names), live, *(confidences[kind] for kind in (Confidence.SURE, Confidence.LIKELY, Confidence.LOOK))
    )


def _shown(finding: Finding | None) -> bool:
    return finding is not None and finding.confidence is not Confidence.REFUSED


def _rank(name: Name) -> int:
    return _ORDER[name.finding.confidence] if name.finding else len(_ORDER)


def _host(name: Name) -> str:
    return name.finding.host if name.finding else name.host
