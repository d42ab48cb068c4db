"""Rules on formulas, HTML and LaTeX in running text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sphinx_mmbook.core.finding import Edit
from sphinx_mmbook.core.rules.registry import found, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_mmbook.core.book import Book
    from sphinx_mmbook.core.finding import Finding
    from sphinx_mmbook.core.page import Element, Page

_PRICE = re.compile(
    r"\s(?:and|or|to|und|bis|vs\.?)\s|"
    r"\d[\d.,]*\s?[–/-]|\d[\d.,]*[^\\^_={}\n]*?[^\W\d_]{2}[^\\^_={}\n]*[\s(–-]"
)


def _broken(page: Page) -> set[int]:
    """Return the blocks with a "$" too many: dollar-unbalanced speaks of all that follows of it."""
    if "$" not in page.prose.text:
        return set()
    texts = [item for item in page.of("text") if "$" in item.text]
    return {item.block for item in texts if _STRAY.search(item.text)}


#: A dollar sign that is no amount of money.
_STRAY = re.compile(r"\$(?!\d)")


@rule("warning")
def dollar_currency(book: Book) -> Iterator[Finding]:
    """Two amounts of money are read as a formula.

    Bad: ``It costs $5 and $10.``

    Good: ``It costs \\$5 and \\$10.``

    Why: what stands between two dollar signs is set as a formula: *5and*10.
    """
    for page in book.pages.values():
        broken = _broken(page)
        for element in page.of("math"):
            if element.level or element.block in broken or not _PRICE.fullmatch(element.body):
                continue
            at = element.at.right(-1)
            old = f"${element.body}$"
            edits = (Edit(at, old, f"\\${element.body}\\$"),) if page.stands(at, old) else ()
            message = f"'{old}' is read as a formula"
            yield found(at, f"{message}; write '\\$' for a dollar", *edits)


@rule("warning")
def dollar_unbalanced(book: Book) -> Iterator[Finding]:
    r"""A dollar sign opens or closes a formula that has no other end.

    Bad: ``the loss $\ell falls``

    Good: ``the loss $\ell$ falls``; ``\$`` for a dollar

    Why: the formula is printed as it was typed.
    """
    for page in book.pages.values():
        prose = page.prose
        start, last = prose.text.find("$"), 0
        while start >= 0:
            after = prose.text[start : start + 2].strip("$")
            element, at = prose.element(start), prose.at(start)
            currency = after.isdigit() or re.search(
                r"[A-Z]$", prose.text[max(0, start - 1) : start]
            )
            if element.block != last and not currency and page.stands(at, "$"):
                last = element.block
                message = "this '$' belongs to no formula; add the other one, or write '\\$'"
                if prose.text.startswith("$$", start):
                    message = "'$$' begins no formula here; begin and end it on lines of their own"
                    message += ", with an empty line before"
                yield found(at, message)
            start = prose.text.find("$", start + 1)


# HTML

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
_SPACE = re.compile(r"(?:\s*<br\s*/?>\s*)+\n")
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
    """HTML that the PDF drops.

    Bad: ``H<sub>2</sub>O``, ``<br>``, ``<iframe …>``

    Good: ``H{sub}`2`O``; what only the website can show stands in ``{only} html``

    Why: HTML reaches the website alone; in the PDF the tags, or all of the block, are missing.
    """
    for page in book.pages.values():
        for element, tag in _tags(page):
            name = tag.lower()
            if name in _HTML and name not in _HARMLESS and not _SPACE.fullmatch(element.text):
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


# LaTeX

_REFERENCES = ["ref", "eqref", "autoref", "cref", "Cref", "pageref", "nameref", "vref"]
_COMMANDS = frozenset(
    {
        "textbf", "textit", "emph", "underline", "footnote", "newpage", "pagebreak",
        "clearpage", "begin", "end", "section", "subsection", "subsubsection", "chapter",
        "paragraph", "includegraphics", "label", "caption", "centering", "item", "vspace",
        "hspace", "linebreak", "newline", "noindent", "url", "href", "LaTeX", "TeX", "texttt",
        "textsc", "textsuperscript", "textsubscript", "textcolor", "mathbb", "mathbf",
        "mathcal", "mathrm", "alpha", "beta", "gamma", "delta", "epsilon", "varepsilon",
        "theta", "lambda", "mu", "sigma", "phi", "psi", "omega", "pi", "rho", "tau", "times",
        "rightarrow", "leftarrow", "Rightarrow", "frac", "sum", "prod", "infty", "pm", "approx",
        "leq", "geq", "neq", "ldots", "dots", "cdot", "sqrt", "log", "exp", "quad", "qquad",
        "input", "include", "usepackage", "hfill", "smallskip", "medskip", "bigskip", "nabla",
        "partial", "ell", "hat", "bar", "tilde", "boldsymbol", "operatorname", "text",
    }
) | set(_REFERENCES)  # fmt: skip
_COMMAND = re.compile(r"(?<![\\\w:/])\\(?!\w*cite)([a-zA-Z]{2,})(?![a-zA-Z])(\*?[\[{])?")


@rule("warning")
def latex_in_text(book: Book) -> Iterator[Finding]:
    r"""A LaTeX command stands in running text.

    Bad: ``\textbf{loss}``, ``Figure \ref{fig-loss}``, ``a \times b`` outside of a formula

    Good: ``**loss**``, `` {numref}`fig-loss` ``, ``$a \times b$``

    Why: it is printed as it was typed, in the PDF as well.
    """
    for page in book.pages.values():
        prose = page.prose
        if "\\" not in prose.text:
            continue
        last = 0
        broken = _broken(page)
        for match in _COMMAND.finditer(prose.text):
            name = match[1]
            block = prose.element(match.start()).block
            if block in broken or block == last:
                continue  # the formula is broken: dollar-unbalanced says so
            if name in _COMMANDS or match[2]:
                last = block
                repair = "write Markdown, or set formulas in $…$"
                if name in _REFERENCES:
                    repair = "write {numref}`label`"
                elif name == "begin":
                    repair = "write an empty line before it, or Markdown"
                elif name == "footnote":
                    repair = "write [^1], and [^1]: the text"
                yield found(prose.at(match.start()), f"'\\{name}' is printed as it is; {repair}")


_AT_REF = re.compile(r"@ref\(([^()\s]+)\)")


@rule("error")
def reference_syntax(book: Book) -> Iterator[Finding]:
    r"""A reference in the syntax of bookdown.

    Bad: ``\@ref(fig:loss)``

    Good: `` {numref}`fig-loss` ``

    Why: it is printed as it was typed.
    """
    for page in book.pages.values():
        prose = page.prose
        for match in _AT_REF.finditer(prose.text):
            label = match[1].replace(":", "-").replace("_", "-")
            message = f"'{match[0]}' is bookdown's syntax and printed as it is"
            yield found(prose.at(match.start()), f"{message}; write {{numref}}`{label}`")
