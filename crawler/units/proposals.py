"""The codes of the units that a site is likely of: proposed only where sure."""

from crawler.units.identity import host_identity


def propose(ward: str, host: str, text: str) -> tuple[str | None, str | None]:
    """Return the codes (before, since July 2025) of the unit that a site is of; None for what is not sure.

    `ward`: its name as the pages have it, or its owner; `text`: of the front page. The name must be a unit's, and host
    or page must name a district or province of it: `trucbach.badinh.hanoi.gov.vn`, "Địa chỉ: phường Trúc Bạch, quận Ba
    Đình". Where two units are supported as well as each other, or host and page disagree, nothing is said.
    `host_identity` tells why.
    """
    found = host_identity(ward, host, text)
    return found.unit_old, found.unit_new
