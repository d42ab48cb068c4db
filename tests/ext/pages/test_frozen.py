"""Pages with frozen outputs: they build without their kernel, and say what is wrong with them."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from pathlib import Path

import pytest
from ext.latex.test_latex import picture
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output, writes

from conftest import Book, Built
from sphinx_mmbook.cli import main
from sphinx_mmbook.core.provenance.frozen_file import RunCell, files_of

PAGE = """\
---
title: A
file_format: mystnb
kernelspec:
  name: a-kernel-that-nobody-has
---

```{code-cell}
print("hello")
```

```{code-cell}
:tags: [x]
#| label: fig-a
#| fig-cap: A figure
#| fig-alt: A square
import a_package_that_nobody_has
```

```{code-cell}
6 * 7
```
"""
PNG = b64encode(picture("PNG")).decode()
OUTPUTS = [
    ('print("hello")', [new_output("stream", name="stdout", text="frozen hello\n")]),
    (
        "import a_package_that_nobody_has",
        [new_output("display_data", data={"image/png": PNG, "text/plain": "<Figure>"})],
    ),
    ("6 * 7", [new_output("execute_result", data={"text/plain": "42"})]),
]
INDEX = "# Book\n\n```{toctree}\n:numbered:\na/index\n```\n"


def frozen(page: str = "a/index.md", outputs: list = OUTPUTS) -> dict[str, bytes]:
    cells = [RunCell(source, made) for source, made in outputs]
    files = files_of(page, cells, {"name": "python"}, {})
    return {f"a/frozen/{name}": data for name, data in files.items()}


@pytest.fixture
def icy(book: Book) -> Book:
    return book.write({"index.md": INDEX, "a/index.md": PAGE, **frozen()})


def found(built: Built) -> list[str]:
    """The place and rule of each warning and of each note."""
    pattern = r"^.*/book/(\S+?:\d+)(?::\d+)?: .*\[mmbook\.([\w-]+)\]$"
    said = re.findall(pattern, f"{built.out}\n{built.err}", re.MULTILINE)
    return [" ".join(match) for match in said]


def test_a_frozen_page_builds_without_its_kernel_and_packages(icy: Book) -> None:
    built = icy.build()
    assert (built.status, built.warnings) == (0, [])
    assert "running a" not in built.out
    body = built.soup("a/index")
    text = body.get_text()
    assert "frozen hello" in text and "42" in text
    assert body.select_one("figure#fig-a img") and "Figure 1.1" in text
    assert body.select_one(".highlight-python")
    assert not body.select(".mmbook-frozen-note")
    again = icy.build()
    assert "0 added, 0 changed, 0 removed" in again.out


@pytest.mark.parametrize("setting", ["off", "force", "auto"])
def test_no_mode_of_execution_keeps_frozen_outputs_from_their_page(setting: str, icy: Book) -> None:
    icy.change("conf.py", "extensions", 'nb_execution_excludepatterns = ["a/*"]\nextensions')
    built = icy.build("-D", f"nb_execution_mode={setting}")
    assert built.warnings == []
    assert "frozen hello" in built.soup("a/index").get_text()


def test_changed_code_is_a_finding_of_build_and_check_and_stands_on_the_page(
    icy: Book, capsys: pytest.CaptureFixture[str]
) -> None:
    icy.change("a/index.md", "6 * 7", "6 * 8")
    built = icy.build("-W")
    assert found(built) == ["a/index.md:20 frozen-stale"]
    assert built.status == 0, "a warning of the check fails no build"
    note = built.soup("a/index").select_one(".mmbook-frozen-note").get_text()
    assert "earlier version of the code" in note
    assert "42" in built.soup("a/index").get_text()
    assert "running a" not in built.out
    assert found(icy.build()) == ["a/index.md:20 frozen-stale"]  # until it is mended
    assert main(["check", str(icy.folder), "--format", "json"]) == 0
    (one,) = json.loads(capsys.readouterr().out)["findings"]
    assert (one["path"], one["line"], one["rule"]) == ("a/index.md", 20, "frozen-stale")
    icy.change("a/index.md", "6 * 8", "6*7  # as before")
    assert icy.build().warnings == []


def test_what_is_frozen_anew_or_thawed_is_seen_by_the_next_build(icy: Book) -> None:
    icy.build()
    icy.write(frozen(outputs=[*OUTPUTS[:2], ("6 * 7", OUTPUTS[0][1])]))
    built = icy.build()
    assert built.warnings == []
    assert "42" not in built.soup("a/index").get_text()
    assert main(["thaw", "a", "--book", str(icy.folder)]) == 0
    assert not (icy.folder / "a/frozen").exists()
    built = icy.build()
    assert found(built) == ["a/index.md:9 kernel-missing"]
    assert "frozen hello" not in built.soup("a/index").get_text()


def test_a_tampered_file_shows_nothing_and_stops_nobody(icy: Book) -> None:
    icy.change("a/frozen/index.json", "frozen hello", "<script>x()</script>")
    built = icy.build()
    assert found(built) == ["a/frozen/index.json:1 frozen-broken"]
    body = built.soup("a/index")
    assert "x()" not in str(body) and "42" not in body.get_text()
    assert "cannot be shown" in body.select_one(".mmbook-frozen-note").get_text()
    assert "Figure 1.1" in body.get_text()  # numbers stay
    icy.change("a/frozen/index.json", "<script>x()</script>", "frozen hello")
    assert icy.build().warnings == []


def test_front_matter_says_when_code_runs(icy: Book) -> None:
    def with_mode(mode: str) -> list[str]:
        text = PAGE.replace("title: A\n", f"title: A\nmmbook:\n  freeze: {mode}\n")
        icy.write({"a/index.md": text})
        return found(icy.build(builder="dummy"))

    assert with_mode("auto") == []
    assert with_mode("false") == ["a/index.md:11 kernel-missing"]
    assert with_mode("sometimes") == ["a/index.md:4 front-matter"]
    icy.change("a/frozen/index.json", "hello", "hullo")
    assert with_mode("auto") == [
        "a/frozen/index.json:1 frozen-broken",
        "a/index.md:11 kernel-missing",
    ]
    for file in (icy.folder / "a/frozen").iterdir():
        file.unlink()
    assert with_mode("true") == ["a/index.md:4 frozen-missing"]


def notebook(outputs: bool) -> str:
    cells = [
        new_code_cell(
            source, outputs=made if outputs else [], execution_count=1 if outputs else None
        )
        for source, made in [*OUTPUTS, ("html()", HTML)]
    ]
    spec = {"name": "python3", "display_name": "Python 3"}
    cells.insert(0, new_markdown_cell("# A"))
    for number, cell in enumerate(cells):
        cell["id"] = f"c{number}"
    metadata = {"kernelspec": spec, "language_info": {"name": "python"}}
    return writes(new_notebook(cells=cells, metadata=metadata))


HTML = [
    new_output(
        "display_data",
        data={
            "text/html": "<img src='https://x.org/a.png' onerror='x()'><script src='//y.org'></script>",
            "text/plain": "<HTML>",
        },
    ),
    new_output("display_data", data={"application/javascript": "alert(1)", "text/plain": "<JS>"}),
    new_output(
        "display_data", data={"image/svg+xml": "<svg onload='x()'><script>1</script></svg>"}
    ),
    new_output("display_data", data={"text/latex": "$\\input{/etc/passwd}$", "text/plain": "<T>"}),
]


@pytest.mark.parametrize(
    "builder",
    ["html", *(pytest.param(name, marks=pytest.mark.long) for name in ("latex", "epub"))],
)
def test_hostile_outputs_are_judged_as_those_in_a_notebook_are(
    builder: str, tmp_path: Path
) -> None:
    pages, said = [], []
    for kind in ("committed", "frozen"):
        one = Book(tmp_path / kind / "book")
        one.write({"index.md": INDEX, "a/index.ipynb": notebook(kind == "committed")})
        one.change("conf.py", "extensions", "nb_execution_mode = 'off'\nextensions")
        if kind == "frozen":
            one.write(frozen("a/index.ipynb", [*OUTPUTS, ("html()", HTML)]))
        built = one.build(builder=builder)
        said.append(found(built))
        (page,) = [*built.outdir.glob("a/index.*html"), *built.outdir.glob("*.tex")]
        pages.append(page.read_text("utf-8"))
    assert said[0] == said[1] and said[0]
    assert pages[0] == pages[1]


#: What makes a figure, a table and a text; and, behind it, what a second run does otherwise.
RUN = (
    "```{code-cell}\nimport matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()\n```\n\n"
    "```{code-cell}\nimport pandas as pd\npd.DataFrame({'a': [1]})\n```\n\n"
    "```{code-cell}\nfrom pathlib import Path\nprint(Path('number').read_text())\n```\n"
)
TITLE = "---\ntitle: A\nfile_format: mystnb\nkernelspec:\n  name: python3\n---\n\n"


def state(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {file.name: (file.read_bytes(), file.stat().st_mtime_ns) for file in folder.iterdir()}


@pytest.mark.long
def test_freezing_again_changes_nothing_and_a_failure_writes_nothing(
    book: Book, capfd: pytest.CaptureFixture[str]
) -> None:
    book.write({"index.md": INDEX, "a/index.md": TITLE + RUN, "a/number": "first"})
    folder = book.folder / "a/frozen"

    def freeze(*options: str) -> int:
        return main(["freeze", "a", "--book", str(book.folder), *options])

    assert freeze() == 0
    said = capfd.readouterr()
    assert "a/index.md: wrote a/frozen/index.json and 1 picture" in said.out and said.err == ""
    assert {file.name for file in folder.iterdir()} == {"index.json", "index-1-1.png"}
    before = state(folder)
    assert freeze() == freeze("--again") == 0
    assert "frozen as they were" in capfd.readouterr().out
    assert state(folder) == before
    # The next build runs nothing: the data may be gone.
    (book.folder / "a/number").unlink()
    built = book.build()
    assert built.warnings == [] and "running a" not in built.out
    assert "first" in built.soup("a/index").get_text()
    assert built.soup("a/index").select("table") and built.soup("a/index").select("img")
    assert freeze("--again") == 1
    assert "code cell 3 fails with FileNotFoundError" in capfd.readouterr().err
    assert state(folder) == before
    book.write({"a/number": "second"})
    assert freeze("--again") == 0
    assert "second" in (folder / "index.json").read_text()
    book.change("a/index.md", "plt.show()", "plt.close()")
    assert freeze() == 0
    assert {file.name for file in folder.iterdir()} == {"index.json"}


def test_freezing_what_is_no_chapter_is_refused(
    icy: Book, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["freeze", "aa", "--book", str(icy.folder)]) == 2
    assert "there is no chapter 'aa'; did you mean 'a'?" in capfd.readouterr().err


@pytest.mark.long
def test_freezing_a_page_without_code_is_refused(
    icy: Book, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["freeze", "index.md", "--book", str(icy.folder)]) == 1
    assert "no code cells" in capfd.readouterr().err
