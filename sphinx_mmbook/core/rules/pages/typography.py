"""Rules on what careful reading finds in print: doubled words and stops, spaces, pasted text."""

from __future__ import annotations

from itertools import compress, count, islice
from operator import eq
from typing import TYPE_CHECKING

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.finding import Edit, Finding, Level, Location
from sphinx_mmbook.core.pages.literal import Literal
from sphinx_mmbook.core.pages.prose import BLOCK_END, MARKS, NOT_TEXT
from sphinx_mmbook.core.rules.registry import found, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_mmbook.core.book.book import Book
    from sphinx_mmbook.core.pages.prose import Prose

#: Words that stand twice in good sentences, in English and German.
_MAY_STAND_TWICE = {
    "that", "had", "very", "far", "so", "many", "more", "much", "long", "really", "again", "no",
    "yes", "bla", "blah", "over", "die", "der", "das", "den", "dem", "des", "sie", "sich", "was",
    "wer", "wo", "ein", "eine", "war", "sehr", "viel", "immer", "nous", "vous", "bang", "xx",
}  # fmt: skip
#: A sentence that begins so is wrong; others may name a species: "Loa loa".
_BEGINS = {
    "The": "the", "This": "this", "We": "we", "It": "it", "If": "if", "In": "in", "For": "for",
    "On": "on", "At": "at", "As": "as", "There": "there", "To": "to",
}  # fmt: skip


#: An acute accent after a letter or a formula; in English letters have none but in names.
_ACCENT = re.compile(rf"(?<=[\w)*{NOT_TEXT}])´(?=s?\b|[a-z])")


@rule("warning")
def accent_typed(book: Book) -> Iterator[Finding]:
    """An accent is used as an apostrophe.

    Bad: ``the model´s loss``

    Good: ``the model's loss``

    Why: it is printed as it is, an accent over nothing.
    """
    for page in book.pages.values():
        text = page.prose.text
        for match in _ACCENT.finditer(text) if "´" in text else ():
            at = page.prose.at(match.start())
            edits = page.edits(at, "´", "'")
            yield found(at, "this accent is used as an apostrophe; write one: '", *edits)


@rule("warning")
def word_doubled(book: Book) -> Iterator[Finding]:
    """A word appears twice.

    Bad: ``the the loss``

    Good: ``the loss``

    Why: spelling programs do not see it, readers do.
    """
    for page in book.pages.values():
        for start, old, word in _twice(page.prose):
            at = page.prose.at(start)
            edits = page.edits(at, old, word)
            asked = word == "is" and _ASKED.search(page.prose.text, max(start - 80, 0), start)
            if not asked and not _MEANT.match(page.line(at), max(at.column - 2, 0)):
                yield found(at, f"'{word.lower()}' appears twice; delete one", *edits)


#: "How big the gap is is open."
_ASKED = re.compile(
    r"(?:\A|[.!?]\s|\n|, |\b(?:that|and) )(?:how|what|where|who|which|why) [^.!?,;:]+\Z",
    re.IGNORECASE,
)
#: A word that is spoken of, "the and *and*"; three in a row are meant; numbers are data.
_MEANT = re.compile(r".?(?:(\w+) (?:[*_]|\1 \1\b)|(?:one|two|three|four|five|six) )|[*_]\w+[*_] ")


class _Bare(dict[str, str]):
    """Words without the marks around them, made when a token is first seen."""

    def __missing__(self, token: str) -> str:
        word = token.strip(MARKS + BLOCK_END)
        self[token] = _BEGINS.get(word, word)
        return self[token]


_BARE = _Bare()
#: Two words that are those two places later: "is not is not".
_TWO_SAME = b"\1\1"
#: Words within what may stand twice: "more and more and more", "step by step by step".
_LINKS = frozenset(("and", "or", "by", "to"))
#: Two clauses may begin alike: "when they move they move far", "if it falls it falls fast".
_CLAUSES = frozenset(("when", "if", "once", "whenever", "where", "unless", "because"))
_SUBJECTS = frozenset(("it", "they", "we", "you", "he", "she", "one"))


