"""What a configuration says of whoever hands on: the options of an export that follow from it."""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crawler.configuration import Configuration


def options_of(configuration: "Configuration") -> dict[str, str | None]:
    """Return name → text of what is said, as `storage.exports.custody` and `storage.rights.statements` read it."""
    said: dict[str, str | None] = {
        "organization": configuration["archive.organization"],
        "address": configuration["archive.address"],
        "contact_name": configuration["archive.contact_name"],
        "email": configuration["archive.email"] or mail_of(configuration["contact"]),
        "phone": configuration["archive.phone"],
        "naan": configuration["archive.naan"],
        "rights": configuration["rights.statement"],
        "rights_url": configuration["rights.url"],
    }
    for slug, facts in configuration.sites.items():
        for name in ("rights", "rights_url"):
            if name in facts:
                said[f"{name}.{slug}"] = str(facts[name].value)
    return {name: text for name, text in said.items() if text}


def mail_of(contact: str) -> str | None:
    """Return the mail address that a contact names, None where it names none."""
    contact = contact.removeprefix("mailto:")
    return contact if re.fullmatch(r"[^@\s/]+@[^@\s/]+", contact) else None
