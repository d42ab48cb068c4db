"""Numbers of figures, tables, equations as Sphinx counts them, from what is known of each page.

Sphinx walks the whole tree of every page to count them. All it looks for is which sections are
around a numbered object, and where the pages below come in between.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sphinx_mmbook.core.references.numbering import Figures, Number, Sections


class Countable(NamedTuple):
    """A numbered object on a page, its kind and id; or, without a kind, a page that is listed.

    ``sections`` are the ids of the sections around it, the innermost first.
    """

    sections: tuple[str, ...]
    kind: str
    name: str


def count_as_sphinx(
    pages: Mapping[str, Sequence[Countable]],
    root: str,
    sections: Mapping[str, Sections],
    depth: int,
) -> dict[str, Figures]:
    """Return the numbers of all objects on the pages below ``root``, in reading order.

    ``sections`` are the numbers of sections; ``depth`` of their components count anew.
    """
    figures: dict[str, Figures] = {}
    last: Counter[tuple[str, Number]] = Counter()
    for page, section, (_, kind, name) in _in_order(pages, root, sections):
        counted = kind, section[:depth]
        last[counted] += 1
        figures.setdefault(page, {}).setdefault(kind, {})[name] = (*counted[1], last[counted])
    return figures


def _in_order(
    pages: Mapping[str, Sequence[Countable]], root: str, sections: Mapping[str, Sections]
) -> Iterator[tuple[str, Number, Countable]]:
    """Yield each object with its page and the number of its section.

    The stack is a list: a thousand pages may stand one below the other.
    """
    seen = {root}
    todo: list[tuple[str, Number, Iterator[Countable]]] = [(root, (), iter(pages.get(root, ())))]
    while todo:
        page, above, rest = todo[-1]
        item = next(rest, None)
        if item is None:
            todo.pop()
            continue
        section = _number(sections.get(page, {}), item.sections) or above
        if item.kind:
            yield page, section, item
        elif item.name in pages and item.name not in seen:
            seen.add(item.name)
            todo.append((item.name, section, iter(pages[item.name])))


def _number(numbers: Sections, anchors: tuple[str, ...]) -> Number:
    """Return the number of the innermost section that has one; "" is the page itself."""
    found = (numbers.get(f"#{anchor}", numbers.get("")) for anchor in anchors)
    return next((number for number in found if number), ())
