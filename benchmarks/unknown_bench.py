"""How well the platform `generic` does on portals of makes that no module was written for.

Crawls the invented portals of tests/unknown twice and surveys each: `python benchmarks/unknown_bench.py [name ...]`.
"""

import argparse
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from crawler.new_site.survey import SurveyFailed
from tests.unknown.makes import PORTALS
from tests.unknown.scoring import score
from tests.unknown.surveyed import survey_of

_HEAD = "| portal | after | found | wrong | no article | requests | again | what a crawl says | `new-site` |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="portals (default: all)")
    chosen = [p for p in PORTALS if p.make.name in parser.parse_args().names] or PORTALS
    with tempfile.TemporaryDirectory() as folder:
        scores, said = score(Path(folder), chosen, chosen)
    print(f"{said}{_HEAD}\n|{'---|' * 9}")
    for each in scores:
        make = each.portal.make
        print(
            f"| {make.name} | {make.family} | {each.found} of {len(each.portal.notices)} | {len(each.wrong)} | "
            f"{len(each.extra)} | {each.requests} | {each.requests_again} | {_told(each)} | {_surveyed(each.portal)} |"
        )
        for problem in (each.missing if not make.unreached else [], each.extra, each.wrong, each.twice, each.trapped):
            if problem:
                print(f"    {problem}", file=sys.stderr)
    found, published = sum(each.found for each in scores), sum(len(each.portal.notices) for each in scores)
    stored = found + sum(len(each.extra) for each in scores)
    reachable = published - sum(each.portal.make.unreached for each in scores)
    print(f"\n{found} of {published} articles, {reachable} within reach; {stored - found} of {stored} rows are none; ")
    print(f"{sum(each.again['new'] + each.again['changed'] for each in scores)} new rows in the second crawl")


def _told(each) -> str:
    status, message = each.site["status"], each.site["message"]
    return message if status == "ok" else f"{status}: {message}"


def _surveyed(portal) -> str:
    try:
        found, _ = survey_of(portal)
    except SurveyFailed as error:
        return str(error).removeprefix(f"http://{portal.host}/: ").partition(";")[0]
    told = {notice.title: notice.at("%Y-%m-%d") for notice in portal.notices}
    right = sum(told.get(article.title) == (article.published_at or "")[:10] for _, article in found.shown)
    return f"{found.platform}, {right} of {len(found.shown)} right"


if __name__ == "__main__":
    main()
