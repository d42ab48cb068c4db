"""Rules on what is nearly a role or a label, and so is printed as it stands, and on lost lines."""

from __future__ import annotations

import json
from itertools import chain
from typing import TYPE_CHECKING, Any

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.finding import Edit, Finding, Location
from sphinx_mmbook.core.pages.elements import titled
from sphinx_mmbook.core.pages.literal import Literal
from sphinx_mmbook.core.pages.prose import NOT_TEXT
from sphinx_mmbook.core.rules.english.spelling import places
from sphinx_mmbook.core.rules.registry import found, rule
from sphinx_mmbook.core.rules.syntax.divisions import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_mmbook.core.book.book import Book
    from sphinx_mmbook.core.pages.page import Page

#: A role's name in braces, and what stands after it: code, a word in other signs, or a word.
_BRACED = re.compile(
    r"(\{(?<![\w\\^{]\{)\{?[ ]?)([A-Za-z]+(?:[:. ][ ]?[a-z]+)?)([ ]?\}{1,2})"
    rf"(?:[ \u00a0\u200b\u2060]?({NOT_TEXT})|"
    rf"[ ]?[\"“‘´'(\[{{]([\w:;,-]+)[\"”’´')\]}}]|(?<=\}})([\w:;,-]+))"
)
#: A role's name before code, in other signs or in none, or as reStructuredText has it.
_BEFORE = re.compile(
    r"(?<![\w:{(\[])(?:(\()|(\[)|(:))?([a-z]+(?::[a-z]+)?)(?(1)\))(?(2)\])(?(3):)\Z"
)
#: Markup that plain text does not have: roles, code, formulas, emphasis, links, pandoc's citations.
_MARKUP = re.compile(
    r"(?P<role>\{[a-z][\w:.+-]*\})?`[^`\n]+`|(?<![\w$\\])\$(?=[^$\n]*[\\^_]|\w\$)[^\s$][^$\n]*(?<!\s)\$(?![\d$])"
    r"|(?<![\w*])(\*{1,2})(?=[^\W_])[^*\n]+(?<=[^\s*])\2(?![\w*])"
    r"|\[[^]\[\n]+\]\([^\s()]+\)|\[-?@\w[^]\n]*\]"
)
#: Roles whose names are not words that stand before code, as "(code)" may.
_OURS = {"cite:p", "cite:t", "cite:ps", "cite:ts", "ref", "numref", "eq", "doc", "term"}
#: Roles that show a text of their own before what they refer to.
_TITLED = {"ref", "numref", "doc", "term", "any", "download"}
#: The name of a role and its signs are no longer.
_LONG = 40


@rule("error")
def role_mistyped(book: Book) -> Iterator[Finding]:
    """What is nearly a role, and is printed as it stands.

    Bad: `` {cite:p} `lin2014` ``, `` cite:p`lin2014` ``, `` :ref:`sec-loss` ``

    Good: `` {cite:p}`lin2014` ``, `` {ref}`sec-loss` ``: braces, and right after them backticks,
    and none in an ``abstract`` of the front matter, which is plain text, without formulas,
    emphasis and links, too

    Why: the page shows the name of the role and the key.
    """
    roles = book.vocabulary.roles
    for _, element in book.elements("role"):
        title = titled(element.text)[0] if element.name in _TITLED else ""
        if title and (match := _MARKUP.search(title)):
            message = f"the text of {{{element.name}}} is plain, so '{short(match[0])}' is printed"
            yield found(element.at, f"{message} as it stands; write it without such characters")
    for page in book.pages.values():
        text, front = page.prose.text, page.source.front
        for match in _MARKUP.finditer(str(front.fields.get("abstract") or "")):
            message = f"an abstract is plain text, so '{short(match[0])}' is printed as it stands"
            advice = "what it stands for" if match["role"] else "it without such markup"
            yield found(front.at("abstract"), f"{message}; write {advice}")
        if page.source.restructured:
            continue
        for match in _BRACED.finditer(text) if "{" in text else ():
            name = re.sub(r"[ .:]+", ":", match[2]).lower()
            if name in roles:
                yield from _braced(page, match, name)
        for start in places(text, NOT_TEXT):
            if text[start - 1 : start] > " ":
                bare = _BEFORE.search(text, max(0, start - _LONG), start)
                if bare and bare[4] in roles and (bare[3] or bare[4] in _OURS):
                    yield from _before_code(page, bare)


