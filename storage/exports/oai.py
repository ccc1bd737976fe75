"""A static OAI-PMH 2.0 repository: every answer to a harvester is a file, and a rule of three lines finds it.

`verb=ListRecords` is ListRecords.xml, with `set=S` ListRecords.set-S.xml, with `resumptionToken=T` T.xml, and GetRecord
leads into records/. Rules for Apache (.htaccess) and nginx lie in the folder. Such rules cannot look at dates: a
request with `from` or `until` gets the whole list from them. The server in the folder (serve.py) does look.
"""

import shutil
from itertools import chain
from pathlib import Path
from typing import IO, NamedTuple

from storage.exports import oai_server
from storage.exports.delivery import NAME
from storage.exports.descriptions import mods
from storage.exports.identifiers import oai_identifier as identifier
from storage.exports.job import Job
from storage.exports.oai_server import FORMATS, in_format
from storage.exports.xml import element, oai_dc, text
from storage.rows import WholeArticle

PAGE = 100  # records
_BASE_URL = "http://localhost:8000/oai"
_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://www.openarchives.org/OAI/2.0/ '
    'http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd">\n'
)
_SCHEMAS = {  # prefix → schema, namespace
    "oai_dc": ("http://www.openarchives.org/OAI/2.0/oai_dc.xsd", "http://www.openarchives.org/OAI/2.0/oai_dc/"),
    mods.PREFIX: (mods.SCHEMA, mods.NAMESPACE),
}
_ERRORS = {
    "badVerb": "The verb is missing or not one of OAI-PMH.",
    "badArgument": "An argument is missing or unknown.",
    "badResumptionToken": "There is no such list, or the repository was made anew since.",
    "cannotDisseminateFormat": f"Only {' and '.join(FORMATS)} are available.",
    "idDoesNotExist": "There is no record of that identifier.",
    "noRecordsMatch": "No record matches.",
}
_HTACCESS = """\
# OAI-PMH over static files: needs mod_rewrite and AllowOverride FileInfo. The arguments from and until are not looked
# at: a harvester gets the whole list. Where it is to get less, let Apache pass requests on to serve.py (ProxyPass).
AddType text/xml .xml
RewriteEngine On
RewriteCond %{QUERY_STRING} (?:^|&)resumptionToken=([\\w.-]+)
RewriteRule ^$ %1.xml? [L]
RewriteCond %{QUERY_STRING} (?:^|&)metadataPrefix=mods(?:&|$)
RewriteRule ^$ - [E=FORMAT:.mods]
RewriteCond %{QUERY_STRING} (?:^|&)verb=GetRecord&.*identifier=oai(?::|%3A)[\\w.-]+(?::|%3A)(..)(\\w+) [NC]
RewriteRule ^$ records/%1/%2%{ENV:FORMAT}.xml? [L]
RewriteCond %{QUERY_STRING} (?:^|&)verb=(\\w+).*&set=([\\w-]+)
RewriteRule ^$ %1%{ENV:FORMAT}.set-%2.xml? [L]
RewriteCond %{QUERY_STRING} (?:^|&)verb=(List(?:Records|Identifiers))
RewriteRule ^$ %1%{ENV:FORMAT}.xml? [L]
RewriteCond %{QUERY_STRING} (?:^|&)verb=(\\w+)
RewriteRule ^$ %1.xml? [L]
"""
_NGINX = """\
# OAI-PMH over static files: put this into the server block, with `root` set so that /oai/ is this folder. The
# arguments from and until are not looked at: a harvester gets the whole list. Where it is to get less, use proxy_pass
# to serve.py.
set $oai_format "";
if ($arg_metadataPrefix = mods) { set $oai_format .mods; }
set $oai_list $arg_verb;
if ($arg_verb ~ "^List(Records|Identifiers)$") { set $oai_list $arg_verb$oai_format; }
if ($arg_set) { set $oai_list $arg_verb$oai_format.set-$arg_set; }
if ($arg_resumptionToken) { set $oai_list $arg_resumptionToken; }
set $oai_record $arg_verb$arg_identifier;
if ($oai_record ~ "^GetRecordoai(?::|%3A)[\\w.-]+(?::|%3A)(..)(\\w+)$") { set $oai_list records/$1/$2$oai_format; }
location = /oai {  # without an `if`: where one matches, nginx passes over try_files
    default_type text/xml;
    try_files /oai/$oai_list.xml /oai/badArgument.xml =404;
}
"""


