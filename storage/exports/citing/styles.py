"""Citations as text in the styles of bibliographies: Chicago (17th edition), APA (7th), TCVN 10256:2013 (ISO 690:2010).

Names stay as they are signed: family names come first in Vietnamese, so that nothing is inverted and no comma comes in.
"""

from storage.exports.citations import Citation
from storage.exports.citing import csl, dates
from storage.exports.citing.csl import plain

_ENDS = (".", "?", "!", "…")


def chicago(citation: Citation, naan: str | None = None) -> str:
    """Return an entry of a bibliography: “Title.” Site, day. Accessed day. Address."""
    title, by = plain(citation.title), csl.author(citation)
    issued = " – ".join(dates.english(day) for day in dates.parts(citation.published_at)) or "n.d."
    seen = dates.english(dates.day_of(citation.captured_at or citation.seen_at))
    site = csl.issuer(citation)
    place = issued if site == by else f"{site}, {issued}"
    return _joined(by, f"“{title if title.endswith(_ENDS) else f'{title}.'}”", place, f"Accessed {seen}", citation.url,
                   *_archived(citation, naan))  # fmt: skip


def apa(citation: Citation, naan: str | None = None) -> str:
    """Return an entry of a list of references: Author. (day). Title. Site. Retrieved day, from address."""
    by, site = csl.author(citation), csl.issuer(citation)
    issued = " – ".join(dates.apa(day) for day in dates.parts(citation.published_at)) or "n.d."
    seen = dates.english(dates.day_of(citation.captured_at or citation.seen_at))
    place = "" if site == by else site
    return _joined(by, f"({issued})", plain(citation.title), place, f"Retrieved {seen}, from {citation.url}",
                   *_archived(citation, naan), closed=bool(_archived(citation, naan)))  # fmt: skip


def tcvn(citation: Citation, naan: str | None = None) -> str:
    """Return a reference as TCVN 10256:2013 has it for an online resource, in Vietnamese."""
    by, site = csl.author(citation), csl.issuer(citation)
    issued = " – ".join(dates.vietnamese(day) for day in dates.parts(citation.published_at)) or "không rõ ngày"
    seen = dates.vietnamese(dates.day_of(citation.captured_at or citation.seen_at))
    today = f" ({citation.today})" if citation.today else ""
    place = issued if site == by else f"{site}{today}, {issued}"
    if site == by:
        place = place[:1].upper() + place[1:]
        by += today
    ark = citation.ark(naan)
    return _joined(by, f"{plain(citation.title)} [trực tuyến]", f"{place} [xem ngày {seen}]",
                   f"Địa chỉ: {citation.url}", f"Bản lưu: {ark}" if ark else "", citation.removal)  # fmt: skip


def _archived(citation: Citation, naan: str | None) -> list[str]:
    """What an English style says of our record: its ARK, and that the site took the article down."""
    ark, found = citation.ark(naan), []
    if ark:
        found.append(f"Archived as {ark}")
    if citation.removed_at:
        found.append(f"Taken down by its site, noted {dates.english(dates.day_of(citation.removed_at))}")
    return found


def _joined(*sentences: str, closed: bool = True) -> str:
    """Sentences with one full stop each; the last has none where an address ends it and not `closed`."""
    said = [plain(sentence) for sentence in sentences if sentence]
    text = " ".join(part if part.rstrip("”").endswith(_ENDS) else f"{part}." for part in said[:-1])
    last = said[-1]
    return f"{text} {last}{'.' if closed and not last.endswith(_ENDS) else ''}"