def _braced(page: Page, match: re.Match[str], name: str) -> Iterator[Finding]:
    """Yield the finding for a role whose name is in braces, or in two of them."""
    prose, at = page.prose, page.prose.at(match.start())
    code = prose.element(match.start(4)) if match[4] else None
    if not page.has_text(at, match[0].rstrip(NOT_TEXT)) or (code and code.kind != "code"):
        return
    old, key = match[0].rstrip(NOT_TEXT), code.text if code else match[5] or match[6]
    new = f"{{{name}}}" if code else f"{{{name}}}`{key}`"
    shown = f"{old}`{key}`" if code else old
    message = f"'{short(shown)}' is not a role and is printed as it stands"
    yield found(at, f"{message}; write {{{name}}}`{key}`", Edit(at, old, new))


def _before_code(page: Page, match: re.Match[str]) -> Iterator[Finding]:
    """Yield the finding for a role whose name lacks its braces."""
    at, code = page.prose.at(match.start()), page.prose.element(match.end())
    old, new = match[0], f"{{{match[4]}}}"
    if code.kind == "code" and page.has_text(at, f"{old}`"):
        message = f"'{short(f'{old}`{code.text}`')}' is not a role and is printed as it stands"
        yield found(at, f"{message}; write {new}`{code.text}`", Edit(at, old, new))


#: A label without its sign above what has one, in other brackets, or with text after it.
_LABEL = re.compile(
    r"\((?P<bare>[A-Za-z]+[-:][\w:.-]+)\)[ \t]*(?=\n(?:#{1,6} |`{3,}\{|:{3,}\{|\$\$|!\[|\|))"
    r"|\((?P<loose>[\w:.-]+)\)(?:[ \t]+:?=|:=)[ \t]*(?=\n|\Z)"
    r"|(?P<open>[a-z]+-[\w:.-]+)=[ \t]*(?=\n+#{1,6} )"
    r"|\((?P<before>[\w:.-]+)\)=(?P<text>(?:[ \t]+|(?=#))\S[^\n]*)"
    r"|\[(?P<square>[\w:.-]+)\]=[ \t]*(?=\n|\Z)|\.\. _(?P<other>[\w:. -]+):[ \t]*(?=\n|\Z)"
)


_LABELS = ("bare", "loose", "open", "before", "square", "other")


@rule("error")
def label_mistyped(book: Book) -> Iterator[Finding]:
    """What is nearly a label, and is printed as it stands.

    Bad: ``(sec-loss)`` above a heading, ``(sec-loss)= The loss``, ``[sec-loss]=``

    Good: ``(sec-loss)=`` on a line of its own above the heading

    Why: it is printed, and no reference finds it.
    """
    for page in book.pages.values():
        for positions in page.positions.values():
            if positions.block.is_code or page.source.restructured:
                continue
            lines = f"\n{positions.text}"
            starts = [at for sign in ("\n(", "\n[", "\n.. _") for at in places(lines, sign)]
            starts += [lines.rfind("\n", 0, at) for at in places(lines, "=\n")]
            matches = [
                match for at in sorted({*starts}) if (match := _LABEL.match(positions.text, at))
            ]
            literal = Literal(page) if matches else None
            for match in matches:
                at = positions.location(match.start())
                if literal and not literal.covers(at):
                    yield _no_label(at, match)


def _no_label(at: Location, match: re.Match[str]) -> Finding:
    name = next(filter(None, map(match.group, _LABELS)))
    new, text = f"({name})=", (match["text"] or "").lstrip()
    message = f"'{short(match[0])}' is not a label and is printed as it stands; write '{new}'"
    message += " on a line of its own" * bool(text)
    return found(at, message, Edit(at, match[0], new + f"\n{text}" * bool(text)))


#: What text and comment of "+++" look like; the data of a cell are in braces.
_DIVIDES = re.compile(r"\+{3,}[ \t]+[^{\s]")
#: What ends a number, in text or in a formula.
_BEFORE_PERCENT = tuple("0123456789$")
#: A percent sign and what goes on after it, at the begin of a line.
_PERCENT = re.compile(
    r"%(?:-\w|[ ]?(?:of|in|to|and|or|for|are|is|were|was|than|more|less|which)\b)"
)
#: Commands of IPython, which begin as a comment does.
_MAGIC = re.compile(
    r"%(?:matplotlib|load_ext|autoreload|timeit|pip|conda|%(?:html|bash|latex|time|writefile))\b"
)
_TEMPLATE = re.compile(r"^\{%[^\n]*%\}[ \t]*$", re.MULTILINE)
#: Lines of a console, and of a drawing of folders.
_CONSOLE = re.compile(r"^(?:>>> (?=[^\n]*[=(.\[])|> [^\n]*\w <- |[^\n]*[├└]──)", re.MULTILINE)


