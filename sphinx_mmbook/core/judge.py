"""All findings of a book: those made while reading it, and those of the rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_mmbook.core.rules.registry import all_rules, run

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sphinx_mmbook.core.facts import BookFacts, Facts
    from sphinx_mmbook.core.finding import Finding


def judge_facts(book: BookFacts) -> list[Finding]:
    """Return the findings that a build can see, sorted, without those that comments silence."""
    findings = [item for facts in book.pages.values() for item in facts.findings]
    for rule in all_rules():
        if rule.build:
            findings += run(rule, book)
    return not_ignored(findings, book.pages.values())


def not_ignored(findings: Iterable[Finding], pages: Iterable[Facts]) -> list[Finding]:
    """Return the findings, sorted, that no comment on their page silences."""
    ignores = {facts.path: facts.ignores for facts in pages}
    return sorted(
        finding
        for finding in findings
        if not any(ignore.covers(finding) for ignore in ignores.get(finding.location.path, ()))
    )
