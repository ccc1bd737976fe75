"""What became of the unit of an issuer: the ward at the time of an article, and the one that it belongs to today.

"Today" is the list of units since 1 July 2025, not the clock: the same article always names the same units.
"""

from crawler.units import NEW, Unit, table
from storage.exports.mapping import unit_at
from storage.rows import UnitCodes

BETWEEN = "; "  # between units, where one was divided among several


def units_today(issuer: UnitCodes, published_at: str | None) -> tuple[Unit, ...]:
    """Return the units of today that took the place of the one that the issuer had when an article was published.

    () where it is still the same, and where its code is not known. The site's own new code comes first; where it has
    none, all units that the old one went into are meant, in whole or in part.
    """
    then = unit_at(issuer, published_at)
    if then is None or then.vintage == NEW:
        return ()
    own = table().get(issuer["unit_new"], NEW)
    return (own,) if own else table().successors(then.code)


def then_and_today(issuer: UnitCodes, published_at: str | None) -> tuple[str | None, str | None]:
    """Return the full names of an issuer's unit at the time of an article, and today; None for what is not known.

    Where nothing changed, both are the same.
    """
    then = unit_at(issuer, published_at)
    today = BETWEEN.join(unit.full_name for unit in units_today(issuer, published_at))
    if then is None:
        return None, None
    return then.name, today or (then.name if then.vintage == NEW else None)


def in_full(issuer: str, unit_name: str | None) -> str:
    """Return an issuer with its unit in full: "Phường Trúc Bạch, quận Ba Đình, thành phố Hà Nội"."""
    if unit_name and unit_name.casefold().startswith(issuer.casefold()):
        return issuer + unit_name[len(issuer) :]
    return f"{issuer}, {unit_name}" if unit_name else issuer
