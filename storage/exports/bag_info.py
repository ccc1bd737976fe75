"""What bag-info.txt says of a bag, and the BagIt profile by which a receiver can check that it says it.

The profile lies in the bag as bagit-profile.json: it needs no network, and stays with the bag.
"""

import json
from collections.abc import Iterator

from crawler.dates.local_time import local_day
from storage.exports import bag_readme, delivery, rights
from storage.exports.job import Job

PROFILE_FILE = "bagit-profile.json"
# An identifier by which bags and profile find each other; it is an address of nobody, as the profile is in the bag.
PROFILE_IDENTIFIER = "urn:tinphuong:bagit-profile:ward-news:1"
_CONFIGURED = (  # the field, the option of the export that fills it
    ("Source-Organization", "organization"),
    ("Organization-Address", "address"),
    ("Contact-Name", "contact_name"),
    ("Contact-Phone", "phone"),
    ("Contact-Email", "email"),
)
_CHAINED = {"Previous-Delivery", "Previous-Delivery-Digest"}
_ALWAYS = (
    "Bag-Software-Agent", "BagIt-Profile-Identifier", "Bagging-Date", "Bag-Size", "External-Description",
    "External-Identifier", "Internal-Sender-Identifier", "Payload-Oxum", "Rights-Statement", "Count-Articles",
    "Count-Captures", "Count-Removed", "Count-Sites", "Run-Log-Number", "Run-Log-Digest",
    *(name for name in delivery.TAGS if name not in _CHAINED),
)  # fmt: skip
_SOMETIMES = ("Date-Start", "Date-End", "Incomplete", *sorted(_CHAINED))
_MOST_NAMED = 20  # sites
_REPEATED = {"Rights-Statement", "Incomplete"}
_COVERED = (
    "SELECT min(substr(a.published_at, 1, instr(a.published_at || '/', '/') - 1)), "
    "max(substr(a.published_at, instr(a.published_at, '/') + 1)), count(a.removed_at), count(DISTINCT a.site), "
    "count(DISTINCT a.capture_id) FROM temp.chosen c JOIN articles a ON a.id = c.id"
)


def fields(job: Job, payload: tuple[int, int]) -> Iterator[tuple[str, str]]:
    """Yield (name, value) of the lines, in order. `payload`: (bytes, files)."""
    size, files = payload
    yield from ((name, text) for name, option in _CONFIGURED if (text := job.options.get(option)))
    yield "External-Description", description(job)
    yield "External-Identifier", job.delivery.identifier
    yield "Internal-Sender-Identifier", job.name
    yield from (("Rights-Statement", said) for said in rights.in_short(job))
    first, last, removed, sites, captures = job.collection.db.execute(_COVERED).fetchone()
    if first:
        yield "Date-Start", first
        yield "Date-End", last
    yield "Count-Articles", str(job.count)
    yield "Count-Captures", str(captures)
    yield "Count-Removed", str(removed)
    yield "Count-Sites", str(sites)
    yield "Bag-Software-Agent", job.software
    yield "BagIt-Profile-Identifier", PROFILE_IDENTIFIER
    yield "Bagging-Date", local_day(job.moment)
    yield "Bag-Size", f"{size / 1e6:.1f} MB"
    yield "Payload-Oxum", f"{size}.{files}"
    head = job.run_log
    yield "Run-Log-Number", str(head.number)
    yield "Run-Log-Digest", f"sha256:{head.digest}" if head.digest else "none"
    yield from delivery.tags(job.delivery)
    yield from (("Incomplete", str(item)) for item in job.chosen.unsound)


def description(job: Job) -> str:
    """Return what the bag holds, in one paragraph."""
    names = ", ".join(site["name"] for site in job.chosen.sites[:_MOST_NAMED])
    more = len(job.chosen.sites) - _MOST_NAMED
    choice = "; ".join(f"{name}: {value}" for name, value in job.choice.to_dict().items()) or "tất cả / all"
    return (
        f"{bag_readme.title(job)}. Nguồn / from: {names}{f' (+{more})' if more > 0 else ''}. "
        f"Cách chọn / selection: {choice}."
    )


def profile(job: Job) -> str:
    """Return the BagIt profile (version 1.4) of bags of ward news as JSON; what is configured is required in it."""
    organization = job.options.get("organization") or "not configured"
    required = {*_ALWAYS, *(name for name, option in _CONFIGURED if job.options.get(option))}
    every = dict.fromkeys((*(name for name, _ in _CONFIGURED), *_ALWAYS, *_SOMETIMES))
    tags = {name: {"required": name in required, "repeatable": name in _REPEATED} for name in every}
    said = {
        "BagIt-Profile-Info": {
            "BagIt-Profile-Identifier": PROFILE_IDENTIFIER,
            "BagIt-Profile-Version": "1.4.0",
            "Source-Organization": organization,
            "External-Description": "News of wards and communes with captures, metadata, rights and fixity",
            "Version": "1.0",
        },
        "Bag-Info": tags,
        "Manifests-Required": ["sha256", "sha512"],
        "Tag-Manifests-Required": ["sha256", "sha512"],
        "Allow-Fetch.txt": False,
        "Serialization": "optional",
        "Accept-Serialization": ["application/zip", "application/x-tar"],
        "Accept-BagIt-Version": ["1.0"],
        "Tag-Files-Required": [PROFILE_FILE],
        "Tag-Files-Allowed": ["*"],
    }
    return json.dumps(said, ensure_ascii=False, indent=2) + "\n"
