"""Rules on headings, captions and items of lists: their form, and sections of one part."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.finding import Finding, also_in
from sphinx_mmbook.core.pages.literal import Literal
from sphinx_mmbook.core.rules.english.spelling import SHORT
from sphinx_mmbook.core.rules.pages.headings import LISTS
from sphinx_mmbook.core.rules.registry import found, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_mmbook.core.book.book import Book
    from sphinx_mmbook.core.finding import Location
    from sphinx_mmbook.core.pages.elements import Element
    from sphinx_mmbook.core.pages.page import Page
    from sphinx_mmbook.core.pages.positions import Positions
    from sphinx_mmbook.core.references.numbered_objects import NumberedObject


def _sections(page: Page) -> list[Element]:
    """Return the headings below a page's title that make sections."""
    return [item for item in page.of("heading") if item.level > 1 and not item.inside]


@rule("info")
def heading_alone(book: Book) -> Iterator[Finding]:
    """A section has one subsection only.

    Bad: ``## Data`` with ``### Images`` below it, and then ``## Method``

    Good: ``## Data`` with ``### Images`` and ``### Texts``, or without subsections

    Why: who divides something gets two parts. The heading of the only one says nothing new.
    """
    for page in book.pages.values():
        headings = _sections(page)
        for number, parent in enumerate(headings):
            below: list[Element] = []
            for item in headings[number + 1 :]:
                if item.level <= parent.level:
                    break
                below.append(item)
            top = [item for item in below if item.level == below[0].level]
            if len(top) == 1 and all(item.level >= top[0].level for item in below):
                part = top[0]
                if not LISTS.fullmatch(part.text.strip()) and part.text and parent.text:
                    message = f"'{part.text}' is the only subsection of '{parent.text}'"
                    yield found(part.at, f"{message}; delete this heading, or divide the section")


@rule("warning")
def heading_stop(book: Book) -> Iterator[Finding]:
    """A heading ends with a stop, an ellipsis or a colon.

    Bad: ``## Encoder:``

    Good: ``## Encoder``

    Why: a heading is not a sentence, and what follows is below it anyway.
    """
    for page, heading in book.elements("heading"):
        match = _STOP.search(heading.text.rstrip())
        long = len(heading.text) > _LONGEST  # a paragraph that sticks to its heading
        if match and not (heading.inside or long or SHORT.fullmatch(match[1])):
            name = {":": "a colon", ".": "a stop"}.get(match[2], "an ellipsis")
            advice = f"'{heading.text}' ends with {name}; delete it"
            yield found(heading.at, advice + _beneath(page, heading))


def _beneath(page: Page, heading: Element) -> str:
    """Return other advice for a paragraph that a line of signs below it has made a heading."""
    if "#" in page.line(heading.at) or not page.path.endswith((".md", ".ipynb")):
        return ""
    return ", or put an empty line below it: a line of punctuation there makes a heading of it"


_LONGEST = 150
_STOP = re.compile(r"(?<![^\W\d_])([^\W\d_]{3,30})([.:]|\.{3}|…)$")
#: Words that are small in headings of either form.
_SMALL = {
    "about", "after", "against", "among", "based", "between", "from", "into", "onto", "over",
    "than", "that", "their", "this", "through", "under", "using", "versus", "with", "within",
    "without",
}  # fmt: skip
_NO_WORDS = re.compile(
    r"`[^`]{0,99}`|\$[^$]{0,99}\$|\([^()]{0,99}\)|\{[^{}]{0,99}\}|\[[^\[\]]{0,99}\]"
)
_PARTS = re.compile(r"[:–—?]| -+ ")
_WORD = re.compile(r"[A-Za-z][\w'’-]*")


def _form(text: str, enough: int) -> str:
    """Return whether the words of a heading are large or small; nothing if some are."""
    words = _that_count(text)
    if len(words) < enough:
        return ""
    large = sum(word[0].isupper() for word in words)
    return {0: "small", len(words): "large"}.get(large, "")


def _that_count(text: str) -> list[str]:
    """Return the words but the first of each part, short ones, acronyms and names."""
    words: list[str] = []
    for part in _PARTS.split(_NO_WORDS.sub("", text)):
        words += _WORD.findall(part)[1:]
    words = [word for word in words if len(word) > 3 and word.lower() not in _SMALL]
    return [word for word in words if word[1:].islower()]


