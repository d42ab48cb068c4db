"""Rules on titles and headings."""

from __future__ import annotations

from itertools import pairwise, takewhile
from typing import TYPE_CHECKING

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.finding import Edit, Finding, Location
from sphinx_mmbook.core.rules.registry import found, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_mmbook.core.book.book import Book
    from sphinx_mmbook.core.pages.elements import Element
    from sphinx_mmbook.core.pages.page import Page


def _titled(book: Book, page: Page) -> str:
    """Return the title of a page's front matter, if that becomes its first heading."""
    if not book.settings.title_to_header:
        return ""
    title = page.source.front.fields.get("title")
    return str(title).strip() if title is not None else ""


def _headings(page: Page) -> list[Element]:
    """Return the headings that make sections; those in directives make none."""
    return [item for item in _sections(page) if not item.inside]


def _sections(page: Page) -> list[Element]:
    """Return the same, and those for one output alone."""
    return [item for item in page.of("heading") if not {*item.inside} - {"only"}]


_FIELDS = r"(?>(?:[ \t]*[\w.-]+:[^\n]*\n|[ \t]+[^\n]*\n|- [^\n]*\n)+)---[ \t]*\n"
_LATE = re.compile(rf"\s*(?:<!--(?:(?!-->)[\s\S])*-->[ \t]*)?\n(---[ \t]*\n{_FIELDS})")
#: A front matter below the top, by what no heading says.
_SECOND = re.compile(rf"---[ \t]*\n(?=(?:title|author|date|output):){_FIELDS}")
#: Lines of a front matter without the right first line, or after it.
_FIELD = r"(?:title|authors?|supervisors?|status|abstract|file_format):[ \t]"
_NOT_BEGUN = re.compile(rf"(?:(?:[ \t]*--?|[ \t]+---)[ \t]*\n)?{_FIELD}")
_NOT_ENDED = re.compile(rf"---[ \t]*\n{_FIELD}")


def late_front_matter(page: Page) -> str:
    """Return what is before a front matter that does not begin the page."""
    begins = page.source.text[:1]
    match = _LATE.match(page.source.text) if begins.isspace() or begins == "<" else None
    return match[0].removesuffix(match[1]) if match else ""


@rule("error")
def front_matter_late(book: Book) -> Iterator[Finding]:
    """The front matter does not begin in the first line of the page, or it does not end.

    Bad: an empty line, then ``---``, ``title: Loss``, ``---``; the same with ``--``

    Good: ``---`` in the first line

    Why: it is read as a rule and a heading; the page has no title and no authors.
    """
    for page in book.pages.values():
        if blank := late_front_matter(page):
            at = Location(page.path, 1, 1)
            message = "the front matter has to begin in the first line of the page"
            advice, edits = "move the comment below it", []
            if not blank.strip():
                advice, edits = "delete what is before it", [Edit(at, f"{blank}---", "---")]
            yield found(at, f"{message}; {advice}", *edits)
        else:
            yield from _broken_front_matter(page)


def _broken_front_matter(page: Page) -> Iterator[Finding]:
    """Yield a front matter that does not count because one of its two lines '---' is missing."""
    first, front = next(iter(page.source.blocks), None), page.source.front
    # A notebook may have fields of its own, which stand in no text.
    is_read = front.findings or (front.fields and not page.path.endswith(".ipynb"))
    if is_read or page.source.restructured or first is None or first.is_code:
        return
    if first.first_line > 1:
        return
    at = Location(page.path, 1, 1, first.cell)
    if _NOT_BEGUN.match(first.text):
        yield found(at, "this front matter has no first line; write '---' there and after it")
    elif _NOT_ENDED.match(first.text):
        yield found(at, "this front matter does not end; write '---' on a line of its own after it")


@rule("error")
def title_missing(book: Book) -> Iterator[Finding]:
    """A page has no title.

    Bad: a page that begins with text and has no heading

    Good: ``title: …`` in the front matter

    Why: the page is missing in the contents, since there is nothing to call it by.
    """
    for page in book.pages.values():
        read = not page.source.front.findings and not late_front_matter(page)
        titled = _titled(book, page) or _sections(page)
        if read and not titled and not (book.tree.known and page.docname not in book.tree.order):
            message = "this page has no title; add 'title: …' to its front matter"
            if not any(block.text.strip() for block in page.source.blocks):
                message = "this page is empty; delete it, or write its title and text"
            yield found(Location(page.path, 1), message)


