"""What was put right or left out in a query: a code with its values, shown to readers in their language."""

from collections.abc import Mapping
from dataclasses import dataclass, field

SENTENCES = {
    "too_long": "only the first {most} characters were read",
    "too_many": "only the first {most} words were read",
    "quotation_open": "a quotation mark is not closed: the words behind it were taken one by one",
    "beginning_short": "{text}* is too short a beginning: it was read as a word",
    "not_turned": "{text}: cannot be turned round, so it was left out",
    "not_understood": "{text} is not understood, so it was left out",
    "bracket_alone": "a bracket has no partner and was passed over",
    "bracket_open": "a bracket is not closed",
    "too_deep": "brackets are read {most} deep",
    "one_sided": "{text} has nothing on one side and was passed over",
    "nothing_behind": "{text} has nothing behind it and was passed over",
    "span_empty": "since {since} but until {until}: nothing can match",
    "no_unit": "no ward or commune is called '{text}': sites with this in their name were taken",
    "many_units": "{count} units are called '{text}' and all were taken: {named}; one is meant by its place or code: "
                  'unit:"{example}" or unit:{code}',
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Remark:
    """`code` is one of SENTENCES, `values` fill its blanks."""

    code: str
    values: Mapping[str, str | int] = field(default_factory=dict)

    def __str__(self) -> str:
        """The sentence in English."""
        return SENTENCES[self.code].format_map(self.values)
