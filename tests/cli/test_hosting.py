"""What workflows run: the guard of a built site and the summary of a pull request; and the workflows."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import repository
from sphinx_mmbook.cli import main
from sphinx_mmbook.core.book.book import load_book
from sphinx_mmbook.core.checking.judge import judge
from sphinx_mmbook.core.checking.pull_request import ChapterSummary, as_markdown, summaries


@pytest.fixture(scope="module")
def new_book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("new") / "b"
    assert main(["new", "book", str(folder), "--yes"]) == 0
    return folder


@pytest.fixture
def book(new_book: Path, tmp_path: Path) -> Path:
    return shutil.copytree(new_book, tmp_path / "b") / "book"


def a_site(book: Path) -> Path:
    """Write a site by hand in which all pages and anchors of a book are."""
    loaded = load_book(book)
    for name, facts in loaded.facts.pages.items():
        page = book / "_build/html" / f"{name}.html"
        page.parent.mkdir(parents=True, exist_ok=True)
        spans = "".join(f'<span id="{label.name}"></span>' for label in facts.labels)
        page.write_text(f"<html>{spans}</html>", "utf-8")
    return book / "_build/html"


def test_a_whole_site_passes_and_one_that_is_not_built_is_no_site(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verify", str(book)]) == 2
    assert "build it first" in capsys.readouterr().err
    a_site(book)
    assert main(["verify", str(book)]) == 0
    assert "5 pages and 5 labels are in the site" in capsys.readouterr().out


def test_a_missing_page_anchor_or_entry_is_named(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site = a_site(book)
    (site / "preface.html").unlink()
    chapter = site / "chapters/example/index.html"
    chapter.write_text(chapter.read_text("utf-8").replace("fig-example-mean", "id1"), "utf-8")
    index = book / "index.md"
    index.write_text(index.read_text("utf-8").replace("\nbibliography\n", "\nbiblio\n"), "utf-8")
    assert main(["verify", str(book)]) == 1
    err = capsys.readouterr().err
    assert "preface.md: the site has no page 'preface.html'" in err
    assert "the page has no anchor for the label 'fig-example-mean'" in err
    assert "the contents name 'biblio', of which there is no page" in err
    assert len(err.splitlines()) == 3


def test_a_site_of_folders_is_a_site_too(book: Path) -> None:
    site = a_site(book)
    (site / "preface").mkdir()
    (site / "preface.html").rename(site / "preface/index.html")
    assert main(["verify", str(book), "--site", str(site)]) == 0


def test_a_summary_has_words_figures_findings_and_times(book: Path) -> None:
    page = book / "chapters/example/index.md"
    page.write_text(page.read_text("utf-8") + "\nSee {numref}`fig-exampel-mean`.\n", "utf-8")
    loaded = load_book(book)
    rows = summaries(loaded, judge(loaded), {page.relative_to(book).as_posix(): 61.4}, None)
    row = {row.docname: row for row in rows}["chapters/example/index"]
    assert (row.title, row.figures, row.errors, row.seconds) == ("An example chapter", 1, 1, 61.4)
    assert 60 < row.words < 200
    assert "| An example chapter | " in as_markdown(rows)


def test_a_summary_lists_chapters_of_which_a_file_changed(book: Path) -> None:
    loaded = load_book(book)

    def changed(*paths: str) -> list[str]:
        return [row.docname for row in summaries(loaded, [], {}, set(paths))]

    assert changed("chapters/example/figures/mean.svg") == ["chapters/example/index"]
    assert changed("preface.md", "people/ada-example.yml") == ["preface"]
    assert changed("chapters/example2/x") == []
    assert as_markdown([]) == "No chapter was changed.\n"


def test_a_summary_has_the_pages_in_reading_order_or_all_if_there_is_none(book: Path) -> None:
    def listed() -> list[str]:
        return [row.docname for row in summaries(load_book(book), [], {}, None)]

    (book / "left-out.md").write_text("---\norphan: true\n---\n\n# Left out\n", "utf-8")
    names = listed()
    assert names[0] == "index" and names != sorted(names) and "left-out" not in names
    (book / "index.md").unlink()
    assert "left-out" in listed()


def test_a_title_of_a_stranger_is_no_markup_in_a_summary() -> None:
    row = ChapterSummary("a/index", "<b>|[x](y) @all #1", 1, 2, 3, 4)
    text = as_markdown([row], "https://example.org/")
    cell = r"| &lt;b&gt;\|\[x\](y) \@all \#1 | 1 | 2 | 3 | 4 |  |"
    assert cell in text
    assert text.endswith("| [see](https://example.org/a/index.html) |\n")


def test_a_folder_of_a_stranger_is_no_markup_in_a_summary() -> None:
    row = ChapterSummary("chapters/x) [y](https:evil|/index", "Loss", 1, 0, 0, 0)
    (_, _, line) = as_markdown([row], "https://example.org/").splitlines()
    assert line.endswith(
        "| [see](https://example.org/chapters/x%29%20%5By%5D%28https%3Aevil%7C/index.html) |"
    )


def test_the_summary_of_a_branch_has_what_the_branch_changed(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    git = repository(book.parent)
    git("switch", "--quiet", "-c", "mine")
    (book / "preface.md").write_text("---\ntitle: Mine\n---\n\nWords.\n", "utf-8")
    capsys.readouterr()
    assert main(["summary", str(book), "--changed-since", "main"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[2:] == ["| Mine | 1 | 0 | 0 | 0 |  |"]
    assert main(["summary", str(book), "--changed-since", "nothing"]) == 2
    assert "git knows no revision 'nothing'" in capsys.readouterr().err


#: File of a new book -> the schema that check-jsonschema brings along.
SCHEMAS = {
    ".readthedocs.yaml": "vendor.readthedocs",
    ".github/workflows/book.yml": "vendor.github-workflows",
    ".github/workflows/newest.yml": "vendor.github-workflows",
    ".github/dependabot.yml": "vendor.dependabot",
    ".github/ISSUE_TEMPLATE/chapter.yml": "vendor.github-issue-forms",
    ".github/ISSUE_TEMPLATE/config.yml": "vendor.github-issue-config",
    ".gitlab-ci.yml": "vendor.gitlab-ci",
}
ROOT = Path(__file__).parents[2]
#: The same, of this repository alone.
OWN = {
    ".github/ISSUE_TEMPLATE/fault.yml": "vendor.github-issue-forms",
    **{
        f".github/workflows/{name}.yml": "vendor.github-workflows"
        for name in ("tests", "weekly", "release")
    },
}


@pytest.mark.long
@pytest.mark.parametrize("name", [*SCHEMAS, *OWN])
def test_what_a_host_reads_is_as_its_schema_says(book: Path, name: str) -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", (SCHEMAS | OWN)[name]]
    files = [file for file in (book.parent / name, ROOT / name) if file.is_file()]
    run = subprocess.run([*command, *files], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.long
@pytest.mark.parametrize("project", ["new book", "this repository"])
def test_a_workflow_has_no_weakness_that_zizmor_knows(book: Path, project: str) -> None:
    folder = book.parent if project == "new book" else ROOT / ".github"
    zizmor = Path(sys.executable).with_name("zizmor")
    strict = ["--pedantic"] if project == "new book" else []
    run = subprocess.run(
        [zizmor, "--offline", *strict, folder], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert "No findings to report" in run.stdout + run.stderr


def test_each_file_that_a_host_reads_has_a_schema_in_the_tests(book: Path) -> None:
    found = {
        file.relative_to(book.parent).as_posix()
        for pattern in (".github/**/*.yml", ".*.yaml", ".*.yml")
        for file in book.parent.glob(pattern)
    }
    own = {file.relative_to(ROOT).as_posix() for file in (ROOT / ".github").rglob("*.yml")}
    assert own <= {*SCHEMAS, *OWN}
    assert found - set(SCHEMAS) == {".pre-commit-config.yaml", ".mmbook-answers.yml"}


def test_an_editor_gets_a_schema_of_people(book: Path) -> None:
    settings = json.loads((book.parent / ".vscode/settings.json").read_text("utf-8"))
    (file,) = settings["yaml.schemas"]
    assert json.loads((book.parent / file).read_text("utf-8"))["required"] == ["name"]
