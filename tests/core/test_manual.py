"""The manual says what the rules say, and every rule teaches."""

from __future__ import annotations

from pathlib import Path

import pytest

from sphinx_mmbook.core.manual import rules_page
from sphinx_mmbook.core.rules.registry import Rule, all_rules

DOCS = Path(__file__).parent.parent.parent / "docs"


def test_the_page_on_rules_is_up_to_date() -> None:
    """Write it with: python -m sphinx_mmbook.core.manual > docs/rules.md."""
    assert (DOCS / "rules.md").read_text("utf-8") == rules_page()


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.slug)
def test_a_rule_teaches(rule: Rule) -> None:
    assert all(part in rule.help for part in ("Bad:", "Good:", "Why:"))
    assert rule.summary.endswith(".")


def test_slugs_are_unique() -> None:
    slugs = [rule.slug for rule in all_rules()]
    assert len(slugs) == len(set(slugs))
