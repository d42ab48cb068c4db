"""Front matter and people files: whatever stands in them, a map or one finding comes out."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sphinx_mmbook.core.files.yaml_mapping import read_yaml_map

#: Tags that PyYAML's safe loader knows, with values that are none of theirs.
MISFITS = [
    f"a: !!{tag} {value}"
    for tag in (
        "int",
        "float",
        "bool",
        "timestamp",
        "binary",
        "null",
        "set",
        "omap",
        "pairs",
        "map",
    )
    for value in ("", "x", "[]", "{}", "'-'", "0x", ":", "[a]", "{a: b}")
]


@pytest.mark.parametrize("text", MISFITS)
def test_a_tag_that_does_not_fit_its_value_is_a_finding(text: str) -> None:
    found = read_yaml_map(text, "index.md", "front-matter")
    assert found.fields or [finding.rule for finding in found.findings] == ["front-matter"]


def test_a_number_that_python_does_not_print_is_a_finding() -> None:
    found = read_yaml_map(f"title: [0x{'F' * 5000}]", "index.md", "front-matter")
    assert "is not valid YAML" in found.findings[0].message


@given(st.text(alphabet="ab:-[]{}\"'|>!&*#?%@\\ \n\t0123.", max_size=60))
@example("a: !!int")
@example("? [a]\n: b")
@example("a: 2024-99-99")
def test_any_text_is_read(text: str) -> None:
    found = read_yaml_map(text, "index.md", "front-matter")
    assert not (found.fields and found.findings)
