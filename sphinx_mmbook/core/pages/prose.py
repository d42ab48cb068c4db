"""The running text of a page as one string: a rule looks for words with one regular expression.

Captions, table cells, headings and titles of boxes are text; code, formulas, comments and targets
of links are not.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from html import unescape
from itertools import accumulate, chain, count, pairwise
from operator import add
from sys import intern
from typing import TYPE_CHECKING

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.pages.elements import Element

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from sphinx_mmbook.core.finding import Location

#: Stands for what is not text within a paragraph: a role, a formula, code, an image, HTML.
NOT_TEXT = "\ufffc"
#: Environments of LaTeX for code, whose text is not to be read.
CODES = ("minted", "lstlisting", "verbatim", "Verbatim", "alltt")
#: A command of LaTeX and the begin of its argument: "\\vspace{5mm}".
_ARGUMENT = re.compile(r"\\[A-Za-z]+\*?(?:[\[{][^][{}\s]*[]}]){0,3}[\[{]\Z")
#: So much around a place tells in which language it is, by small words of it.
_NEAR = 100
_OTHER_WORDS = re.compile(
    r"(?<![\w-])(?:der|die|das|und|eine?r?|mit|von|für|auf|zu[mr]?|nicht|wird|werden|des|dem|den|durch"
    r"|sowie|la|les?|el|los|las|que|est|une|et|pour|dans|qui|del|che|della|ist|sind|dies|ipsum|dolor|amet|quis|sed)(?![\w-])"
)
_ENGLISH_WORDS = re.compile(
    r"(?<![\w-])(?:the|of|and|is|to|that|for|with|by|are|we|this|as|it|from)(?![\w-])"
)
#: Stands for the two ends of lines after a block, as part of its last token.
BLOCK_END = "¶"
_FIGURE = re.compile(r"\d")
_BEGIN = re.compile(r"[.!?\n][ \n]([A-Z][a-z]*)(?= )")
#: What may stand around a word.
MARKS = ".,;:!?()[]\"'“”‘’*_"


@dataclass(frozen=True)
class Prose:
    """Text with the place of each character.

    Lines end as in the file, blocks (paragraphs, headings, cells) with an empty line. ``starts``
    are the offsets in ``text`` at which each of ``elements`` begins; ``line`` returns the line of
    the file at a place.
    """

    text: str
    starts: tuple[int, ...]
    elements: tuple[Element, ...]
    line: Callable[[Location], str]

    def element(self, offset: int) -> Element:
        """Return the element to which the character at ``offset`` belongs."""
        return self.elements[max(bisect_right(self.starts, offset) - 1, 0)]

    def at(self, offset: int) -> Location:
        """Return the location of the character at ``offset``."""
        index = max(bisect_right(self.starts, offset) - 1, 0)
        element = self.elements[index]
        inner = offset - self.starts[index]
        if element.kind != "text" or not inner:
            return element.at
        if index not in self._written:
            self._written[index] = _written(element.text, self.line(element.at), element.at.column)
        # What lies between two blocks is at the end of the first.
        return element.at.right(self._written[index][min(inner, len(element.text))])

    # What several rules ask of each page is found out once.

    @cached_property
    def blocks(self) -> list[tuple[int, str]]:
        """The text of each paragraph, heading or cell, and the offset at which it begins."""
        found, offset = [], 0
        for block in self.text.split("\n\n"):
            found.append((offset, block))
            offset += len(block) + 2
        return found

    @cached_property
    def flat(self) -> str:
        """The text with a space for each end of a line within a paragraph."""
        return "\n\n".join(block.replace("\n", " ") for _, block in self.blocks)

    @cached_property
    def sentences(self) -> list[tuple[int, str]]:
        """Where sentences begin after another one or a block, and the first word of each."""
        return [(match.start(1), match[1]) for match in _BEGIN.finditer(self.flat)]

    @cached_property
    def tokens(self) -> list[str]:
        """What stands between spaces, with ``BLOCK_END`` after the last of each block.

        Of equal ones there is one string: half as much to send to another process, and to hash.
        """
        return [*map(intern, self._with_ends.split())]

    @cached_property
    def token_starts(self) -> list[int]:
        """The offset at which each token begins."""
        ends = accumulate(map(len, self.tokens), initial=0)
        starts = list(map(add, ends, count()))
        if starts.pop() == len(self.text) + 1:  # one space between any two, as nearly everywhere
            return starts
        return [match.start() for match in re.finditer(r"\S+", self._with_ends)]

    @property
    def _with_ends(self) -> str:
        return self.text.replace("\n\n", f"{BLOCK_END} ")

    def texts_from(self, numbers: Iterable[int]) -> Iterator[str]:
        """Iterate over the text from tokens on; its blocks end as tokens do."""
        text = self._with_ends
        return (text[self.token_starts[number] :] for number in numbers)

    @cached_property
    def words(self) -> dict[str, int]:
        """All words, without the marks around them, and how often each is there."""
        counts: dict[str, int] = {}
        for token, number in Counter(self.tokens).items():
            word = token.strip(MARKS + BLOCK_END)
            counts[word] = counts.get(word, 0) + number
        return counts

    @cached_property
    def vocabulary(self) -> str:
        """Each word once, a line each: a word or piece of one that is not in it is not there."""
        return "".join(f"{word}\n" for word in self.words)

    @cached_property
    def marked(self) -> str:
        """Each token with a sign in it once, between spaces: a sign that is not in it is not there.

        It has spaces for ends of lines. To look into it takes a tenth of the time.
        """
        some = (token for token in dict.fromkeys(self.tokens) if not token.isalnum())
        return f" {' '.join(some)} "

    @cached_property
    def figures(self) -> str:
        """The words with a figure in them, a line each."""
        return "".join(f"{word}\n" for word in self.words if _FIGURE.search(word))

    @cached_property
    def is_english(self) -> bool:
        """Whether there are more English articles than those of other languages."""
        text = self.text
        return text.count(" the ") > text.count(" der ") + text.count(" la ") + text.count(" de ")

    def is_foreign(self, offset: int) -> bool:
        """Whether a quotation of an English page is in another language, or a number is LaTeX's."""
        if self.text[offset].isdigit() and _ARGUMENT.search(self.text, max(0, offset - 50), offset):
            return True
        if not self._has_others or not self.is_english:
            return False
        before, after = self.text[max(0, offset - _NEAR) : offset], self.text[offset:][:_NEAR]
        near = before.rpartition("\n\n")[2] + after.partition("\n\n")[0]
        others = len(_OTHER_WORDS.findall(near))
        return others > 1 and others > len(_ENGLISH_WORDS.findall(near))

    @cached_property
    def _has_others(self) -> bool:
        return bool(_OTHER_WORDS.search(self.vocabulary))

    def is_quoted(self, offset: int) -> bool:
        """Whether a place is in a quotation of four words or more, which is spelt by another."""
        begin = self.text.rfind("\n\n", 0, offset) + 1
        before = self.text[begin:offset]
        following = self.text[offset:].partition("\n\n")[0]
        pairs = (("“", "”"), ("«", "»"), ("„", "“"))
        open_ = (pair for pair in pairs if before.rfind(pair[0]) > before.rfind(pair[1]))
        opens, ends = next(open_, ('"', '"'))
        if opens == ends and not before.count('"') % 2:
            return False
        quoted = before.rpartition(opens)[2] + following.partition(ends)[0]
        return ends in following and len(quoted.split()) > 3

    @cached_property
    def _written(self) -> dict[int, Sequence[int]]:
        """How many characters of the file those before each of an element's take."""
        return {}


