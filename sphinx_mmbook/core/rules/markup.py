"""Rules on HTML in running text, and on raw output."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sphinx_mmbook.core.rules.registry import found, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_mmbook.core.book.book import Book
    from sphinx_mmbook.core.finding import Finding
    from sphinx_mmbook.core.pages.elements import Element
    from sphinx_mmbook.core.pages.page import Page

_TAG = re.compile(r"\s*<([A-Za-z][A-Za-z0-9_-]*)")
_MARKDOWN = {
    "b": "**bold**", "strong": "**bold**", "i": "*italic*", "em": "*italic*", "sub": "{sub}`2`",
    "sup": "{sup}`2`", "br": "a backslash at the end of the line, or an empty line",
    "code": "`code`", "kbd": "{kbd}`Enter`", "a": "[text](target), and (label)= for anchors",
    "table": "a Markdown table", "tr": "a Markdown table", "td": "a Markdown table",
    "p": "an empty line", "hr": "---", "ul": "- item", "ol": "1. item", "li": "- item",
    "h1": "# Heading", "h2": "## Heading", "h3": "### Heading", "pre": "```",
    "span": "[text]{.name}",
    "div": ":::{div}", "center": "{figure} with ':align: center'", "figure": "{figure}",
    "iframe": "a link, and a picture for the PDF", "video": "a link, and a picture for the PDF",
    "blockquote": "> text", "details": ":::{dropdown} or plain text", "font": "[text]{.name}",
    "u": "*italic*", "s": "plain text", "small": "plain text", "mark": "**bold**",
}  # fmt: skip
_HTML = frozenset(
    {
        "abbr", "address", "area", "article", "aside", "audio", "base", "bdi", "bdo", "big",
        "body", "button", "canvas", "caption", "cite", "col", "colgroup", "data", "datalist",
        "dd", "del", "dfn", "dialog", "dl", "dt", "embed", "fieldset", "figcaption", "footer",
        "form", "h4", "h5", "h6", "head", "header", "html", "img", "input", "ins", "label",
        "legend", "link", "main", "map", "math", "menu", "meta", "meter", "nav", "noscript",
        "object", "optgroup", "option", "output", "param", "picture", "progress", "q", "rp",
        "rt", "ruby", "samp", "script", "search", "section", "select", "slot", "source",
        "strike", "style", "summary", "svg", "tbody", "template", "textarea", "tfoot", "th",
        "thead", "time", "title", "track", "tt", "var", "wbr", "path", "rect", "circle", "line",
        "polygon", "g", "text",
    }
) | set(_MARKDOWN)  # fmt: skip
_DIRECTIVE = re.compile(r"\n[^\S\n]*((?:```+|:::+)\{[\w:-]+\})")
_SPACE = re.compile(r"(?:\s*+<br\s*/?>)++\s*\n")
#: Changes nothing that a PDF could lack.
_HARMLESS = frozenset({"img", "script", "style", "link", "meta", "wbr", "source"})


def _tags(page: Page) -> Iterator[tuple[Element, str]]:
    """Iterate over the HTML of a page that opens a tag, where it is not meant for one output."""
    for element in page.of("html"):
        match = _TAG.match(element.text)
        if match and "only" not in element.inside:
            yield element, match[1]


@rule("warning")
def html_dropped(book: Book) -> Iterator[Finding]:
    """HTML that the PDF drops, or that takes a figure in.

    Bad: ``H<sub>2</sub>O``, ``<br>``, ``<iframe …>``, a figure right below a line of HTML

    Good: ``H{sub}`2`O``; what only the website can show stands in ``{only} html``

    Why: HTML reaches the website alone; in the PDF the tags, or all of the block, are missing.
    """
    for page in book.pages.values():
        for element, tag in _tags(page):
            name = tag.lower()
            if swallowed := _DIRECTIVE.search(element.text):
                message = f"this HTML goes on up to the next empty line, '{swallowed[1]}' included"
                yield found(element.at, f"{message}; write an empty line before that")
            elif name in _HTML and name not in _HARMLESS and not _SPACE.fullmatch(element.text):
                lost = "is missing in the PDF"
                instead = _MARKDOWN.get(name, "Markdown, or put it into {only} html")
                yield found(element.at, f"<{tag}> {lost}; write {instead}")


@rule("error")
def html_unknown(book: Book) -> Iterator[Finding]:
    """A word in pointed brackets is taken for HTML, and nobody sees it.

    Bad: ``the token <eos> ends the sequence``

    Good: ``the token `<eos>` ends the sequence``

    Why: browsers do not show tags that they do not know.
    """
    for page in book.pages.values():
        for element, tag in _tags(page):
            if tag.lower() not in _HTML and "-" not in tag:
                shown = element.text.strip().split(">")[0][:30] + ">"
                message = f"'{shown}' is taken for HTML and not shown"
                yield found(element.at, f"{message}; write it as code, `{shown}`")


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
            if name not in ("html", "latex", "tex") or "only" in element.inside:
                continue
            html = name == "html"
            end = element.level + element.body.count("\n")
            beside = any(
                (other == "html") != html and element.at.line - 30 <= line <= end + 6
                for line, other in formats
            )
            style = html and re.match(r"\s*<(?:style|script|link|meta)\b", element.body)
            if not beside and not style and not _LAYOUT.fullmatch(element.body):
                lacks = "the PDF" if html else "the website"
                message = f"this raw {'HTML' if html else 'LaTeX'} is missing in {lacks}"
                yield found(element.at, f"{message}; write it in Markdown, or for both")
