"""What can be referred to by a number: figures, tables, equations, listings, results of cells."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.pages.cell_options import cell_options
from sphinx_mmbook.core.references.labels import BEFORE_FORMULA, KINDS, own_labels

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sphinx_mmbook.core.finding import Location
    from sphinx_mmbook.core.pages.elements import Element
    from sphinx_mmbook.core.pages.page import Page

_TARGET_FOLLOWED = frozenset({"directive", "code-cell", "math", "table", "image"})
_NUMBERED_MATH = re.compile(
    r"\\begin\{(equation|align|gather|multline|eqnarray|alignat|flalign)\}|\\tag"
)


class NumberedObject(NamedTuple):
    """A figure, table, equation, listing or cell. ``labels`` are its names.

    ``kind``: figure, image, table, equation, code or cell. ``caption`` is its Markdown;
    ``numbered``: whether Sphinx gives it a number; ``alt``: the alternative text of a cell's.
    """

    kind: str
    element: Element
    docname: str
    labels: tuple[str, ...] = ()
    caption: str = ""
    numbered: bool = False
    alt: str = ""

    @property
    def at(self) -> Location:
        """Where it stands."""
        return self.element.at


_LABEL = re.compile(r"\\label\{([^{}\n]+)\}")


def labels_in_captions(objects: Iterable[NumberedObject]) -> dict[str, str]:
    r"""Return the labels that LaTeX's ``\label`` gives in captions, each with the object's own."""
    captioned = (obj for obj in objects if "\\label" in obj.caption)
    return {
        name: obj.labels[0] if obj.labels else ""
        for obj in captioned
        for name in _LABEL.findall(obj.caption)
    }


def numbered_objects_of(page: Page) -> Iterator[NumberedObject]:
    """Iterate over the numbered objects of a page, in its order."""
    targets: list[str] = []
    for element in page.elements:
        if element.kind == "target":
            targets += [element.name] * (not element.level)
            continue
        if element.kind in BEFORE_FORMULA:
            continue
        if element.kind in _TARGET_FOLLOWED and (
            obj := _numbered_object(page, element, tuple(targets))
        ):
            yield obj
        targets = []


def _numbered_object(
    page: Page, element: Element, targets: tuple[str, ...]
) -> NumberedObject | None:
    named = tuple(label.name for label in own_labels(element))
    labels = (*targets, *named)
    match element.kind:
        case "table":
            # A table of pipes within {table} is that table.
            inside = bool(element.inside) and element.inside[-1] == "table"
            return None if inside else NumberedObject("table", element, page.docname, labels)
        case "image":
            return NumberedObject("image", element, page.docname, labels) if element.level else None
        case "math":
            if not element.level:
                return None
            numbered = bool(named) or bool(_NUMBERED_MATH.search(element.body))
            return NumberedObject("equation", element, page.docname, labels, "", numbered)
        case "code-cell":
            return _cell(page, element, labels)
    kind = KINDS.get(element.name)
    if kind is None:
        return None
    caption = _caption(element, kind)
    return NumberedObject(kind, element, page.docname, labels, caption, bool(caption))


def _cell(page: Page, element: Element, labels: tuple[str, ...]) -> NumberedObject:
    metadata = {option.name: option.text for option in element.options}
    options = cell_options(element.body, metadata, element.at)
    caption = options.fig_cap or options.tbl_cap or options.caption
    if match := re.search(r"\bcaption:\s*(\S.*)", metadata.get("mystnb", "")):
        caption = caption or match[1]
    return NumberedObject(
        "cell", element, page.docname, labels, caption, bool(caption), options.alt
    )


def _caption(element: Element, kind: str) -> str:
    """Return the caption of a directive, empty if it has none."""
    if kind == "image":
        return ""
    option = element.option("caption")
    if option:
        return option.text
    match kind:
        case "figure":
            text = element.body.strip()
            if element.name == "subfigures":
                return text.rpartition("\n\n")[2].strip()
            if element.name == "figure-md":
                text = text.partition("\n\n")[2]
            return text.partition("\n\n")[0].strip()
        case "table":
            return "" if element.name.startswith("stored-") else element.text.strip()
    return ""