@rule("error")
def line_lost(book: Book) -> Iterator[Finding]:
    """A line that is taken for a comment or for the end of a cell, and is not shown.

    Bad: ``50`` at the end of a line and ``% of the words`` in the next, ``+++ More``, ``{% if %}``;
    a raw cell of a notebook that has no format (a warning)

    Good: ``50 %`` in one line, or ``\\%``

    Why: the text of the line is missing on the page.
    """
    for page in book.pages.values():
        if page.source.restructured:
            continue
        yield from _lost_cells(book, page)
        for element in page.of("directive"):
            if element.name == "raw-cell" and not element.option("format", "raw_mimetype"):
                message = "this raw cell has no 'format' among its options, so it is shown nowhere"
                yield found(element.at, f"{message}; write Markdown, or {{raw}}")
        for element in page.of("comment", "break"):
            line = page.line(element.at)
            above = page.line(element.at._replace(line=element.at.line - 1)).rstrip()
            if _PERCENT.match(line) and above[-1:] in _BEFORE_PERCENT:
                message = "this line begins with '%', so it is a comment and not shown"
                yield found(element.at, f"{message}; write '\\%'", Edit(element.at, "%", "\\%"))
            elif _MAGIC.match(line):
                message = "this line begins with '%', so it is a comment and not shown"
                yield found(element.at, f"{message}; write code between two lines '```'")
            elif _DIVIDES.match(line):
                message = "'+++' divides cells, and the text after it is not shown"
                yield found(element.at, f"{message}; write it in the next line")
        yield from _bare_lines(page)


#: Formats of raw cells that MyST-NB reads -> which output lacks them.
_OF_CELLS = {"text/html": "in the PDF", "text/latex": "in the website", "text/markdown": ""}
#: What a reader of the site and of the PDF is shown of an output, by how its type begins.
_OF_OUTPUTS = (
    "text/html", "text/latex", "text/markdown", "text/plain", "image/", "application/pdf"
)  # fmt: skip


def _unseen(cell: Any) -> tuple[str, str, str]:
    """Say what of a notebook's cell an output lacks, how, and what to do; nothing if nothing."""
    text, form = "".join(cell["source"]).strip(), str(cell["metadata"].get("format") or "")
    lacks = _OF_CELLS.get(form, "nowhere")
    if cell["cell_type"] == "raw" and text and lacks and not text.startswith("---"):
        what = f"this raw cell is of format '{form}', which"
        if not form:
            what = "this raw cell has no 'format' in its metadata, so it"
        return what, lacks, "make it a Markdown cell"
    for output in cell.get("outputs", ()):
        kinds = output.get("data") or {}
        # What glue() keeps for another place is shown there.
        if kinds and not any(kind.startswith((*_OF_OUTPUTS, "application/pap")) for kind in kinds):
            what = f"this cell shows '{next(iter(kinds))}' alone, which"
            lacks = "in the PDF" if "application/javascript" in kinds else "nowhere"
            return what, lacks, "let it show a picture or text as well"
    return "", "", ""


def _lost_cells(book: Book, page: Page) -> Iterator[Finding]:
    """Yield raw cells, and outputs that a notebook has brought along, which an output lacks."""
    is_notebook = page.path.endswith(".ipynb") and re.search('"raw"|"data"', page.source.text)
    keeps = book.settings.keeps_outputs or not book.settings.runs_notebooks
    for number, cell in enumerate(json.loads(page.source.text)["cells"] if is_notebook else (), 1):
        what, lacks, advice = _unseen(cell if keeps else {**cell, "outputs": ()})
        shown = "is shown nowhere" if lacks == "nowhere" else f"is missing {lacks}"
        if what:
            at = Location(page.path, 1, cell=number)
            yield Finding(at, "line-lost", f"{what} {shown}; {advice}", "warning")


def _bare_lines(page: Page) -> Iterator[Finding]:
    """Yield lines that other tools fill in, of which MyST makes attributes, and code without ```.

    Of several lines of a console the first one is told.
    """
    for positions in page.positions.values():
        text, literal, last = positions.text, None, -1
        some = any(sign in text for sign in ("{%", ">>>", "<-", "──"))
        matches = (one.finditer(text) for one in (_TEMPLATE, _CONSOLE) if some)
        for match in chain.from_iterable(matches) if not positions.block.is_code else ():
            literal = literal or Literal(page)
            at, is_code = positions.location(match.start()), match.re.pattern is _CONSOLE.pattern
            goes_on, last = is_code and at.line == last + 1, at.line
            if literal.covers(at) or goes_on:
                continue
            message = f"'{short(match[0])}' is filled in by another tool, and not shown here"
            advice = "delete it, or write {include}"
            if is_code:
                message = f"'{short(match[0].strip())}' begins code, whose lines run together here"
                advice = "write '```' on lines of their own above and below it"
            yield found(at, f"{message}; {advice}")
