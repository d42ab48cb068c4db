"""Rules on labels."""

from __future__ import annotations

import re
from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING

from sphinx_mmbook.core.finding import Edit, Finding, Location
from sphinx_mmbook.core.references.chunks import chunks_of
from sphinx_mmbook.core.references.labels import Label, anchor
from sphinx_mmbook.core.references.numbered_objects import labels_in_captions
from sphinx_mmbook.core.rules.registry import found, rule
from sphinx_mmbook.core.rules.syntax.syntax import bookdown_references

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_mmbook.core.book.book import Book
    from sphinx_mmbook.core.book.facts import BookFacts
    from sphinx_mmbook.core.finding import Level
    from sphinx_mmbook.core.references.numbered_objects import NumberedObject


class Renames:
    """The edits that give labels other names, in all references to them as well."""

    def __init__(self, book: BookFacts) -> None:
        self.book = book

    @cached_property
    def names(self) -> Counter[str]:
        """How many labels have each anchor; most books need no edit, and so no count."""
        return Counter(anchor(label.name) for label in self.book.labels())

    @cached_property
    def references(self) -> dict[str, list[Location]]:
        """The places of the references to each label."""
        references: dict[str, list[Location]] = {}
        for item in self.book.references():
            references.setdefault(item.target, []).append(item.at)
        return references

    @cached_property
    def elsewhere(self) -> set[str]:
        """The labels that pages in reStructuredText refer to; what is theirs is not edited."""
        return self.book.used_in_restructured()

    def to(self, label: Label, new: str) -> tuple[Edit, ...]:
        """Return the edits; none if the label is not the only one of its name, or has no new one.

        Nor if docstrings may refer to it.

        The new name is the anchor of the old one, so that it cannot be taken by another.
        """
        if not new or self.names[new] > 1 or label.name.lower() in self.elsewhere:
            return ()
        if self.book.has_docstrings:
            return ()
        return tuple(
            Edit(at, label.name, new) for at in (label.at, *self.references.get(label.name, ()))
        )


@rule("error", build=True, rejects=True)
def label_underscore(book: BookFacts) -> Iterator[Finding]:
    """A label contains an underscore.

    Bad: ``(fig_loss)=``

    Good: ``(fig-loss)=``

    Why: docutils turns ``fig_loss`` and ``fig-loss`` into the same anchor, and in LaTeX an
    underscore in a label has stopped whole books from compiling. Write a hyphen.
    """
    renames = Renames(book)
    for label in book.labels_in_myst():
        if "_" in label.name:
            new = anchor(label.name)
            advice = f"write '{new}'" if new else "write letters, digits and hyphens"
            message = f"label '{label.name}' contains an underscore; {advice}"
            yield found(label.at, message, *renames.to(label, new))


#: Signs in a label that break something, and what: measured with Sphinx 9.0 and MyST-Parser 5.
_STOPS = "LaTeX stops at it"
_LINKS = ("link", "page", "bare", "scheme")
_BREAKING = (
    (re.compile(r"[\s%]"), "a link to it in Markdown does not work"),
    (re.compile(r"[#~\\]"), _STOPS),
)


@rule("error", build=True)
def label_malformed(book: BookFacts) -> Iterator[Finding]:
    """A label breaks a link or the PDF; one that is only another anchor in links is a hint.

    Bad: ``(the loss)=``, ``(2024)=``; a hint only: ``(Fig:Loss)=``, ``(use/api)=``, ``(größe)=``

    Good: ``(fig-loss)=``

    Why: anchors consist of lower-case letters, digits and hyphens and begin with a letter.
    References find any other label, too, and readers' links have ``fig-loss`` for ``Fig:Loss``.
    But with a blank or ``%``, Markdown's links do not work (a hint, if the book has none); with
    ``#``, ``%``, ``~`` or a backslash, the PDF of an equation stops; and without a letter from a
    to z the anchor is a number that changes when the page does.
    """
    renames = Renames(book)
    linked = {item.target.lower() for item in book.references() if item.role in _LINKS}
    for label in book.labels_in_myst():
        new = anchor(label.name)
        if "_" in label.name or new == label.name:
            continue
        rows = _BREAKING if label.kind == "equation" else _BREAKING[:1]
        signs = ((row.search(label.name), what) for row, what in rows)
        sign, what = next(filter(all, signs), (None, ""))
        if not new:
            message = (
                f"label '{label.name}' gives no lasting anchor; begin it with a letter from a to z"
            )
            yield found(label.at, message)
        elif sign:
            named = "a blank" if sign[0].isspace() else f"'{sign[0]}'"
            message = f"label '{label.name}' has {named}, so {what}; write '{new}'"
            breaks = what == _STOPS or label.name.lower() in linked or label.kind == "cell"
            level: Level = "error" if breaks else "info"
            yield Finding(
                label.at, "label-malformed", message, level, tuple(renames.to(label, new))
            )
        else:
            message = f"label '{label.name}' is '#{new}' in readers' links; write '{new}'"
            yield Finding(label.at, "label-malformed", message, "info")


