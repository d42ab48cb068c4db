"""Rules on signs in formulas that are typed as in text: dots, apostrophes, commands cut in two."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sphinx_mmbook.core.book.book import Book
from sphinx_mmbook.core.finding import Edit, Finding
from sphinx_mmbook.core.rules.formulas import place_in, readable_formulas
from sphinx_mmbook.core.rules.registry import found, rule

#: Text within a formula, where dots and apostrophes are those of text.
_TEXT = re.compile(r"\\(?:text\w*|mbox|hbox|textrm|operatorname|tag|label)\*?\s*\{[^{}]*\}")
_TYPED = re.compile(
    r"(?<![.\w])\.\.\.(?!\.)|(?<=[\w])(?<!\d)\.\.\.(?!\.)|…|(?<=[\w)}])[’´]"
    r"|\\ (?:times|cdot|leq|geq|frac|sum|infty|alpha|beta)(?![A-Za-z])"
)


@rule("warning")
def formula_sign(book: Book) -> Iterator[Finding]:
    r"""A sign of a formula is typed as in text.

    Bad: ``$1, ..., n$``, ``$s’$`` with a curly apostrophe, ``$3 \ times 3$``

    Good: ``$1, \dots, n$``, ``$s'$``, ``$3 \times 3$``

    Why: TeX sets three dots too close and the curly sign as a letter; a command with a blank after
    its backslash is printed as its letters.
    """
    for page in book.pages.values():
        for element in readable_formulas(page):
            if not any(sign in element.body for sign in ("...", "…", "’", "´", "\\ ")):
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


def _meant(old: str, after: str) -> str:
    """Return what stands for a sign in a formula, with a blank if a letter follows."""
    if old in "’´":
        return "'"
    new = "\\" + old[2:] if old[0] == "\\" else "\\dots"
    return new + " " * after.isalpha()
