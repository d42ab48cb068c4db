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


@rule("warning")
def formula_sign(book: Book) -> Iterator[Finding]:
    r"""A sign of a formula is typed as in text.

    Bad: ``$1, ..., n$``, ``$s’$`` with a curly apostrophe, ``$3 \ times 3$``,
    ``$4^{th}$``, ``$[0, \inf)$``; ``64x64 pixels``

    Good: ``$1, \dots, n$``, ``$s'$``, ``$3 \times 3$``, ``$4^{\text{th}}$``, ``$[0, \infty)$``;
    ``64×64 pixels``

    Why: TeX sets three dots too close and the curly sign as a letter; a command with a blank after
    its backslash is printed as its letters.
    """
    for page in book.pages.values():
        for element in readable_formulas(page):
            if not any(sign in element.body for sign in _SIGNS):
                continue
            bare = _TEXT.sub(lambda match: " " * len(match[0]), element.body)
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
_LETTER_X = re.compile(r"(\d(?<![\w/.#-].)(?!(?<=0)x)\d{0,3})( ?)x ?(\d{1,4})(?!\w|\.\d|[/-]\w)")
_X = re.compile(r"x ?\d")


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
