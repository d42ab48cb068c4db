"""Findings as Sphinx warnings: same rule, path and line as on the command line."""

from __future__ import annotations

import math
import os
import re
from functools import cache
from typing import TYPE_CHECKING

from sphinx.util import logging

from sphinx_mmbook.core.checking import judge
from sphinx_mmbook.core.checking.upstream import NEAR
from sphinx_mmbook.core.escapes import visible
from sphinx_mmbook.core.finding import FAILED, Finding, Location
from sphinx_mmbook.core.rules.registry import failing_rules
from sphinx_mmbook.ext.domain import BookDomain, book_domain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sphinx.environment import BuildEnvironment

#: More lines than a cell has.
CELL = 10_000_000
logger = logging.getLogger(__name__)


def level_of(env: BuildEnvironment, finding: Finding) -> str:
    """Return the level that this book gives a finding, or ``off``."""
    return judge.level_of(finding, env.config.mmbook_rules, env.config.suppress_warnings)


def report_first(env: BuildEnvironment, findings: Iterable[Finding]) -> None:
    """Log what the check has found before any page is read: all of it, and once."""
    for finding in findings:
        report(env, finding)
    domain = book_domain(env)
    domain.found_first = dict(domain.reported)


def key_of(finding: Finding) -> tuple[str, int, str]:
    """Return path, line and rule of a finding."""
    return (finding.location.path, line_in_file(finding.location), finding.rule)


def line_in_file(at: Location) -> int:
    """Return a number for a line that is its alone, also in a notebook."""
    return at.line + CELL * at.cell


@cache
def rules_of_files() -> frozenset[str]:
    """Return the rules on files that pages show."""
    return frozenset(rule.slug for rule in failing_rules() if rule.of_file)


@cache
def rules_of_builds() -> frozenset[str]:
    """Return the rules on what only a build can know."""
    return frozenset(rule.slug for rule in failing_rules() if rule.only_build)


def is_found_first(domain: BookDomain, finding: Finding) -> bool:
    """Whether the check has found the same: in the same block, or in the same words.

    A directive knows its first line; of what it includes nobody knows even the file.
    """
    path, line, rule = key_of(finding)
    told = domain.found_first if rule != FAILED else {}
    words = re.findall("'([^']+)'", finding.message)
    # What is said of a page as a whole, at its first line, may have been told at any other.
    most = math.inf if line == 1 and words else NEAR
    near = [
        text
        for (at, number, slug), text in told.items()
        if (at, slug) == (path, rule) and 0 <= number - line <= most
    ]
    if any(not words or any(word in text for word in words) for text in near):
        return True
    # What is wrong with a file is seen first by whoever looks first: it may be two things.
    of_files = rules_of_files()
    if rule in of_files and any((path, line, other) in told for other in of_files):
        return True
    same = {at for (at, _, slug), text in told.items() if (slug, text) == (rule, finding.message)}
    return path in same or bool(same - {facts.path for facts in domain.facts.values() if same})


def report(env: BuildEnvironment, finding: Finding) -> None:
    """Log ``finding`` at the level that the book gives its rule, as ``[mmbook.<rule>]``.

    What the check has found before is not said again by the directive in question.
    What is a warning for ``mmbook check`` is a note here and fails no build with ``-W``, unless
    ``conf.py`` itself makes its rule one; a rule that is ``off`` says nothing.
    """
    level = level_of(env, finding)
    if level == "off":
        note_silenced(env, [finding])
    if level == "off" or is_found_first(book_domain(env), finding):
        return
    at = finding.location
    book_domain(env).reported[key_of(finding)] = finding.message
    # Sphinx takes a place without a line for the name of a page.
    location = f"{os.path.normpath(env.srcdir / at.path)}:{at.line or 1}" + f":{at.column}" * bool(
        at.column
    )
    text = f"cell {at.cell}, line {at.line}: {finding.message}" if at.cell else finding.message
    counts = finding.rule in {*env.config.mmbook_rules, *rules_of_builds()}
    if level == "error" or (level == "warning" and counts):
        logger.warning(visible(text), type="mmbook", subtype=finding.rule, location=location)
    else:
        logger.info(visible(f"{text} [mmbook.{finding.rule}]"), location=location)


def note_silenced(env: BuildEnvironment, findings: Iterable[Finding]) -> None:
    """Remember what the book or a comment silences: others shall not warn of it either."""
    domain = book_domain(env)
    domain.silenced |= {key_of(finding): finding.message for finding in findings}
