"""Rules on HTML in running text, and on raw output."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.finding import also_in
from sphinx_mmbook.core.pages.source import extensions_of
from sphinx_mmbook.core.references.outside import loaded_addresses, tex_outside
from sphinx_mmbook.core.rules.registry import found, rule
from sphinx_mmbook.core.rules.syntax.divisions import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_mmbook.core.book.book import Book
    from sphinx_mmbook.core.finding import Edit, Finding, Location
    from sphinx_mmbook.core.pages.elements import Element
    from sphinx_mmbook.core.pages.page import Page

_TAG = re.compile(r"\s*<([A-Za-z][A-Za-z0-9_-]*)")
_MARKDOWN = {
    "b": "**bold**", "strong": "**bold**", "i": "*italic*", "em": "*italic*", "sub": "{sub}`2`",
    "sup": "{sup}`2`", "br": "a backslash at the end of the line, or an empty line",
    "code": "`code`", "kbd": "{kbd}`Enter`", "a": "[text](address)",
    "table": "a Markdown table", "tr": "a Markdown table", "td": "a Markdown table",
    "p": "an empty line", "hr": "---", "ul": "- item", "ol": "1. item", "li": "- item",
    "h1": "# Heading", "h2": "## Heading", "h3": "### Heading", "pre": "```",
    "span": "[text]{.name}",
    "div": "its text alone",
    "center": "its text alone, or {figure} with ':align: center'", "figure": "{figure}",
    "figcaption": "{figure} with the caption in it",
    "iframe": "{ask-first}", "video": "{ask-first}",
    "blockquote": "> text", "details": ":::{dropdown} or plain text", "font": "[text]{.name}",
    "nobr": "plain text", "u": "*italic*", "s": "plain text", "small": "plain text",
    "mark": "**bold**", "ins": "*italic*",
}  # fmt: skip
_HTML = frozenset(
    {
        "abbr", "address", "area", "article", "aside", "audio", "base", "bdi", "bdo", "big",
        "body", "button", "canvas", "caption", "cite", "col", "colgroup", "data", "datalist",
        "dd", "del", "dfn", "dialog", "dl", "dt", "embed", "fieldset", "figcaption", "footer",
        "form", "h4", "h5", "h6", "head", "header", "html", "img", "input", "label",
        "legend", "link", "main", "map", "math", "menu", "meta", "meter", "nav", "noscript",
        "object", "optgroup", "option", "output", "param", "picture", "progress", "q", "rp",
        "rt", "ruby", "samp", "script", "search", "section", "select", "slot", "source",
        "strike", "style", "summary", "svg", "tbody", "template", "textarea", "tfoot", "th",
        "thead", "time", "title", "track", "tt", "var", "wbr", "path", "rect", "circle", "line",
        "polygon", "g", "text",
    }
) | set(_MARKDOWN)  # fmt: skip
_DIRECTIVE = re.compile(r"\n[^\S\n]*((?:```+|:::+)\{[\w:-]+\})")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_SPACE = re.compile(r"(?>(?:\s*+<br\s*/?>)+)\s*\n")
#: A break that is all of a line, and what would not be text below the empty line in its place.
_ALONE = re.compile(r" {0,3}<br\s*/?>\s*", re.IGNORECASE)
_CHANGED = re.compile(r" {4}|\t|\s*[-=]+\s*$")
#: A tag around a few words, and what stands for them in the advice.
_SHORT = re.compile(r"<(\w+)\b[^<>\n]*>(?!(?:&nbsp;|\s)+<)([^<>`\n]{1,60})</\1>", re.IGNORECASE)
_LINK = re.compile(
    r"<a\b[^<>]*\bhref=[\"']([^\"'<>]+)[\"'][^<>]*>(?:([^<>\[\]\n]+)</a>)?", re.IGNORECASE
)
#: A sign that a font of icons draws.
_ICON = re.compile(r"<(i|span)\b[^<>]*\sclass=[^<>]*></\1>")
_ANCHOR = re.compile(r"<span\b[^<>]*\sid=[^<>]*></span>")
_NAMED = "(label)= on a line of its own above what it names"
_CLASS = re.compile(r"<div\b[^<>]*\sclass\s*=\s*[\"']?([\w -]+)", re.IGNORECASE)
_EXAMPLE = re.compile(r"bold|italic|code|Enter|Heading|(?<=\[)text|(?<=> )text|(?<=`)2(?=`)")
#: Changes nothing that a PDF could lack.
_HARMLESS = frozenset({"img", "nobr", "script", "style", "link", "meta", "wbr", "source"})


def _tags(page: Page) -> Iterator[tuple[Element, str]]:
    """Iterate over the HTML of a page that opens a tag, where it is not meant for one output."""
    for element in page.of("html"):
        match = _TAG.match(element.text)
        column = element.at.column - 1
        if match and page.line(element.at)[max(column - 2, 0) : column] == "{{":
            continue  # a shortcode, of which markup-foreign speaks
        if match and "only" not in element.inside:
            yield element, match[1]


@rule("warning")
def html_dropped(book: Book) -> Iterator[Finding]:
    """HTML that the PDF drops, or that takes a figure in.

    Bad: ``H<sub>2</sub>O``, ``<br>``, ``<iframe …>``, a figure or text right below a line of HTML

    Good: ``H{sub}`2`O``; what only the website can show is in ``{only} html``

    Why: HTML reaches the website alone; in the PDF the tags, or all of the block, are missing.
    """
    for page in book.pages.values():
        for element in page.of("html"):
            after = _COMMENT.sub("", element.text).strip()
            if element.text.lstrip()[:4] == "<!--" and after[:1] not in ("", "<"):
                message = f"'{short(after)}' follows a comment, so it is missing in the PDF"
                yield found(element.at, f"{message}; write it on a line of its own")
        for element, tag in _tags(page):
            name = tag.lower()
            if name == "br" and not _SPACE.fullmatch(element.text):
                yield _line_break(page, element, tag)
            elif swallowed := _DIRECTIVE.search(element.text):
                message = f"this HTML goes on up to the next empty line, '{swallowed[1]}' included"
                yield found(element.at, f"{message}; write an empty line before that")
            elif name in _HTML and name not in _HARMLESS and not _SPACE.fullmatch(element.text):
                lost = "is missing in the PDF"
                instead = _instead(page, element, tag)
                yield found(element.at, f"<{tag}> {lost}; write {instead}")


def _line_break(page: Page, element: Element, tag: str) -> Finding:
    """Return what to say of a <br>, which makes HTML of the lines below it if it begins a block."""
    at, before = element.at, element.text.partition("\n```")[0]
    if "\n" not in element.text.rstrip():
        message = f"<{tag}> is missing in the PDF; write {_instead(page, element, tag)}"
        return found(at, message, *_without(page, at))
    lines = [at._replace(line=at.line + n) for n in range(before.count("\n") + 1)]
    breaks = [one for one in lines if _ALONE.fullmatch(page.line(one))]
    message = (
        f"<{tag}> makes HTML of all up to the next empty line: the PDF lacks it, and no Markdown"
    )
    message += f" in it is read; write an empty line in place of <{tag}>{also_in([at, *breaks])}"
    return found(at, message, *(edit for one in breaks for edit in _without(page, one)))


def _without(page: Page, at: Location) -> tuple[Edit, ...]:
    """Return the edit that writes Markdown for a <br> at the end of a line, where that is plain."""
    line, below = page.line(at), page.line(at._replace(line=at.line + 1))
    if _ALONE.fullmatch(line) and not _CHANGED.match(below):
        begin = line.index("<")
        return page.edits(at._replace(column=begin + 1), line[begin:], "")
    before, written = line[: at.column - 1], line[at.column - 1 :]
    plain = before[:1].isalpha() and before[-1] != ">" and _ALONE.fullmatch(written)
    if plain and (not below.strip() or below[0].isalpha()):
        return page.edits(at, written, "\\" if below.strip() else "")
    return ()


def _instead(page: Page, element: Element, tag: str) -> str:
    """Return what to write for HTML that the PDF drops."""
    name = tag.lower()
    instead = _MARKDOWN.get(name, "Markdown, or put it into {only} html")
    line = page.line(element.at)
    begin = max(line.find(f"<{tag}", element.at.column - 1), 0)
    if shown := _SHORT.match(line, begin):
        instead = _EXAMPLE.sub(lambda _: shown[2], instead, count=1)
    if _ICON.match(line, begin):
        instead = "the sign itself, such as ✓, or words"
    elif _ANCHOR.match(line, begin):
        instead = _NAMED
    elif link := _LINK.match(line, begin):
        own = link[1][0] == "#" and not (link[2] or "").strip("0123456789.")
        instead = f"[{'' if own else link[2] or 'text'}]({link[1]})"
    elif name == "a":
        instead = _NAMED
    elif name == "div" and (of_class := _CLASS.match(line, begin)):
        instead += f", or ':::{{container}} {of_class[1]}' and ':::' around it"
    elif line.startswith('<div id="refs"', begin):
        instead = "nothing in its place: each page lists what it cites by itself"
    if name == "br" and line.lstrip().startswith("|"):
        instead = "a row for each line, or {list-table}, whose cells hold paragraphs"
    return instead


#: A box in a line, as the extension html_admonition reads it: a tag is all of it.
_BOX = re.compile(r"<div\s[^<>]*\bclass\s*=\s*[\"'](?:[^<>\"']*\s)?admonition[\s\"'][^<>]*>")
_SOURCE = re.compile(r"\ssrc\s*=(?!\s*([\"'])\s*\1)", re.IGNORECASE)


@rule("error")
def html_unknown(book: Book) -> Iterator[Finding]:
    """A word in pointed brackets is taken for HTML, and nobody sees it.

    Bad: ``the token <eos> ends the sequence``

    Good: ``the token `<eos>` ends the sequence``

    Why: browsers do not show tags that they do not know.
    """
    for page in book.pages.values():
        for element in page.of("html"):
            if element.text.lstrip()[:2] == "<?":
                message = "what is between '<?' and '?>' is shown nowhere"
                yield found(element.at, f"{message}; write it as code, or delete it")
        for element, tag in _tags(page):
            if tag.lower() not in _HTML and "-" not in tag:
                shown = element.text.strip().split(">")[0][:30] + ">"
                message = f"'{shown}' is taken for HTML and not shown"
                yield found(element.at, f"{message}; write it as code, `{shown}`")
            elif _BOX.fullmatch(element.text) and "html_admonition" in extensions_of(
                page.source, book.settings.syntax
            ):
                yield found(element.at, "this box has no text; write an empty line before it")
            elif tag == "img" and not _SOURCE.search(element.text):
                yield found(element.at, 'this <img> shows no file; write <img src="…">')


def remote_message(address: str) -> str:
    """Return what to say of an address that a page loads."""
    return (
        f"the page loads '{address}' from another host, which learns who reads it; put the file "
        "into the book, or let readers ask for it: {ask-first}"
    )


@rule("warning")
def remote_content(book: Book) -> Iterator[Finding]:
    """A page loads something from another host: a script, a frame, a video, a style.

    Bad: ``<iframe src="https://example.org/video">``, ``<script src="https://cdn.example.org/a.js">``,
    what Altair, mermaid or plotly put on a page

    Good: ``{ask-first} https://example.org/video``, which loads it when the reader says so; a
    picture of the plot; the script as a file of the book

    Why: the other host learns who reads the book before they could say no, and one day it is gone.
    """
    for page in book.pages.values():
        raws = (item for item in page.of("directive") if item.name == "raw")
        texts = [(item.at, item.text) for item in page.of("html")]
        texts += [(item.at, item.body) for item in raws if item.text.lower() == "html"]
        for at, text in texts:
            for address in loaded_addresses(text):
                if not (text.lstrip().lower().startswith("<img") and "<" not in text.lstrip()[1:]):
                    yield found(at, remote_message(address))


@rule("error")
def tex_command(book: Book) -> Iterator[Finding]:
    r"""A formula or raw LaTeX reads, writes or runs something outside of the page.

    Bad: ``$\input{results/loss.tex}$``, ``\write18``, ``\csname …\endcsname``

    Good: the formula itself; ``{stored-table}`` or ``{include}`` for what is in a file

    Why: browsers do not know these commands, and the PDF is built on a machine whose files are
    not the author's. The PDF shows such a formula as text.
    """
    for page in book.pages.values():
        raws = (item for item in page.of("directive") if item.name == "raw")
        texts = [(item.at, item.body) for item in page.of("math")]
        texts += [(item.at, item.text) for item in page.of("role") if item.name == "math"]
        texts += [(i.at, i.body) for i in raws if {"latex", "tex"} & {*i.text.lower().split()}]
        for at, text in texts:
            if command := tex_outside(text):
                yield found(at, tex_message(command))


def tex_message(command: str) -> str:
    """Return what to say of a command that reaches outside."""
    return (
        f"'{command}' reads, writes or makes commands, which a page must not; "
        "write what it stands for"
    )


#: Formats that writers of Sphinx and docutils take.
_OUTPUTS = frozenset({"html", "latex", "tex", "text", "texinfo", "manpage", "man", "xml", "odt"})
_LAYOUT = re.compile(
    r"(?:\s|\\(?:newpage|clearpage|cleardoublepage|pagebreak|bigskip|medskip|smallskip|noindent"
    r"|FloatBarrier|[vh]space\*?\{[^{}]*\})(?:\[\d\])?|%.*)*"
)


@rule("warning")
def raw_one_output(book: Book) -> Iterator[Finding]:
    """Raw HTML or LaTeX that the other output lacks.

    Bad: ``{raw} latex`` with a table, alone

    Good: the table in Markdown; or a ``{raw} html`` beside the ``{raw} latex``

    Why: readers of the other output do not get it.
    """
    for page in book.pages.values():
        raws = [item for item in page.of("directive") if item.name == "raw"]
        formats = [(item.at.line, item.text.split()[0].lower()) for item in raws if item.text]
        for element in raws:
            name = element.text.lower()
            if name and not _OUTPUTS & {*name.split()}:
                advice = "write {raw} html, {raw} latex, or Markdown"
                yield found(element.at, f"no output shows this raw '{name}'; {advice}")
            if name not in ("html", "latex", "tex") or "only" in element.inside:
                continue
            html = name == "html"
            end = element.level + element.body.count("\n")
            beside = any(
                (other == "html") != html and element.at.line - 30 <= line <= end + 6
                for line, other in formats
            )
            style = html and re.match(r"\s*<(?:style|script|link|meta)\b", element.body)
            has_text = element.option("file") or not _LAYOUT.fullmatch(element.body)
            if not beside and not style and has_text:
                lacks = "the PDF" if html else "the website"
                message = f"this raw {'HTML' if html else 'LaTeX'} is missing in {lacks}"
                yield found(element.at, f"{message}; write it in Markdown, or for both")