def _repeated(words: list[str]) -> Iterator[tuple[int, int]]:
    """Iterate over the numbers of words that may appear twice, and of those after them.

    To compare words is faster than an expression.
    """
    for at in compress(count(), map(eq, words, islice(words, 1, None))):
        if len(words[at]) > 1 and words[at].islower() and words[at] not in _MAY_STAND_TWICE:
            yield at, at + 1
    again = bytes(map(eq, words, islice(words, 2, None)))
    at = again.find(_TWO_SAME)
    while at >= 0:
        pair = words[at : at + 2]
        right = pair[0] in _SUBJECTS and words[at - 1].lower() in _CLAUSES
        right = right or pair[0] == pair[1] or not _LINKS.isdisjoint(pair)
        if not right and " ".join(pair).islower():
            yield at, at + 2
        at = again.find(_TWO_SAME, at + 1)


_WORD = r"[^\W\d_]+"
_AGAIN = [
    re.compile(rf"(?<![\w'’.-])({words})(?:[ \t]+|[ \t]*\n[ \t]*)({words})(?![\w'’-])")
    for words in (_WORD, rf"{_WORD}[ \t\n]{_WORD}")
]


def _twice(prose: Prose) -> Iterator[tuple[int, str, str]]:
    """Iterate over the places where words stand twice: offset, both, and the first."""
    words = [*map(_BARE.__getitem__, prose.tokens)]
    repeated = sorted(_repeated(words))
    done: dict[str, int] = {}
    for first, last in repeated:
        again, start = " ".join(words[first:last]), prose.token_starts[first]
        token = prose.tokens[first]
        start += len(token) - len(token.lstrip(MARKS))
        match = _AGAIN[last - first - 1].match(prose.text, start)
        if match and start >= done.get(again, 0) and " ".join(match[2].split()) == again:
            one = " ".join(match[1].split())
            if one == again or last == first + 1:
                yield start, match[0], one
                done[again] = match.end()


_BACKSLASH = re.compile(
    r"(?m)\\(?<!\\\\)(?:(?P<last>[ \t]*)(?=\n[ \t]*\n)|[ \t]+$"
    r"|(?P<within> )(?<=[ ,.;:`)]\\ )(?=[A-Za-z *_])"
    r"|(?P<inner>)(?<=[^\n]{50}[a-z,]\\)(?=\n[a-z][^\n]*[^\\\n]$))"
)
_BLANK_AFTER = re.compile(r"\\(?:[ \t]|\n ?\n|\n[a-z])")
_BACKSLASHES = {
    "": ("is printed: a space follows it; delete the space", "\\"),
    "within": ("is printed: a space follows it; delete the backslash", " "),
    "last": ("is printed: the paragraph ends after it; delete the backslash", ""),
    "inner": ("ends the line in the middle of a sentence; delete it", ""),
}


@rule("warning")
def backslash_blank(book: Book) -> Iterator[Finding]:
    r"""A backslash that is to end a line, or to keep a space as in LaTeX, has a space after it.

    Bad: ``first line\ `` with a space after it, ``Fig.\ 2``; one in mid-sentence, or at the end

    Good: ``first line\`` with nothing after it

    Why: the backslash is printed, and the line does not end; or it ends where nobody expects it.
    """
    for page in book.pages.values():
        literal: Literal | None = None
        for positions in page.positions.values():
            text = positions.text
            if positions.block.is_code or not _BLANK_AFTER.search(text):
                continue
            for match in _BACKSLASH.finditer(text):
                literal = literal or Literal(page)
                at = positions.location(match.start())
                if match["within"] and "$$" in page.line(at):
                    continue  # of a formula that is none, see dollar-unbalanced
                if not literal.covers(at) and not page.line(at).startswith("\\"):
                    fault, new = _BACKSLASHES[match.lastgroup or ""]
                    yield found(at, f"this backslash {fault}", Edit(at, match[0], new))


_CAPTION = re.compile(
    r"[ \t>*_[]*(?:<[a-z][^>\n]*>[*_]*)?((?i:fig(?:ure|\.)?|image|abb(?:ildung|\.)"
    r"|tab(?:elle|le|\.)|listing|code)[*_]*\s*(?:\d++(?>(?:\.\d++)*)(?:[a-h]\b)?[*_]*"
    r"(?:[ \t]?[:.)–-]|(?=[ \t]+[A-Z]))|:))[*_]*\s*[^\W_]"
)
_CAPTIONS = re.compile(rf"^(?:{_CAPTION.pattern})", re.MULTILINE)
#: What such a line belongs to, in the line before or after it.
_SHOWN = re.compile(r"[ \t>]*(?:\||`{3,}|~{3,}|:{3,}\s*$|(?:<\w[^>\n]*> ?)?<img|</)|[^\n]{,99}!\[")


