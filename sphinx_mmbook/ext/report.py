"""Findings as Sphinx warnings: same rule, path and line as on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx.util import logging

from sphinx_mmbook.core.checking import judge
from sphinx_mmbook.core.escapes import visible
from sphinx_mmbook.ext.domain import book_domain

if TYPE_CHECKING:
    from sphinx.environment import BuildEnvironment

    from sphinx_mmbook.core.finding import Finding

#: More lines than a cell has.
CELL = 10_000_000
logger = logging.getLogger(__name__)


def level_of(env: BuildEnvironment, finding: Finding) -> str:
    """Return the level that this book gives a finding, or ``off``."""
    return judge.level_of(finding, env.config.mmbook_rules, env.config.suppress_warnings)


def report(env: BuildEnvironment, finding: Finding) -> None:
    """Log ``finding`` at the level that the book gives its rule, as ``[mmbook.<rule>]``.

    What is found a second time, by the directive in question, is not said again; ``first`` is the
    check, whose findings are all said.
    ``info`` findings never fail a build with ``-W``; a rule that is ``off`` says nothing.
    """
    level = level_of(env, finding)
    if level == "off":
        return
    at = finding.location
    key = (at.path, at.line + CELL * at.cell, finding.rule)
    book_domain(env).reported[key] = finding.message
    # Sphinx takes a place without a line for the name of a page.
    location = f"{env.srcdir / at.path}:{at.line or 1}" + f":{at.column}" * bool(at.column)
    log = logger.info if level == "info" else logger.warning
    text = f"cell {at.cell}, line {at.line}: {finding.message}" if at.cell else finding.message
    log(visible(text), type="mmbook", subtype=finding.rule, location=location)
