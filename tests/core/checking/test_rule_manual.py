"""The manual says what the rules say, and every rule teaches."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from sphinx_mmbook.core.checking.rule_manual import rules_page
from sphinx_mmbook.core.checking.upstream import kind_of, warned_of, warnings
from sphinx_mmbook.core.rules.registry import ADVICE, Rule, all_rules

DOCS = Path(__file__).parents[3] / "docs"


def test_the_page_on_rules_is_up_to_date() -> None:
    """Write it with: python -m sphinx_mmbook.core.checking.rule_manual > docs/rules.md."""
    assert (DOCS / "rules.md").read_text("utf-8") == rules_page()


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.slug)
def test_a_rule_teaches(rule: Rule) -> None:
    assert all(part in rule.help for part in ("Bad:", "Good:", "Why:"))
    assert rule.summary.endswith(".")


def test_slugs_are_unique() -> None:
    slugs = [rule.slug for rule in all_rules()]
    assert len(slugs) == len(set(slugs))


def test_what_is_found_has_a_name_that_the_manual_explains() -> None:
    """Slugs stand in the code as texts: behind a place, or alone in a call that makes a fault."""
    makers = {"Finding", "ResultFault", "Failure", "report_characters", "inside_book", "Trouble"}
    known = {rule.slug for rule in all_rules()}
    seen = set()
    for file in (DOCS.parent / "sphinx_mmbook").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in makers:
                texts = [arg.value for arg in node.args if isinstance(arg, ast.Constant)]
                seen |= {
                    t for t in texts if isinstance(t, str) and re.fullmatch(r"[a-z]+(-[a-z]+)+", t)
                }
    assert {"cell-error", "glyph-missing", "result-value", "image-broken"} <= seen
    assert seen <= known


def test_the_table_of_others_warnings_names_rules_that_there_are() -> None:
    named = {rule for one in warnings() for rule in one.rules}
    assert named <= {rule.slug for rule in all_rules()}


@pytest.mark.parametrize(
    "said",
    ["Transition at the start of the document.", "Document may not begin with a transition."],
)
def test_a_line_of_hyphens_at_a_page_s_start_is_known_by_docutils_old_and_new_words(
    said: str,
) -> None:
    kind = kind_of("docutils", said)
    assert kind is not None
    assert "line-misplaced" in kind.rules


def test_an_icon_that_an_output_lacks_is_not_told_to_be_put_into_a_block() -> None:
    kind = kind_of("design.fa-build", "Fontawesome icons not supported for builder: texinfo")
    assert kind is not None
    assert "block" not in kind.advice


def test_groups_that_no_build_imports_have_no_rule_that_a_build_runs() -> None:
    advice = [rule for rule in all_rules() if rule.group in ADVICE]
    assert {rule.group for rule in advice} == ADVICE
    for rule in advice:
        assert not (rule.build or rule.rejects or rule.of_file or rule.only_build), rule.slug
        assert rule.level != "error", rule.slug
    assert not {rule.slug for rule in advice} & warned_of()
