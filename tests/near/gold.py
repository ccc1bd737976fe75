"""Judged pairs of articles: stories written for this, edited by hand and by program, and articles that are only alike.

`dev.txt` and `templates.txt` are what the rules were tuned on; the held-out parts were written before they were first
scored. The templates are texts that are alike in all but their subject. A story begins with `=== name`. Below it are
its versions: `+++` tells of the same event, `xxx` is another article. Each has title, lead and date, then paragraphs;
`[2]` takes over the story's second paragraph (`[0]` its lead), with what an editor replaced in `{old → new}`.
"""

import random
import re
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path

from tests.near.editing import edited

FOLDER = Path(__file__).parent
NEWS = ("dev", "heldout")
TEMPLATES = ("templates", "templates_heldout")
SPLITS = (*NEWS, *TEMPLATES)
_HEAD = re.compile(r"^(===|\+\+\+|xxx) (.+)$", re.MULTILINE)
_TAKEN = re.compile(r"^\[(\d+)\]((?: *\{[^{}]*→[^{}]*\})*)$")
_EDIT = re.compile(r"\{([^{}]*?) ?→ ?([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Text:
    """An article. `event`: two texts tell the same story where this is equal."""

    name: str
    event: str
    title: str
    lead: str
    body: str
    date: str


@dataclass(frozen=True, slots=True)
class Pair:
    """Two articles, whether they tell the same story, and how the second came about."""

    one: Text
    two: Text
    same: bool
    made: str  # hand, program, template or unrelated


def stories(split: str) -> list[list[Text]]:
    """Return the stories of a split, each with its versions, the story itself first."""
    parts = _HEAD.split((FOLDER / f"{split}.txt").read_text(encoding="utf-8"))[1:]
    made: list[list[Text]] = []
    for mark, name, content in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
        head, _, rest = content.strip().partition("\n\n")
        facts = dict(line.split(":", 1) for line in head.splitlines())
        paragraphs = [part.strip() for part in rest.split("\n\n") if part.strip()]
        if mark == "===":
            base = [facts["lead"].strip(), *paragraphs]
            made.append([])
        else:
            paragraphs = [_taken(part, base, name) for part in paragraphs]
        story = made[-1][0].name if made[-1] else name
        event = story if mark != "xxx" else f"{story}/{name}"
        text = Text(
            name, event, facts["title"].strip(), facts["lead"].strip(), "\n\n".join(paragraphs), facts["date"].strip()
        )
        made[-1].append(text)
    return made


def _taken(part: str, base: list[str], name: str) -> str:
    match = _TAKEN.match(part)
    if match is None:
        assert not part.startswith("["), f"{name}: {part[:60]!r} is not a reference"
        return part
    text = base[int(match[1])]
    for old, new in _EDIT.findall(match[2]):
        assert old in text, f"{name}: {old!r} is not in paragraph {match[1]}"
        text = text.replace(old, new)
    return " ".join(text.split())


def pairs(split: str, seed: int = 1) -> list[Pair]:
    """Return all judged pairs of a split."""
    chance = random.Random(f"{split} {seed}")
    made: list[Pair] = []
    every = stories(split)
    for texts in every:
        for one, two in combinations(texts, 2):
            same = one.event == two.event
            made.append(Pair(one, two, same, "hand" if same else "template"))
        for text in texts:
            for number in range(2):
                other = by_program(text, chance, number)
                made.append(Pair(text, other, True, "program"))
                against = chance.choice(texts)
                if against.event != text.event:
                    edited_one = by_program(against, chance, 9)
                    if split in TEMPLATES:  # what sets them apart must still be there
                        edited_one, other = replace(edited_one, title=against.title), replace(other, title=text.title)
                    made.append(Pair(edited_one, other, False, "template"))
                elif against is not text:
                    made.append(Pair(against, other, True, "hand"))
    bases = [texts[0] for texts in every]
    made += [Pair(one, two, False, "unrelated") for one, two in combinations(bases, 2)]
    return made


def by_program(text: Text, chance: random.Random, number: int) -> Text:
    """Return `text` as another desk would print it."""
    title, lead, body = edited(text.title, text.lead, text.body, text.date, chance)
    return replace(text, name=f"{text.name} ~{number}", title=title, lead=lead, body=body)
