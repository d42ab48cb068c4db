"""Rules on labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_mmbook.core.finding import Finding, Fix
from sphinx_mmbook.core.labels import Label, anchor
from sphinx_mmbook.core.rules.registry import BookFacts, Facts, rule

if TYPE_CHECKING:
    from collections.abc import Iterator


@rule("error", rejects=True)
def label_underscore(facts: Facts) -> Iterator[Finding]:
    """A label contains an underscore.

    Bad: ``(fig_loss)=``
    Good: ``(fig-loss)=``

    Why: docutils turns ``fig_loss`` and ``fig-loss`` into the same anchor, and in LaTeX an
    underscore in a label has stopped whole books from compiling. Write a hyphen.
    """
    for label in facts.labels:
        if "_" in label.name:
            good = anchor(label.name) or "a name of letters, digits and hyphens"
            message = f"label '{label.name}' contains an underscore; write '{good}'"
            yield Finding(label.at, "label-underscore", message, fix=Fix(label.name, good))


@rule("error")
def label_malformed(facts: Facts) -> Iterator[Finding]:
    """A label is not the anchor that a reader's link will have.

    Bad: ``(Fig:Loss)=``
    Good: ``(fig-loss)=``

    Why: anchors consist of lower-case letters, digits and hyphens and begin with a letter. Any
    other label gets another anchor, and links to it from outside of the book break.
    """
    for label in facts.labels:
        good = anchor(label.name)
        if "_" not in label.name and good != label.name:
            advice = f"write '{good}'" if good else "begin it with a letter"
            message = f"label '{label.name}' is no anchor: only a-z, digits and hyphens; {advice}"
            yield Finding(label.at, "label-malformed", message, fix=Fix(label.name, good))


@rule("error", "book", rejects=True)
def label_collision(book: BookFacts) -> Iterator[Finding]:
    """Two things have the same label, or labels that docutils makes equal.

    Bad: ``(fig-loss)=`` in two chapters, or ``Fig-Loss`` beside ``fig-loss``
    Good: ``(fig-clip-loss)=`` and ``(fig-glide-loss)=``

    Why: a reference can mean only one of them, and silently takes the wrong one.
    """
    first: dict[str, Label] = {}
    for label in book.labels():
        key = anchor(label.name) or label.name
        other = first.setdefault(key, label)
        if other is label:
            continue
        same = "is used twice" if other.name == label.name else f"collides with '{other.name}'"
        message = f"label '{label.name}' {same}: also at {other.at}; give one of them another name"
        yield Finding(label.at, "label-collision", message)
