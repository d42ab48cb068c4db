"""What stored results cost: one file on many pages, and a few rows of a large file.

    python benchmarks/results.py

Prints a table, and exits with status 1 if a file is read more than once in a build, or 20 rows of
a CSV file of 100 MB take 3 seconds of the processor, or 1.5 times its size in memory.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

CONF = 'project = "B"\nauthor = "B"\nextensions = ["sphinx_mmbook"]\nhtml_theme = "basic"\n'
SECONDS, FACTOR = 3.0, 1.5
SHOW = """
import resource, sys, time
from pathlib import Path
import pandas
from sphinx_mmbook.core.finding import Location
from sphinx_mmbook.core.results.cache import ResultCache
from sphinx_mmbook.core.results.request import Request
from sphinx_mmbook.core.results.cache import show_table

request = Request(Path(sys.argv[1]), "big.csv", Location("a.md", 1))
before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
table = show_table(request, eval(sys.argv[2]), ResultCache())
after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(len(table.rows), time.process_time() - start, (after - before) / 1024)
"""
CHOICES = (
    {"rows": "1-20"},
    {"where": 'model == "m7" and x0 > 0.999', "rows": "1-20"},
    {"sort": "-x0", "rows": "1-20"},
    {"sort": "model", "rows": "1-20"},
)


def main() -> int:
    """Run all; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=50)
    parser.add_argument("--megabytes", type=int, default=100)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        ok = many_pages(Path(folder, "book"), arguments.pages)
        return 0 if large_file(Path(folder, "big.csv"), arguments.megabytes) and ok else 1


def many_pages(book: Path, pages: int) -> bool:
    """Show one file of 9 MB on many pages, and on one."""
    (book / "results").mkdir(parents=True)
    write_csv(book / "results" / "a.csv", 9)
    (book / "conf.py").write_text(CONF)
    links = "\n".join(f"p{number}" for number in range(pages))
    (book / "index.md").write_text(f"# B\n\n```{{toctree}}\n\n{links}\n```\n")
    times = []
    for shown in (0, 1, pages):
        for number in range(pages):
            text = f"# Page {number}\n\n"
            if number < shown:
                text += "```{stored-table} results/a.csv\n:rows: 1-20\n```\n\n"
                text += "{stored}`results/a.csv#1,x0|.3f`\n"
            (book / f"p{number}.md").write_text(text)
        times.append(build(book))
    plain, once, many = times
    read = once - plain
    print(f"{'pages without results':42} {plain:6.2f} s")
    print(f"{'one page shows 9 MB':42} {once:6.2f} s")
    print(f"{f'{pages} pages show the same 9 MB':42} {many:6.2f} s")
    print(f"{'  as it would be if each page read it':42} {plain + pages * read:6.2f} s")
    return many < plain + 3 * read + 2


def build(book: Path) -> float:
    """Build the book afresh; return the seconds of the processor."""
    command = [
        sys.executable,
        "-m",
        "sphinx",
        "-q",
        "-E",
        "-b",
        "html",
        str(book),
        str(book / "_b"),
    ]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def large_file(path: Path, megabytes: int) -> bool:
    """Show 20 rows of a large file, chosen in several ways."""
    write_csv(path, megabytes)
    ok = True
    for choice in CHOICES:
        command = [sys.executable, "-c", SHOW, str(path), repr(choice)]
        run = subprocess.run(command, check=True, capture_output=True, encoding="utf-8")
        rows, seconds, memory = run.stdout.split()
        name = ", ".join(f"{key}: {value}" for key, value in choice.items())
        print(
            f"{megabytes} MB, {name:50} {rows} rows {float(seconds):5.2f} s {float(memory):5.0f} MB"
        )
        ok &= float(seconds) < SECONDS and float(memory) < FACTOR * megabytes
    return ok


def write_csv(path: Path, megabytes: int) -> None:
    """Write a table of results, ten columns wide."""
    draw = random.Random(1)
    block = [[f"{draw.random():.8f}" for _ in range(8)] for _ in range(10_007)]
    with path.open("w", encoding="utf-8") as file:
        file.write("id,model," + ",".join(f"x{number}" for number in range(8)) + os.linesep)
        number = 0
        while number % 10_000 or file.tell() < megabytes * 1_000_000:
            file.write(f"{number},m{number % 50}," + ",".join(block[number % 10_007]) + "\n")
            number += 1


if __name__ == "__main__":
    sys.exit(main())
