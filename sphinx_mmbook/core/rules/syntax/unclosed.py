"""Rules on what is begun and never ended, so that it takes in what follows, or is printed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.finding import Edit, Finding, Location
from sphinx_mmbook.core.pages.literal import Literal
from sphinx_mmbook.core.references.equations import formulas_of, unmatched
from sphinx_mmbook.core.rules.registry import found, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_mmbook.core.book.book import Book
    from sphinx_mmbook.core.pages.elements import Element
    from sphinx_mmbook.core.pages.page import Page

_BACKTICK = re.compile(
    r"^(?P<fence>[ ]{0,3}`{3,})[ \t]*(?P<info>\{[^`}\n]+\}[^`\n]*`(?!``)[^\n]*)$", re.MULTILINE
)
#: A part of it that is found faster: it begins with letters that are there.
_PART = re.compile(r"```[ \t]*\{[^`}\n]+\}[^`\n]*`")


def _broken_fences(page: Page) -> list[tuple[Location, re.Match[str]]]:
    """Return the lines that would begin a directive, were there no backtick in them."""
    broken: list[tuple[Location, re.Match[str]]] = []
    literal: Literal | None = None
    for positions in page.positions.values():
        if positions.block.is_code or not _PART.search(positions.text):
            continue
        for match in _BACKTICK.finditer(positions.text):
            literal = literal or Literal(page)
            at = positions.location(match.end("fence"))
            if "```" not in match["info"] and not literal.covers(at.right(-1)):
                broken.append((at._replace(column=1), match))
    return broken


@rule("error")
def fence_backtick(book: Book) -> Iterator[Finding]:
    """The first line of a block has a backtick, so that it begins none.

    Bad: ```` ```{table} Losses of `adam` ````

    Good: ``:::{table} Losses of `adam` ``, and ``:::`` at its end

    Why: the line and the text below it are printed, and the backticks that were to end the block
    begin another, which takes in what follows.
    """
    for page in book.pages.values():
        for at, match in _broken_fences(page):
            fence = ":" * match["fence"].count("`")
            name = match["info"].partition("}")[0]
            message = f"'{match['fence'].strip()}{name}}} …' begins no block: a backtick follows"
            yield found(at, f"{message}; write '{fence}' for the backticks, here and at its end")


@rule("error")
def block_open(book: Book) -> Iterator[Finding]:
    """A block, a box or a comment is begun and never ended.

    Bad: ```` ```{figure} loss.png ```` without ```` ``` ```` below its caption; ``<!--`` without
    ``-->``

    Good: the end on a line of its own; boxes within boxes with fewer colons than those around them

    Why: all that follows is taken into it, or lost.
    """
    for page in book.pages.values():
        broken = [at for at, _ in _broken_fences(page)]
        # html-dropped says that HTML takes them in.
        broken += [item.at for item in page.of("html") if _FENCE.search(item.text)]
        first: dict[str, int] = {}
        for at in broken:
            first[at.path] = min(at.line, first.get(at.path, MAX_LINES))
        for element in page.of("open"):
            # What was to end a block that is not one, or another box, begins this one.
            path, line = element.at.path, element.at.line
            told, inside = line > first.get(path, MAX_LINES), element.inside
            follows = inside[-1] == "div" and element.name[0] == ":" if inside else not element.text
            if not (told and follows):
                yield found(element.at, _never_ends(element, page.line(element.at)))
                first[path] = min(line, first.get(path, MAX_LINES))
        for element in page.of("html"):
            text = element.text.lstrip()
            if text.startswith("<!--") and "-->" not in text:
                message = "this comment is never ended, so all that follows is lost"
                yield found(element.at, f"{message}; write '-->' after it")


#: More lines than a page has.
MAX_LINES = 2**31
_FENCE = re.compile(r"^[ ]{0,3}(?:`{3}|:{3})", re.MULTILINE)


#: What is not seen after a fence: spaces that do not break, and characters without a width.
_INVISIBLE = ("\u00a0", "\u200b", "\u2060", "\ufeff")


