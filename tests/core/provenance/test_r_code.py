"""Programs in R, read as words: strings of all kinds, and the files that they name."""

from __future__ import annotations

from pathlib import Path

import pytest

from sphinx_mmbook.core.provenance.hashing import digest
from sphinx_mmbook.core.provenance.r_code import files_read, r_words


@pytest.mark.parametrize("text", ['r"(a)b)"', "R'-[a]'b]-'", 'r"{a}"', 'r"--(a)-")--"'])
def test_a_raw_string_ends_with_what_closes_its_beginning(text: str) -> None:
    assert r_words(f"{text}(c)") == [text, "(", "c", ")"]


def test_only_paths_are_joined_of_several_texts(tmp_path: Path) -> None:
    (tmp_path / "d").mkdir()
    for name in ("x.csv", "y.csv"):
        (tmp_path / "d" / name).touch()
    (tmp_path / "a.R").write_text('paste("d", "x.csv"); file.path("d", "y.csv"); file.path()')
    assert files_read(tmp_path / "a.R", [tmp_path]) == [tmp_path / "d" / "y.csv"]


def test_a_file_that_git_lfs_has_not_fetched_has_the_hash_of_its_content(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        f"version https://git-lfs.github.com/spec/v1\noid sha256:{'0' * 64}\n"
    )
    assert digest(tmp_path / "a.csv") == "0" * 64