def _named(page: Page, heading: Element) -> bool:
    """Whether a heading may be a name: its page has a word in no small letters, or its acronym."""
    initials = "".join(word[0] for word in re.findall("[A-Za-z]+", heading.text.partition("(")[0]))
    words = page.prose.words
    if len(initials) > 2 and not words.keys().isdisjoint({initials, f"{initials}s"}):
        return True
    return not all(word.lower() in words for word in _that_count(heading.text))


def _is_long(heading: Element) -> bool:
    return len(_that_count(heading.text)) >= _ENOUGH


#: So many words show the form of a heading: "The Kernel" may be a name.
_ENOUGH = 2
#: So many headings show the form of a book's.
_MANY = 6


@rule("warning")
def heading_capitals(book: Book) -> Iterator[Finding]:
    """Some headings of a book have capitals in each word, and others have not.

    Bad: ``## Results and Discussion`` in one chapter, ``## Results and discussion`` in another

    Good: all of them in one form

    Why: the contents show them side by side. What counts is the form of most headings; acronyms,
    and names that are written with a capital elsewhere, too, are as they are.
    """
    forms: dict[str, list[tuple[Page, Element]]] = {"small": [], "large": []}
    for page in book.pages.values():
        for heading in _sections(page) if page.prose.is_english else ():
            if form := _form(heading.text, 1):
                forms[form].append((page, heading))
        yield from _mixed(page) if page.prose.is_english else ()
    few, many = sorted(forms, key=lambda form: sum(_is_long(one) for _, one in forms[form]))
    if few == "large":
        forms[few] = [one for one in forms[few] if _is_long(one[1]) and not _named(*one)]
    long = [heading for _, heading in forms[many] if _is_long(heading)]
    if not forms[few] or len(forms[few]) + len(long) < _MANY or len(long) < _ENOUGH:
        return
    example = long[0].text
    others = "most" if 2 * len(long) > 3 * len(forms[few]) else "other"
    how = f"small letters, {others} headings of the book in capitals"
    if few == "large":
        how = f"capitals, {others} headings of the book in small letters"
    for path in dict.fromkeys(page.path for page, _ in forms[few]):
        here = [heading for page, heading in forms[few] if page.path == path]
        also = also_in(item.at for item in here)
        message = f"'{here[0].text}' is in {how}, such as '{example}'{also}"
        yield found(here[0].at, f"{message}; use one form throughout")


#: A word with a capital between words without one.
_MIDST = re.compile(r"(?<![A-Za-z-])[a-z]+,? ([A-Z][a-z]{3,})(?=,? [a-z]|$)")


def _mixed(page: Page) -> Iterator[Finding]:
    """Yield the headings with a capital in their midst that the word has not in the text."""
    words = page.prose.words
    some = [
        heading
        for heading in _sections(page)
        if any(words.get(w.lower(), 0) > words.get(w, 0) for w in _MIDST.findall(heading.text))
        and any(map(str.islower, _that_count(heading.text)))
    ]
    if some:
        also = also_in(item.at for item in some)
        message = f"'{some[0].text}' has a capital in its midst{also}; write all words alike"
        yield Finding(some[0].at, "heading-capitals", message, "info")


_ABBREVIATED = re.compile(r"(?<![^\W\d_])([^\W\d_]{1,12})\.$")
_ENDED = re.compile(r"[.!?…:;>][)\"”’}*_\]]*$")
#: What most captions do is a rule of the book, if so many do.
_MOST = 0.6
#: So many captions are enough, if nearly all of them are alike.
_FEW = 4
_INNER = re.compile(r"(?<![^\s.])([^\s.]{1,40})\.[ \n]{1,3}[A-ZÄÖÜ][a-zäöü]")


