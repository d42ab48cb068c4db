"""All findings of a book: those made while reading it, and those of the rules."""

from __future__ import annotations

from dataclasses import replace
from operator import attrgetter
from typing import TYPE_CHECKING

from sphinx_mmbook.core.finding import FAILED, LEVELS, Finding
from sphinx_mmbook.core.rules.registry import GROUPS, all_rules, failing_rules, rules_of, run
from sphinx_mmbook.core.suggestions import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from sphinx_mmbook.core.book.book import Book
    from sphinx_mmbook.core.book.facts import BookFacts


def judge_facts(book: BookFacts) -> list[Finding]:
    """Return the findings that a build can see, sorted, without those that comments silence."""
    findings = [found for rule in failing_rules() if rule.build for found in run(rule, book)]
    findings += book.reading(FAILED)
    return not_ignored(findings, book)


def not_ignored(findings: Iterable[Finding], book: BookFacts) -> list[Finding]:
    """Return the findings, sorted, that no comment in their file silences; each once.

    Several pages may include one file."""
    kept = [*dict.fromkeys(findings)]
    if ignores := book.ignores():
        of_file = ((finding, ignores.get(finding.location.path, ())) for finding in kept)
        kept = [one for one, some in of_file if not any(ignore.covers(one) for ignore in some)]
    return sorted(kept, key=_ORDER)


#: The order of findings, which tuples have in a tenth of the time.
_ORDER = attrgetter("location", "rule", "message", "level", "fix")


def beyond_facts(book: Book) -> tuple[list[Finding], list[Finding]]:
    """Return what a build tells of a book beyond what its own rules see, which have facts alone.

    These are the errors, and whatever Sphinx or MyST-Parser warns of as well, at whatever level:
    not their warning but the level decides then whether a build with ``-W`` fails. The second list
    holds what comments silence.
    """
    from sphinx_mmbook.core.checking.upstream import warned_of  # noqa: PLC0415 -- builds alone ask

    levels = book.settings.rules
    every = all_rules() if "error" in levels.values() else failing_rules()
    rules = (r for r in every if not (r.build or r.only_build))
    asked = [r for r in rules if levels.get(r.slug, r.level) == "error" or r.slug in warned_of()]
    made = [item for one in asked for item in run(one, book)]
    kept = not_ignored(made, book.facts)
    return kept, [item for item in made if item not in kept]


def findings_of(groups: Iterable[str], book: Book) -> list[Finding]:
    """Return what the rules of some groups find in a book, in their order."""
    rules = (rule for group in groups for rule in rules_of(group))
    return [found for rule in rules for found in run(rule, book.facts if rule.build else book)]


def judge(
    book: Book, find: Callable[[Sequence[str], Book], list[Finding]] = findings_of
) -> list[Finding]:
    """Return all findings of a book at the levels that it gives them, sorted."""
    findings = book.facts.reading(FAILED) + find(GROUPS, book)
    shown = not_ignored(findings, book.facts)
    levels, silent = book.settings.rules, book.settings.suppressed
    if levels or silent:
        judged = ((item, level_of(item, levels, silent)) for item in shown)
        shown = [
            item if level == item.level else replace(item, level=level)
            for item, level in judged
            if level in LEVELS
        ]
    said = {(item.rule, item.location) for item in shown if item.rule in _SAYING}
    if not said:
        return shown
    marked = {at for rule, at in said if rule == _CONFLICT}
    return [
        item
        for item in shown
        if (_TOLD_BY.get(item.rule), item.location) not in said
        and (item.level == "error" or item.location not in marked)
    ]


#: Of one fault at one place, one rule speaks: of the first one's, the second.
_TOLD_BY = {"bib-name-mixed": "bib-venue", "spelling-british": "spelling-mixed"}
#: Whatever else a line with Git's mark of a conflict seems to be, it is that alone.
_CONFLICT = "conflict-marker"
_SAYING = {_CONFLICT, *_TOLD_BY.values()}


def level_of(finding: Finding, levels: Mapping[str, str], suppressed: Iterable[str]) -> str:
    """Return the level that the book gives a finding's rule, or ``off``; else the finding's own.

    ``suppressed`` are types of warnings as Sphinx writes them: ``mmbook.label-unused``, ``mmbook``.
    """
    if {"mmbook", "mmbook.*", f"mmbook.{finding.rule}"} & {*suppressed}:
        return "off"
    return levels.get(finding.rule, finding.level)


def faults_of_levels(levels: object) -> list[str]:
    """Return what is wrong with a book's ``mmbook_rules``, as sentences."""
    if not isinstance(levels, dict):
        return ["mmbook_rules is not a dictionary; write mmbook_rules = {'label-unused': 'off'}"]
    slugs = {rule.slug for rule in all_rules()} if levels else set[str]()
    known = (*LEVELS, "off")
    return [
        f"mmbook_rules names '{slug}', which is not a rule{did_you_mean(str(slug), slugs)}"
        for slug in levels
        if slug not in slugs
    ] + [
        f"mmbook_rules sets '{slug}' to '{level}'; write one of {', '.join(known)}"
        for slug, level in levels.items()
        if level not in known
    ]
