"""Errors that the check finds fail a build, on whatever page they are, until they are mended."""

from __future__ import annotations

from pathlib import Path

import pytest

from conftest import Book, copied
from sphinx_mmbook.cli import main

INDEX = "# Book\n\n```{toctree}\n:glob:\nchapters/*/index\n```\n"
ONE = "# One\n\n(sec-one)=\n## Part\n\nText.\n"
TWO = "# Two\n\nSee {ref}`sec-one` and [one](../one/index.md).\n"


@pytest.fixture
def two(book: Book) -> Book:
    """Return a book of two chapters, the second of which refers to the first."""
    return book.write(
        {"index.md": INDEX, "chapters/one/index.md": ONE, "chapters/two/index.md": TWO}
    )


def told(book: Book) -> list[str]:
    """Build, and return place and rule of each warning."""
    lines = book.build(builder="dummy").warnings
    rules = [line.rpartition("[")[2].rstrip("]") for line in lines]
    places = [line.removeprefix(f"{book.folder}/").partition(": ")[0] for line in lines]
    return [f"{place} {rule}" for place, rule in zip(places, rules, strict=True)]


def test_an_error_is_told_by_each_build_until_it_is_mended(two: Book) -> None:
    two.write({"chapters/two/index.md": TWO + "\n{red}`x` and \\(a\\)\n"})
    faults = [f"chapters/two/index.md:5{at}" for at in (":1 mmbook.role-unknown", ":14 mmbook.math-delimiters")]  # fmt: skip
    assert told(two) == faults
    assert told(two) == faults
    two.change("chapters/one/index.md", "Text.", "Other text.")
    assert told(two) == faults
    two.write({"chapters/two/index.md": TWO})
    assert told(two) == []
    assert told(two) == []


def test_an_edit_is_told_where_it_breaks_another_page(two: Book) -> None:
    assert told(two) == []
    two.change("chapters/one/index.md", "(sec-one)=", "(sec-won)=")
    wanted = ["chapters/two/index.md:3:11 mmbook.reference-undefined"]
    assert told(two) == wanted
    two.change("chapters/one/index.md", "(sec-won)=", "(sec-one)=")
    assert told(two) == []
    (two.folder / "chapters/one/index.md").rename(two.folder / "chapters/one/start.md")
    assert [line.split()[1] for line in told(two)] == ["mmbook.link-dead"]


SKIP = "# One\n\n### Part\n\nText.\n"
ALONE = (
    "# Alone\n\n:::{table} A\n:name: tbl-a\n\n| a |\n|---|\n| b |\n:::\n\nSee {numref}`tbl-a`.\n"
)
LEVELS = {"heading-skip": "chapters/one/index.md", "chapter-left-out": "alone.md",
          "reference-left-out": "chapters/two/index.md"}  # fmt: skip


@pytest.mark.parametrize("level", ["", "off", "warning", "error"])
def test_the_level_of_a_rule_decides_and_not_the_warning_of_sphinx(two: Book, level: str) -> None:
    two.write({"chapters/one/index.md": SKIP, "alone.md": ALONE})
    two.write({"chapters/two/index.md": "# Two\n\nSee {numref}`tbl-a`.\n"})
    levels = dict.fromkeys(LEVELS, level) if level else {}
    two.write({"conf.py": f"{two.text('conf.py')}mmbook_rules = {levels}\n"})
    wanted = sorted(f"{path} {rule}" for rule, path in LEVELS.items()) if level else []
    for builder in ("dummy", "html", "html"):
        built = two.build("-W", builder=builder)
        lines = [line.removeprefix(f"{two.folder}/") for line in built.warnings]
        found = sorted(f"{line.partition(':')[0]} {line.rpartition('mmbook.')[2][:-1]}"
                       for line in lines if "[" in line)  # fmt: skip
        assert found == (wanted if level in ("warning", "error") else []), lines
        assert built.status == int(level in ("warning", "error"))
        notes = [rule for rule in LEVELS if f"[mmbook.{rule}]" in built.out]
        assert notes == ([] if level else [*LEVELS])


@pytest.mark.parametrize("way", ["comment", "baseline", "off"])
def test_of_what_the_check_does_not_tell_the_build_does_not_warn(two: Book, way: str) -> None:
    silent = "<!-- mmbook: ignore -->\n" * (way == "comment")
    two.write({"chapters/two/index.md": f"# Two\n\n{silent}See {{ref}}`sec-gone`.\n"})
    if way == "off":
        conf = two.text("conf.py")
        two.write({"conf.py": f"{conf}mmbook_rules = {{'reference-undefined': 'off'}}\n"})
    elif way == "baseline":
        assert main(["check", str(two.folder), "--write-baseline"]) == 0
    assert main(["check", str(two.folder)]) == 0
    for _ in range(2):
        built = two.build("-W", builder="html")
        assert (built.status, built.warnings) == (0, [])


