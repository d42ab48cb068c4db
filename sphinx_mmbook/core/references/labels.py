"""Labels: what they may look like, and how docutils changes those that look otherwise."""

from __future__ import annotations

import unicodedata
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from sphinx_mmbook.core import expressions as re

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

#: Directives whose nodes have no title by which {ref} could call them, and those that put what
#: follows in their place.
_UNTITLED = frozenset(
    {
        "admonition", "attention", "caution", "danger", "error", "hint", "important", "note", "tip",
        "warning", "seealso", "todo", "topic", "sidebar", "compound", "container", "contents",
        "epigraph", "glossary", "highlights", "hlist", "only", "parsed-literal", "pull-quote",
        "raw", "replace", "class", "toctree", "include",
        "grid", "grid-item", "grid-item-card", "card", "card-header", "card-footer",
        "card-carousel", "tab-set", "tab-item", "tab-set-code", "dropdown", "accordion", "steps",
        "step", "button-link", "button-ref", "div", "acks", "aside", "bibliography", "centered",
        "cmdoption", "codeauthor", "confval", "default-role", "deprecated", "describe", "envvar",
        "footer", "header", "highlight", "line-block", "meta", "object", "option", "program",
        "sectionauthor", "tabularcolumns", "title", "versionadded", "versionchanged",
        "versionremoved",
    }
)  # fmt: skip
_SEEN_THROUGH = ("index", "eval-rst", "include", "role")
#: What of a ``{math}`` stands before its formula among the elements.
BEFORE_FORMULA = ("math-directive", "options")
#: What is an id already.
_ANCHOR = re.compile(r"[a-z](?>(?:-?[a-z0-9])*)")
#: Directive -> what it makes: the one table of what can have a number.
KINDS = {
    "figure": "figure", "figure-md": "figure", "stored-figure": "figure", "image": "image",
    "subfigures": "figure",
    "table": "table", "list-table": "table", "csv-table": "table", "stored-table": "table",
    "stored-models": "table",
    "code-block": "code", "literalinclude": "code", "code": "code",
    "sourcecode": "code",
}  # fmt: skip


def anchor(label: str) -> str:
    """Return the id that docutils makes of a label (``docutils.nodes.make_id``)."""
    if _ANCHOR.fullmatch(label):
        return label
    text = label.lower().translate(_LETTERS)
    ascii_only = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")
    joined = re.sub(r"[^a-z0-9]+", "-", " ".join(ascii_only.split()))
    return re.sub(r"^[-0-9]+|-+$", "", joined)


class Label(NamedTuple):
    """A label and its place. ``kind``: figure, table, equation, section, cell, code or other.

    Or ``titled``: it has a text to show, but no number; ``bare``: it has none; ``html``: an
    attribute in HTML.
    """

    name: str
    kind: str
    at: Location


def labels_of(page: Page) -> tuple[Label, ...]:
    """Return all labels that a page defines, in the order of the page."""
    front = page.source.front
    found: list[list[Label]] = []
    following: list[Element] = []
    # Backwards: what ``(label)=`` names is the next element that is not a target itself.
    for element in reversed(page.elements):
        if element.kind == "target":
            # In reStructuredText, one in a line names no more than its own words.
            while following and _is_seen_through(following[-1]):
                following.pop()
            kind = "bare" if element.level else _target_kind(following[-1] if following else None)
            found.append([Label(element.name, kind, element.at)])
        else:
            following.append(element)
            found += [list(own_labels(element))] if element.options else []
    if isinstance(label := front.fields.get("label"), str) and label:
        found.append([Label(label, "section", front.at("label:"))])
    return tuple(chain.from_iterable(reversed(found)))


def _is_seen_through(element: Element) -> bool:
    """Whether a label above this names what follows it."""
    if element.kind in BEFORE_FORMULA:
        return True
    return element.name in _SEEN_THROUGH and not element.option("literal", "code")


def _target_kind(element: Element | None) -> str:
    """Return what ``(label)=`` stands before."""
    if element is None:
        return "bare"
    if element.kind == "directive":
        return _kind(element)
    if element.kind == "heading":
        return "bare" if element.inside[-1:] == ("only",) else _of_heading(element)
    return {"definitions": "titled", "section": "section"}.get(element.name, "bare")


def _of_heading(element: Element) -> str:
    """Return what a heading is: it has no number in a directive, except in ``{only}``."""
    return "titled" if set(element.inside) - {"only"} else "section"


def _kind(element: Element) -> str:
    """Return what a directive's label names; an image is a figure without a number."""
    if kind := KINDS.get(element.name):
        return "figure" if kind == "image" else kind
    if element.name == "rubric" or (element.name == "toctree" and element.option("caption")):
        return "titled"
    is_bare = element.name in _UNTITLED or element.name.startswith(_DESCRIBING)
    return "bare" if is_bare else "other"


#: Domains whose directives describe what programs have.
_DESCRIBING = ("py:", "c:", "cpp:", "js:", "rst:")
_OWN = {
    "math": "equation", "code-cell": "cell", "anchor": "bare", "html": "html",
}  # fmt: skip


def own_labels(element: Element) -> Iterator[Label]:
    """Yield the labels that an element gives itself."""
    if element.kind == "math-directive":
        return  # its formula, which follows, has them
    kind = _OWN.get(element.kind) or _kind(element)
    kind = _of_heading(element) if element.kind == "heading" else kind
    kind = "titled" if element.name in ("dropdown", "tab-item") and element.text else kind
    if element.name == "figure-md" and element.text:
        yield Label(element.text.split()[0], kind, element.argument_at)
    for option in element.options:
        if option.name in ("name", "label", "id", "figname") and option.text:
            is_picture = kind == "html" and option.name == "name"
            yield Label(option.text, "bare" if is_picture else kind, option.at)