def _written(text: str, line: str, column: int) -> Sequence[int]:
    """Return where each character of ``text`` stands in a line from ``column`` on.

    An escaped character stands where its backslash does, one written as ``&nbsp;`` at its begin.
    """
    if line.startswith(text, column - 1):
        return range(len(text) + 1)
    positions = [0]
    for character in text:
        at = column - 1 + positions[-1]
        width = 1
        if line[at : at + 1] == "\\" and character != "\\":
            width = 2
        elif (entity := _ENTITY.match(line, at)) and unescape(entity[0]) == character:
            width = len(entity[0])
        positions.append(positions[-1] + width)
    return positions


_ENTITY = re.compile(r"&(?:#\w{1,8}|\w{2,32});")


#: Directives with a caption or title after their names, which no parser reads.
_TITLED = {
    "table", "list-table", "csv-table", "admonition", "topic", "sidebar", "card", "dropdown",
    "grid-item-card", "tab-item",
}  # fmt: skip
#: What is not text in a title: a role, code, a formula, a link, HTML, stars.
_NOT_TEXT = re.compile(
    r"(?P<star>\\[^\w\s]|\*+)|\{(?P<role>[\w:]{1,40})\}`[^`]{1,300}`|(?P<code>(?<!`)`{1,3}[^`]{1,300}`+)"
    r"|\$(?P<math>[^$]{1,300})\$|(?P<image>!?\[[^\]]{0,300}\]\([^)]{0,300}\))|(?P<html><[^>]{1,300}>)"
)


