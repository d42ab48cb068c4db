"""A chapter's metadata, from its front matter.

Field names are those of the MyST front-matter standard (https://mystmd.org/guide/frontmatter);
ours are only ``supervisors``, ``reviewers``, ``status``, ``degree`` and ``mmbook``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sphinx_mmbook.core.finding import Finding
from sphinx_mmbook.core.people.people import Credit, People, credits_from
from sphinx_mmbook.core.suggestions import did_you_mean

if TYPE_CHECKING:
    from sphinx_mmbook.core.files.yaml_mapping import YamlMap

STATUSES = ("draft", "review", "final")


class Chapter(NamedTuple):
    """What a page says about itself. Pages without front matter have an empty one."""

    title: str = ""
    credits: tuple[Credit, ...] = ()
    degree: str = ""
    status: str = ""
    keywords: tuple[str, ...] = ()
    abstract: str = ""
    label: str = ""


def chapter_from(read: YamlMap, people: People) -> tuple[Chapter, tuple[Finding, ...]]:
    """Return the chapter that a front matter describes; wrong fields are left empty."""
    credited, findings = credits_from(read, people)
    faults = list(findings)

    def text(name: str) -> str:
        value = read.fields.get(name)
        if value is None or isinstance(value, str | int | float):
            return "" if value is None else str(value).strip()
        faults.append(
            Finding(read.at(name), "front-matter", f"'{name}' must be text; write '{name}: …'")
        )
        return ""

    status = text("status")
    if status and status not in STATUSES:
        hint = did_you_mean(status, STATUSES)
        message = f"unknown status '{status}'{hint or '; write draft, review or final'}"
        faults.append(Finding(read.at("status"), "chapter-status", message))
        status = ""
    chapter = Chapter(
        title=text("title"),
        credits=credited,
        degree=text("degree"),
        status=status,
        keywords=_words(read.fields.get("keywords")),
        abstract=text("abstract"),
        label=text("label"),
    )
    return chapter, tuple(faults)


def _words(value: Any) -> tuple[str, ...]:
    """Return keywords, from a list or from text with commas."""
    items = value.split(",") if isinstance(value, str) else value
    return tuple(str(item).strip() for item in items) if isinstance(items, list) else ()