@rule("warning")
def title_doubled(book: Book) -> Iterator[Finding]:
    """A page has a title in its front matter and a first-level heading as well.

    Bad: ``title: Loss`` in the front matter, and ``# Loss`` below it

    Good: ``title: Loss`` in the front matter, then the text, then ``## …``

    Why: the front matter's title is the first heading already; the page has its title twice, and
    counts as two chapters.
    """
    for page in book.pages.values():
        title = _titled(book, page)
        for number, element in page.numbered("heading"):
            if not title or element.level > 1 or element.inside or PARTS.match(element.text):
                continue
            same = _words(element.text) == _words(title)
            # A label before it would name what comes next, which has no title to refer to.
            labelled = number > 0 and page.elements[number - 1].kind == "target"
            repair = "delete this line" if same else "delete one of the two, or write '##' here"
            if same and labelled:
                repair = "delete that one: this heading has a label"
            line = page.line(element.at)
            fixable = same and not labelled and line.startswith("# ") and not element.options
            at = Location(element.at.path, element.at.line, 1, element.at.cell)
            message = f"the page has the title '{title}' from its front matter already"
            edits = (Edit(at, line, ""),) if fixable else ()
            yield found(element.at, f"{message}; {repair}", *edits)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


@rule("warning")
def title_several(book: Book) -> Iterator[Finding]:
    """A page has several first-level headings.

    Bad: ``# Data`` and ``# Method`` on one page

    Good: ``# My chapter``, ``## Data``, ``## Method``

    Why: the first one is the title of the page, and each of them counts as a chapter.
    """
    for page in book.pages.values():
        if not _titled(book, page):
            first = [item for item in _headings(page) if item.level == 1]
            for element in [item for item in first if not PARTS.match(item.text)][1:]:
                message = f"'{element.text}' is a second title of this page"
                if LISTS.fullmatch(element.text.strip()):
                    continue  # heading-references speaks of it
                yield found(element.at, f"{message}; write '##'")


#: What bookdown writes before the title of a part of the book.
PARTS = re.compile(r"\((?:PART|APPENDIX)\\?\*?\)")
#: Headings of a list of works.
LISTS = re.compile(
    r"(?:references|bibliography|works cited|literature|literatur(?:verzeichnis)?|referenzen"
    r"|bibliogra(?:ph|f)ie|quellen(?:verzeichnis)?)(?:\s*\{[^{}]*\})?",
    re.IGNORECASE,
)


@rule("warning")
def heading_references(book: Book) -> Iterator[Finding]:
    """A heading for the list of works has nothing below it.

    Bad: ``# References`` at the end of a chapter

    Good: no heading; each page lists what it cites by itself, under one of its own

    Why: the reader sees two headings, the first of them without a text.
    """
    for page in book.pages.values():
        first = "" if _titled(book, page) else next((h.at for h in _headings(page)), "")
        for number, element in page.numbered("heading"):
            is_list = element.at != first and LISTS.fullmatch(element.text.strip())
            if not is_list or not _is_empty(page, number, element):
                continue
            at = element.at._replace(column=1)
            line = page.line(at)
            message = f"'{element.text}' is an empty section; delete this heading"
            fix = (Edit(at, line, ""),) if line.startswith("#") else ()
            yield found(element.at, f"{message}: each page lists what it cites by itself", *fix)


#: So many elements a heading, its labels and comments have at most.
_MOST = 50
#: What makes no text: labels.
_UNSEEN = ("anchor", "target")


def _is_empty(page: Page, number: int, heading: Element) -> bool:
    """Whether nothing comes after the heading that is this element of a page."""
    after = page.elements[number + 1 : number + 1 + _MOST]
    later = (item for item in after if item.at.row != heading.at.row and item.kind not in _UNSEEN)
    below = next((item for item in later if not item.text.startswith("<!--")), None)
    return below is None or (below.kind == "heading" and below.level <= heading.level)