def _in_title(element: Element, block: int) -> Iterator[Element]:
    """Iterate over the text of a directive's title and what else is in it."""
    title, at, inside = element.text, element.argument_at, (*element.inside, element.name)
    last = 0
    for match in (*_NOT_TEXT.finditer(title), None):
        text = title[last : match.start() if match else None]
        if text:
            yield Element("text", at.right(last), "", text, "", 0, (), inside, block)
        if match is not None:
            kind, name = match.lastgroup or "", match["role"] or ""
            if kind != "star":
                place, body = at.right(match.start()), match["math"] or ""
                yield Element(kind, place, name, match[0], body, 0, (), inside, block)
            last = match.end()


def _with_titles(elements: Iterable[Element]) -> Iterator[Element]:
    """Iterate over elements and, after a directive, over those of its title."""
    blocks = count(-1, -1)
    for element in elements:
        yield element
        titled = element.kind == "directive" and element.name in _TITLED
        if titled and element.text and "\n" not in element.text:
            yield from _in_title(element, next(blocks))


def _is_empty(link: Element, following: Element | None) -> bool:
    """Whether a link has no text of its own; what is printed is then the title or the number."""
    if following is None or following.block != link.block or following.kind == "link":
        return True
    return following.kind == "text" and following.name != link.name


def prose_of(elements: Iterable[Element], line: Callable[[Location], str]) -> Prose:
    """Return the prose of a page's elements."""
    parts: list[str] = []
    starts: list[int] = []
    kept: list[Element] = []
    offset = block = last = 0
    for element, following in pairwise(chain(_with_titles(elements), (None,))):
        if element is None or not element.block or element.kind == "anchor":
            continue
        if element.kind == "link" and not _is_empty(element, following):
            continue
        if element.block != block:
            gap = "\n\n" if block else ""
        else:
            gap = "\n" if element.at.line > last else ""
        block, last = element.block, element.at.line
        text = element.text if element.kind == "text" else NOT_TEXT
        parts.append(gap + text)
        starts.append(offset + len(gap))
        kept.append(element)
        offset += len(gap) + len(text)
    return Prose(_without_code("".join(parts)), tuple(starts), tuple(kept), line)


def _without_code(text: str) -> str:
    """Return a text in which the code in environments of LaTeX is hidden."""
    for name in CODES if "\\begin{" in text else ():
        parts, done = [], 0
        while (start := text.find(f"\\begin{{{name}}}", done)) >= 0:
            if (end := text.find(f"\\end{{{name}}}", start)) < 0:
                break
            first = start + len(name) + 8
            parts += [text[done:first], re.sub(r"[^\n]", NOT_TEXT, text[first:end])]
            done = end
        text = "".join([*parts, text[done:]])
    return text
