"""What an export says on the reuse of its articles: what is stated, and else that nothing is, and what the sites say.

A statement comes from the facts of a site or from the configuration. Lines of the sites' own pages are handed on as
what they are: words of others, with the page and the time, and no licence.
"""

import csv as comma
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from storage.exports import csv
from storage.exports.job import Job
from storage.rights.evidence import Evidence, evidence
from storage.rights.statements import Statement, statement_of
from storage.rows import SiteRow

_COLUMNS = ("site", "kind", "text", "url", "record_id", "captured_at", "first_seen_at", "last_seen_at")
_MOST_QUOTED = 20  # sites
NO_STATEMENT = "no statement is made"
KHONG_TUYEN_BO = "không có tuyên bố nào"


@dataclass(frozen=True, slots=True)
class RightsOfSite:
    """What is stated on the articles of a site, and the lines of its own pages."""

    site: SiteRow
    statement: Statement
    said: list[Evidence]

    @property
    def in_english(self) -> str:
        """One sentence: the statement, or that there is none and what the site says."""
        return self._sentence(NO_STATEMENT, "what the site says:", "the site says nothing that was seen")

    @property
    def in_vietnamese(self) -> str:
        """The same in Vietnamese."""
        return self._sentence(KHONG_TUYEN_BO, "trang gốc ghi:", "không thấy trang gốc ghi gì")

    def _sentence(self, nothing: str, says: str, silent: str) -> str:
        if self.statement:
            return str(self.statement)
        lines = " / ".join(f"“{item['text']}”" for item in self.said)
        return f"{nothing}; {says} {lines}" if lines else f"{nothing}; {silent}"


def rights_of_sites(job: Job) -> list[RightsOfSite]:
    """Return what goes along with the articles of each site that was looked through, in the order of their slugs."""
    return [
        RightsOfSite(site, statement_of(site), evidence(job.collection.db.conn, site["slug"]))
        for site in job.chosen.sites
    ]


def write_table(job: Job, path: Path) -> None:
    """Write a line for each statement and each line of evidence, as CSV for spreadsheets."""
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        table = comma.writer(out, lineterminator="\r\n")
        table.writerow(_COLUMNS)
        for found in rights_of_sites(job):
            slug = found.site["slug"]
            if found.statement:
                stated = (slug, "statement", found.statement.text, found.statement.url, None, None, None, None)
                table.writerow([csv.cell(cell) for cell in stated])
            for item in found.said:
                facts = (item["record_id"], item["captured_at"], item["first_seen_at"], item["last_seen_at"])
                cells = (slug, "said by the site", item["text"], item["url"], *facts)
                table.writerow([csv.cell(cell) for cell in cells])


def lines(job: Job, *, english: bool) -> str:
    """Return a line of Markdown for each site."""
    return "\n".join(
        f"- {found.site['name']}: {found.in_english if english else found.in_vietnamese}"
        for found in rights_of_sites(job)
    )


def licences(job: Job) -> list[dict[str, str]]:
    """Return the statements with an address, each once, as a Frictionless data package lists licences."""
    stated = dict.fromkeys(found.statement for found in rights_of_sites(job) if found.statement.url)
    return [{"path": item.url, **({"title": item.text} if item.text else {})} for item in stated]


def in_one_line(job: Job) -> str:
    """Return what goes along with the articles of each site; of more than `_MOST_QUOTED` sites without their words."""
    found = rights_of_sites(job)
    if len(found) > _MOST_QUOTED:
        return " | ".join(in_short(job))
    return " | ".join(f"{one.site['slug']}: {one.in_english}" for one in found)


def in_short(job: Job) -> Iterator[str]:
    """Yield the statements, each once and with the sites that it is for where there are several; what is said where
    none is made."""
    of_sites: dict[str, list[str]] = {}
    for found in rights_of_sites(job):
        said = str(found.statement) if found.statement else f"{NO_STATEMENT}; what the sites say is in data/rights.csv"
        of_sites.setdefault(said, []).append(found.site["slug"])
    for said, slugs in of_sites.items():
        yield said if len(of_sites) == 1 else f"{', '.join(slugs)}: {said}"