@rule("info")
def heading_empty(book: Book) -> Iterator[Finding]:
    """A section has a heading and nothing else.

    Bad: ``## Bias`` with ``## Method`` right below it, or at the end of the page

    Good: ``## Bias`` and a sentence at least

    Why: the reader looks for the text that was to come.
    """
    for page in book.pages.values():
        for number, element in page.numbered("heading"):
            is_section = element.level > 1 and not element.inside and element.text
            is_list = LISTS.fullmatch(element.text.strip())
            if is_section and not is_list and _is_empty(page, number, element):
                message = f"'{element.text}' has no text; write it, or delete the heading"
                yield found(element.at, message)


@rule("warning")
def heading_skip(book: Book) -> Iterator[Finding]:
    """A heading is more than one level below the one before it.

    Bad: ``## Data`` followed by ``#### Images``

    Good: ``## Data`` followed by ``### Images``

    Why: the contents and screen readers show the levels, and one of them is missing.
    """
    for page in book.pages.values():
        last = outside = 1 if _titled(book, page) else 0
        for element in () if late_front_matter(page) else _sections(page):
            last = last if element.inside else outside
            if element.level > last + 1:
                wanted = "#" * (last + 1)
                where = f"after one of level {last}" if last else "at the top of the page"
                message = f"'{element.text}' is a heading of level {element.level} {where}"
                yield found(element.at, f"{message}; write '{wanted}'")
            last = element.level
            outside = outside if element.inside else last


_NO_BLANK = re.compile(
    r"(?m)^(#{2,6})([A-Za-zÄÖÜ\u2000-\u200b\u3000][^\n]*)$|^(#)([A-ZÄÖÜ]\w*(?:\x20[^\n.!?,#]{2,60}|(?<=[a-z]{4})))$"
)
#: A note that was to be a comment, as in Python and R.
_NOTE = re.compile(r"^#[a-zäöü]{2,} [^\n#]{2,80}(?:\?$|(?=\n\n|\Z))", re.M)
_SENTENCE = re.compile(r"[A-Z*{][^|]{20}")
_BOLD = re.compile(r"\*\*([^*\n]{2,60}[^*\n.:;,?!…])\*\*[ \t]*\\?")


#: What a caption stands above: how it begins, and the directive that has the caption.
_CAPTIONED = {"|": "table", "![": "figure", ":::{figure}": "figure", "```{figure}": "figure"}


@rule("info")
def heading_bold(book: Book) -> Iterator[Finding]:
    """A line in bold is used where a heading is meant.

    Bad: ``**Results**`` as a paragraph

    Good: ``#### Results``

    Why: it is in no table of contents, nothing can link to it, and screen readers skip it.
    """
    for page in book.pages.values():
        rows = page.source.text.split("\n") if "\n**" in page.source.text else []
        for element in page.of("text"):
            row = element.at.line - 1
            bold = element.at.column == 3 and not element.inside and row < len(rows)
            if not bold or element.at.cell:
                continue
            match = _BOLD.fullmatch(rows[row]) if not rows[row - 1].strip() else None
            below = "".join(rows[row + 1 : row + 2]).strip()
            shown = below or "".join(rows[row + 2 : row + 3]).strip()
            if match and (
                new := next((w for s, w in _CAPTIONED.items() if shown.startswith(s)), "")
            ):
                message = (
                    f"'{match[1]}' in bold is not a heading; if it is the caption of what is below"
                )
                yield found(element.at.right(-2), f"{message}, write ':::{{{new}}}' with it")
            elif match and (not below or _SENTENCE.match(below)):
                runs = " and runs into the text below" if below else ""
                message = f"'{match[1]}' in bold is not a heading{runs}; write it as one, with '#'"
                yield found(element.at.right(-2), message)


