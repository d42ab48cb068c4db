"""Rules on what LaTeX and bookdown would understand, and Markdown prints."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sphinx_mmbook.core.finding import Edit
from sphinx_mmbook.core.references.labels import anchor
from sphinx_mmbook.core.rules.formulas import broken_blocks
from sphinx_mmbook.core.rules.registry import found, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_mmbook.core.book.book import Book
    from sphinx_mmbook.core.finding import Finding
    from sphinx_mmbook.core.pages.page import Page

_REFERENCES = ["ref", "eqref", "autoref", "cref", "Cref", "pageref", "nameref", "vref"]
_COMMANDS = frozenset(
    {
        "textbf", "textit", "emph", "underline", "footnote", "begin", "end", "section",
        "subsection", "subsubsection", "chapter", "paragraph", "includegraphics", "label",
        "caption", "item", "url", "href", "LaTeX", "TeX", "texttt",
        "textsc", "textsuperscript", "textsubscript", "textcolor", "mathbb", "mathbf",
        "mathcal", "mathrm", "alpha", "beta", "gamma", "delta", "epsilon", "varepsilon",
        "theta", "lambda", "mu", "sigma", "phi", "psi", "omega", "pi", "rho", "tau", "times",
        "rightarrow", "leftarrow", "Rightarrow", "frac", "sum", "prod", "infty", "pm", "approx",
        "leq", "geq", "neq", "ldots", "dots", "cdot", "sqrt", "log", "exp", "quad", "qquad",
        "input", "include", "usepackage", "nabla", "partial", "ell", "hat", "bar", "tilde",
        "boldsymbol", "operatorname", "text",
    }
)  # fmt: skip
#: Each output decides where floats stand on a page.
_LAYOUT = frozenset(
    {
        "newpage", "pagebreak", "clearpage", "cleardoublepage", "newline", "linebreak", "noindent",
        "vspace", "hspace", "vfill", "hfill", "smallskip", "medskip", "bigskip", "centering",
        "center", "flushleft", "flushright", "raggedright", "appendix", "frontmatter",
        "mainmatter", "backmatter", "tableofcontents", "hline", "footnotesize",
    }
)  # fmt: skip
_REPAIRS = {
    "begin": "write an empty line before it, or Markdown",
    "footnote": "write [^1], and [^1]: the text",
    "label": "write ':name: …' below the figure's file, or '(…)=' above the heading",
    "newline": "write a backslash at the end of the line, or an empty line",
    "linebreak": "write a backslash at the end of the line, or an empty line",
    **dict.fromkeys(_REFERENCES, "write {numref}`label`"),
}
_COMMAND = re.compile(r"(?<![\\:/])(?<!\w\w)\\(?!\w*cite)([a-zA-Z]{2,})(?![a-zA-Z])(\*?[\[{])?")
#: Quotes as LaTeX has them; what Markdown takes for code is no longer text.
_QUOTES = re.compile(r"(?<!`)``(?![`\s])(?:[^`'\n]|\n(?!\n)|'(?!'))*(?<!\s)''")


@rule("warning")
def latex_in_text(book: Book) -> Iterator[Finding]:
    r"""A LaTeX command stands in running text.

    Bad: ``\textbf{loss}``, ``Figure \ref{fig-loss}``, ``a \times b`` outside of a formula,
    ``\newpage``

    Good: ``**loss**``, `` {numref}`fig-loss` ``, ``$a \times b$``

    Why: it is printed as it was typed, in the PDF as well.
    """
    for page in book.pages.values():
        prose = page.prose
        last = 0
        broken = broken_blocks(page)
        for match in _COMMAND.finditer(prose.text) if "\\" in prose.text else ():
            name = match[1]
            block = prose.element(match.start()).block
            if block in broken or block == last:
                continue  # the formula is broken: dollar-unbalanced says so
            if name in _REPAIRS or name in _LAYOUT or name in _COMMANDS or match[2]:
                last = block
                message = f"'\\{name}' is printed as it is; {_repair(name)}"
                yield found(prose.at(match.start()), message)
        yield from _quotes(page, broken)


def _quotes(page: Page, broken: set[int]) -> Iterator[Finding]:
    """Yield the quotes of LaTeX on a page."""
    prose = page.prose
    for match in _QUOTES.finditer(prose.text) if "``" in prose.text else ():
        if prose.element(match.start()).block in broken:
            continue
        begin, end = prose.at(match.start()), prose.at(match.end() - 2)
        edits = (Edit(begin, "``", '"'), Edit(end, "''", '"'))
        sure = all(page.has_text(edit.at, edit.old) for edit in edits)
        message = "the quotes ``…'' of LaTeX are printed as they are; write \"…\""
        yield found(begin, message, *(edits if sure else ()))


def _repair(name: str) -> str:
    usual = "delete it" if name in _LAYOUT else "write Markdown, or set formulas in $…$"
    return _REPAIRS.get(name, usual)


#: A reference, the text of a caption kept elsewhere, a label in a caption.
_BOOKDOWN = re.compile(r"@ref\(([^()\s]+)\)|\(ref:([\w-]+)\)|\(#((?:fig|tab|eq):[\w-]+)\)")


@rule("error")
def reference_syntax(book: Book) -> Iterator[Finding]:
    r"""A reference or label in the syntax of bookdown.

    Bad: ``\@ref(fig:loss)``, ``(ref:loss-caption)``, ``(\#tab:loss)``

    Good: `` {numref}`fig-loss` ``; the caption in the figure; ``:name: tab-loss``

    Why: it is printed as it was typed.
    """
    for page in book.pages.values():
        prose = page.prose
        for match in _BOOKDOWN.finditer(prose.text):
            message = f"'{match[0]}' is bookdown's syntax and printed as it is"
            yield found(prose.at(match.start()), f"{message}; {_in_myst(*match.groups())}")


def bookdown_references(page: Page) -> set[str]:
    """Return the labels, as MyST would have them, to which a page refers in bookdown's syntax."""
    text = page.prose.text
    matches = _BOOKDOWN.finditer(text) if "@ref(" in text else ()
    return {_in_label(match[1]) for match in matches if match[1]}


def _in_label(label: str) -> str:
    return anchor(label.replace(":", "-"))


def _in_myst(reference: str | None, caption: str | None, label: str | None) -> str:
    if caption:
        return "write the text itself, in the figure's caption"
    name = _in_label(label or reference or "")
    if label:
        return f"write ':name: {name}'"
    return f"write {{{'eq' if name.startswith('eq-') else 'numref'}}}`{name}`"