@rule("info")
def caption_stop(book: Book) -> Iterator[Finding]:
    """Some captions of a book end with a stop, and others do not.

    Bad: ``The loss falls.`` below one figure, ``Loss by epoch`` below another

    Good: a stop after all of them

    Why: readers see it in each figure. A caption of several sentences needs the stop in any case.
    """
    single: dict[bool, list[NumberedObject]] = {True: [], False: []}
    for obj in book.numbered_objects:
        text = obj.caption.strip()
        if obj.kind not in ("figure", "table") or len(text.split()) < _ENOUGH or "\n\n" in text:
            continue
        if (last := _ABBREVIATED.search(text)) and SHORT.fullmatch(last[1]):
            continue
        ended = bool(_ENDED.search(text))
        several = any(not SHORT.fullmatch(match[1]) for match in _INNER.finditer(text))
        if several and not ended:
            message = "this caption has several sentences and ends without a stop; write it"
            yield found(obj.at, message)
        elif not several:
            single[ended].append(obj)
    few = len(single[True]) < len(single[False])
    total = len(single[True]) + len(single[False])
    enough = _MOST if total >= _MANY else 0.75
    if not single[few] or total < _FEW or len(single[not few]) < enough * total:
        return
    most = f"{len(single[not few])} of {total} captions of the book"
    said = (
        "with a stop, and {} without; delete it"
        if few
        else "without a stop, and {} with one; write it"
    )
    for path in dict.fromkeys(obj.at.path for obj in single[few]):
        here = [obj.element for obj in single[few] if obj.at.path == path]
        fault = f"this caption ends {said.format(most)}"
        yield found(here[0].at, fault + also_in(item.at for item in here))


_ITEM = re.compile(r"(?:[-*+]|\d{1,2}[.)])[ \t]+(?=\S)")
_BEGINS_ITEM = frozenset("-*+0123456789")
_OPEN_END = re.compile(r"[^\W_][)\"”’*_`$]*$")
#: So many items show the form of a list.
_ITEMS = 3


@rule("info")
def list_stop(book: Book) -> Iterator[Finding]:
    """Some items of a list end with a stop, and others do not.

    Bad: ``- It falls.``, ``- it rises``, ``- It stays.``

    Good: a stop after all of them, or after none

    Why: readers see them below each other.
    """
    for page in book.pages.values():
        literal: Literal | None = None
        for positions, items in _lists(page):
            ended = [bool(_ENDED.search(text)) for _, text in items]
            open_ones = [bool(_OPEN_END.search(text)) for _, text in items]
            alike = not any(ended[:-1]) or not any(open_ones)
            if len(items) < _ITEMS or alike:
                continue
            literal = literal or Literal(page)
            few = sum(ended) * 2 < len(items)
            odd = [start for (start, _), stop in zip(items, ended, strict=True) if stop is few]
            spots = [positions.location(start) for start in odd]
            if not literal.covers(spots[0]):
                how = "ends with a stop, others" if few else "ends without a stop, others"
                rest = f"of this list {'do not' if few else 'do'}{also_in(spots)}"
                yield found(spots[0], f"this item {how} {rest}; use one form throughout")


def _lists(page: Page) -> Iterator[tuple[Positions, list[tuple[int, str]]]]:
    """Iterate over the lists at the margin without lists in them: begin and text of each item."""
    for positions in page.positions.values():
        if positions.block.is_code or page.source.restructured:
            continue
        items: list[tuple[int, str]] = []
        nested = False
        for start, line in zip(positions.starts, positions.text.split("\n"), strict=True):
            if match := _ITEM.match(line) if line[:1] in _BEGINS_ITEM else None:
                items.append((start, line[match.end() :].rstrip()))
                nested = nested or bool(_ITEM.match(items[-1][1]))
            elif items and line[:1] in (" ", "\t") and line.strip():
                items[-1] = (items[-1][0], f"{items[-1][1]} {line.strip()}")
                nested = nested or bool(_ITEM.match(line.strip()))
            elif items and line.strip():
                yield from [] if nested else [(positions, items)]
                items, nested = [], False
        if items and not nested:
            yield positions, items


#: What each section of a textbook may have.
_EACH_HAS = re.compile(r"(?:exercise|example|solution|problem)s?\b")


@rule("warning")
def heading_repeated(book: Book) -> Iterator[Finding]:
    """A section has two subsections of one name.

    Bad: ``## Results`` twice on a page

    Good: ``## Results on images``, ``## Results on text``

    Why: one of them was pasted, or the contents do not say which is which.
    """
    for page in book.pages.values():
        seen: dict[int, dict[str, Location]] = {}
        for element in page.of("heading"):
            if element.inside:
                continue
            seen = {level: names for level, names in seen.items() if level <= element.level}
            names = seen.setdefault(element.level, {})
            text = " ".join(element.text.split()).lower()
            other = names.setdefault(text, element.at)
            if other != element.at and text and not _EACH_HAS.match(text):
                message = f"'{element.text}' is also the heading at {other}"
                yield found(element.at, f"{message}; delete one, or say what is different")