def _never_ends(element: Element, line: str) -> str:
    """Return what to say of a block without end."""
    fence, inside = element.name, element.inside
    if line.rstrip(" \t").endswith(_INVISIBLE) and not element.text.strip("\u200b\u2060\ufeff"):
        text = f"an invisible character follows this '{fence}', so that it ends nothing"
        return f"{text}; delete it"
    name, brace, _ = element.text.partition("}")
    shown = f"'{fence}{name}{brace}'"
    if inside and fence[0] == ":":
        block = f"{{{inside[-1]}}}" if inside[-1] != "div" else "the block"
        around = f"the '{fence}' below ends {block} around it"
        if not name:
            return f"this '{fence}' ends nothing: {around}; delete it"
        return f"{shown} is never ended: {around}; give that one more ':', at both ends"
    if element.level:
        text = f"{shown} is not ended in the list or quote in which it begins"
        return f"{text}; indent the '{fence}' at its end as much as this one"
    if not name:
        text = f"this '{fence}' ends nothing, and begins a block that takes in all that follows"
        return f"{text}; delete it, or write what it was to end"
    text = f"{shown} is never ended, so all that follows is in it"
    return f"{text}; write '{fence}' on a line of its own where it ends"


_STARS = re.compile(r"(?<![*\d)\]])\*\*(?!\*)(?!\s*p\s*[<≤=])")
#: A star before a word, and the next one after a word of the next paragraph.
_ACROSS = re.compile(
    r"\*(?<=[\s(]\*)(?=[^\W\d_]{2})[^*\n]*(?:\n(?!\n)[^*\n]*)*\n\n[^*\n]*(?:\n(?!\n)[^*\n]*)*"
    r"(?<=[\w.,!?])\*(?![\w*])"
)
_TICK = re.compile(r"(?<!`)`(?!`)|<!--")
#: What begins as quotes of LaTeX do, and goes on with several words.
_QUOTED = re.compile(r"[A-Za-z][\w ,-]{1,80}'[\s.,;:)](?:\s*\S+\s){4}")
_ESCAPED = re.compile(r"`(?=[\w.])[^`\n]{1,40}`")


@rule("warning")
def mark_open(book: Book) -> Iterator[Finding]:
    r"""Stars or a backtick have no counterpart and are printed.

    Bad: ``the **loss falls``, ``the **loss ** falls``, `` {cite:p}`lin2014 shows``;
    `` `learn' ``, quotes of LaTeX, of which the next one ends what is taken for code

    Good: ``the **loss** falls``, `` {cite:p}`lin2014` shows``; ``\*\*`` for stars that are printed

    Why: readers see the marks, and what was meant is lost.
    """
    for page in book.pages.values():
        text = page.prose.text
        yield from _backticks(page)
        if not ("*" in text or "`" in text or "<!--" in text):
            continue
        fences = {at.line for at, _ in _broken_fences(page)}
        last = cut = 0
        for match in sorted((*_STARS.finditer(text), *_TICK.finditer(text)), key=re.Match.start):
            element, at = page.prose.element(match.start()), page.prose.at(match.start())
            known = element.block in page.broken or element.block == last or at.line in fences
            # A bar within a role ends the cell of a table: result-role says so.
            known = known or ("{stored}`" in page.line(at) and "|" in page.line(at))
            known = known or page.line(at).startswith(("`r if ", "'`"))  # chunk-syntax says so
            if known or not page.has_text(at, match[0]):
                continue
            last = element.block
            line = page.line(at)
            is_cut = match[0] == "`" and line.lstrip()[:1] == "|" and line.count("`") > 1
            if is_cut and at.line == cut:
                continue  # the other half
            cut = at.line
            apostrophe = match[0] == "`" and not is_cut and _in_word(text, match.start())
            fix = (Edit(at, "`", "'"),) if apostrophe else ()
            yield found(at, _CUT if is_cut else _printed(match), *fix)
        for match in _ACROSS.finditer(text) if "*" in text else ():
            if page.has_text(at := page.prose.at(match.start()), "*"):
                message = "this '*' is printed: no emphasis goes on over the end of a paragraph"
                yield found(at, f"{message}; write '*' at the end of each, or delete both")


def _backticks(page: Page) -> Iterator[Finding]:
    """Yield the quotes of LaTeX that begin code, and backticks with backslashes."""
    text = page.prose.text
    for element in page.of("code"):
        if _QUOTED.match(element.text):
            message = "this backtick begins code that ends at the next one"
            yield found(element.at.right(-1), f"{message}; write the quotes alike: '…'")
    for match in _ESCAPED.finditer(text) if "`" in text else ():
        at, old = page.prose.at(match.start()), f"\\{match[0][:-1]}\\`"
        if page.has_text(at, old):
            message = "these backticks are printed, for their backslashes"
            yield found(at, f"{message}; write {match[0]}", Edit(at, old, match[0]))


def _in_word(text: str, start: int) -> bool:
    return text[start - 1 : start].isalpha() and text[start + 1 : start + 2].isalpha()


_CUT = (
    "this backtick is printed: a bar ends the cell of the table, also in code; write '\\|' for it"
)


