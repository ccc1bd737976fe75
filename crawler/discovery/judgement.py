"""Whether a front page is that of a ward's or commune's portal, and whose: by what the page says of itself. Pure."""

from crawler.discovery.model import Candidate, Confidence, DnsAnswer, Finding, FrontPage


def judge(candidate: Candidate, answer: DnsAnswer, page: FrontPage) -> Finding:
    """Return what is concluded of a candidate: whose portal it is, how sure that is, by what, and what speaks against.

    A name that did not answer, and a page that did not come, are refused with the reason's word.
    """
    return Finding(candidate.host, candidate.host, Confidence.REFUSED, reason=page.failed or str(answer.kind))
