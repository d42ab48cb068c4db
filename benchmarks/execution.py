"""What execution takes: whole builds of light notebooks, from nothing, beside Sphinx + MyST-NB.

All stacks build the same sources, in turn and in one run; the time is that of the clock, since
kernels wait for each other. MyST-NB's database is made before its build with two processes, which
would otherwise now and then end as both make it. Then three slow chapters among twelve go through
the pool, beside the time that the longest first would take on so many workers and no other work.

    python benchmarks/execution.py                  twenty notebooks, one run
    python benchmarks/execution.py --runs 3 --notebooks 20 --workers 2
    python benchmarks/execution.py --at-least 4     exit status 1 if ours is not so many times faster
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from jupyter_cache import get_cache
from nbformat.v4 import new_code_cell, new_notebook

from sphinx_mmbook.notebooks.job import Job, Limits
from sphinx_mmbook.notebooks.pool import LocalExecutor, run_chapters

CONF = """
project = "Light notebooks"
html_theme = "sphinx_book_theme"
nb_execution_mode = "cache"
extensions = ["{extension}"]
"""
#: Name, extension, processes.
STACKS = (("plain", "myst_nb", 1), ("plain -j 2", "myst_nb", 2), ("ours", "sphinx_mmbook", 2))
CHAPTER = """\
---
title: Chapter {number}
file_format: mystnb
kernelspec:
  name: python3
  display_name: Python 3
---

Some text.

```{{code-cell}}
import numpy as np
import pandas as pd
import matplotlib.pyplot as plt
```

```{{code-cell}}
frame = pd.DataFrame({{"x": np.random.default_rng({number}).normal(size=200)}})
frame.describe()
```

```{{code-cell}}
plt.hist(frame["x"], bins=20)
plt.show()
```
"""
#: Seconds that the chapters of the second comparison sleep.
SLEEPS = (8, 8, 8, *[1] * 9)


def write_book(folder: Path, extension: str, count: int) -> None:
    """Write the book of a stack."""
    folder.mkdir(parents=True)
    (folder / "conf.py").write_text(CONF.format(extension=extension))
    names = [f"chapter-{number:02}" for number in range(count)]
    toctree = "\n".join(["```{toctree}", *names, "```"])
    (folder / "index.md").write_text(f"# Book\n\n{toctree}\n")
    for number, name in enumerate(names):
        (folder / f"{name}.md").write_text(CHAPTER.format(number=number))


def build(folder: Path, extension: str, count: int, jobs: int) -> tuple[float, float]:
    """Build a book from nothing, and once more; return the seconds of both."""
    shutil.rmtree(folder, ignore_errors=True)
    write_book(folder, extension, count)
    if extension == "myst_nb" and jobs > 1:
        get_cache(folder / "_build/.jupyter_cache").list_cache_records()
    command = [sys.executable, "-m", "sphinx", "-q", "-j", str(jobs), "-b", "html"]
    seconds = []
    for _ in range(2):
        begun = time.monotonic()
        subprocess.run(
            [*command, str(folder), str(folder / "_build/html")], check=True, capture_output=True
        )
        seconds.append(time.monotonic() - begun)
    pages = list((folder / "_build/html").glob("chapter-*.html"))
    assert len(pages) == count
    assert all("<img" in page.read_text() and "count" in page.read_text() for page in pages)
    return seconds[0], seconds[1]


def slow_ones(folder: Path, workers: int) -> tuple[float, float]:
    """Run three slow chapters among twelve; return the seconds, and those of the optimum."""
    jobs = []
    for number, sleep in enumerate(reversed(SLEEPS)):
        cells = [new_code_cell(f"import time\ntime.sleep({sleep})\nprint({number})")]
        file = folder / f"{number}.md"
        jobs.append(Job(f"{number}", file, new_notebook(cells=cells), Limits(), estimate=sleep))
    begun = time.monotonic()
    with LocalExecutor(workers, jobs) as executor:
        ended = list(run_chapters(jobs, executor, lambda _: None))
    seconds = time.monotonic() - begun
    assert all(outcome.failure is None for _, outcome in ended)
    busy = [0] * workers
    for sleep in SLEEPS:
        busy[busy.index(min(busy))] += sleep
    return seconds, max(busy)


def main() -> None:
    """Compare, and say how many times faster ours is."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--notebooks", type=int, default=20)
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--at-least", type=float, default=0)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        times: dict[str, list[float]] = {stack: [] for stack, *_ in STACKS}
        for _ in range(args.runs):
            for stack, extension, jobs in STACKS:
                folder = Path(name, stack.replace(" ", ""))
                first, again = build(folder, extension, args.notebooks, jobs)
                times[stack].append(first)
                print(f"{stack:11} {first:6.1f} s, once more {again:.1f} s", flush=True)
        middle = {stack: statistics.median(all_of) for stack, all_of in times.items()}
        ratios = {stack: middle[stack] / middle["ours"] for stack in middle}
        print(f"ours is {ratios['plain']:.2f} times faster than plain MyST-NB, "
              f"{ratios['plain -j 2']:.2f} times faster than that with two processes")  # fmt: skip
        seconds, optimum = slow_ones(Path(name), args.workers)
        over = seconds / optimum - 1
        print(f"three slow among twelve: {seconds:.1f} s, optimum {optimum} s, {over:+.0%}")
    raise SystemExit(int(ratios["plain"] < args.at_least))


if __name__ == "__main__":
    main()