def _printed(match: re.Match[str]) -> str:
    """Return what to say of a mark that is printed."""
    text, start = match.string, match.start()
    if match[0] == "<!--":
        return "this comment is printed, as no '-->' follows in its paragraph; add it"
    if match[0] == "`":
        role = re.search(r"\{([\w:-]+)\}$", text[max(0, start - 40) : start])
        if role:
            return f"the role '{{{role[1]}}}' has no backtick at its end; add it"
        if _in_word(text, start):
            return "this backtick is printed; write an apostrophe"
        if re.match(r"`\w[^`'\n]{0,80}\w[.,!?]?'(?!\w)", text[start : start + 100]):
            return "this backtick is printed; write the quotes alike: '…'"
        return "this backtick is printed, as it has no counterpart; add it"
    begin, end = text.rfind("\n\n", 0, start), text.find("\n\n", start)
    others = len(_STARS.findall(text, max(begin, 0), end if end >= 0 else len(text))) > 1
    if others:
        return "these stars are printed; bold text has no space inside of its '**', but around them"
    return r"this '**' is printed, as it has no counterpart; add it, or write '\*\*'"


@rule("error")
def formula_unmatched(book: Book) -> Iterator[Finding]:
    r"""A formula has a brace, an environment or a ``\left`` that is not closed.

    Bad: ``$\frac{1}{2$``, ``$\left( a$``

    Good: ``$\frac{1}{2}$``, ``$\left( a \right)$``; a brace that is printed is ``\{``

    Why: the website shows an error in its place; in the PDF, its TeX is there.
    """
    for page in book.pages.values():
        cut = -1
        for element in formulas_of(page):
            if not (message := unmatched(element.body)) or (element.block and element.block == cut):
                continue
            if "`" in element.body:
                continue  # a role or code was meant
            if _CUT_TEXT.search(element.body):
                cut = element.block
                message = (
                    "the '$' in '\\text{…}' ends this formula; write '\\text{if } x', not '$x$'"
                )
            yield found(element.at, message)


#: A text that a dollar sign ends.
_CUT_TEXT = re.compile(r"\\text\{[^{}]*\Z")


#: Directives that docutils takes in no other block, and blocks that are such.
_OUTERMOST = ("topic", "sidebar", "contents")
_BOXES = frozenset(
    {
        "admonition", "attention", "caution", "danger", "error", "hint", "important", "note", "tip",
        "warning", "seealso", "topic", "container", "compound", "epigraph", "highlights",
        "pull-quote", "list-table",
    }
)  # fmt: skip


#: Parts of sphinx-design's blocks -> what they stand in.
_PARTS = {
    "grid-item": ("grid",), "grid-item-card": ("grid",), "tab-item": ("tab-set",),
    "step": ("steps",), "card-header": ("card", "grid-item-card"),
    "card-footer": ("card", "grid-item-card"),
}  # fmt: skip


#: What stands in definitions of reStructuredText alone: ``.. |today| date::``.
_DEFINING = ("date", "replace", "unicode")
#: Directives whose body is a line, in which nothing is a block.
_LINE = ("button-link", "button-ref")


@rule("error")
def directive_place(book: Book) -> Iterator[Finding]:
    """A box, sidebar or table of contents is in a block that cannot have one.

    Bad: a ``{sidebar}`` in a ``{note}``; a ``{date}``, which a definition has alone

    Good: the ``{sidebar}`` above the ``{note}``; a ``{note}`` in the ``{sidebar}``

    Why: the page shows an error in its place.
    """
    for page, element in book.elements("directive"):
        before = page.line(element.at)[: element.at.column] if element.restructured else ""
        if element.name in _DEFINING and "|" not in before:
            what = f"{{{element.name}}} can only say what a '|name|' of reStructuredText stands for"
            yield found(element.at, f"{what}; write the text itself")
        around = element.inside[-1] if element.inside else ""
        is_within = around in _BOXES or around == element.name == "sidebar" or element.block
        if element.name in _OUTERMOST and is_within and not element.restructured:
            where = "a list or quotation" if element.block else f"{{{around}}}"
            what = f"{{{element.name}}} is not allowed in {where}"
            yield found(element.at, f"{what}; move it out, above or below")
        whole = _PARTS.get(element.name)
        is_there = around in (whole or ()) and not element.block
        if whole and not is_there and around not in _LINE and not element.restructured:
            wanted = " or ".join(f"{{{name}}}" for name in whole)
            yield found(element.at, f"{{{element.name}}} belongs in {wanted}; put it there")
