"""What a branch is to answer for, told from what was there before."""

from __future__ import annotations

from pathlib import Path

import pytest

from sphinx_mmbook.core.checking.new_faults import Since, changes, new_findings
from sphinx_mmbook.core.finding import Finding, Location


@pytest.fixture
def two(tmp_path: Path) -> tuple[Path, Path]:
    """Return the folders of a book then and now."""
    (tmp_path / "then").mkdir()
    (tmp_path / "now").mkdir()
    return tmp_path / "then", tmp_path / "now"


def fault(line: int, path: str = "a.md", message: str = "the word 'the' appears twice") -> Finding:
    return Finding(Location(path, line), "word-doubled", message)


def test_changed_lines_are_those_that_are_new_or_written_otherwise(two: tuple[Path, Path]) -> None:
    then, now = two
    (then / "a.md").write_text("one\ntwo\nthree\nfour\n")
    (now / "a.md").write_text("one\n2\nthree\nnew\nfour\n")
    (now / "b.png").write_bytes(b"\x89PNG")
    assert changes(then, now, ["a.md", "b.png"], [], (".md",)).lines == {"a.md": {2, 4}}


def test_a_file_with_half_of_the_lines_of_one_that_is_gone_is_that_file(
    two: tuple[Path, Path],
) -> None:
    then, now = two
    (then / "old.md").write_text("one\ntwo\nthree\nfour")
    (now / "new.md").write_text("one\ntwo\n3\n4")
    (now / "other.md").write_text("one\n2\n3\n4")
    since = changes(then, now, ["old.md", "new.md", "other.md"], [fault(1, "old.md")], (".md",))
    assert since.old == {"new.md": "old.md"}
    assert since.lines == {"old.md": set(), "new.md": {3, 4}, "other.md": {1, 2, 3, 4}}
    assert new_findings([fault(2, "new.md"), fault(2, "other.md")], since) == [fault(2, "other.md")]


def test_of_the_same_faults_those_on_changed_lines_are_new() -> None:
    since = changes(Path("then"), Path("now"), [], [fault(1)], (".md",))
    since = Since(since.before, {"a.md": frozenset({3})})
    assert new_findings([fault(3), fault(8)], since) == [fault(3)]
    assert new_findings([fault(8)], since) == []
    assert new_findings([fault(3), fault(5), fault(8)], since) == [fault(3), fault(8)]
