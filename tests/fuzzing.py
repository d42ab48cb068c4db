"""Builds of a small book with one file changed at random: what must hold holds for each.

    python tests/fuzzing.py SEED COUNT [FOLDER]       prints what did not hold, then the figures

No traceback, no page but those that show the file changed, no process with more than 1.5 GB, none
that takes more than ten seconds. The book is built once; each case is a fork of this process that
builds on, in the limits. ``FOLDER`` keeps the files of cases that fail.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import os
import pkgutil
import random
import resource
import shutil
import signal
import sys
import tempfile
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, fields
from pathlib import Path

from sphinx.cmd.build import main

import sphinx_mmbook
from sphinx_mmbook.ext.config import Settings

ROOT = Path(__file__).parent.parent
SECONDS, MEMORY = 10, 1_500_000_000
CONF = """\
project = "Fuzz"
author = "The seminar"
extensions = ["sphinx_mmbook"]
html_theme = "basic"
nb_execution_mode = "off"
mmbook_macros = {"R": r"\\\\mathbb{R}"}
mmbook_rules = {"label-unused": "off"}
mmbook_result_max_bytes = 10_000_000
numfig = True
language = "en"
"""
INDEX = "# Fuzz\n\n```{toctree}\n:numbered:\n:caption: Part\ntwo/index\none/index\none/notebook\nall\n```\n"
CONTROL = """\
---
authors: [cleo-control]
---
# Control

(sec-control)=
## Section

As {cite:t}`control2020` says, $a^2$ and

$$
b = c
$$ (eq-control)

is {eq}`eq-control` in {ref}`sec-control`.

