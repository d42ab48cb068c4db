"""What LaTeX noted in the ``.aux`` file of a book: the number and the place of each label."""

from __future__ import annotations

from dataclasses import dataclass

from sphinx_mmbook.core import expressions as re

_LABEL = re.compile(
    r"^\\newlabel\{(?P<name>[^{}]+)\}\{\{(?P<number>[^{}]*)\}\{(?P<page>[^{}]*)\}"
    r".*\{(?P<anchor>[^{}]*)\}\{[^{}]*\}\}$",
    re.MULTILINE,
)


@dataclass(frozen=True)
class AuxLabel:
    """A label: its number ("2.1"), the number on its page ("iv"), and hyperref's anchor."""

    number: str
    page: str
    anchor: str


def read_labels(aux: str) -> dict[str, AuxLabel]:
    """Return the labels of a book by their names, which are Sphinx's: "page:id"."""
    return {
        match["name"]: AuxLabel(match["number"], match["page"], match["anchor"])
        for match in _LABEL.finditer(aux)
    }


def chapter_anchor(labels: dict[str, AuxLabel], docname: str) -> str:
    """Return the anchor where the page ``docname`` begins; empty if the book has no such page."""
    label = labels.get(f"{docname}::doc")
    return label.anchor if label else ""


def page_range(first: int, begins: list[int], pages: int) -> range:
    """Return the pages of the chapter that begins on page ``first``.

    ``begins`` are the pages where chapters and parts begin; each begins a page of its own.
    """
    return range(first, min((page for page in begins if page > first), default=pages))
