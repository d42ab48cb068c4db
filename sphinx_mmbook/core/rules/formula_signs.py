"""Rules on signs in formulas that are typed as in text: dots, apostrophes, commands cut in two."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sphinx_mmbook.core.finding import Edit, Finding
from sphinx_mmbook.core.rules.formulas import place_in, readable_formulas
from sphinx_mmbook.core.rules.registry import found, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_mmbook.core.book.book import Book
    from sphinx_mmbook.core.pages.elements import Element
    from sphinx_mmbook.core.pages.page import Page

#: Text within a formula, where dots and apostrophes are those of text.
_TEXT = re.compile(r"\\(?:text\w*|mbox|hbox|textrm|operatorname|tag|label)\*?\s*\{[^{}]*\}")
_TYPED = re.compile(
    r"(?<![.\w])\.\.\.(?!\.)|(?<=[\w])(?<!\d)\.\.\.(?!\.)|…|(?<=[\w)}])[’´]"
    r"|\\ (?:times|cdot|leq|geq|frac|sum|infty|alpha|beta)(?![A-Za-z])"
    r"|\\inf(?=\s*[)\]])|\^\{(?:th|st|nd|rd)\}"
)
#: One of these is in each formula that has what is looked for.
_SIGNS = ("...", "…", "’", "´", "\\ ", "\\inf", "^{th}", "^{st}", "^{nd}", "^{rd}")


_GREEK = (
    "alpha|beta|gamma|delta|epsilon|zeta|eta|theta|kappa|lambda|mu|nu|xi|pi|rho|sigma|tau|phi|chi|psi"
    "|omega|varepsilon"
)
#: What a formula with the fault has, the fault, what to write, and what is wrong with it.
_FORMS = (
    ("*", re.compile(r"(?<=\d)\s?\*\s?(?=[\w\\(])|(?<=[^\W_]|[)}])\s?\*\s?(?=\d)"), r" \\cdot ",
     "is a star, not a product"),
    ("1e^", re.compile(r"(?<![\d.])1e\^"), "10^", "is a power of Euler's number"),
    ("e-", re.compile(r"(?<![A-Za-z\d.])(\d{1,3}(?:\.\d{1,4})?)e-(\d{1,2})(?![\w.])"),
     r"\1 \\cdot 10^{-\2}", "is a product and a difference"),
    ("", re.compile(r"(?<=\d)\s?(km|kg|GB|MB|Hz|kHz|MHz|GHz|dB)(?![A-Za-z^_({])"),
     r"\\,\\text{\1}", "is a product of letters"),
    ("\\in", re.compile(r"\\in\s?\{([^{}\\]{0,20},[^{}]{0,60})\}"), r"\\in \\{\1\\}",
     "is printed without braces"),
    ("_", re.compile(r"(?<=[A-Za-z}])_(?=\s?[=<>])"), "", "is an index without anything in it"),
    ("\\mathbf", re.compile(rf"(?<!\\boldsymbol\{{)(?<!\\bm\{{)\\mathbf\s?\{{\\({_GREEK})\}}"),
     r"\\boldsymbol{\\\1}", "is not bold"),
)  # fmt: skip


def _forms(page: Page, element: Element, bare: str) -> Iterator[Finding]:
    """Yield what is typed as in a program or as text, and is printed as something else."""
    for sign, pattern, written, fault in _FORMS:
        if sign in bare and (match := pattern.search(bare)):
            new = match.expand(written).strip()
            advice = f"write '{new}'" if new else "delete it"
            at = place_in(page, element, match.start())
            yield found(at, f"'{match[0].strip()}' in this formula {fault}; {advice}")


@rule("warning")
def formula_sign(book: Book) -> Iterator[Finding]:
    r"""A sign of a formula is typed as in text.

    Bad: ``$1, ..., n$``, ``$s’$`` with a curly apostrophe, ``$3 \ times 3$``,
    ``$4^{th}$``, ``$[0, \inf)$``, ``$100 * x$``, ``$1e-3$``, ``$10km$``, ``$\in {1, 2}$``,
    ``$\mathbf{\beta}$``; ``64x64 pixels``

    Good: ``$1, \dots, n$``, ``$s'$``, ``$3 \times 3$``, ``$4^{\text{th}}$``, ``$[0, \infty)$``;
    ``64×64 pixels``

    Why: TeX sets three dots too close and the curly sign as a letter; a command with a blank after
    its backslash is printed as its letters.
    """
    for page in book.pages.values():
        for element in readable_formulas(page):
            bare = _TEXT.sub(lambda match: " " * len(match[0]), element.body)
            yield from _forms(page, element, bare)
            if not any(sign in element.body for sign in _SIGNS):
                continue
            edits: dict[str, list[Edit]] = {}
            for match in _TYPED.finditer(bare):
                old = match[0]
                new = _meant(old, bare[match.end() : match.end() + 1])
                edits.setdefault(old, []).append(
                    Edit(place_in(page, element, match.start()), old, new)
                )
            for old, same in edits.items():
                new = same[0].new.strip()
                sure = all(page.has_text(edit.at, old) for edit in same)
                message = f"'{old}' in this formula is a sign of text; write '{new}'"
                yield found(same[0].at, message, *(same if sure else ()))
        yield from _letter_x(page)


#: Amounts with the letter between them: "64x64 pixels".
_LETTER_X = re.compile(r"(\d(?<![\w/.#-].)(?!(?<=0)x)\d{0,3})( ?)[xX] ?(\d{1,4})(?!\w|\.\d|[/-]\w)")
_X = re.compile(r"[xX] ?\d")


def _letter_x(page: Page) -> Iterator[Finding]:
    """Yield the letter between two numbers of a text, where the sign for "times" is meant."""
    text = page.prose.text
    for match in _LETTER_X.finditer(text) if _X.search(text) else ():
        at, old = page.prose.at(match.start()), match[0]
        if not page.prose.element(match.start()).name and page.has_text(at, old):
            new = f"{match[1]}{match[2]}×{match[2]}{match[3]}"
            yield found(at, f"'{old}' has the letter x; write '{new}'", Edit(at, old, new))


def _meant(old: str, after: str) -> str:
    """Return what stands for a sign in a formula, with a blank if a letter follows."""
    if old in "’´":
        return "'"
    if old == "\\inf":
        return "\\infty"
    if old[0] == "^":
        return f"^{{\\text{old[1:]}}}"
    new = "\\" + old[2:] if old[0] == "\\" else "\\dots"
    return new + " " * after.isalpha()
