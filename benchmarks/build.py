"""What the extension costs: clean builds beside plain Sphinx + MyST-NB + sphinx-book-theme.

Both build the same sources, in turn and in one run, without execution; only ratios of processor time
count, since machines are noisy. The plain stack gets the same parsers and the same citations. After
the clean builds, one that changes nothing and one after an edit are compared with the plain stack's,
and with what a build of one chapter costs that changes nothing.

    python benchmarks/build.py                           20, 100 and 300 chapters of 10 kB
    python benchmarks/build.py --chapters 20 --runs 5 --jobs 2
    python benchmarks/build.py --chapters 20 --runs 3 --at-least 1.4    exit status 1 below that
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from synthetic import write_book

if TYPE_CHECKING:
    from collections.abc import Callable

COMMON = """
import sys; sys.path.insert(0, {folder!r})
project = "A synthetic book"
html_theme = "sphinx_book_theme"
nb_execution_mode = "off"
"""
OURS = COMMON + 'extensions = ["sphinx_mmbook", "phases"]\n'
PLAIN = (
    COMMON
    + """
from pathlib import Path
extensions = ["myst_nb", "sphinxcontrib.bibtex", "sphinx_copybutton", "phases"]
bibtex_bibfiles = sorted(str(p) for p in Path(__file__).parent.glob("chapters/*/references.bib"))
bibtex_reference_style = "author_year"
numfig = True
math_numfig = True
myst_title_to_header = True
myst_enable_extensions = ["amsmath", "attrs_block", "attrs_inline", "colon_fence", "deflist",
                          "dollarmath", "html_image", "tasklist"]
"""
)
STACKS = {"plain": PLAIN, "ours": OURS}
#: An installed package has its bytecode; so has ours here, after the first run.
ENVIRONMENT = {
    name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"
}
#: How often builds are repeated that take little more than starting Python.
REPEATS = 3


@dataclass(frozen=True)
class Cost:
    """Processor seconds of a whole build, with its children; the largest process in MB; phases."""

    seconds: float
    memory: float
    phases: str


def conf_of(stack: str) -> str:
    """Return the ``conf.py`` of a stack."""
    return STACKS[stack].format(folder=str(Path(__file__).parent))


def build(books: Path, stack: str, jobs: str) -> Cost:
    """Build the book of a stack, from what its last build left."""
    book = books / stack
    command = [sys.executable, "-m", "sphinx", "-Q", "-j", jobs, "-b", "html"]
    process = subprocess.Popen(
        [*command, str(book), str(book / "_build/html")],
        stdout=subprocess.PIPE, text=True, env=ENVIRONMENT,
    )  # fmt: skip
    assert process.stdout
    phases = process.stdout.read().strip()
    _, status, usage = os.wait4(process.pid, 0)
    assert status == 0
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, phases)


def clean(books: Path, stack: str, jobs: str) -> Cost:
    """Build the book from nothing."""
    shutil.rmtree(books / stack / "_build", ignore_errors=True)
    return build(books, stack, jobs)


def write_books(books: Path, chapters: int, notebooks: int, size: int) -> None:
    """Write the same book once for each stack."""
    for stack in STACKS:
        book = write_book(books / stack, chapters, notebooks, size=size)
        (book / "conf.py").write_text(conf_of(stack))


def edit(books: Path) -> None:
    """Add a sentence to one chapter of each stack's book."""
    for page in books.glob("*/chapters/chapter-001/index.md"):
        page.write_text(page.read_text("utf-8") + "\nAnd one more sentence.\n", "utf-8")


def compare(books: Path, runs: int, jobs: str) -> float:
    """Print what each pair of clean builds costs; return the median of plain's time by ours."""
    ratios = []
    for run in range(runs):
        costs = {stack: clean(books, stack, jobs) for stack in STACKS}
        ratios.append(costs["plain"].seconds / costs["ours"].seconds)
        print(f"  pair {run + 1}: {ratios[-1]:.2f} times faster")
        for stack, cost in costs.items():
            print(f"    {stack:5} {cost.seconds:6.1f} s {cost.memory:5.0f} MB  {cost.phases}")
    return statistics.median(ratios)


def one_chapter(size: int, jobs: str) -> dict[str, float]:
    """Return what a build of one chapter costs each stack that changes nothing: the least of a few."""
    with tempfile.TemporaryDirectory() as folder:
        books = Path(folder)
        write_books(books, 1, 0, size)
        for stack in STACKS:
            clean(books, stack, jobs)
        return {stack: least(books, stack, jobs).seconds for stack in STACKS}


def least(
    books: Path, stack: str, jobs: str, change: Callable[[Path], None] = lambda _: None
) -> Cost:
    """Return the least that a build costs after a change: the others wait for the machine."""
    costs = []
    for _ in range(REPEATS):
        change(books)
        costs.append(build(books, stack, jobs))
    return min(costs, key=lambda cost: cost.seconds)


def compare_again(books: Path, jobs: str, one: dict[str, float]) -> None:
    """Print what a build costs that changes nothing, and one after an edit.

    ``one`` is what no change costs a book of one chapter.
    """
    for what, change in (("no change", lambda _: None), ("one edit", edit)):
        print(f"  {what}, and how many times no change of a book of one chapter that is:")
        for stack in STACKS:
            cost = least(books, stack, jobs, change)
            ratios = f"{cost.seconds / one[stack]:.2f} of its own, {cost.seconds / one['plain']:.2f} of plain's"
            print(
                f"    {stack:5} {cost.seconds:6.2f} s {cost.memory:5.0f} MB  {ratios}  {cost.phases}"
            )


def main() -> int:
    """Compare at the sizes asked for; return the exit status."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--chapters", type=int, nargs="+", default=[20, 100, 300])
    parser.add_argument("--notebooks", type=int, default=5)
    parser.add_argument("--bytes", type=int, default=10_000, help="size of a chapter")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--jobs", default="1")
    parser.add_argument(
        "--at-least", type=float, default=0, help="ratio of clean builds below which it fails"
    )
    arguments = parser.parse_args()
    only_clean = bool(arguments.at_least)
    one = {} if only_clean else one_chapter(arguments.bytes, arguments.jobs)
    for stack, cost in one.items():
        print(f"one chapter, no change: {stack} {cost:.2f} s")
    ratios = []
    for chapters in arguments.chapters:
        with tempfile.TemporaryDirectory() as folder:
            size, notebooks = arguments.bytes, min(arguments.notebooks, chapters)
            books = Path(folder)
            write_books(books, chapters, notebooks, size)
            print(f"{chapters} chapters of {size:,} bytes, -j {arguments.jobs}:")
            ratios.append(compare(books, arguments.runs, arguments.jobs))
            print(f"  median: {ratios[-1]:.2f} times faster than the plain stack", flush=True)
            if one:
                compare_again(books, arguments.jobs, one)
    return int(min(ratios) < arguments.at_least)


if __name__ == "__main__":
    sys.exit(main())