@rule("warning")
def caption_typed(book: Book) -> Iterator[Finding]:
    """A caption with its number is typed beside an image, a table or code, or in a figure.

    Bad: ``![Loss](loss.png)``, and ``**Figure 1:** The loss.`` as the next paragraph; the same
    words as the caption of a ``{figure}``

    Good: ``{figure} loss.png`` with ``:name: fig-loss`` and ``The loss.`` in it

    Why: the number is typed by hand and soon wrong, and nothing can refer to the figure.
    """
    for obj in book.numbered_objects:
        typed = _CAPTION.match(obj.caption) if obj.kind in ("figure", "table", "cell") else None
        if typed:
            message = f"the caption begins with '{typed[1].strip('*_ ')}', and the number is"
            yield found(obj.at, f"{message} printed by itself; delete these words")
    for page in book.pages.values():
        images = [item for item in page.of("image") if item.level and not item.inside]
        for image in images:
            if _CAPTION.match(image.text):
                message = f"'{image.text[:30]}…' is a caption, and nobody sees it"
                advice = f"write {{figure}} {image.name} with the caption in it"
                yield found(image.at, f"{message}; {advice}")
        for positions in page.positions.values():
            some = [] if positions.block.is_code else list(_CAPTIONS.finditer(positions.text))
            lines = {i.at.row for i in page.of("text", "html") if not i.inside} if some else {}
            for match in some:
                at = positions.location(match.start(1))
                if at.row in lines and _stands_beside(positions.text, match):
                    near = [f" {one.name}" for one in images if abs(one.at.line - at.line) < 4]
                    word = match[1].replace("*", "").strip("_")
                    figure = "{figure}" + near[0] if len(near) == 1 else _FIGURES[bool(near)]
                    directive = _DIRECTIVES.get(word[0].lower(), figure)
                    message = f"'{word}' begins a caption typed by hand; write {directive}"
                    yield found(at, f"{message} with the caption in it, without number")


_FIGURES = ("{figure}", "{subfigures} for all images,")
_DIRECTIVES = {"t": "{table}", "l": "{code-block}", "c": "{code-block}"}


def _stands_beside(text: str, match: re.Match[str]) -> bool:
    """Whether a line that looks like a caption stands beside what can have one."""
    above = text[: match.start()].rstrip().rpartition("\n")[2]
    below = text[match.start() :].partition("\n\n")[2].lstrip().partition("\n")[0]
    return bool(_SHOWN.match(above) or _SHOWN.match(below))


@rule("warning")
def paragraph_repeated(book: Book) -> Iterator[Finding]:
    """A paragraph appears twice in the book.

    Bad: a paragraph that was pasted twice

    Good: the paragraph once, and a reference to its section

    Why: the reader wonders what the difference is. On two pages, in a list, or four times it is a
    note.
    """
    first: dict[str, tuple[str, Location]] = {}
    again: dict[Location, list[tuple[Location, str, Level]]] = {}
    for name in sorted(book.pages):
        page = book.pages[name]
        for offset, paragraph in page.prose.blocks:
            begin = offset + len(paragraph) - len(paragraph.lstrip())
            if len(paragraph) < 2 * MANY_WORDS or NOT_TEXT in paragraph:
                continue
            text = " ".join(paragraph.split())
            other, there = first.setdefault(text[:80], (text, page.prose.at(begin)))
            if there == page.prose.at(begin) or not text.startswith(other):
                continue
            words = re.findall(r"\w+", paragraph)
            # Of captions, another rule speaks; cells of tables may say the same.
            apart = page.prose.element(begin).inside or page.line(there).lstrip()[:1] == "|"
            if len(words) >= MANY_WORDS and len(set(words)) >= MANY_WORDS // 2 and not apart:
                what = "this paragraph" if text == other else "the beginning of this paragraph"
                message = f"{what} also appears at {there}; delete one of them, or refer to it"
                item = text != other or page.line(there).lstrip()[:1] in "-*+:0123456789"
                level: Level = "warning" if there.path == page.path and not item else "info"
                again.setdefault(there, []).append((page.prose.at(begin), message, level))
    for some in again.values():
        for at, message, level in some:
            yield Finding(at, "paragraph-repeated", message, level if len(some) < 3 else "info")


#: Shorter paragraphs, such as "The data are available on request.", may stand in several chapters.
MANY_WORDS = 15


