"""Numbers that run through all parts of a book, from numbers that begin anew in each part.

Sphinx numbers every ``:numbered:`` toctree from 1. Here the chapters of the second part go on where
the first part ended, and figures, tables and equations are counted again by chapter. A number is
a tuple: (2,) is chapter 2, (2, 1) its first section, or its first figure.

Extensions that number through by themselves (``sphinx_external_toc``,
``sphinx_multitoc_numbering``) leave nothing to shift: a part that does not begin anew keeps its
numbers.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from sphinx_mmbook.core import expressions as re

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Number = tuple[int, ...]
#: Numbers of a page by anchor ("" is the page itself); () is a heading without a number.
Sections = dict[str, Number]
#: Numbers of a page by kind ("figure", "table", "displaymath", …) and id.
Figures = dict[str, dict[str, Number]]


def offsets(parts: Sequence[Iterable[str]], sections: Mapping[str, Sections]) -> dict[str, int]:
    """Return for each numbered page how many chapters come before its part.

    ``parts`` are the pages of each numbered toctree, in reading order; ``sections`` their numbers.
    A page that is in two parts belongs to the first. A part that goes on where the last one
    ended has nothing before it; nor has one that counts in letters or Roman numbers.
    """
    before: dict[str, int] = {}
    chapters = 0
    for part in parts:
        pages = [page for page in part if page not in before]
        numbers = [n for page in pages for n in sections.get(page, {}).values() if n]
        heads = [number[0] for number in numbers if isinstance(number[0], int)]
        by = chapters if heads and min(heads) <= chapters else 0
        before.update(dict.fromkeys(pages, by))
        chapters = max(heads, default=chapters - by) + by
    return before


def _comparable(number: Number) -> list[tuple[bool, int]]:
    """Return a number by which others are sorted; letters come after numbers."""
    return [(isinstance(part, str), part) for part in number]


def shift(number: Number, by: int) -> Number:
    """Return a section's number after ``by`` more chapters; no number stays no number."""
    return (number[0] + by, *number[1:]) if number and by else number or ()


def shift_sections(
    sections: Mapping[str, Sections], before: Mapping[str, int]
) -> dict[str, Sections]:
    """Return the section numbers of the book from those of its parts."""
    return {
        page: {anchor: shift(number, before.get(page, 0)) for anchor, number in found.items()}
        for page, found in sections.items()
    }


def count_figures(figures: Mapping[str, Figures], before: Mapping[str, int]) -> dict[str, Figures]:
    """Return the numbers of figures, tables, … of the book from those of its parts.

    Two first chapters of two parts have shared one counter: their figures are 1.1, 1.2 and 1.3,
    and become 1.1, 1.2 and 4.1. The last component says the order, the others the section that
    counts. What is outside of all numbered sections has one component, and it stays.
    """
    found_figures = (
        (kind, raw, page, name)
        for page, kinds in figures.items()
        for kind, found in kinds.items()
        for name, raw in found.items()
    )
    order = sorted(found_figures, key=lambda item: (item[0], _comparable(item[1]), *item[2:]))
    counted: dict[tuple[str, str, str], Number] = {}
    last: Counter[tuple[str, Number]] = Counter()
    for kind, raw, page, name in order:
        section = shift(raw[:-1], before.get(page, 0))
        last[kind, section] += 1
        counted[page, kind, name] = (*section, last[kind, section])
    return {
        page: {
            kind: {name: counted[page, kind, name] for name in found}
            for kind, found in kinds.items()
        }
        for page, kinds in figures.items()
    }


#: A title with "{name}" or the word "number" is a format of Python to Sphinx, any other has a "%s".
_BRACES = re.compile(r"(?:[^{}]|\{\{|\}\}|\{name\}|\{number\})*")


def title_fault(title: str) -> str:
    """Return what is wrong with the title of a ``{numref}``, and what to do; empty if nothing is.

    Sphinx (``_resolve_numref_xref``, read in 9.0) has Python format it, and ends the build at what
    Python does not know: ``100%``, ``{}``; a width in it may take all memory.
    """
    if "{name}" in title or "number" in title:
        if "%s" in title:
            return "has the word 'number', beside which '%s' is printed as it is; write {number}"
        fault = "has braces other than {name} and {number}; leave them out"
        return "" if _BRACES.fullmatch(title) else fault
    signs = title.replace("%%", "").replace("%s", "", 1)
    if "%" in signs:
        return "has a '%' beside one '%s' for the number; write '%%' for a percent sign"
    return (
        "" if "%s" in title else "has no '%s' for the number; add it, or write {ref} for {numref}"
    )
