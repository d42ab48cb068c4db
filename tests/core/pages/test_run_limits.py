"""Limits of a chapter's run: what can be meant is taken, all else is told."""

from __future__ import annotations

import pytest

from sphinx_mmbook.core.files.yaml_mapping import read_yaml_map
from sphinx_mmbook.core.pages.run_limits import (
    depends_findings,
    depends_in,
    faults_of_limits,
    limit_findings,
    limits_in,
    resources_in,
)


def test_limits_are_numbers_with_known_names() -> None:
    value = {"memory_gb": 2, "cell_seconds": 0.5, "output_mb": True, "memry_gb": 1, 3: 4}
    assert limits_in(value) == {"memory_gb": 2.0, "cell_seconds": 0.5}
    first, second, third = faults_of_limits(value)
    assert "'output_mb' must be a number, megabytes" in first
    assert "no limit 'memry_gb'; did you mean 'memory_gb'?" in second
    assert "no limit '3'; limits are cell_seconds" in third


@pytest.mark.parametrize("number", [-1, float("inf"), float("nan"), "4", None, [1]])
def test_what_is_no_limit_is_no_limit(number: object) -> None:
    assert limits_in({"memory_gb": number}) == {}
    (fault,) = faults_of_limits({"memory_gb": number})
    assert "must be a number" in fault


def test_a_chapter_says_its_limits_in_its_front_matter() -> None:
    front = read_yaml_map(
        "title: A\nmmbook:\n  limits: {memory_gb: much}\n", "a.md", "front-matter", 2
    )
    (finding,) = limit_findings(front)
    assert (finding.rule, finding.location.line) == ("front-matter", 4)
    assert limit_findings(read_yaml_map("mmbook: {limits: {memory_gb: 1}}", "a.md", "x")) == ()
    assert limit_findings(read_yaml_map("mmbook: {limits: 4}", "a.md", "x"))[0].message.startswith(
        "mmbook: limits must be a mapping"
    )


@pytest.mark.parametrize(
    ("said", "patterns", "words"),
    [
        ("data.csv", ("data.csv",), ""),
        ("[a.csv, '../*.bin']", ("a.csv", "../*.bin"), ""),
        ("", (), ""),
        ("4", (), 'a list of patterns of files, such as ["data/*.csv"], not 4'),
        ("[a.csv, {b: 1}, 5]", ("a.csv",), "not {'b': 1}"),
        ("''", (), "not ''"),
        ("/etc/passwd", (), "from the page's folder, such as \"data/*.csv\"; '/etc/passwd' is not"),
        ("'C:\\data'", (), "'C:\\data' is not"),
    ],
)
def test_files_to_depend_on_that_cannot_be_meant_are_one_finding(said, patterns, words):
    front = read_yaml_map(f"title: A\nmmbook:\n  depends: {said}\n", "a.md", "x")
    assert depends_in(front.fields) == patterns
    found = depends_findings(front)
    assert [words in finding.message for finding in found] == [True] * bool(words)
    assert [finding.location.line for finding in found] == [3] * bool(words)


def test_what_a_worker_must_have_is_a_number_and_not_less_than_nothing():
    asked = {"gpu": 1, "fast": 0, "lent": -1, "slow": -0.5, "large": float("inf"), "more": "2"}
    assert resources_in({"mmbook": {"resources": asked}}) == {"gpu": 1.0, "fast": 0.0}
