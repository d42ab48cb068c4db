"""What a rule is, and the list of all of them."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal

from sphinx_mmbook.core.labels import Label, labels_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from sphinx_mmbook.core.finding import Finding, Level
    from sphinx_mmbook.core.page import Page

#: The modules that hold rules, in the order in which the manual lists them.
_MODULES = ("labels",)


@dataclass(frozen=True)
class Facts:
    """What other pages need to know of a page: small, plain, kept from build to build."""

    path: str
    labels: tuple[Label, ...] = ()


def facts_of(page: Page) -> Facts:
    """Return the facts of a page."""
    return Facts(page.path, labels_of(page))


@dataclass(frozen=True)
class BookFacts:
    """The facts of all pages by docname, in reading order."""

    pages: Mapping[str, Facts]

    def labels(self) -> list[Label]:
        """Return all labels of the book, page by page."""
        return [label for docname in sorted(self.pages) for label in self.pages[docname].labels]


@dataclass(frozen=True)
class Rule:
    """A named check. ``rejects``: at level error it stops a build before anything is executed."""

    slug: str
    level: Level
    scope: Literal["page", "book"]
    check: Callable[..., Iterable[Finding]]
    rejects: bool = False

    @property
    def help(self) -> str:
        """What the rule is about, with Bad and Good examples and why."""
        return self.check.__doc__ or ""


_RULES: dict[str, Rule] = {}


def rule(
    level: Level, scope: Literal["page", "book"] = "page", *, rejects: bool = False
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Make a function a rule; its name with hyphens is the slug."""

    def register(check: Callable[..., Any]) -> Callable[..., Any]:
        slug = check.__name__.replace("_", "-")
        _RULES[slug] = Rule(slug, level, scope, check, rejects)
        return check

    return register


def all_rules() -> tuple[Rule, ...]:
    """Return all rules."""
    for module in _MODULES:
        import_module(f"sphinx_mmbook.core.rules.{module}")
    return tuple(_RULES.values())