def write(job: Job, path: Path) -> None:
    """Write the repository into the folder `path`."""
    frame = _Frame(job.options.get("base_url") or _BASE_URL, _utc(job.moment))
    everything = [_List(path, frame, prefix, "", job.count) for prefix in FORMATS]
    of_site: list[_List] = []
    counts = _counts(job)
    earliest = job.moment
    texts = job.texts(_records, job.naan, job.options.get("organization") or "")
    with (path / "records.tsv").open("w", encoding="utf-8", newline="\n") as records:
        for one in chain.from_iterable(texts):  # site by site
            if not of_site or of_site[0].set != one.site:
                for each in of_site:
                    each.close()
                of_site = [_List(path, frame, prefix, one.site, counts[one.site]) for prefix in FORMATS]
            earliest = min(earliest, one.stamp)
            records.write(f"{_utc(one.stamp)}\t{one.site}\t{one.name}\n")
            for prefix, record, *lists in zip(FORMATS, one.records, everything, of_site, strict=True):
                for each in lists:
                    each.add(one.header, record)
                place = path / oai_server.place_of(one.name, prefix)
                place.parent.mkdir(parents=True, exist_ok=True)
                request = {"verb": "GetRecord", "identifier": one.name, "metadataPrefix": prefix}
                place.write_text(frame.whole(request, f"<GetRecord>{record}</GetRecord>"), encoding="utf-8")
    for each in (*everything, *of_site):
        each.close()
    _fixed(job, path, frame, earliest, sorted(counts))
    (path / NAME).write_text(job.delivery.to_text(), encoding="utf-8")
    if not job.options.get("base_url"):
        job.remarks.append(
            f"the repository names itself {_BASE_URL}: give --base-url where it is to be served elsewhere"
        )


class _Record(NamedTuple):
    """An article's record. `stamp`: ISO 8601 in UTC; `records`: the whole of it in each of FORMATS."""

    site: str
    name: str
    stamp: str
    header: str
    records: list[str]


def _records(articles: list[WholeArticle], naan: str | None, source: str) -> list[_Record]:
    """Return the records of articles. `source`: who keeps them, "" where nobody is named."""
    found = []
    for article in articles:
        header = _header(article)
        texts = [f"<record>{header}{_metadata(article, prefix, naan, source)}</record>" for prefix in FORMATS]
        found.append(_Record(article["site"], identifier(article), datestamp(article), header, texts))
    return found


def datestamp(article: WholeArticle) -> str:
    """Return when the record last changed: the article new, changed, removed, back or corrected, ISO 8601 in UTC.

    That is not before the end of the run that wrote it: a page out of an archive was first seen years ago, and is new
    to a harvester all the same.
    """
    run = article["run"]
    moments = [article["first_seen_at"], article["changed_at"], article["removed_at"]]
    moments += [run and (run["finished_at"] or run["started_at"]), *(event["at"] for event in article["events"])]
    moments += [one["at"] for one in article["confirmations"]]
    return max(str(moment) for moment in moments if moment)


def _utc(moment: str) -> str:
    return moment.replace("+00:00", "Z")


class _Frame:
    """What surrounds every answer."""

    def __init__(self, base_url: str, moment: str):
        self.base_url = base_url
        self.moment = moment

    def head(self, request: dict[str, str]) -> str:
        words = "".join(f' {name}="{text(value)}"' for name, value in request.items())
        return f"{_HEAD}{element('responseDate', self.moment)}\n<request{words}>{text(self.base_url)}</request>\n"

    def whole(self, request: dict[str, str], content: str) -> str:
        return f"{self.head(request)}{content}\n</OAI-PMH>\n"


