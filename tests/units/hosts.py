"""Hosts formed from units, as provinces form them."""

from collections.abc import Iterator

from crawler.units import Unit
from crawler.units.hosts.labels import district_labels, unit_labels
from crawler.units.provinces import labels_of_provinces, slug_of_province


def hosts_of(unit: Unit) -> Iterator[tuple[str, str]]:
    """Yield (template, host) of an old unit."""
    own = unit_labels(unit)
    districts = district_labels(unit.district, unit.province)
    province = slug_of_province(unit.province)
    ward = own.get("{ward}", own["{kind}{ward}"])
    district = districts.get("{district}", districts.get("{kind}{district}", ""))
    for form, label in own.items():
        yield f"{form}.{{district}}.{{province}}", f"{label}.{district}.{province}.gov.vn"
    for form, label in districts.items():
        if form != "{district}":
            yield f"{{ward}}.{form}.{{province}}", f"{ward}.{label}.{province}.gov.vn"
    for label, slug in labels_of_provinces().items():
        if slug == province:
            yield "{ward}.{province}", f"{ward}.{label}.gov.vn"
    yield "{kind}{ward}.{province}", f"{own['{kind}{ward}']}.{province}.gov.vn"
    yield "{ward}.{district}", f"{ward}.{district}.gov.vn"
    yield "{ward}.{district}city", f"{ward}.{district}city.gov.vn"
    yield "{ward}-{district}.{province}", f"{ward}-{district}.{province}.gov.vn"
    yield "{ward}{district}.{province}", f"{ward}{district}.{province}.gov.vn"
    yield "{kind}{ward}", f"{own['{kind}{ward}']}.gov.vn"
    yield "outside gov.vn", f"{ward}.{province}.vn"
