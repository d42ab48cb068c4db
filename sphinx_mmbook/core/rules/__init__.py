"""Rules: each a small function over a page or the book, with a level and a docstring to teach by.

A rule's slug is its only name: in the output, in ``mmbook_rules``, in the manual.
"""

from __future__ import annotations

from sphinx_mmbook.core.rules.registry import BookFacts, Facts, Rule, all_rules, facts_of, rule

__all__ = ["BookFacts", "Facts", "Rule", "all_rules", "facts_of", "rule"]
