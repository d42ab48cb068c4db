"""What authors write may be long; what is said of it is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from limits import limited
from sphinx_mmbook.core.checking.baseline import fingerprint
from sphinx_mmbook.core.finding import Finding, Location

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Book


def test_a_message_names_the_fault_and_the_repair_of_a_long_name() -> None:
    name = "(" * 30_000
    message = f"no label '{name}'; did you mean '{name}x'? Write it in the page"
    finding = Finding(Location("a.md", 3), "reference-undefined", message)
    assert finding.message.startswith("no label '(((")
    assert finding.message.endswith("Write it in the page")
    assert len(finding.message) < 500
    assert len(fingerprint(finding)[2]) < 500


def test_short_messages_are_left_alone() -> None:
    message = "no label 'a'; did you mean 'b'?" + " x" * 200
    assert Finding(Location("a.md"), "reference-undefined", message).message == message


def test_a_page_of_parentheses_is_checked_and_said_in_short_lines(book: Book) -> None:
    one = "(" * 30_000
    many = "\n\n".join(f"{{ref}}`{'(' * 1000}{number}`" for number in range(30))
    page = f"# A\n\n{{ref}}`{one}` and [x](#{one})\n\n{many}\n\n{one}\n"
    book.write({"index.md": page, "mmbook-baseline.json": '{"findings": []}'})
    run = limited("-m", "sphinx_mmbook.cli", "check", ".", cwd=book.folder)
    assert run.returncode == 1, run.stderr
    assert "Traceback" not in run.stderr
    assert "reference-undefined" in run.stdout
    assert max(map(len, run.stdout.splitlines())) < 600
    assert len(run.stdout) < 60_000


@pytest.mark.long
@pytest.mark.parametrize("piece", ["![a](b) ", "{eq}`a` ", "[^1] "])
def test_thousands_of_the_same_picture_or_reference_held_up_the_check(
    tmp_path: Path, piece: str
) -> None:
    # Twelve thousand took 68 s of processor time, and 2 s now.
    (tmp_path / "conf.py").write_text("extensions = ['sphinx_mmbook']\n", "utf-8")
    (tmp_path / "index.md").write_text("# Book\n\n" + piece * 12_000, "utf-8")
    run = limited("-m", "sphinx_mmbook.cli", "check", cwd=tmp_path, seconds=30)
    assert run.returncode == 1, run.stderr
