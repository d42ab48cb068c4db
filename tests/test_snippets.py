"""What README and the chapter "Writing a chapter" tell readers to write and to type works as it stands."""

from __future__ import annotations

import os
import re
import shlex
import shutil
from pathlib import Path

import matplotlib as mpl
import pytest
import yaml

from conftest import Book
from sphinx_mmbook.cli import main
from sphinx_mmbook.core.bib.parse import parse_bib
from sphinx_mmbook.core.book.book import load_book
from sphinx_mmbook.core.checking.judge import judge

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
FOLDER = ROOT / "book" / "chapters" / "writing-a-chapter"
CHAPTER = (FOLDER / "index.md").read_text("utf-8")
_FENCE = re.compile(r"^( *)(`{3,})([\w{}-]+)[^\n]*\n(.*?)^\1\2$", re.MULTILINE | re.DOTALL)


def snippets(text: str, kind: str) -> list[str]:
    """Return the fenced blocks of a kind, without what is inside of other blocks."""
    return [
        re.sub(rf"^{match[1]}", "", match[4], flags=re.MULTILINE)
        for match in _FENCE.finditer(text)
        if match[3] == kind
    ]


def test_the_kinds_of_snippets_are_those_that_are_tested() -> None:
    kinds = {match[3] for text in (README, CHAPTER) for match in _FENCE.finditer(text)}
    shown = {kind for kind in kinds if not kind.startswith("{")}
    assert shown == {"console", "markdown", "python", "text", "yaml", "bibtex"}


def test_the_manual_s_markdown_builds_as_it_is_copied(book: Book) -> None:
    written = snippets(CHAPTER, "markdown")
    (stub,) = (text for text in written if text.startswith("---\n"))
    head = "---\ntitle: All snippets\nfile_format: mystnb\nkernelspec: {name: python3}\n---\n\n"
    shutil.copytree(ROOT / "book" / "people", book.folder / "people")
    for name in ("all", "stub"):
        shutil.copytree(FOLDER, book.folder / "chapters" / name)
    overview = "# Overview\n\n(fig-fusion)=\n```{figure} fusion.svg\nThree designs\n```\n"
    fusion = ROOT / "book/chapters/architectures/overview/figures/fusion.svg"
    book.write(
        {
            "index.md": "# Book\n\n```{toctree}\n:numbered:\n:glob:\nchapters/*/index\n"
            "chapters/architectures/*/index\n```\n",
            "chapters/all/index.md": head + "\n\n".join(t for t in written if t != stub),
            "chapters/stub/index.md": stub,
            "chapters/architectures/overview/index.md": overview,
            "chapters/architectures/overview/fusion.svg": fusion.read_bytes(),
        }
    )
    built = book.build("-W", "--keep-going")
    assert built.warnings == []
    assert len(built.soup("chapters/all/index").select(".caption-number")) == 9
    assert built.soup("chapters/stub/index").select_one(".mmbook-byline") is not None


def test_the_manual_s_yaml_is_that_of_real_files() -> None:
    front, person = snippets(CHAPTER, "yaml")
    page = (ROOT / "book/chapters/architectures/text-and-image/index.md").read_text("utf-8")
    real, shown = yaml.safe_load(page.split("---")[1]), yaml.safe_load(front.strip("-\n"))
    assert shown.keys() == real.keys()
    # The manual says that these are cut.
    for name in shown.keys() - {"abstract", "keywords"}:
        assert shown[name] == real[name]
    assert set(shown["keywords"]) <= set(real["keywords"])
    assert person == (ROOT / "book/people/clara-weiss.yml").read_text("utf-8")


def test_the_manual_s_entry_is_one_of_its_bibliography() -> None:
    (shown,) = snippets(CHAPTER, "bibtex")
    assert shown in (FOLDER / "references.bib").read_text("utf-8")
    entries, faults = parse_bib(shown, "references.bib")
    assert (len(entries), faults) == (1, ())


def test_the_manual_s_folder_is_its_own() -> None:
    (tree,) = snippets(CHAPTER, "text")
    first, *names = (line.split()[0] for line in tree.splitlines())
    assert ROOT / "book" / first == FOLDER
    assert all((FOLDER / name).exists() for name in names)


def test_the_manual_s_program_stores_its_results(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (code,) = snippets(CHAPTER, "python")
    mpl.use("agg")
    program = tmp_path / "program.py"
    given = (
        "import matplotlib.pyplot as plt\nrows = [{'a': 1}]\nnumbers = {'n': 2}\n"
        "fig, ax = plt.subplots()\n"
    )
    program.write_text(given + code, "utf-8")
    # Saved before it ran, as programs are.
    os.utime(program, (0, 0))
    (tmp_path / "conf.py").touch()
    monkeypatch.chdir(tmp_path)
    exec(compile(program.read_text("utf-8"), str(program), "exec"), {"__file__": str(program)})
    stored = {path.name for path in (tmp_path / "results").iterdir() if "prov" not in path.name}
    assert {"retrieval.csv", "retrieval.json", "retrieval.svg"} <= stored


def test_readme_s_recipe_makes_a_chapter_without_fault(book: Book) -> None:
    (chapter,) = snippets(README, "markdown")
    (conf,) = snippets(README, "python")
    (command,) = (text for text in snippets(README, "console") if "mmbook new chapter" in text)
    index = "# Our book\n\n```{toctree}\n:numbered:\n:glob:\nchapters/*/index\n```\n"
    book.write({"conf.py": conf, "index.md": index})
    assert main([*shlex.split(command)[2:], "--book", str(book.folder)]) == 0
    assert (book.folder / "chapters/image-to-text/index.md").is_file()
    book.write({"chapters/image-to-text/index.md": chapter})
    assert [found for found in judge(load_book(book.folder)) if found.level != "info"] == []
    assert book.build("-W").warnings == []


@pytest.mark.parametrize(
    "line", sorted({line for text in snippets(README, "console") for line in text.splitlines()})
)
def test_readme_s_commands_exist(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    command = line.partition("#")[0].lstrip("$ ").split()
    program = re.split(r"[\\/]", command[0])[-1]
    if program == "make":
        makefile = (ROOT / "Makefile").read_text("utf-8")
        # "make -C our-book html" is for a new book, whose targets have the same names.
        assert re.search(rf"^{command[-1]}:", makefile, re.MULTILINE)
    elif program == "mmbook":
        with pytest.raises(SystemExit, match="0"):
            main([command[1], "--help"])
        told = capsys.readouterr().out
        assert all(word in told for word in command[2:] if word.startswith("--"))
    else:
        extras = re.findall(r"\[([\w,]+)\]", line)
        declared = (ROOT / "pyproject.toml").read_text("utf-8")
        assert program in {"python", "pip"}
        for name in (part for group in extras for part in group.split(",")):
            assert re.search(rf"^{name} = \[", declared, re.MULTILINE)
