"""What programs leave behind, with and without version control; links in static folders."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from sphinx_mmbook.core.book.book import load_book
from sphinx_mmbook.core.checking.judge import judge

if TYPE_CHECKING:
    from pathlib import Path

LEFT = ("a.bak", ".DS_Store", "sub/x.aux", "sub/__pycache__/x.pyc", "sub/__pycache__/y.pyc")


@pytest.fixture
def littered(tmp_path: Path) -> Path:
    for name in (*LEFT, "index.md", "a.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("# A\n")
    return tmp_path


def junk(book: Path) -> list[str]:
    return [f.location.path for f in judge(load_book(book)) if f.rule == "file-junk"]


def git(book: Path, *words: str) -> None:
    subprocess.run(["git", "-C", str(book), *words], check=True, capture_output=True)


def test_only_what_git_tracks_is_told(littered: Path) -> None:
    git(littered, "init", "-q")
    assert junk(littered) == []
    git(littered, "add", "-f", "a.bak", "a.txt", "sub")
    # One finding for a folder.
    assert junk(littered) == ["a.bak", "sub/__pycache__/x.pyc", "sub/x.aux"]


def test_without_git_all_that_the_book_has_is_told(littered: Path) -> None:
    assert junk(littered) == [".DS_Store", "a.bak", "sub/__pycache__/x.pyc", "sub/x.aux"]


def test_an_image_whose_name_is_no_text_makes_no_rule_fail(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "index.md").write_text("# A\n")
    for name, data in ((b"a/\xff.png", b"\x89PNG"), (b"a/b.py", b"1"), (b"a/c.png", b"\x89PNG")):
        with open(os.fsencode(tmp_path) + b"/" + name, "wb") as file:  # noqa: PTH123 -- bytes
            file.write(data)
    assert "page-failed" not in {finding.rule for finding in judge(load_book(tmp_path))}


def test_links_that_no_site_gets_are_told_by_the_check(tmp_path: Path) -> None:
    """Only the build said which links of a static folder it leaves out."""
    book = tmp_path / "book"
    (book / "_static").mkdir(parents=True)
    (book / "index.md").write_text("# A\n")
    (book / "conf.py").write_text("html_static_path = ['_static', '/usr/share']\n")
    (tmp_path / "secret.txt").write_text("x")
    for name, target in {"x": "../../secret.txt", "loop": ".", "own": "../index.md"}.items():
        (book / "_static" / name).symlink_to(target)
    found = [one for one in judge(load_book(book)) if one.rule == "path-outside-book"]
    assert [(one.location.path, one.location.line) for one in found] == [
        ("_static/loop", 1),
        ("_static/x", 1),
    ]
