"""Labels: what they may look like, and how docutils changes those that look otherwise."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_mmbook.core.finding import Location
    from sphinx_mmbook.core.pages.elements import Element
    from sphinx_mmbook.core.pages.page import Page

#: Letters that docutils writes otherwise than Unicode's compatibility decomposition does.
_LETTERS = str.maketrans(
    {
        "ß": "sz", "æ": "ae", "œ": "oe", "ȸ": "db", "ȹ": "qp", "ø": "o", "đ": "d", "ħ": "h",
        "ı": "i", "ł": "l", "ŧ": "t", "ƀ": "b", "ƃ": "b", "ƈ": "c", "ƌ": "d", "ƒ": "f", "ƙ": "k",
        "ƚ": "l", "ƞ": "n", "ƥ": "p", "ƫ": "t", "ƭ": "t", "ƴ": "y", "ƶ": "z", "ǥ": "g", "ȥ": "z",
        "ȴ": "l", "ȵ": "n", "ȶ": "t", "ȷ": "j", "ȼ": "c", "ȿ": "s", "ɀ": "z", "ɇ": "e", "ɉ": "j",
        "ɋ": "q", "ɍ": "r", "ɏ": "y",
    }
)  # fmt: skip

#: What is an id already.
_ANCHOR = re.compile(r"[a-z](?:-?[a-z0-9])*+")
#: Directive -> what it makes: the one table of what can have a number.
KINDS = {
    "figure": "figure", "figure-md": "figure", "stored-figure": "figure", "image": "image",
    "subfigures": "figure",
    "table": "table", "list-table": "table", "csv-table": "table", "stored-table": "table",
    "stored-models": "table",
    "code-block": "code", "literalinclude": "code", "code": "code",
}  # fmt: skip


def anchor(label: str) -> str:
    """Return the id that docutils makes of a label (``docutils.nodes.make_id``)."""
    if _ANCHOR.fullmatch(label):
        return label
    text = label.lower().translate(_LETTERS)
    ascii_only = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")
    joined = re.sub(r"[^a-z0-9]+", "-", " ".join(ascii_only.split()))
    return re.sub(r"^[-0-9]+|-+$", "", joined)


@dataclass(frozen=True, order=True)
class Label:
    """A label and its place. ``kind``: figure, table, equation, section, cell, code or other."""

    name: str
    kind: str
    at: Location


def labels_of(page: Page) -> tuple[Label, ...]:
    """Return all labels that a page defines, in the order of the page."""
    front = page.source.front
    found: list[list[Label]] = []
    following: Element | None = None
    # Backwards: what ``(label)=`` names is the next element that is not a target itself.
    for element in reversed(page.elements):
        if element.kind == "target":
            found.append([Label(element.name, _target_kind(following), element.at)])
        else:
            found.append(list(own_labels(element)) if element.options else [])
            following = element
    if isinstance(label := front.fields.get("label"), str) and label:
        found.append([Label(label, "section", front.at("label:"))])
    return tuple(chain.from_iterable(reversed(found)))


def _target_kind(element: Element | None) -> str:
    """Return what ``(label)=`` stands before."""
    if element is not None and element.kind == "heading":
        return "section"
    return _kind(element.name) if element is not None and element.kind == "directive" else "other"


def _kind(directive: str) -> str:
    """Return what a directive's label names; an image is a figure without a number."""
    kind = KINDS.get(directive, "other")
    return "figure" if kind == "image" else kind


def own_labels(element: Element) -> Iterator[Label]:
    """Yield the labels that an element gives itself."""
    if element.kind == "math-directive":
        return  # its formula, which follows, has them
    kinds = {"heading": "section", "math": "equation", "code-cell": "cell"}
    kind = kinds.get(element.kind) or _kind(element.name)
    if element.name == "figure-md" and element.text:
        yield Label(element.text.split()[0], kind, element.argument_at)
    for option in element.options:
        if option.name in ("name", "label", "id") and option.text:
            yield Label(option.text, kind, option.at)


def is_above_text(page: Page, label: Label) -> bool:
    """Whether a label stands on a line of its own; in reStructuredText, above a paragraph."""
    if not page.source.restructured:
        return page.line(label.at).strip() == f"({label.name})="
    lines = page.positions_at(label.at).text.split("\n")[label.at.line :]
    below = next((number for number, line in enumerate(lines, 1) if line.strip()), 0)
    headings = {item.at.row for item in page.of("heading")}
    line = lines[below - 1] if below else ""
    return line[:1].isalnum() and label.at._replace(line=label.at.line + below).row not in headings