class _List:
    """ListRecords and ListIdentifiers of all articles, or of a set, in one format, in pages of PAGE."""

    def __init__(self, folder: Path, frame: _Frame, prefix: str, site: str, total: int):
        self.set = site
        self._prefix = prefix
        self._folder = folder
        self._frame = frame
        self._total = total
        self._done = 0
        self._files: list[tuple[str, IO[str]]] = []

    def add(self, header: str, record: str) -> None:
        if self._done % PAGE == 0:
            self._turn()
        self._done += 1
        for (_, out), content in zip(self._files, (header, record), strict=True):
            out.write(content + "\n")

    def close(self) -> None:
        self._end(last=True)

    def _name(self, verb: str, number: int) -> str:
        of_set, page = f".set-{self.set}" if self.set else "", f"-{number:05d}" if number > 1 else ""
        return f"{in_format(verb, self._prefix)}{of_set}{page}"

    def _turn(self) -> None:
        self._end(last=False)
        number = self._done // PAGE + 1
        for verb in ("ListIdentifiers", "ListRecords"):
            name = self._name(verb, number)
            out = (self._folder / f"{name}.xml").open("w", encoding="utf-8", newline="\n")
            request = {"verb": verb, "metadataPrefix": self._prefix} | ({"set": self.set} if self.set else {})
            out.write(self._frame.head(request if number == 1 else {"verb": verb, "resumptionToken": name}))
            out.write(f"<{verb}>\n")
            self._files.append((verb, out))

    def _end(self, *, last: bool) -> None:
        begun = (self._done - 1) // PAGE * PAGE
        for verb, out in self._files:
            if not last or begun:
                token = "" if last else self._name(verb, self._done // PAGE + 1)
                out.write(
                    f'<resumptionToken completeListSize="{self._total}" cursor="{begun}">{token}</resumptionToken>\n'
                )
            out.write(f"</{verb}>\n</OAI-PMH>\n")
            out.close()
        self._files.clear()


def _header(article: WholeArticle) -> str:
    status = ' status="deleted"' if article["removed_at"] else ""
    stamp = _utc(datestamp(article))
    return (
        f"<header{status}>{element('identifier', identifier(article))}{element('datestamp', stamp)}"
        f"{element('setSpec', article['site'])}</header>"
    )


def _metadata(article: WholeArticle, prefix: str, naan: str | None, source: str) -> str:
    """The record in a format; nothing of an article that its site took down."""
    if article["removed_at"]:
        return ""
    if prefix == mods.PREFIX:
        return f"<metadata>{mods.mods(article, naan, source)}</metadata>"
    return f"<metadata>{oai_dc(article, naan)}</metadata>"


def _counts(job: Job) -> dict[str, int]:
    sql = "SELECT a.site, count(*) FROM temp.chosen c JOIN articles a ON a.id = c.id GROUP BY a.site"
    return dict(job.collection.db.execute(sql).fetchall())


def _fixed(job: Job, path: Path, frame: _Frame, earliest: str, sites: list[str]) -> None:
    """The answers that hold no records, and what a server needs to find them all."""
    names = {row["slug"]: row["name"] for row in job.chosen.sites}
    answers = {
        "Identify": (
            f"<Identify>{element('repositoryName', _repository_name(job))}"
            f"{element('baseURL', frame.base_url)}<protocolVersion>2.0</protocolVersion>"
            f"{element('adminEmail', job.options.get('email') or 'nobody@example.invalid')}"
            f"{element('earliestDatestamp', _utc(earliest))}"
            "<deletedRecord>transient</deletedRecord><granularity>YYYY-MM-DDThh:mm:ssZ</granularity></Identify>"
        ),
        "ListMetadataFormats": f"<ListMetadataFormats>{''.join(map(_format, FORMATS))}</ListMetadataFormats>",
        "ListSets": "<ListSets>"
        + "".join(f"<set>{element('setSpec', site)}{element('setName', names[site])}</set>" for site in sites)
        + "</ListSets>",
    }
    if not sites:
        answers["ListSets"] = _error("noRecordsMatch")
    if not job.count:
        lists = [in_format(verb, prefix) for verb in ("ListRecords", "ListIdentifiers") for prefix in FORMATS]
        answers |= {name: _error("noRecordsMatch") for name in lists}
    for name, content in answers.items():
        request = {"verb": name.partition(".")[0]}
        (path / f"{name}.xml").write_text(frame.whole(request, content), encoding="utf-8")
    for code in _ERRORS:
        (path / f"{code}.xml").write_text(frame.whole({}, _error(code)), encoding="utf-8")
    (path / ".htaccess").write_text(_HTACCESS, encoding="utf-8")
    (path / "nginx.conf").write_text(_NGINX, encoding="utf-8")
    shutil.copyfile(str(oai_server.__file__), path / "serve.py")


def _repository_name(job: Job) -> str:
    return f"{job.options.get('organization') or 'tinphuong'}: {job.name}"


def _format(prefix: str) -> str:
    schema, namespace = _SCHEMAS[prefix]
    inner = element("metadataPrefix", prefix) + element("schema", schema) + element("metadataNamespace", namespace)
    return f"<metadataFormat>{inner}</metadataFormat>"


def _error(code: str) -> str:
    return f'<error code="{code}">{text(_ERRORS[code])}</error>'
