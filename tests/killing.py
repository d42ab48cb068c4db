"""Programs that store results, killed at random moments, and what is found afterwards.

Each is forked from this process, which has loaded everything: a kill takes a fraction of a second.
Read is as each of the book's readers does, in random order: the check, the list of results, what
pages ask for, and one time in twenty a whole build.
By hand: ``python tests/killing.py store|run|record KILLS [SEED]``.
"""

from __future__ import annotations

import io
import json
import os
import random
import re
import runpy
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout, suppress
from pathlib import Path

from building import build_here
from patience import has_ended, wait_for
from sphinx_mmbook import storing
from sphinx_mmbook.cli import check, main, results
from sphinx_mmbook.core.files import git
from sphinx_mmbook.core.finding import Location
from sphinx_mmbook.core.provenance.hashing import digest
from sphinx_mmbook.core.provenance.recovery import recover_results
from sphinx_mmbook.core.results.cache import ResultCache, show_table
from sphinx_mmbook.core.results.request import Request
from sphinx_mmbook.core.results.value_lookup import parse_reference, value_text

#: Loaded before the first process is forked.
WARM = (check, git, results, storing)
RESULTS = Path("ch/a/results")
KNOWN = {"fit.csv", "fit-confint.csv", "fit-fit.csv", "own.csv"}
#: A number in a cell or in the text.
SHOWN = re.compile(r'(?:<p>|"stored-value">)\(?(\d+(?:\.\d+)?)\)?(?=<)')
CONF = """\
project = author = "B"
extensions = ["sphinx_mmbook"]
html_theme = "basic"
"""
INDEX = """\
# Book

```{toctree}
ch/a/index
```
"""
#: Shows each result in each way that there is; the order of the files is that of ``shown``.
PAGE = """\
# A

```{{stored-table}} results/fit.csv
:columns: Estimate
:rows: 1-900
:source:
```

```{{stored-models}}
:terms: x0, x3999
results/fit.csv = fit
```

Values: {{stored}}`results/fit.csv#x3999,Estimate|.0f`,
{{stored}}`results/fit-confint.csv#[-1],2.5 %|.0f`.
{own}
```{{results}}
```
"""
PAGE_OWN = """
```{stored-table} results/own.csv
:rows: 49500-50000
```

Own: {stored}`results/own.csv#[50000]|.0f`.

"""
#: Three files that belong to one result, each with the number of the run in each cell.
FIT = """\
import numpy
from sphinx_mmbook import store
N = {number}
class Fit:
    use_t, nobs, model = True, 3, None
    def __init__(self, n):
        self.params = self.bse = self.tvalues = self.pvalues = [float(n)] * 4000
        self.nobs, self.model = n, self
        self.exog_names = [f"x{{i}}" for i in range(4000)]
    def conf_int(self):
        return numpy.full((4000, 2), float(self.nobs))
store(Fit(N), "results/fit.csv", seed=N)
"""
#: A result of store() and one that the program writes itself.
OWN = FIT + """\
# mmbook-results: results/own.csv
with open("results/own.csv", "w") as file:
    file.write("value\\n" + f"{{N}}\\n" * 50000)
"""  # fmt: skip


