"""What has a limit is taken at it, and one more is not. The numbers are those the manual promises."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from sphinx_mmbook.core.bib.cite import AuthorYear
from sphinx_mmbook.core.bib.library import read_bib
from sphinx_mmbook.core.bib.normal_form import normalise
from sphinx_mmbook.core.bib.parse import parse_bib
from sphinx_mmbook.core.bib.reference_style import reference
from sphinx_mmbook.core.book.book import load_book
from sphinx_mmbook.core.book.conf_file import read_conf
from sphinx_mmbook.core.checking.judge import judge
from sphinx_mmbook.core.files.patterns import excluder
from sphinx_mmbook.core.files.yaml_mapping import read_yaml_map
from sphinx_mmbook.core.finding import BookError, Location
from sphinx_mmbook.core.pages.limits import check_complexity, check_replacements
from sphinx_mmbook.core.pages.scanner import scan
from sphinx_mmbook.core.pages.source import read_text, source_from
from sphinx_mmbook.core.people.people import load_people
from sphinx_mmbook.core.provenance.sidecar import read_provenance
from sphinx_mmbook.core.provenance.state import declaration
from sphinx_mmbook.core.references.citation_groups import citation_groups
from sphinx_mmbook.core.references.citations import citations_of
from sphinx_mmbook.core.results.cache import ResultCache, show_table
from sphinx_mmbook.core.results.request import Request
from sphinx_mmbook.core.results.tables.conditions import parse_condition
from sphinx_mmbook.core.results.tables.number_format import parse_format
from sphinx_mmbook.core.results.values.fault import ResultFault
from sphinx_mmbook.core.results.values.frames import check_size
from sphinx_mmbook.core.rules.book.files import read as read_file
from sphinx_mmbook.core.suggestions import Nearest, quoted_list


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


def test_formulas_that_never_end_may_have_so_many_lines() -> None:
    assert not page("$$ a\n" * 1_413)
    assert page("$$ a\n" * 1_414)
    assert page("> $$ a\n" * 2_000 + "\n$$ b $$\n")
    for end in ("b $$\n", "b $$ (eq-a)\n"):
        assert not page(f"$$ a\n{end}" * 2_000)


def test_marks_of_all_cells_count_and_those_of_code_do_not() -> None:
    def notebook(kind: str) -> str:
        cells = [{"cell_type": kind, "metadata": {}, "source": "[" * 10_001, "outputs": []}] * 2
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
    (tmp_path / "a.py").write_bytes(b"#" * 2_000_000)
    (tmp_path / "b.py").write_bytes(b"#" * 2_000_001)
    book = load_book(tmp_path)
    assert len(read_file(book, "a.py")) == 2_000_000
    assert read_file(book, "b.py") == b""


def test_a_reference_may_have_so_many_names() -> None:
    def names(count: int) -> str:
        people = " and ".join(f"N{n}, A." for n in range(count))
        ((entry,), _) = parse_bib(f"@misc{{a, author={{{people}}}, title={{T}}, year=2020}}", "a")
        return "".join(
            span.text for span in reference(normalise(entry), AuthorYear("N0", "N0", "2020"), "en")
        )

    assert names(20).startswith("N0, A., N1, A.,") and "N18, A., and N19, A." in names(20)
    assert "N18, A., … N20, A." in names(21) and "N19" not in names(21)


def test_so_many_names_are_listed_in_a_message() -> None:
    names = [f"n{number}" for number in range(13)]
    assert quoted_list(names[:12]).endswith("'n10', 'n11'")
    assert quoted_list(names).endswith("'n10', 'n11', …")
    assert quoted_list(["a"]) == "'a'"


def test_files_from_a_certain_size_on_may_not_be_the_same(tmp_path: Path) -> None:
    (tmp_path / "index.md").write_text("# A\n")
    for name, size in (("a.png", 255), ("b.png", 255), ("c.csv", 256), ("d.csv", 256)):
        (tmp_path / name).write_bytes(b"x" * size)
    found = [f.location.path for f in judge(load_book(tmp_path)) if f.rule == "file-duplicate"]
    assert found == ["d.csv"]


def test_for_so_many_unknown_keys_the_one_that_was_meant_is_looked_for(tmp_path: Path) -> None:
    (tmp_path / "a.bib").write_text("@misc{work, title={T}, author={A, B}, year=2020}\n")
    cites = "\n\n".join(f"{{cite:p}}`work{n:03}`" for n in range(101))
    (tmp_path / "index.md").write_text(f"# A\n\n{cites}\n\n{{cite:p}}`work`\n")
    said = [f.message for f in judge(load_book(tmp_path)) if f.rule == "cite-unknown"]
    assert ["did you mean" in message for message in said] == [True] * 100 + [False]


def test_among_many_names_the_nearest_is_found_by_what_few_have_in_common() -> None:
    def near(count: int) -> str:
        return Nearest([f"aaa{n:04}" for n in range(count)]).to("aaaxyzw", 0.1)

    assert near(300) != ""
    assert near(301) == ""  # what all have in common says nothing of any


def test_a_page_shows_so_many_rows_and_columns(tmp_path: Path) -> None:
    def shown(rows: int, columns: int, **options: str) -> bool:
        path = tmp_path / "a.csv"
        line = ",".join(f"c{n}" for n in range(columns)) + "\n"
        path.write_text(line + (",".join("1" * columns) + "\n") * rows)
        request = Request(path, "a.csv", Location("a.md", 1), "table")
        return not refuses(lambda: show_table(request, options, ResultCache()))

    assert shown(1_000, 1)
    assert not shown(1_001, 1)
    assert shown(1, 100)
    assert not shown(1, 101)
    assert shown(99, 2, transpose="")
    assert not shown(100, 2, transpose="")


def test_citations_so_far_apart_are_no_group() -> None:
    def groups(blanks: int) -> int:
        text = "{cite:p}`a`" + " " * blanks + "{cite:p}`b`"
        page = scan(source_from("a.md", text))
        return len(list(citation_groups(page, citations_of(page), r"\s*")))

    assert groups(79) == 1
    assert groups(80) == 2


def test_text_so_far_before_and_behind_a_citation_is_looked_at() -> None:
    def around(before: int, after: int) -> tuple[str, str] | None:
        text = "(" + "a" * before + " {cite:t}`a`" + "b" * after + ")"
        page = scan(source_from("a.md", text))
        (group,) = citation_groups(page, citations_of(page), "")
        assert group.before(0) == text[max(0, before + 2 - 80) : before + 2]
        return group.around()

    assert around(78, 79) == ("a" * 78 + " ", "b" * 79)
    assert around(79, 79) is None
    assert around(78, 80) is None


@pytest.mark.parametrize("form", ["---\n{}---\n", ":tags: [a]\n:a: &a [1]\n:b: *a\n{}"])
@pytest.mark.parametrize(
    "fence", ["```{code-cell}", "~~~~{raw-cell} html", "   ```{code-cell} python3"]
)
def test_options_of_a_cell_have_no_aliases(form: str, fence: str) -> None:
    bomb = "a: &a [1]\n" + "".join(f"{b}: &{b} [*{a}, *{a}]\n" for a, b in pairwise("abcdefg"))
    page = f"---\nkernelspec: {{name: python3}}\n---\n\n# A\n\n{fence}\n{form.format(bomb)}1\n"
    with pytest.raises(BookError) as refused:
        scan(source_from("a.md", page))
    finding = refused.value.finding
    assert (finding.rule, finding.location.line) == ("cell-option", 10)
    assert "aliases" in finding.message


def test_replacements_that_double_are_refused_once_nobody_can_wait_for_them() -> None:
    def doubling(times: int) -> str:
        lines = [f".. |a{n}| replace:: |a{n + 1}| |a{n + 1}|" for n in range(times)]
        return "\n".join([*lines, f".. |a{times}| replace:: x", "", "|a0|", ""])

    def refused(text: str) -> bool:
        return refuses(lambda: check_replacements("a.rst", text))

    assert [refused(doubling(times)) for times in (0, 8, 24)] == [False, False, True]
    assert refused(doubling(24).replace("replace::", "ersetzung::"))
    assert refused(doubling(24).replace(":: |a", "::\n   |a"))
    assert refused(doubling(24).replace("| replace::", "|\n   replace::"))
    # A table has many bars, and a name may stand for one that has another.
    assert not refused("| a | b |\n" * 5_000 + ".. |a| replace:: |b|\n.. |b| replace:: x\n")


def test_substitutions_that_double_are_refused_where_they_stand() -> None:
    def doubling(times: int) -> str:
        lines = [f"  a{n}: '{{{{ a{n + 1} }}}} {{{{ a{n + 1} }}}}'" for n in range(times)]
        return "\n".join(["substitutions:", *lines, f"  a{times}: x"])

    for head in ("{0}", "myst:\n  {1}"):
        for times, wanted in ((8, False), (24, True)):
            text = doubling(times)
            front = head.format(text, text.replace("\n", "\n  "))
            assert page(f"---\n{front}\n---\n\n# A\n\n{{{{ a0 }}}}\n") == wanted, front
