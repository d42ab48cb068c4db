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
        self.lines: set[tuple[str, int, int]] = set()
        self.columns: dict[tuple[str, int, int], list[range]] = {}
        for element in page.of("code", "code-cell", "math", "html", "comment", "directive", "role"):
            text = element.body or element.text
            first, height = element.at.line, text.removesuffix("\n").count("\n")
            if element.block:
                start = element.at.column - 1
                self.columns.setdefault(element.at.row, []).append(
                    range(start, start + len(element.name) + len(text) + 4)
                )
            elif element.kind in ("code", "code-cell", "directive") or _is_fenced(page, element):
                height = text.count("\n") + 1 if _is_literal(element) else 0
            below = range(first + 1, first + height + 1)
            self.lines.update(element.at._replace(line=line).row for line in below)

    def covers(self, at: Location) -> bool:
        """Whether what stands at a place is literal."""
        near = self.columns.get(at.row, ())
        return at.row in self.lines or any(at.column in part for part in near)


def _is_fenced(page: Page, element: Element) -> bool:
    """Whether a line with a fence ends an element: a ``{math}``, not what ``$$`` ends."""
    return element.kind == "math" and page.line(element.at).lstrip(" >")[:1] in ("`", ":", "~")


def _is_literal(element: Element) -> bool:
    if element.kind != "directive":
        return True
    # ``:::{.name}`` is a division of the page.
    return element.name[:1] not in (".", "#") and not holds_markup(element.name)
