"""What the archive states on the reuse of a site's articles, and what goes along with them in an export.

Nothing is ever made up: where nobody states anything, there is no statement, and exports say so.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from storage.rows import Issuer


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement in words, and the address of the licence or of a statement of rightsstatements.org; "" for none."""

    text: str = ""
    url: str = ""

    def __bool__(self) -> bool:
        return bool(self.text or self.url)

    def __str__(self) -> str:
        return f"{self.text} ({self.url})" if self.text and self.url else self.text or self.url


@dataclass(frozen=True, slots=True)
class Statements:
    """The statements that a configuration makes: for single sites by slug, and for all that have none."""

    default: Statement = Statement()
    of_sites: Mapping[str, Statement] = field(default_factory=dict)

    @classmethod
    def of_options(cls, options: Mapping[str, str | None]) -> Self:
        """Return those among the options of an export: `rights`, `rights_url`, `rights.SLUG` and `rights_url.SLUG`."""
        slugs = [name.partition(".")[2] for name in options if name.startswith(("rights.", "rights_url."))]
        said = {
            slug: Statement(options.get(f"rights.{slug}") or "", options.get(f"rights_url.{slug}") or "")
            for slug in slugs
        }
        return cls(Statement(options.get("rights") or "", options.get("rights_url") or ""), said)

    def of(self, slug: str, site: Issuer) -> Statement:
        """Return the statement that holds for a site: that of the configuration for it; that which is kept with its
        row, from its facts or an import; that for all sites. Each counts whole, as a licence belongs to its words."""
        kept = Statement(site.get("rights") or "", site.get("rights_url") or "")
        return self.of_sites.get(slug) or kept or self.default

    def put_into(self, slug: str, site: Issuer) -> None:
        """Put the statement that holds for a site into its row."""
        holds = self.of(slug, site)
        site["rights"], site["rights_url"] = holds.text or None, holds.url or None


def statement_of(site: Issuer) -> Statement:
    """Return the statement in a row into which the one that holds was put."""
    return Statement(site.get("rights") or "", site.get("rights_url") or "")
