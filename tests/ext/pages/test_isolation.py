"""Whatever one chapter does, the other three are as in a build without it, and no process is left."""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path

import psutil
import pytest

from conftest import Book, Built
from sphinx_mmbook.notebooks import kernel

pytestmark = pytest.mark.long

GOOD = """\
---
title: {0}
file_format: mystnb
kernelspec:
  name: python3
---

```{{code-cell}}
#| label: tbl-{0}
#| tbl-cap: A table
import pandas as pd
pd.DataFrame({{"a": [1, 2]}})
```

See {{numref}}`tbl-{0}`.
"""
BAD = """\
---
title: Bad
orphan: true
file_format: mystnb
authors: [{{name: Ann Example}}]
kernelspec:
  name: {kernel}
{more}---

Before.

```{{code-cell}}
print("this was well")
```

```{{code-cell}}
{code}
```

After.
"""
CHAPTERS = ("anna", "ben", "cleo")
#: Leaves a process behind, if nobody looks after it.
CHILD = "import subprocess; subprocess.Popen(['sleep', '7654321'])\n"
GROW = "x = []\nwhile True:\n    x.append(b'x' * 50_000_000)"
LIMITS = "mmbook: {limits: {%s}}\n"


def bad(code: str, more: str = "", name: str = "python3") -> str:
    return BAD.format(code=code, more=more, kernel=name)


#: What goes wrong -> the page, and the rule of the one finding ("" for any of them).
CASES = {
    "exception": (bad(CHILD + "1 / 0"), "cell-error"),
    "exit": (bad(CHILD + "import os; os._exit(3)"), "kernel-died"),
    "segfault": (bad("import ctypes; ctypes.string_at(0)"), "kernel-died"),
    "endless loop": (bad("while True: pass", LIMITS % "cell_seconds: 3"), "cell-timeout"),
    "endless loop that cannot be interrupted": (
        bad(
            "import signal\nfor n in (2, 15): signal.signal(n, signal.SIG_IGN)\nwhile True: pass",
            LIMITS % "cell_seconds: 3",
        ),
        "cell-timeout",
    ),
    "many slow cells": (bad(CHILD + "import time; time.sleep(600)", LIMITS % "chapter_seconds: 4"), "chapter-timeout"),
    "memory": (bad(GROW, LIMITS % "memory_gb: 0.6"), "cell-memory"),
    "memory of a child": (
        bad(f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {GROW!r}])", LIMITS % "memory_gb: 0.6"),
        "cell-memory",
    ),
    "100 GB at once": (bad("x = b'x' * 100_000_000_000", LIMITS % "memory_gb: 0.6"), ""),
    "a gigabyte of output": (
        bad("line = 'x' * 999_999\nfor _ in range(1000): print(line)"), "cell-output"
    ),
    "kernel that is missing": (bad("1", name="nobody-has-it"), "kernel-missing"),
    "kernel that dies": (bad("1", name="dies"), "kernel-start"),
    "kernel that never answers": (bad("1", name="silent"), "kernel-start"),
    "notebook that is none": ('{"cells": [', "notebook"),
    "notebook of another kind": ('{"cells": 3, "nbformat": 4}', "notebook"),
    "directive that raises": (
        "---\norphan: true\n---\n\n# Bad\n\n```{raises}\n```\n\nAfter.\n", "page-failed"
    ),
}  # fmt: skip
RAISES = """
from docutils.parsers.rst import Directive
class Raises(Directive):
    def run(self):
        raise RuntimeError("no")
def setup(app):
    app.add_directive("raises", Raises)
"""


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> tuple[Book, dict[str, str]]:
    """The three good chapters alone, and their pages."""
    book = Book(tmp_path_factory.mktemp("alone") / "book")
    book.write({f"{name}.md": GOOD.format(name) for name in CHAPTERS})
    book.write(
        {"index.md": "# Book\n\n```{toctree}\n:numbered:\n" + "\n".join(CHAPTERS) + "\n```\n"}
    )
    book.write({"conf.py": book.text("conf.py") + "html_last_updated_fmt = None\n" + RAISES})
    return book, pages(book.build())


def pages(built: Built) -> dict[str, str]:
    return {
        name: (built.outdir / f"{name}.html").read_text("utf-8") for name in (*CHAPTERS, "index")
    }


def left_over() -> list[str]:
    """Processes of this test, or of nobody any more, that only a kernel can have started."""
    found = []
    for process in psutil.process_iter(["cmdline", "status"]):
        line = " ".join(process.info["cmdline"] or ())
        if "7654321" in line and process.info["status"] != psutil.STATUS_ZOMBIE:
            found.append(line)
    return found


