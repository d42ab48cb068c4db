"""What a rule is, and the list of all of them."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from importlib import import_module
from inspect import cleandoc
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

from sphinx_mmbook.core.finding import Edit, Finding, Level, Location, failed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

#: The rooms of this folder, and in each the groups of rules, as the manual lists them. A group is a
#: module. Rules on English and on bibliographies take longest: one of two processes begins with
#: the first room, the other with the last.
ROOMS = {
    "english": (
        "wording", "grammar", "commas", "needless_commas", "usual_commas", "spelling", "variants",
        "known_words", "usage", "hyphens", "signs",
    ),
    "pages": ("typography", "headings", "outline", "formulas", "formula_signs"),
    "syntax": (
        "markup", "near_markup", "other_markup", "unclosed", "table_bodies",
        "restructured_grammar", "syntax", "knitr", "foreign", "divisions",
    ),
    "directives": ("directives", "role_texts", "options", "named_files", "substitutions"),
    "references": (
        "labels", "references", "reference_words", "links", "numbers",
        "number_signs", "figures", "captions",
    ),
    "book": ("setting_up", "files", "contents", "text", "chapter", "bylines"),
    "results": ("results", "result_files", "result_programs", "stored_values"),
    "bib": ("citations", "cited_names", "typed_citations", "marks", "bibliography", "entries"),
}  # fmt: skip
#: All groups in their order. A group of no room stands in the table of ``made_elsewhere`` alone;
#: others may stand there as well.
GROUPS = ("reading", *chain.from_iterable(ROOMS.values()), "running", "outputs")
#: Groups of which no rule fails a build, unless conf.py makes it an error; it does not run them.
ADVICE = frozenset({
    "reference_words", "numbers", "number_signs", "captions", "files", "outline", "typography",
    "signs", "wording", "grammar", "commas", "needless_commas", "usual_commas", "spelling",
    "variants", "known_words", "usage", "hyphens", "formula_signs", "cited_names", "marks",
    "entries", "typed_citations", "results", "result_programs",
})  # fmt: skip


class Rule(NamedTuple):
    """A named check.

    ``check`` takes a ``BookFacts`` if the build runs the rule as well (``build``), else a ``Book``.
    ``help`` says what it is about, with Bad and Good examples and why. ``rejects``: at level error
    the rule stops a build before anything is executed. ``only_build``: no check of ours; the build
    finds it, since only then cells have run and pages are set. ``of_file``: it is about a file that
    a page shows; check and build may find two faults of one file, and one is enough.
    """

    slug: str
    level: Level
    group: str
    check: Callable[[Any], Iterable[Finding]]
    help: str
    build: bool = False
    rejects: bool = False
    only_build: bool = False
    of_file: bool = False

    @property
    def summary(self) -> str:
        """The first line of the help."""
        return self.help.partition("\n")[0]


def rule(
    level: Level, *, build: bool = False, rejects: bool = False, of_file: bool = False
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Make a generator of findings a rule; its name with hyphens is the slug.

    Inside, findings are made with ``found``, which leaves slug and level to the rule.
    """

    def mark(check: Callable[..., Any]) -> Callable[..., Any]:
        group = check.__module__.rpartition(".")[2]
        slug = check.__name__.replace("_", "-")
        text = cleandoc(check.__doc__ or "")
        check.rule = Rule(  # type: ignore[attr-defined]
            slug, level, group, check, text, build, rejects, of_file=of_file
        )
        return check

    return mark


def found(at: Location, message: str, *fix: Edit) -> Finding:
    """Return a finding that still lacks its rule; ``run`` adds slug and level."""
    return Finding(at, "", message, fix=fix)


def run(one: Rule, subject: Any) -> list[Finding]:
    """Return what a rule finds in a ``Book``, or a ``BookFacts`` if builds run it as well.

    Findings made while reading have rule and level already. A rule that fails names the pages
    that make it fail, and judges the others all the same.
    """
    try:
        return _findings(one, subject)
    except Exception as error:
        return _without_failures(one, subject, error)


def _findings(one: Rule, subject: Any) -> list[Finding]:
    slug, level = one.slug, one.level
    return [
        item if item.rule else Finding(item.location, slug, _in_its_syntax(item), level, item.fix)
        for item in one.check(subject)
    ]


def _in_its_syntax(item: Finding) -> str:
    """Return a message whose advice is in reStructuredText, if that is what the page is."""
    if not item.location.path.endswith(".rst"):
        return item.message
    text = re.sub(r"\{([a-z][\w:.+-]*)\}(?=`)", r":\1:", item.message)
    text = re.sub(r"'\(([^()']+)\)='", r"'.. _\1:'", text)
    return re.sub(r"(?<!\S)\{([a-z][\w:.+-]*)\}(?=[\s,;]|$)", r"'\1'", text)


def _without_failures(one: Rule, subject: Any, error: Exception) -> list[Finding]:
    what, rest = f"the rule '{one.slug}'", "all else is checked"
    try:
        _findings(one, replace(subject, pages={}))
    except Exception:  # no page makes it fail
        return [failed(Location("conf.py"), what, error, rest)]
    blamed: list[Finding] = []
    others = dict(subject.pages)
    for name, page in subject.pages.items():
        try:
            _findings(one, replace(subject, pages={name: page}))
        except Exception as alone:
            blamed.append(failed(Location(page.path, 1), what, alone, rest))
            del others[name]
    try:
        return [*blamed, *_findings(one, replace(subject, pages=others))]
    except Exception:
        return blamed or [failed(Location("conf.py"), what, error, rest)]


@cache
def rules_of(group: str) -> tuple[Rule, ...]:
    """Return the rules of a group in the order of their definition; its module is imported now.

    Only what can be called is asked whether it is one: an expression would be compiled for it.
    """
    package = "sphinx_mmbook.core.rules"
    table: dict[str, tuple[Rule, ...]] = import_module(f"{package}.made_elsewhere").RULES
    room = next((room for room, groups in ROOMS.items() if group in groups), "")
    items = vars(import_module(f"{package}.{room}.{group}")).values() if room else ()
    made = (item.rule for item in items if callable(item) and hasattr(item, "rule"))
    return (*table.get(group, ()), *made)


@cache
def all_rules() -> tuple[Rule, ...]:
    """Return all rules, group by group."""
    return tuple(rule for group in GROUPS for rule in rules_of(group))


@cache
def failing_rules() -> tuple[Rule, ...]:
    """Return the rules that can fail a build; modules of others, 40 ms, are not imported."""
    groups = (group for group in GROUPS if group not in ADVICE)
    return tuple(rule for group in groups for rule in rules_of(group))