@rule("warning")
def heading_blank(book: Book) -> Iterator[Finding]:
    """A heading lacks the space after its ``#``, or all of its text.

    Bad: ``###Data``, ``##``

    Good: ``### Data``

    Why: without the space it is not a heading, but text that begins with ``###``.
    """
    for page, element in book.elements("heading"):
        if not element.text and not page.line(element.at).strip("# \t>"):
            yield found(element.at, "this heading has no text; write it, or delete the line")
    for page in book.pages.values():
        prose = page.prose
        if "#" not in prose.text:
            continue
        for match in _NO_BLANK.finditer(prose.text):
            signs = match[1] or match[3]
            text = match[2] or match[4]
            at = prose.at(match.start())
            old = signs + text[0]
            alone = prose.text[: match.start()].endswith("\n\n") or not match.start()
            if page.has_text(at, old) and (match[1] or alone):
                new = f"{signs} {text[0] * text[0].isalpha()}"
                message = f"'{signs}{text[:30]}' is not a heading; write a space after '{signs}'"
                yield found(at, message, Edit(at, old, new))
        for match in _NOTE.finditer(prose.text):
            if page.has_text(at := prose.at(match.start()), match[0][:9]):
                message = f"'{match[0][:30]}' is printed; delete it, or write '% ' for a comment"
                yield found(at, message)


@rule("error")
def line_misplaced(book: Book) -> Iterator[Finding]:
    """A line of hyphens or stars is used where it divides nothing.

    Bad: ``---`` below the title or a heading, at the end of a page, twice in a row, or in a list,
    a quotation or a box; a second front matter

    Good: ``---`` between two paragraphs

    Why: it is a line across the page there, or was to be a front matter; the build complains.
    """
    for page in book.pages.values():
        if page.source.restructured or late_front_matter(page) or any(_broken_front_matter(page)):
            continue
        notes = _of_notes(page)
        blocks = [i for i in page.elements if i.kind not in ("anchor", "open")]
        blocks = [i for i in blocks if i.at.row not in notes or i.name == "inner"]
        for number, item in enumerate(blocks):
            if item.kind != "break" or item.name not in ("line", "inner"):
                continue
            before = blocks[number - 1] if number else None
            line = page.line(item.at).strip(" >")
            here = page.positions_at(item.at)
            if line == "---" and _SECOND.match(here.text, here.offset(item.at)):
                message = "this front matter is not at the top of the page; move its fields there"
                yield found(item.at, f"{message}, or delete it up to the next '---'")
            elif item.inside or item.name == "inner":
                where = "a quotation" if page.line(item.at).lstrip()[:1] == ">" else "a list"
                where = "a footnote" if item.at.row in notes else where
                where = f"{{{item.inside[-1]}}}" if item.inside else where
                yield found(item.at, f"'{line}' cannot divide {where}; delete it, or move it out")
            elif before is None or before.kind == "heading" or _in_heading(blocks, number - 1):
                yield found(item.at, f"nothing comes before this '{line}'; delete it")
            elif before.kind == "break" and before.name == "line":
                yield found(item.at, f"a second '{line}' follows the first; delete one")
            elif number + 1 == len(blocks):
                yield found(item.at, f"nothing follows this '{line}'; delete it")


def _of_notes(page: Page) -> set[tuple[str, int, int]]:
    """Return the lines of the texts of footnotes, which go to the end of the page."""
    found = set()
    for note in page.of("footnote-definition"):
        at, within = note.at, takewhile(_goes_on, pairwise(_rows(page, note.at)))
        found |= {at._replace(line=at.line + n).row for n in range(len([*within]) + 1)}
    return found


def _rows(page: Page, at: Location) -> list[str]:
    """Return the lines from a place on."""
    here = page.positions_at(at)
    return here.text.split("\n")[at.line - here.block.first_line :]


def _goes_on(rows: tuple[str, str]) -> bool:
    """Whether a footnote goes on: in a line that is indented, or words right below others."""
    above, row = rows
    return not row[:1].strip() or (row[:1].isalnum() and bool(above.strip()))


def _in_heading(blocks: list[Element], number: int) -> bool:
    """Whether an element is a part of a heading's line."""
    block = blocks[number].block
    while number and block and blocks[number].block == block:
        number -= 1
    return blocks[number].kind == "heading"