@pytest.fixture
def kernels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Install two kernels that are no good."""
    for name, code in {
        "dies": "raise SystemExit('no libfoo')",
        "silent": "import time; time.sleep(900)",
    }.items():
        spec = tmp_path / f"kernels/{name}/kernel.json"
        spec.parent.mkdir(parents=True)
        argv = [sys.executable, "-c", code]
        spec.write_text(json.dumps({"argv": argv, "display_name": name, "language": "python"}))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    monkeypatch.setattr(kernel, "START_TIMEOUT", 4)


@pytest.mark.skipif(os.name == "nt", reason="signals, and processes that are left")
@pytest.mark.parametrize("case", CASES)
def test_one_chapter_stops_nobody(
    case: str, alone: tuple[Book, dict[str, str]], kernels: None
) -> None:
    book, wanted = alone
    text, rule = CASES[case]
    name = "bad.ipynb" if text.startswith("{") else "bad.md"
    book.write({name: text})
    try:
        built = book.build()
        assert built.status == 0
        messages = [line for line in built.warnings if "toc.not_included" not in line]
        found = re.findall(r"/(bad\.\w+:\d+).*\[mmbook\.([\w-]+)\]$", built.err, re.MULTILINE)
        assert len(messages) == len(found) == 1, built.err
        assert rule in ("", found[0][1])
        assert pages(built) == wanted
        body = built.soup("bad").select_one("[role=main]").get_text()
        assert "After." in body or name == "bad.ipynb"
        assert not text.startswith("---") or "Bad" in body
        assert built.soup("bad").select(".traceback, .admonition, .error, .mmbook-fault")
        assert left_over() == []
        # The same as an error of the build, where that is asked for; nothing good runs again.
        strict = book.build("-E", "-W", "--keep-going", "-D", "mmbook_on_error=warn")
        assert strict.status == 1
        assert not re.search(rf"running ({'|'.join(CHAPTERS)})", strict.out)
    finally:
        (book.folder / name).unlink()


def test_on_error_decides_what_a_failed_chapter_means(alone: tuple[Book, dict[str, str]]) -> None:
    book, _ = alone
    book.write({"bad.md": bad("1 / 0")})
    try:
        failed = book.build("-D", "mmbook_on_error=fail")
        assert failed.status == 1 and len(failed.warnings) == 1
        ignored = book.build("-W", "--keep-going", "-D", "mmbook_on_error=ignore")
        assert ignored.status == 0 and "ZeroDivisionError" in ignored.out
        assert "ZeroDivisionError" in ignored.soup("bad").get_text()
        unknown = book.build("-D", "mmbook_on_error=perhaps")
        assert unknown.status == 1 and "mmbook_on_error must be" in unknown.err
    finally:
        (book.folder / "bad.md").unlink()


def test_all_at_once_beside_chapters_that_have_never_run(book: Book, kernels: None) -> None:
    slow = ("a gigabyte of output", "100 GB at once", "kernel that never answers")
    quick = [name for name in CASES if name not in slow]
    for number, case in enumerate(quick):
        text = CASES[case][0]
        book.write({f"bad{number}.{'ipynb' if text.startswith('{') else 'md'}": text})
    book.write({f"{name}.md": GOOD.format(name) for name in CHAPTERS})
    book.write({"index.md": "# Book\n\n```{toctree}\n" + "\n".join(CHAPTERS) + "\n```\n"})
    book.write({"conf.py": book.text("conf.py") + RAISES})
    built = book.build("-j", "2")
    assert built.status == 0
    messages = [line for line in built.warnings if "toc.not_included" not in line]
    assert len(messages) == len(quick), built.err
    for name in CHAPTERS:
        assert built.soup(name).select("table")
    assert left_over() == []


def test_warnings_of_a_cell_are_not_in_the_book_unless_asked_for(book: Book) -> None:
    code = "import sys, warnings\nwarnings.warn('old')\nprint('to stderr', file=sys.stderr)\nprint('out')"
    show = "mystnb: {output_stderr: show}\n"
    book.write({"index.md": "# Book\n\n```{toctree}\na\nb\n```\n"})
    book.write({"a.md": bad(code).replace("orphan: true\n", "")})
    book.write({"b.md": bad(code, show).replace("orphan: true\n", "")})
    built = book.build()
    assert built.warnings == []
    quiet, loud = (built.soup(name).select_one("[role=main]").get_text() for name in "ab")
    assert "out" in quiet and "UserWarning" not in quiet
    assert not re.search(r"^to stderr", quiet, re.MULTILINE)
    assert "UserWarning: old" in loud and re.search(r"^to stderr", loud, re.MULTILINE)
