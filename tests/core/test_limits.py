"""What has a limit is taken at it, and one more is not. The numbers are those the manual promises."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from sphinx_mmbook.core.bib.library import read_bib
from sphinx_mmbook.core.book.conf_file import read_conf
from sphinx_mmbook.core.files.patterns import excluder
from sphinx_mmbook.core.files.yaml_mapping import read_yaml_map
from sphinx_mmbook.core.finding import BookError
from sphinx_mmbook.core.pages.limits import check_complexity
from sphinx_mmbook.core.pages.source import read_text, source_from
from sphinx_mmbook.core.people.people import load_people
from sphinx_mmbook.core.provenance.sidecar import read_provenance
from sphinx_mmbook.core.provenance.state import declaration
from sphinx_mmbook.core.results.tables.conditions import parse_condition
from sphinx_mmbook.core.results.tables.number_format import parse_format
from sphinx_mmbook.core.results.values.fault import ResultFault
from sphinx_mmbook.core.results.values.frames import check_size
from sphinx_mmbook.core.rules.files import read as read_file


def refuses(call: Callable[[], object]) -> bool:
    """Return whether something is refused by a finding."""
    try:
        call()
    except (BookError, ResultFault):
        return True
    return False


def page(text: str) -> bool:
    return refuses(lambda: check_complexity(source_from("a.md", text)))


#: A mark, how often a page may have it, and what keeps its pieces apart.
MARKS = [
    ("[", 20_000), ("]", 50_000), ("\\begin{", 2_000), ("<", 100_000), ("{", 100_000), ("}", 100_000),
    ("`", 100_000), ("&", 100_000), ("*", 100_000), ("#", 100_000), ("@", 100_000), ("$", 100_000),
    ("_", 100_000),
]  # fmt: skip


@pytest.mark.parametrize(("mark", "most"), MARKS)
def test_a_mark_may_stand_so_often_on_a_page(mark: str, most: int) -> None:
    assert not page(mark * most)
    assert page(mark * (most + 1))


def test_marks_of_all_cells_count_and_those_of_code_do_not() -> None:
    def notebook(kind: str) -> str:
        cells = [{"cell_type": kind, "metadata": {}, "source": "[" * 10_001}] * 2
        return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4})

    assert refuses(lambda: check_complexity(source_from("a.ipynb", notebook("markdown"))))
    assert not refuses(lambda: check_complexity(source_from("a.ipynb", notebook("code"))))


def test_a_page_may_have_so_many_characters_and_lines() -> None:
    assert not page("a" * 500_000)
    assert page("a" * 500_001)
    assert not page("\n" * 50_000)
    assert page("\n" * 50_001)


def test_so_much_may_stand_behind_open_footnotes() -> None:
    # Each of five footnotes in a row is looked for up to the end: 5 * 400,000 characters.
    assert not page("[^" * 5 + "a" * 399_990)
    assert page("[^" * 5 + "a" * 399_991)
    assert not page("[^" * 4 + "a" * 499_000)  # few are always read
    # What a blank, a line's end or a bracket ends is looked through alone.
    for end in (" ", "\n", "]"):
        assert not page(("[^" * 5 + "a" * 100_000 + end) * 3)


def test_a_page_may_be_so_large(tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    for more, refused in ((0, False), (1, True)):
        with file.open("wb") as stream:
            stream.truncate(16 * 1024 * 1024 + more)
        assert refuses(lambda: read_text(file, "a.md")) is refused


def test_a_table_may_be_so_large() -> None:
    assert not refuses(lambda: check_size(2_500, 2_000))
    assert not refuses(lambda: check_size(5_000_000, 1))
    assert refuses(lambda: check_size(1, 2_001))
    assert refuses(lambda: check_size(5_000_001, 1))


def test_a_condition_may_be_so_long_and_so_deep() -> None:
    def deep(depth: int) -> bool:
        return refuses(lambda: parse_condition("(" * depth + "n > 1" + ")" * depth))

    assert not refuses(lambda: parse_condition("n > 1".ljust(1_000)))
    assert refuses(lambda: parse_condition("n > 1".ljust(1_001)))
    assert not deep(30)
    assert deep(31)
    assert not refuses(lambda: parse_condition("not " * 31 + "n > 1"))
    assert refuses(lambda: parse_condition("not " * 32 + "n > 1"))


def test_a_number_may_have_so_many_digits() -> None:
    assert not refuses(lambda: parse_format(".15f"))
    assert refuses(lambda: parse_format(".16f"))


def test_a_bibliography_may_be_so_large(tmp_path: Path) -> None:
    for more, rules in ((0, []), (1, ["bib-size"])):
        entry = b"@misc{a, title={A}, year=2020}\n"
        (tmp_path / "a.bib").write_bytes(entry.ljust(10 * 1024 * 1024 + more))
        entries, findings = read_bib(tmp_path, "a.bib")
        assert [finding.rule for finding in findings] == rules
        assert len(entries) == 1 - more


def test_a_persons_file_may_be_so_large(tmp_path: Path) -> None:
    file = tmp_path / "people/ann.yml"
    file.parent.mkdir()
    file.write_bytes(b"name: Ann\n".ljust(64 * 1024))
    assert load_people(tmp_path).findings == ()
    file.write_bytes(b"name: Ann\n".ljust(64 * 1024 + 1))
    (finding,) = load_people(tmp_path).findings
    assert "larger than 64 KiB" in finding.message


def test_front_matter_may_be_so_long() -> None:
    assert not read_yaml_map("a: b".ljust(64 * 1024), "a.md", "front-matter").findings
    (finding,) = read_yaml_map("a: b".ljust(64 * 1024 + 1), "a.md", "front-matter").findings
    assert "65,537 characters; 64 KiB are allowed" in finding.message


def test_a_conf_may_be_so_large(tmp_path: Path) -> None:
    said = b"exclude_patterns = ['x']\n"
    (tmp_path / "conf.py").write_bytes(said.ljust(256 * 1024, b"#"))
    assert "x" in read_conf(tmp_path).excluded
    (tmp_path / "conf.py").write_bytes(said.ljust(256 * 1024 + 1, b"#"))
    assert "x" not in read_conf(tmp_path).excluded


def test_provenance_may_be_so_large(tmp_path: Path) -> None:
    file = tmp_path / "a.csv.prov.json"
    said = json.dumps({"format": 1, "script": "a.py", "files": {"a.csv": "0"}}).encode()
    file.write_bytes(said.ljust(1024 * 1024))
    assert read_provenance(file, "a").script == "a.py"
    file.write_bytes(said.ljust(1024 * 1024 + 1))
    with pytest.raises(BookError, match="larger than 1 MiB"):
        read_provenance(file, "a")


def test_a_program_may_declare_its_results_so_far_down(tmp_path: Path) -> None:
    said = "# mmbook-results: a.csv"
    for begin, found in ((64 * 1024 - len(said), ("a.csv",)), (64 * 1024 - 1, ())):
        (tmp_path / "x.py").write_text("\n".rjust(begin, "#") + said)
        assert declaration(tmp_path / "x.py").results == found


def test_a_pattern_may_have_so_many_stars() -> None:
    assert excluder(("**/a/**/b/**/c",)).fullmatch("x/a/x/b/x/c")
    assert not excluder(("**/a/**/b/**/c/**/d",)).fullmatch("x/a/x/b/x/c/x/d")


def test_a_file_may_be_so_large_to_be_looked_through(tmp_path: Path) -> None:
    from sphinx_mmbook.core.book.book import load_book

    (tmp_path / "a.py").write_bytes(b"#" * 2_000_000)
    (tmp_path / "b.py").write_bytes(b"#" * 2_000_001)
    book = load_book(tmp_path)
    assert len(read_file(book, "a.py")) == 2_000_000
    assert read_file(book, "b.py") == b""