@rule("error", build=True, rejects=True)
def label_collision(book: BookFacts) -> Iterator[Finding]:
    """Two objects have the same label, or labels that docutils makes equal.

    Bad: ``(fig-loss)=`` in two chapters, or ``Fig-Loss`` beside ``fig-loss``

    Good: ``(fig-clip-loss)=`` and ``(fig-glide-loss)=``

    Why: a reference can mean only one of them, and silently takes the wrong one.
    """
    first: dict[str, Label] = {}
    for label in book.labels():
        other = first.setdefault(anchor(label.name) or label.name, label)
        if other is label:
            continue
        same = "is used twice" if other.name == label.name else f"collides with '{other.name}'"
        message = f"label '{label.name}' {same}: also at {other.at}; give one of them another name"
        if other.at == label.at:
            message = f"label '{label.name}' is in a file that is included twice; take it out"
        yield found(label.at, message)


@rule("info")
def label_unused(book: Book) -> Iterator[Finding]:
    """A figure, table or equation has a label that nothing refers to.

    Bad: a figure ``fig-loss`` that no sentence mentions

    Good: ``… falls quickly ({numref}`fig-loss`)``

    Why: a figure that the text does not speak of is decoration, or the reference was forgotten.
    """
    used = {item.target.lower() for item in book.facts.references()}
    old = {name for page in book.pages.values() for name in bookdown_references(page)}
    captioned = labels_in_captions(book.numbered_objects)
    old |= {anchor(own) for name, own in captioned.items() if anchor(name.replace(":", "-")) in old}
    pages = [facts for name, facts in sorted(book.facts.pages.items()) if name in book.pages]
    old |= {anchor(name) for obj in book.numbered_objects if _is_part(obj) for name in obj.labels}
    for page, label in ((facts.path, one) for facts in pages for one in facts.labels):
        name = label.name.lower()
        if name in used or name in book.unread or anchor(label.name) in old:
            continue
        if label.kind in ("figure", "table", "equation") and numbered(book, page):
            message = f"nothing refers to the {label.kind} '{label.name}'"
            yield found(label.at, f"{message}; mention it in the text")
    for chunk in (one for page in book.pages.values() for one in chunks_of(page)):
        name, other = anchor(f"fig-{chunk.label}"), anchor(f"tab-{chunk.label}")
        shows = chunk.label and "fig.cap" in chunk.options and "eval" not in chunk.options
        if shows and not {name, other} & (used | old):
            message = f"nothing refers to the figure '{name}' of this chunk"
            yield found(chunk.at, f"{message}; mention it in the text")


def _is_part(obj: NumberedObject) -> bool:
    """Whether a figure stands in one of Quarto's, of which div-syntax speaks."""
    return obj.kind == "figure" and obj.element.inside[-1:] == ("div",)


def numbered(book: Book, path: str) -> bool:
    """Whether figures on a page have numbers: in a preface, a picture may stand alone."""
    docname = re.sub(r"\.\w+$", "", path)
    return not book.tree.depths or docname in book.tree.depths


@rule("info")
def label_missing(book: Book) -> Iterator[Finding]:
    """A figure, table or equation has a number, but no label by which to refer to it.

    Bad: a ``{figure}`` with a caption and without ``:name:``

    Good: ``:name: fig-loss`` in the line after the figure's file

    Why: whoever wants to mention it types the number by hand, and the number soon is wrong.
    """
    kinds = {"figure": "figure", "table": "table", "equation": "equation", "cell": "output"}
    for obj in book.numbered_objects:
        is_lone = obj.numbered and not obj.labels and not _is_part(obj)
        if is_lone and (kind := kinds.get(obj.kind)):
            if obj.kind == "equation" and r"\tag" in obj.element.body:
                continue
            short = {"figure": "fig", "table": "tbl", "equation": "eq", "output": "fig"}[kind]
            name = "label" if kind in ("equation", "output") else "name"
            example = f":{name}: {short}-…"
            if r"\begin" in obj.element.body and obj.element.kind == "math":
                example = r"\label{eq-…}"
            message = f"this {kind} has a number but no label, so nothing can refer to it"
            yield found(obj.at, f"{message}; add one, such as '{example}'")
