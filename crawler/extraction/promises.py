"""Is the text as long as its list, its metadata and its page's end promise? Doubts where it is not. Pure."""

from crawler.doubts import Doubt, DoubtKind
from crawler.extraction.article import Article
from crawler.extraction.rules import titles
from crawler.extraction.rules.endings import ends_mid_sentence
from crawler.extraction.rules.summaries import bare_excerpt, is_about

_LEAST = 120  # characters of an excerpt that promises a text
_SHORTEST = 40  # characters of an excerpt that the text may not reach
_FAR = 2  # times the length of all the text there is


def doubts_of_length(article: Article, excerpts: list[tuple[str, str]], html: bytes, site: str) -> list[Doubt]:
    """Return the doubts about a text that stops too early. `excerpts`: (where it stands, text); `html`: the page.

    To be asked before an excerpt becomes the summary. An article of files or pictures alone promises no text.
    """
    text = f"{article.summary or ''}\n{article.body}".strip()
    if not article.body and (article.attachments or article.images):
        return []
    out = []
    for place, excerpt in excerpts:
        if len(excerpt) < _SHORTEST:
            continue
        bare = bare_excerpt(excerpt)
        theirs = titles.key(bare)
        is_far_longer = len(bare) >= _LEAST and len(bare) > _FAR * len(text)
        # Most texts are longer than their excerpt: their beginning alone, whose key is soon made, tells that.
        mine = titles.key(text[: 2 * len(theirs) + 200])
        if is_far_longer or len(mine) < len(theirs):
            mine = titles.key(text)
        goes_on = bool(mine) and len(theirs) > len(mine) + 20 and theirs.startswith(mine)
        is_longer = goes_on or (is_far_longer and theirs not in mine)
        if is_longer and is_about(bare, article.title or "", text, site):
            out.append(Doubt("body", DoubtKind.SHORTER_THAN_PROMISED, f"{place}: {bare[:100]}"))
            break
    end = article.body.rsplit("\n", 1)[-1][-80:]
    if article.body and breaks_off(html, end):
        article.notes.append("cut off: the page ends in the middle of its text")
        out.append(Doubt("body", DoubtKind.MID_SENTENCE, f"… {end}"))
    elif ends_mid_sentence(article.body, least=20 if is_unclosed(html) else 60) and (out or is_unclosed(html)):
        out.append(Doubt("body", DoubtKind.MID_SENTENCE, f"… {end}"))
    return out


def breaks_off(html: bytes, end: str) -> bool:
    """Return True for a document whose last bytes are text, not a tag, and no end of a sentence; `end`: the last
    characters of the article's text, which must be near. Nothing may have closed the document before.
    """
    tail = html[-3000:].rstrip()
    if b"</html" in tail.lower() or b"</body" in tail.lower() or tail.endswith(b">"):
        return False
    shown = tail.decode("utf-8", "replace")
    last = shown.rpartition(">")[2].strip()
    near = last[:20] in end or end[-25:] in shown[-1500:]
    return near and not last.endswith((".", "!", "?", "…"))


def is_unclosed(html: bytes) -> bool:
    """Return True for a document that stops before `</body>` and `</html>`, inside its text: not behind a tag."""
    tail = html[-3000:].rstrip().lower()
    if b"</html" in tail or b"</body" in tail:
        return False
    return not tail.endswith((b"</div>", b"</article>", b"</main>", b"</section>", b"</footer>", b"-->", b"</script>"))