def test_a_fault_in_no_page_is_told_until_it_is_mended(two: Book) -> None:
    two.write({"chapters/one/code/a.py": "<<<<<<< HEAD\na = 1\n=======\na = 2\n>>>>>>> b\n"})
    faults = [f"chapters/one/code/a.py:{line}:1 mmbook.conflict-marker" for line in (1, 5)]
    assert told(two) == faults
    assert told(two) == faults
    two.write({"chapters/one/code/a.py": "a = 1\n"})
    assert told(two) == []


def test_what_the_baseline_has_fails_no_build(two: Book) -> None:
    from sphinx_mmbook.cli import main

    two.write({"chapters/two/index.md": TWO + "\n\\(a\\)\n"})
    assert main(["check", str(two.folder), "--write-baseline"]) == 0
    assert told(two) == []
    two.write({"mmbook-baseline.json": "["})
    two.change("chapters/one/index.md", "Text.", "Other text.")
    (line,) = two.build(builder="dummy").warnings
    assert line.startswith("mmbook: mmbook-baseline.json is not a baseline; make it again with")


def test_levels_of_the_book_hold_for_what_only_the_check_finds(two: Book) -> None:
    conf = two.text("conf.py")
    two.write({"chapters/two/index.md": TWO + "\n\\(a\\)\n\nAll of the the losses.\n"})
    two.write(
        {
            "conf.py": conf
            + "mmbook_rules = {'math-delimiters': 'warning', 'word-doubled': 'error'}\n"
        }
    )
    assert told(two) == ["chapters/two/index.md:7:8 mmbook.word-doubled"]


def test_a_page_without_title_is_one_message(two: Book) -> None:
    two.write({"chapters/one/index.md": "Text.\n"})
    two.write({"chapters/two/index.md": "# Two\n"})
    built = two.build()
    assert [line.rpartition("[")[2] for line in built.warnings] == ["mmbook.title-missing]"]


def test_what_sphinx_has_in_restructuredtext_is_no_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Tables and glossaries were judged as if they were written in MyST."""
    book = copied("restructured", tmp_path / "book")
    assert main(["check", str(book.folder)]) == 0
    assert capsys.readouterr().out.startswith("no findings")
    built = book.build()
    assert (built.status, built.warnings) == (0, [])


@pytest.mark.parametrize("picture", ["broken.png", "https://example.org/a.png"])
def test_a_link_around_a_picture_that_is_not_shown_does_not_end_the_build(
    book: Book, picture: str
) -> None:
    """It was an AssertionError of Sphinx, in whose pages a link among paragraphs holds a picture."""
    image = f"```{{image}} {picture}\n:alt: Loss.\n:target: https://example.org\n```\n"
    built = book.write({"index.md": f"# A\n\n{image}", "broken.png": "x"}).build()
    assert built.status == 0
    links = built.soup("index").find(class_="body").select("p a[href='https://example.org']")
    assert [link.get_text(strip=True) for link in links] == ["Loss."]


READER = """
import nbformat

def read(text):
    cells = [nbformat.v4.new_markdown_cell(text.split("---")[2].replace("{python echo=TRUE}", "python")), nbformat.v4.new_code_cell(text.split("---")[1])]
    return nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": {"name": "python3", "display_name": "P"}})
"""


def test_a_page_of_another_format_reaches_its_reader_as_it_is(book: Book) -> None:
    """Its front matter was one line of JSON, in which jupytext found no kernel; and chunks that it
    makes code of were errors, of which the check says nothing.
    """
    conf = (
        book.text("conf.py")
        + "import sys\nfrom pathlib import Path\nsys.path.insert(0, str(Path(__file__).parent))\n"
    )
    settings = "nb_custom_formats = {'.Rmd': 'reader.read'}\nnb_execution_mode = 'off'\n"
    book.write({"conf.py": conf + settings, "reader.py": READER})
    chunk = "```{python echo=TRUE}\n1\n```\n"
    page = f"---\njupyter:\n  kernelspec:\n    name: python3\n---\n# Page\n\nText.\n\n{chunk}"
    built = book.write(
        {"index.md": INDEX.replace("chapters/*/index", "page"), "page.Rmd": page}
    ).build()
    assert built.warnings == []
    shown = built.soup("page").find(class_="body").select_one(".cell pre").get_text()
    assert shown.strip() == "jupyter:\n  kernelspec:\n    name: python3"


def test_a_warning_of_myst_nb_names_its_kind_once(book: Book) -> None:
    """It ended with "[mystnb.glue]; glue it in a cell of this page [mystnb.glue]"."""
    head = "---\nfile_format: mystnb\nkernelspec: {name: python3}\n---\n\n# A\n\n"
    code = "```{code-cell}\nfor key in names:\n    glue(key, 1)\n```\n\n{glue}`loss`\n"
    book.write({"conf.py": book.text("conf.py") + "nb_execution_mode = 'off'\n"})
    (warning,) = book.write({"index.md": head + code}).build().warnings
    assert warning.count("[mystnb.glue]") == 1
    assert "; glue it in a cell of this page" in warning