| a | b |
| - | - |
| 1 | 2 |
"""
CONTROL_BIB = "@book{control2020, author={Control, Cleo}, title={T}, year=2020, publisher={P}}\n"
#: Pieces that have gone wrong somewhere once, or look as if they might.
PIECES = [
    b"---\n", b"```", b"```{figure} a.png\n", b":::", b"> :::\n", b"> ```{note}\n", b"$$", b"$", b"\\", b"{", b"}",
    b"[](#", b"](", b"![x](figures/)", b"![]()", b"(a)=\n", b"{cite:t}`", b"{numref}`", b"{stored}`", b"`",
    b"```{stored-table} ", b":where: ", b"```{include} index.md\n```\n", b"<svg onload=x>", b"<script>", b"<!--",
    b"{#id .c}", b"[^1]", b"[^1]: x\n", b"|---|\n", b"- - - - ", b">" * 300, b"(" * 3000, b"[" * 3000, b"*" * 3000,
    b"\xff\xfe", b"\x00", b"\xe2\x80\xae", b"\xef\xbb\xbf", b"\r", b"\r\n", b"\t", b"NaN", b"1e999", b"-0", b"9" * 400,
    b"null", b"[]", b"{}", b'""', b"true", b"!!python/object:os.system", b"&a [*a]", b"*a", b"@string{a = a # a}\n",
    b"@book{x,", b"author = {", b"\\input{x}", b"\\csname", b"^^", b"%", b"#", b"~", b"../" * 20, b"/dev/zero", b"CON",
    b"&#0;", b"&x;", b'<!DOCTYPE x [<!ENTITY a "b">]>', b"xlink:href='http://x'", b"url(//x)", b"%41", b"_", b"a_b",
    "ä𝔸\u0301".encode(), b" " * 5000, b"\n" * 5000, b"a" * 20_000, b"a,b\n" * 2000, b'"', b"'", b";", b",", b":", b"=",
]  # fmt: skip
#: Settings of ours, and of others that we read, and what they might be set to.
SETTINGS = [
    *(f"mmbook_{setting.name}" for setting in fields(Settings)),
    *("numfig", "math_numfig", "myst_enable_extensions", "nb_execution_timeout", "mathjax3_config"),
]  # fmt: skip
VALUES = ["None", "0", "-1", "1e999", "''", "'x' * 9999", "[]", "{}", "{'a': 1}", "{1: []}", "['a', 2]", "True", "set()", "object()", "{'tex': 3}", "lambda: 1"]  # fmt: skip
#: What no output may hold, and what only tells that the guard has caught something.
NEVER = ("Traceback (most recent call last)", "Exception occurred", "exception occurred")
CAUGHT = "please report this"


@dataclass
class Case:
    """One change, and how its build ended."""

    number: int
    file: str
    status: int
    signal: int
    seconds: float
    megabytes: float
    said: str
    changed: list[str]

    def faults(self) -> list[str]:
        """Return what did not hold."""
        found = [word for word in NEVER if word in self.said]
        found += ["caught by the guard"] if CAUGHT in self.said else []
        found += [f"killed by {signal.Signals(self.signal).name}"] if self.signal else []
        found += [f"{self.seconds:.1f} s"] if self.seconds > SECONDS else []
        found += [f"{self.megabytes:.0f} MB"] if self.megabytes > MEMORY / 1e6 else []
        if self.status and "mmbook" not in self.said and self.file != "conf.py":
            found.append(f"status {self.status}: {self.said[-200:]}")
        return found + ([f"changed {self.changed}"] if self.changed else [])


def write_book(folder: Path) -> list[str]:
    """Write the book; return the files that are changed."""
    source = ROOT / "book"
    shutil.copytree(source / "chapters" / "writing-a-chapter", folder / "one")
    shutil.copytree(source / "people", folder / "people")
    made = {
        "conf.py": CONF,
        "index.md": INDEX,
        "all.md": "# All\n\n```{bibliography}\n```\n\n```{results}\n```\n",
        "one/notebook.ipynb": json.dumps(notebook(), indent=1),
        "two/index.md": CONTROL,
        "two/references.bib": CONTROL_BIB,
        "people/cleo-control.yml": "name: Cleo Control\n",
    }
    for name, text in made.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    files = sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
    return [
        name
        for name in files
        if not name.startswith(("two/", "people/cleo")) and name != "index.md"
    ]


def notebook() -> dict[str, object]:
    """Return a notebook with outputs of each kind."""
    table = {
        "text/html": "<table><tr><th>a</th></tr><tr><td>1</td></tr></table>",
        "text/plain": "a",
    }
    datas = [{"text/latex": "$x$", "text/plain": "x"}, table, {"text/html": "<b>x</b>"}]
    cells: list[dict[str, object]] = [
        {
            "cell_type": "markdown",
            "metadata": {},
            "id": "m",
            "source": "# Notebook\n\n(sec-n)=\n## S",
        }
    ]
    for number, data in enumerate(datas):
        output = {
            "output_type": "execute_result",
            "execution_count": 1,
            "metadata": {},
            "data": data,
        }
        printed = {"output_type": "stream", "name": "stdout", "text": "a\n"}
        cells.append(
            {
                "cell_type": "code",
                "execution_count": 1,
                "metadata": {},
                "id": f"c{number}",
                "source": f"#| label: tbl-n{number}\n#| tbl-cap: A table\n1",
                "outputs": [printed, output],
            }
        )
    meta = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    return {"cells": cells, "metadata": meta, "nbformat": 4, "nbformat_minor": 5}


def change(data: bytes, chance: random.Random) -> bytes:
    """Return a file's bytes, changed in one to four ways."""
    for _ in range(chance.choice((1, 1, 2, 4))):
        a, b = sorted(chance.randrange(len(data) + 1) for _ in range(2))
        near = min(b, a + chance.choice((1, 10, 200)))
        how = chance.randrange(8)
        if how == 0:
            data = data[:a] + data[near:]
        elif how == 1:
            data = data[:near] + data[a:near] * chance.choice((1, 2, 50)) + data[near:]
        elif how == 2:
            data = data[:a]
        elif how == 3 and data:
            data = data[:a] + bytes([chance.randrange(256)]) + data[a + 1 :]
        elif how == 4:
            lines = data.splitlines(keepends=True)
            chance.shuffle(lines)
            data = b"".join(lines) if chance.random() < 0.2 else data
        else:
            data = data[:a] + chance.choice(PIECES) * chance.choice((1, 1, 1, 3)) + data[a:]
    return data[:2_000_000]


def change_settings(conf: bytes, chance: random.Random) -> bytes:
    """Return a ``conf.py`` that says something else; it stays Python, whose faults Sphinx tells."""
    lines = [f"{chance.choice(SETTINGS)} = {chance.choice(VALUES)}" for _ in range(3)]
    return conf + "\n".join(lines).encode() + b"\n"


def body(page: Path) -> bytes:
    """Return a page without its navigation, which names the pages around it."""
    return page.read_bytes().partition(b'class="body"')[2].partition(b'class="clearer"')[0]


def digests(folder: Path) -> dict[str, str]:
    """Return a digest of what stands on the page that shows nothing of the changed files."""
    pages = [folder / "two" / "index.html"]
    return {p.name: hashlib.md5(body(p)).hexdigest() for p in pages if p.exists()}


