"""All that is made of an article's words before it is stored, in one pass over them."""

from typing import NamedTuple

from crawler.text.content_hashes import hash_of_even
from crawler.text.normal_form import normalize
from crawler.text.sketches import Sketch, sketch_of
from crawler.text.word_forms import WordForms, joined, word_forms


class IndexedTexts(NamedTuple):
    """An article's texts as the columns of the full-text index take them; `text_folded` lacks the word of its site."""

    title: str
    summary: str
    body: str
    title_folded: str
    text_folded: str


class TextKeys(NamedTuple):
    """What belongs to exactly one title, summary and body: with another text, it has to be made anew.

    `content_hash`: as of `crawler.text.content_hash`; `sketch`: as of `crawler.text.sketches.sketch`.
    """

    content_hash: str
    indexed: IndexedTexts
    sketch: Sketch


def indexed_texts(title: str, summary: str, body: str) -> IndexedTexts:
    """Return an article's texts as the full-text index takes them."""
    return _indexed(word_forms(title), word_forms(summary), word_forms(body))


def text_keys(title: str, summary: str, body: str) -> TextKeys:
    """Return the keys of an article. A pure function that accepts any strings and can run in any process."""
    head, lead, rest = word_forms(title), word_forms(summary), word_forms(body)
    return TextKeys(
        hash_of_even(_even(title, head), _even(body, rest)),
        _indexed(head, lead, rest),
        sketch_of(" ".join(filter(None, (head.plain, lead.plain, rest.plain)))),
    )


def _indexed(head: WordForms, lead: WordForms, rest: WordForms) -> IndexedTexts:
    return IndexedTexts(head.exact, lead.exact, rest.exact, head.indexed(), joined((lead, rest)).indexed())


def _even(text: str, forms: WordForms) -> str:
    """What counts of a text for the content hash; `forms` are of the text as it is."""
    normal = normalize(text)
    return forms.even if normal == text else word_forms(normal).even
