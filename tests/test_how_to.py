"""The how-to's for results are followed to the letter: files written, commands given, output seen."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from sphinx_mmbook.cli import main

DOCS = Path(__file__).parent.parent / "docs"
BLOCK = re.compile(
    r"(?:^`(?P<file>[^`\n]+)`:\n\n)?^```(?P<kind>\w+)\n(?P<text>.*?)^```$", re.M | re.S
)


def steps(page: str) -> Iterator[tuple[str, str]]:
    """Yield files with their text, and commands with the output that the page shows."""
    for block in BLOCK.finditer((DOCS / page).read_text("utf-8")):
        if block["file"]:
            yield block["file"], block["text"]
        elif block["kind"] == "console":
            for command in block["text"].split("$ ")[1:]:
                yield "$ " + command.partition("\n")[0], command.partition("\n")[2]


def follow(page: str, top: Path) -> None:
    # Programs of the environment that runs the tests, whatever is installed besides.
    here, path = top, top.parent / "bin"
    path.mkdir()
    (path / "mmbook").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m sphinx_mmbook.cli "$@"\n')
    (path / "python").write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    for file in path.iterdir():
        file.chmod(0o755)
    root = str(Path(__file__).parent.parent)
    env = {**os.environ, "PATH": f"{path}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": root}
    for name, text in steps(page):
        if not name.startswith("$ "):
            file = here / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")
            os.utime(file, (time.time() - 10,) * 2)
            continue
        if name.startswith("$ cd "):
            here /= name[5:]
            continue
        done = subprocess.run(
            name[2:], shell=True, cwd=here, env=env, capture_output=True, text=True
        )
        said = done.stdout + done.stderr
        assert "Traceback" not in said, said
        assert done.returncode == 0 or "is stale" in said or "--fix" in name, said
        for line in text.splitlines():
            assert " ".join(line.split()) in " ".join(said.split()), said


@pytest.fixture
def top(tmp_path: Path) -> Path:
    """The top folder of a new book, with which the how-to's begin."""
    assert main(["new", "book", str(tmp_path / "our-book"), "--yes"]) == 0
    return tmp_path / "our-book"


def page_of(top: Path, chapter: str = "pets") -> str:
    html = (top / f"book/_build/html/chapters/{chapter}/index.html").read_text("utf-8")
    return " ".join(BeautifulSoup(html, "html.parser").get_text().split())


@pytest.mark.long
@pytest.mark.skipif(os.name == "nt", reason="the commands are those of a Unix shell")
def test_the_how_to_for_python(top: Path) -> None:
    follow("results-python.md", top)
    text = page_of(top)
    assert "We looked at 6 pictures. The best model is right in 67% of them; see Table 2.1." in text
    assert "clip 66.7% vit 33.3%" in text and "Source: code/accuracy.py" in text


@pytest.mark.skipif(not shutil.which("Rscript"), reason="needs R")
@pytest.mark.long
@pytest.mark.skipif(os.name == "nt", reason="the commands are those of a Unix shell")
def test_the_how_to_for_r(top: Path) -> None:
    follow("results-r.md", top)
    text = page_of(top)
    assert "right in 76% of the cases." in text
    assert "are worth 0.0005; see Table 2.1 and Figure 2.1." in text
    assert "Figure 2.1 Accuracy of each model" in text
    assert "Source: code/fit.R" in text


@pytest.mark.skipif(not shutil.which("Rscript"), reason="needs R")
@pytest.mark.long
@pytest.mark.skipif(os.name == "nt", reason="the commands are those of a Unix shell")
def test_the_way_from_bookdown(top: Path) -> None:
    shutil.copytree(Path(__file__).parent / "roots" / "bookdown", top.parent / "old")
    follow("from-bookdown.md", top)
    text = page_of(top, "coffee")
    assert "as Mill (2020) has shown and others doubt (Brew, 2021, p. 12). Figure 1.1" in text
    assert "Equation (1.1) is a line; the theorem on cups says more." in text
    assert "On average we wrote 356 words." in text and "coffee 381.67" in text


@pytest.mark.parametrize("word", ["{cite:t}`mill2020`", "{numref}`fig-cup`", "\\label{eq-line}",
                                  ":name: fig-cup", ":name: thm-cups", "authors: [ann-example"])  # fmt: skip
def test_what_the_page_on_bookdown_says_is_mended(word: str, tmp_path: Path) -> None:
    shutil.copytree(Path(__file__).parent / "roots" / "bookdown", tmp_path / "book")
    (tmp_path / "book/01-coffee.Rmd").rename(tmp_path / "book/index.md")
    (tmp_path / "book/conf.py").touch()
    (tmp_path / "book/people").mkdir()
    for name in ("Ann Example", "Bob Sample", "Sue Pervisor"):
        file = tmp_path / "book/people" / f"{name.lower().replace(' ', '-')}.yml"
        file.write_text(f"name: {name}\n", "utf-8")
    main(["check", "--fix", str(tmp_path / "book")])
    assert word in (tmp_path / "book/index.md").read_text("utf-8")


def test_the_readme_leads_to_them() -> None:
    readme = (DOCS.parent / "README.md").read_text("utf-8")
    assert "docs/results-python.md" in readme and "docs/results-r.md" in readme
    assert "docs/from-bookdown.md" in readme
