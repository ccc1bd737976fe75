"""Whether the codes that a site was given can be right."""

from collections.abc import Iterator

from crawler.units.model import table


def faults(unit_old: str | None, unit_new: str | None) -> Iterator[tuple[str, str]]:
    """Yield (`unit_old` or `unit_new`, a sentence) for a code that its list does not have, or that does not fit."""
    units = table()
    lists = (("unit_old", unit_old, units.old, "before"), ("unit_new", unit_new, units.new, "since"))
    unknown = [(name, code, when) for name, code, known, when in lists if code and code not in known]
    for name, code, when in unknown:
        yield name, f"no unit has the code {code!r} {when} July 2025"
    if not unknown and unit_old and unit_new:
        successors = units.successors(unit_old)
        if units.new[unit_new] not in successors:
            where = " and ".join(unit.label for unit in successors)
            yield (
                "unit_new",
                f"{units.old[unit_old].label} did not go into {units.new[unit_new].label} but into {where}",
            )