class Killed:
    """A book whose one program is run and killed; ``numbers`` of all runs that were begun."""

    def __init__(self, folder: Path, kind: str, chance: random.Random) -> None:
        self.book, self.kind, self.chance = folder, kind, chance
        self.seen: Counter[str] = Counter()
        self.number = 0
        page = PAGE.format(own=PAGE_OWN if kind != "store" else "")
        for name, text in (("conf.py", CONF), ("index.md", INDEX), ("ch/a/index.md", page)):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text)
        (folder / RESULTS).mkdir()
        (folder / "ch/a/code").mkdir()
        begun = time.monotonic()
        for _ in range(3):
            self.prepare()
            assert os.waitpid(self.forked(self.command()), 0)[1] == 0
        assert set(self.state()) == {3}
        #: How long it takes when nobody ends it.
        self.whole = (time.monotonic() - begun) / 3

    def prepare(self) -> None:
        """Change the program, so that the result is stale."""
        self.number += 1
        program = self.book / "ch/a/code/x.py"
        program.write_text((FIT if self.kind == "store" else OWN).format(number=self.number))
        os.utime(program, (0, 0))
        if self.kind == "record":  # what somebody ran by hand
            os.waitpid(self.forked(self.program), 0)

    def command(self) -> Callable[[], object]:
        if self.kind == "store":
            return self.program
        words = ["run"] if self.kind == "run" else ["record", str(self.book / "ch/a/code/x.py")]
        return lambda: main(["results", *words])

    def program(self) -> None:
        os.chdir("ch/a")
        runpy.run_path("code/x.py", run_name="__main__")

    def forked(self, function: Callable[[], object]) -> int:
        """Call a function in the book, in a process of its own; return its number."""
        pid = os.fork()
        if pid:
            return pid
        try:
            os.setsid()
            os.chdir(self.book)
            with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
                function()
            os._exit(0)
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(1)

    def kill_once(self) -> None:
        """Begin, kill, and look: each result is the old one or the new one, and whole."""
        self.prepare()
        before = self.state()
        marks = self.marks()
        pid = self.forked(self.command())
        if self.chance.random() < 0.5:
            time.sleep(self.chance.uniform(0, 1.1 * self.whole))
        else:  # most of the time nothing is written: wait until something is
            while self.marks() == marks and runs(pid):
                time.sleep(0.0005)
            time.sleep(self.chance.uniform(0, 0.02))
        pids = [pid, *children(pid)]
        # Also the other way round: the program first, or the command alone.
        for one in pids if self.chance.random() < 0.7 else pids[:1]:
            for kill in (os.killpg, os.kill):
                with suppress(ProcessLookupError):
                    kill(one, signal.SIGKILL)
        os.waitpid(pid, 0)
        for one in pids[1:]:
            wait_for(lambda one=one: has_ended(one))
        self.read()
        after = self.state()
        assert after == before or set(after) == {self.number}, (before, after)
        self.seen["old" if after == before else "new"] += 1

    def marks(self) -> tuple[int, ...]:
        """Return what changes when a file is written in a folder of results or of a run."""
        folders = (self.book / RESULTS, self.book / "_build/results/before")
        return tuple(folder.stat().st_mtime_ns if folder.is_dir() else 0 for folder in folders)

    def read(self) -> None:
        """Read as every reader does; the first of them finds what the kill left."""
        readers = [self.check, self.status, self.page]
        self.chance.shuffle(readers)
        if self.chance.random() < 0.05:
            readers.insert(self.chance.randrange(4), self.build)
        for reader in readers:
            reader()
            self.seen[f"{reader.__name__} read"] += 1

    def check(self) -> None:
        self.say(["check"])

    def status(self) -> None:
        self.say(["results", "status"])

    def say(self, words: list[str]) -> None:
        said = io.StringIO()
        here = Path.cwd()
        os.chdir(self.book)
        try:
            with redirect_stdout(said), redirect_stderr(said):
                main(words)
        finally:
            os.chdir(here)
        self.seen["put right"] += "put in place" in said.getvalue() or "put back" in said.getvalue()
        assert "Traceback" not in said.getvalue(), said.getvalue()
        assert "cannot be read" not in said.getvalue(), said.getvalue()

    def page(self) -> None:
        """Read by the functions that a build reads by, and compare every cell with the files."""
        self.seen["put right"] += bool(recover_results(self.book))
        for name in KNOWN if self.kind != "store" else KNOWN - {"own.csv"}:
            file = self.book / RESULTS / name
            request, number = Request(file, name, Location("ch/a/index.md")), number_of(file)
            index = ResultCache().index(request)
            cells = index.frame.select_dtypes("number").to_numpy()
            assert cells.size >= 1, name
            assert (cells == number).all(), name
            shown = show_table(request, {"rows": "1-900", "digits": "0"}, ResultCache())
            assert {float(row[-1]) for row in shown.rows} == {number}, name
            value = parse_reference(f"{name}#[-1],{index.columns.names[-1]}|.0f")
            assert value_text(index, value) == str(number), name
            if name == "fit.csv":
                model = ResultCache().model(request)
                estimates = {term.estimate for term in model.terms.values()}
                assert (estimates, model.fit["nobs"]) == ({number}, number)

    def build(self) -> None:
        """Build the book; its page shows each result in each way that there is."""
        words = ["-q", "-b", "html", str(self.book), str(self.book / "_build/html")]
        status, _, said = build_here(self.book, words)
        assert status == 0, said
        self.seen["put right"] += "put in place" in said or "put back" in said
        faults = [line for line in said.splitlines() if "[mmbook." in line or "ERROR" in line]
        assert all("[mmbook.result-" in line for line in faults), said  # stale, or edited
        text = (self.book / "_build/html/ch/a/index.html").read_text().split("mmbook-results")[0]
        assert "mmbook-fault" not in text, said
        for name, part in zip(("fit.csv", "own.csv"), text.split("</span>.</p>"), strict=False):
            if (self.book / RESULTS / name).exists():
                found = Counter(map(float, SHOWN.findall(part)))
                assert set(found) == {number_of(self.book / RESULTS / name)}, (name, found)
                assert found.total() > 500, (name, found)

    def state(self) -> tuple[int, ...]:
        """Return of which run each result is, after a look at every letter of it."""
        folder = self.book / RESULTS
        found = []
        for sidecar in sorted(folder.glob("*.prov.json")):
            said = json.loads(sidecar.read_text())
            numbers = {number_of(folder / name) for name in said["files"]}
            assert len(numbers) == 1, (sidecar, numbers)
            fits = {name: digest(folder / name) for name in said["files"]} == said["files"]
            # While nothing has recorded it, a file that was made by hand is newer than its sidecar.
            assert fits or (self.kind == "record" and sidecar.name.startswith("own")), sidecar
            found.append(numbers.pop() if fits else -1)
        # What was not ready is hidden, read by nobody, and removed after an hour.
        left = {path.name for path in folder.iterdir() if path.suffix != ".new"}
        assert left - KNOWN <= {"fit.csv.prov.json", "own.csv.prov.json"}, left
        return tuple(found)