#: Letters of other scripts that look like Latin ones, which TeX has not.
_LOOKS = str.maketrans("асеорхіјАВЕКМНОРСТХІοΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "aceopxijABEKMHOPCTXIoABEZHIKMNOPTYX")


@rule("warning")
def formula_letter(book: Book) -> Iterator[Finding]:
    r"""A letter in a formula looks like a Latin one and is Cyrillic or Greek.

    Bad: ``$х_i$`` with a Cyrillic letter

    Good: ``$x_i$``

    Why: it is set upright or not at all, and nobody finds it by searching.
    """
    for page, element in book.elements("math"):
        if element.body.isascii() or element.body.translate(_LOOKS) == element.body:
            continue
        odd = next(sign for sign in element.body if sign.translate(_LOOKS) != sign)
        positions = page.positions_at(element.at)
        start = positions.text.find(odd, positions.offset(element.at))
        at = positions.location(start) if start >= 0 else element.at
        new = odd.translate(_LOOKS)
        message = f"'{odd}' (U+{ord(odd):04X}) in this formula is not a Latin letter; write '{new}'"
        yield found(at, message, *((Edit(at, odd, new),) if start >= 0 else ()))


#: An address that a reader may open, rather than one of a program.
_PAGE = re.compile(
    r"https?://(?!localhost|127|0\.|(?:www\.)?example|api\.)[\w.-]+\.[a-z]{2,6}(?:/[\w./#~-]*)?"
)
_ADDRESS = re.compile(r"(?<![\w<\"'=/@])(?<!\]\()(?:ht|f)tps?://[^\s<>\"'\ufffc{}|\]]{0,500}[\w/]")
_DOI = re.compile(
    r"(?<![\w/.:@])(?:(?i:doi)(?:\.org/|:[ ]?))?(10\.\d{4,9}/[^\s<>\"'\ufffc{}|\]]{0,200}[\w/])"
)
_HOST = re.compile(
    r"(?<![\w<\"'=/@.-])(?:www\.[a-z]|(?:github|gitlab)\.com/\w)[^\s<>\"'\ufffc{}|\]]{0,500}[\w/]"
)


@rule("info")
def address_bare(book: Book) -> Iterator[Finding]:
    """The address of a page is typed in the text and no link.

    Bad: ``see https://example.org/data``, also as code; ``doi: 10.1234/data``

    Good: ``see <https://example.org/data>`` or ``[the data](https://example.org/data)``,
    ``<https://doi.org/10.1234/data>``

    Why: readers cannot click on it, and in the PDF it runs over the margin.
    """
    for page in book.pages.values():
        text = page.prose.text
        dois = _DOI.finditer(text) if "10." in text else ()
        hosts = _HOST.finditer(text) if "www." in text or "b.com/" in text else ()
        for match in (*(_ADDRESS.finditer(text) if "://" in text else ()), *dois, *hosts):
            at, old = page.prose.at(match.start()), match[0]
            new = {
                _ADDRESS.pattern: old.replace(",http", ">, <http"),
                _HOST.pattern: f"https://{old}",
            }.get(match.re.pattern) or f"https://doi.org/{match[1]}"
            said = text.endswith(("\\url{", "\\href{"), 0, match.start())  # by latex-in-text
            if said or page.prose.element(match.start()).name or not page.has_text(at, old):
                continue
            sure = "(" not in old and all(item.at.row != at.row for item in page.of("html"))
            fix = (Edit(at, old, f"<{new}>"),) if sure else ()
            yield found(at, f"'{old}' is not a link; write <{new}>", *fix)
        for element in page.of("code"):
            if element.block and _PAGE.fullmatch(element.text):
                message = f"'{element.text}' is code and no link; write <{element.text}>"
                yield found(element.at, message)


#: Texts of links that say nothing of where they lead.
_VAGUE = re.compile(r"here|link|this(?: (?:link|page|website|version))?|click here", re.I)


@rule("info")
def link_text(book: Book) -> Iterator[Finding]:
    """The text of a link does not say where it leads.

    Bad: ``the data are [here](https://example.org/data)``

    Good: ``see [the data](https://example.org/data)``

    Why: screen readers list links without the text around them, and in print "here" is nowhere.
    """
    for page in book.pages.values():
        for element in page.prose.elements:
            if element.kind == "text" and element.name and _VAGUE.fullmatch(element.text):
                message = f"'{element.text}' does not say where this link leads; name what is there"
                yield found(element.at, message)
