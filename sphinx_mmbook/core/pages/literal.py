"""Where a page is literal: what looks like markup in code, formulas and comments is not markup."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_mmbook.core.pages.markdown import holds_markup

if TYPE_CHECKING:
    from sphinx_mmbook.core.finding import Location
    from sphinx_mmbook.core.pages.elements import Element
    from sphinx_mmbook.core.pages.page import Page


class Literal:
    """The literal parts of a page: whole lines, and columns of others."""

    def __init__(self, page: Page) -> None:
        self.lines: set[tuple[int, int]] = set()
        self.columns: dict[tuple[int, int], list[range]] = {}
        for element in page.of("code", "code-cell", "math", "html", "comment", "directive", "role"):
            text = element.body or element.text
            cell, first = element.at.cell, element.at.line
            if element.block:
                height = text.count("\n")
                start = element.at.column - 1
                self.columns.setdefault((cell, first), []).append(
                    range(start, start + len(element.name) + len(text) + 4)
                )
                self.lines.update((cell, line) for line in range(first + 1, first + height + 1))
            elif _is_literal(element):
                last = first + text.count("\n") + 1
                self.lines.update((cell, line) for line in range(first + 1, last + 1))

    def covers(self, at: Location) -> bool:
        """Whether what stands at a place is literal."""
        here = (at.cell, at.line)
        return here in self.lines or any(at.column in part for part in self.columns.get(here, ()))


def _is_literal(element: Element) -> bool:
    if element.kind != "directive":
        return True
    # ``:::{.name}`` is a division of the page.
    return element.name[:1] not in (".", "#") and not holds_markup(element.name)