def number_of(file: Path) -> int:
    """Return the number that every cell of a file has."""
    rows = [line.rsplit(",", 1)[-1] for line in file.read_text().splitlines()[1:]]
    assert len(rows) == {"own.csv": 50000, "fit-fit.csv": 1}.get(file.name, 4000), file
    assert len(set(rows)) == 1, file
    return int(float(rows[0]))


def runs(pid: int) -> bool:
    """Whether a child has not ended; its status can still be asked for."""
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None


def children(pid: int) -> list[int]:
    found: list[int] = []
    with suppress(OSError):
        for thread in Path(f"/proc/{pid}/task").iterdir():
            found += map(int, (thread / "children").read_text().split())
    return found


def kill(folder: Path, kind: str, times: int, seed: int) -> Counter[str]:
    """Kill so many times; return how often the old result was found, and how often the new one.

    :raises AssertionError: if any result was not whole.
    """
    killed = Killed(folder, kind, random.Random(seed))
    for _ in range(times):
        killed.kill_once()
    return killed.seen


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        words = [*sys.argv[1:], "1"]
        begun = time.monotonic()
        seen = kill(Path(folder), words[0], int(words[1]), int(words[2]))
        print(f"{words[0]}: {words[1]} kills in {time.monotonic() - begun:.0f} s: {dict(seen)}")
