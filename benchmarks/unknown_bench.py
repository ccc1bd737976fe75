"""How well the platform `generic` does on portals on platforms that no module was written for.

Crawls the invented portals of tests/unknown twice and surveys each: `python benchmarks/unknown_bench.py [name ...]`.
"""

import argparse
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from crawler.new_site.survey_failures import SurveyFailed
from tests.unknown.platforms import PORTALS
from tests.unknown.scoring import score
from tests.unknown.surveyed import survey_of

_HEAD = "| portal | modelled on | found | wrong | no article | requests | again | what a crawl says | `new-site` |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="portals (default: all)")
    chosen = [p for p in PORTALS if p.invented.name in parser.parse_args().names] or PORTALS
    with tempfile.TemporaryDirectory() as folder:
        scores, said = score(Path(folder), chosen, chosen)
    print(f"{said}{_HEAD}\n|{'---|' * 9}")
    for each in scores:
        invented, published = each.portal.invented, len(each.portal.notices)
        print(
            f"| {invented.name} | {invented.modelled_on} | {each.found} of {published} | {len(each.wrong)} | "
            f"{len(each.extra)} | {each.requests} | {each.requests_again} | {_says(each)} | {_surveyed(each.portal)} |"
        )
        missing = each.missing if not invented.unreached else []
        for problem in (missing, each.extra, each.wrong, each.twice, each.trapped):
            if problem:
                print(f"    {problem}", file=sys.stderr)
    found, published = sum(each.found for each in scores), sum(len(each.portal.notices) for each in scores)
    stored = found + sum(len(each.extra) for each in scores)
    reachable = published - sum(each.portal.invented.unreached for each in scores)
    print(f"\n{found} of {published} articles, {reachable} within reach;")
    print(f"{stored - found} of {stored} rows are not articles;")
    print(f"{sum(each.again['new'] + each.again['changed'] for each in scores)} new rows in the second crawl")


def _says(each) -> str:
    status, message = each.site["status"], each.site["message"]
    return message if status == "ok" else f"{status}: {message}"


def _surveyed(portal) -> str:
    try:
        found, _ = survey_of(portal)
    except SurveyFailed as error:
        return str(error).removeprefix(f"http://{portal.host}/: ").partition(";")[0]
    days = {notice.title: notice.at("%Y-%m-%d") for notice in portal.notices}
    right = sum(days.get(article.title) == (article.published_at or "")[:10] for _, article in found.shown)
    return f"{found.platform}, {right} of {len(found.shown)} right"


if __name__ == "__main__":
    main()