def warm() -> None:
    """Import what builds import, so that each of them need not."""
    names = [
        module.name for module in pkgutil.walk_packages(sphinx_mmbook.__path__, "sphinx_mmbook.")
    ]
    others = [
        "pandas",
        "sphinx.builders.html",
        "sphinx.ext.mathjax",
        "sphinxcontrib.bibtex",
        "docutils.readers.doctree",
    ]
    for name in [*names, *others]:
        if "__main__" not in name and ".template" not in name:
            importlib.import_module(name)


class Fuzz:
    """A book that is built once, and again for each case."""

    def __init__(self, work: Path) -> None:
        self.book, self.kept, self.log = work / "book", work / "kept", work / "log"
        self.book.mkdir()
        self.files = write_book(self.book)
        self.html = self.book / "_build" / "html"
        self.trees = self.book / "_build" / "doctrees"
        self.before: dict[str, str] = {}
        first = self.build(0, "")
        assert first.status == 0 and not first.faults(), first.said
        shutil.copytree(self.trees, self.kept)
        self.before = digests(self.html)

    def run(self, number: int, seed: int) -> Case:
        """Change a file, build, and put all back."""
        chance = random.Random(f"{seed}-{number}")
        # Each kind of file as often as another.
        kind = chance.choice(sorted({Path(file).suffix for file in self.files}))
        name = chance.choice([file for file in self.files if file.endswith(kind)])
        file = self.book / name
        old, times = file.read_bytes(), file.stat()
        file.write_bytes((change_settings if name == "conf.py" else change)(old, chance))
        shutil.rmtree(self.trees)
        shutil.copytree(self.kept, self.trees)
        try:
            return self.build(number, name)
        finally:
            file.write_bytes(old)
            os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))

    def build(self, number: int, name: str) -> Case:
        """Build in a process of its own."""
        for page in self.html.rglob("*.html"):
            page.unlink()
        if not (child := os.fork()):
            self.in_child()
        _, status, usage = os.wait4(child, 0)
        said = self.log.read_text("utf-8", "replace")
        after = digests(self.html)
        changed = [
            page for page in self.before if page in after and after[page] != self.before[page]
        ]
        ended = os.waitstatus_to_exitcode(status)
        return Case(
            number, name, max(ended, 0), max(-ended, 0), usage.ru_utime + usage.ru_stime,
            usage.ru_maxrss / 1e3, said, changed if name not in ("conf.py", "all.md") else [],
        )  # fmt: skip

    def in_child(self) -> None:
        """Build in the limits, and end."""
        out = os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(out, 1)
        os.dup2(out, 2)
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        limit = pages * resource.getpagesize() + MEMORY
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS + 2, SECONDS + 2))
        status = 1
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            words = ["-a", "-q", "-d", str(self.trees), str(self.book), str(self.html)]
            status = main(words)
        except SystemExit as stopped:
            print(stopped.code if isinstance(stopped.code, str) else "", file=sys.stderr)
        except BaseException:
            import traceback

            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)


def fuzz(seed: int, count: int, keep: Path | None = None) -> tuple[list[str], str]:
    """Run so many cases: what did not hold, and the figures."""
    os.environ.update(ARROW_DEFAULT_MEMORY_POOL="system", NO_COLOR="1")
    warm()
    faults: list[str] = []
    kinds: Counter[str] = Counter()
    slowest = largest = 0.0
    # Ctrl-C ends a long run with its figures.
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder, suppress(KeyboardInterrupt):
        book = Fuzz(Path(folder))
        for number in range(count):
            case = book.run(number, seed)
            kinds[case.file.rpartition(".")[2]] += 1
            slowest, largest = max(slowest, case.seconds), max(largest, case.megabytes)
            for fault in case.faults():
                faults.append(f"{seed}-{number} {case.file}: {fault}")
                if keep:
                    (keep / f"{seed}-{number}.log").write_text(f"{case.file}\n{case.said}", "utf-8")
                    print(faults[-1], flush=True)
    figures = f"{kinds.total()} cases ({dict(kinds)}); at most {slowest:.1f} s and {largest:.0f} MB"
    return faults, figures


if __name__ == "__main__":
    found, said = fuzz(
        int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]) if sys.argv[3:] else None
    )
    print(*found if len(sys.argv) < 4 else (), said, sep="\n")
