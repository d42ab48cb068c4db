"""Warm kernels give what kernels that are started anew give, whatever a notebook looks at."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat
import pytest
from myst_nb.core.read import is_myst_markdown_notebook, read_myst_markdown_notebook
from nbformat.v4 import new_code_cell, new_notebook

from patience import has_ended, wait_for
from sphinx_mmbook.notebooks import pool
from sphinx_mmbook.notebooks.early import begin_early
from sphinx_mmbook.notebooks.job import Job, Limits
from sphinx_mmbook.notebooks.pool import LocalExecutor, run_chapters
from sphinx_mmbook.notebooks.warm import can_fork, modules_for, shadows

if TYPE_CHECKING:
    from nbformat import NotebookNode

pytestmark = pytest.mark.skipif(not can_fork(), reason="kernels are forked where that is safe")

NASTY = {
    "modules": "import numpy as np\nimport pandas as pd\nimport matplotlib.pyplot as plt\nimport scipy.stats",
    "plots": "plt.plot(np.arange(5))\nprint(plt.get_backend(), plt.isinteractive())",
    "magic": "%matplotlib inline\nplt.plot([1, 2])\nplt.show()\nimport matplotlib\nprint(sorted(map(str, matplotlib.rcParams.items())))",
    "threads": "import os, threading\nprint(sorted(t.name.split('-')[0] for t in threading.enumerate()))",
    "process": "print(os.getcwd(), os.getpgid(0) == os.getpid() == os.getsid(0), os.umask(0o22))",
    "environment": "print(sorted(n for n in os.environ.items() if n[0] != 'JPY_PARENT_PID'))\nprint(os.environ['JPY_PARENT_PID'] == str(os.getppid()))",
    "python": "import sys\nprint(len(sys.argv), sys.argv[1:2], sys.path, sys.flags, __name__, os.path.basename(sys.argv[0]))\nprint([n for n in sys.modules if n.startswith(('sphinx.', 'sphinx_mmbook.ext', 'docutils'))])",
    "descriptors": "import re\nprint(sorted(re.sub(r'mmbook-\\w+|\\d+', '', os.readlink(f'/proc/self/fd/{n}')) for n in os.listdir('/proc/self/fd') if n != '0' and os.path.exists(f'/proc/self/fd/{n}')))",
    "signals": "import signal\nprint([signal.getsignal(n) for n in (signal.SIGINT, signal.SIGTERM, signal.SIGCHLD, signal.SIGPIPE)], signal.set_wakeup_fd(-1) >= -1)\nsignal.signal(signal.SIGUSR1, lambda *_: print('heard'))\nos.kill(os.getpid(), signal.SIGUSR1)",
    "input": "input('name?')",
    "asyncio": "import asyncio\nawait asyncio.sleep(0.01)\np = await asyncio.create_subprocess_exec('echo', 'x', stdout=-1)\nprint(await p.communicate(), await asyncio.to_thread(lambda: 3))",
    "subprocesses": "import subprocess\nprint(subprocess.run(['sh', '-c', 'echo $0 $MPLBACKEND; ls -d .; cat'], capture_output=True, text=True).stdout)\n!echo shell",
    "multiprocessing": "import multiprocessing as mp, math\nprint(mp.current_process(), mp.get_start_method())\nprint(mp.Pool(2).map(math.sqrt, [4, 9]), mp.get_context('spawn').Pool(1).map(math.sqrt, [4]))",
    "seeded": "import random\nrandom.seed(1); np.random.seed(1)\nprint(random.random(), np.random.rand(2), np.random.default_rng(3).normal(), hash('a'))",
    "settings": "import locale, decimal, logging, warnings, gc, tempfile, time\nprint(locale.getlocale(), decimal.getcontext(), logging.root.handlers, gc.get_threshold(), tempfile.gettempdir(), time.tzname, sys.getrecursionlimit())\nprint(sorted(map(str, warnings.filters)))\nprint(np.geterr(), np.get_printoptions(), pd.options.display.max_rows)",
    "wide table": "print(pd.DataFrame([[0.5] * 9], columns=[c * 12 for c in 'abcdefghi']))\nprint(pd.options.display.max_columns)",
    "warning": "warnings.warn('seen')\npd.DataFrame({'a': [1.5, None]})",
    "error": "def f():\n    return 1 / 0\nf()",
    "stdin": "print(os.read(0, 10), sys.stdin.read())",
    "atexit": "import atexit, inspect\nprint(inspect.getsource(f))",
}  # fmt: skip


def notebook(*sources: str, kernel: str = "python3") -> NotebookNode:
    cells = [new_code_cell(source) for source in sources]
    for cell in cells:
        cell.metadata["tags"] = ["raises-exception"]
    kernelspec = {"name": kernel, "display_name": kernel}
    return new_notebook(cells=cells, metadata={"kernelspec": kernelspec})


def outcomes(folder: Path, *given: NotebookNode, warm: bool = True) -> list:
    jobs = [Job(f"c{n}", folder / "index.md", one, Limits(60)) for n, one in enumerate(given)]
    with LocalExecutor(2, jobs) as executor:
        assert (executor.running.warm is not None) is warm
        ended = list(run_chapters(jobs, executor, lambda _: None))
    return [outcome for _, outcome in sorted(ended, key=lambda pair: pair[0].name)]


def shown(outcome) -> dict[str, str]:
    assert outcome.failure is None
    cells = outcome.notebook.cells
    # Of a warning IPython shows the number of the process.
    return {
        name: re.sub(r"ipykernel_\d+", "", str(cell.outputs))
        for name, cell in zip(NASTY, cells, strict=True)
    }


@pytest.mark.long
def test_a_nasty_notebook_gives_the_same_in_a_warm_and_in_an_ordinary_kernel(tmp_path, monkeypatch):
    nasty = notebook(*NASTY.values())
    warm, _ = map(shown, outcomes(tmp_path, nasty, nasty))
    monkeypatch.setattr(pool, "can_fork", lambda: False)
    cold, _ = map(shown, outcomes(tmp_path, nasty, nasty, warm=False))
    assert {name: (warm[name], cold[name]) for name in NASTY if warm[name] != cold[name]} == {}


@pytest.mark.long
def test_the_showcase_gives_the_same_in_warm_and_in_ordinary_kernels(tmp_path, monkeypatch):
    given = Path(__file__).parents[2] / "book"
    book = shutil.copytree(given, tmp_path / "book", ignore=shutil.ignore_patterns("_build"))
    jobs = []
    for file in sorted(book.glob("chapters/**/index.md")):
        text = file.read_text("utf-8")
        if is_myst_markdown_notebook(text):
            jobs.append(Job(file.parent.name, file, read_myst_markdown_notebook(text), Limits(300)))

    def outputs() -> dict[str, list]:
        with LocalExecutor(2, jobs) as executor:
            assert (executor.running.warm is not None) is pool.can_fork()
            ended = list(run_chapters(jobs, executor, lambda _: None))
        assert [job.name for job, outcome in ended if outcome.failure] == []
        return {
            job.name: [cell.get("outputs", []) for cell in outcome.notebook.cells]
            for job, outcome in ended
        }

    warm = outputs()
    monkeypatch.setattr(pool, "can_fork", lambda: False)
    cold = outputs()
    assert len(warm) > 5
    assert any(
        output.get("data", {}).get("image/png")
        for one in warm.values()
        for cell in one
        for output in cell
    )
    assert [name for name in warm if warm[name] != cold[name]] == []


@pytest.mark.long
def test_warm_kernels_have_random_numbers_and_memory_of_their_own(tmp_path):
    source = "import random, numpy as np, math, os\nmath.mine = os.getpid()\nprint(random.random(), np.random.rand(), os.getppid())"
    other = notebook(source, "print(math.mine == os.getpid())")
    first, second = outcomes(tmp_path, other, other)
    one, two = (each.notebook.cells[0].outputs[0].text.split() for each in (first, second))
    assert one[2] == two[2] != str(os.getpid())
    assert not {*one[:2]} & {*two[:2]}
    assert second.notebook.cells[1].outputs[0].text == "True\n"


@pytest.mark.long
def test_a_chapters_own_module_is_not_taken_for_a_package(tmp_path):
    (tmp_path / "pandas.py").write_text("mine = True")
    first, _ = outcomes(tmp_path, notebook("import pandas\nprint(pandas.mine)"), notebook("1"))
    assert first.notebook.cells[0].outputs[0].text == "True\n"


def test_what_is_preloaded_is_read_from_the_chapters(tmp_path):
    given = notebook(
        "%%time\nfrom scipy import stats\nimport helper, plotly", "import seaborn as sns"
    )
    assert modules_for([given]) == (
        "numpy", "scipy", "scipy.stats", "pandas", "matplotlib.pyplot",
        "matplotlib.backends.backend_agg",
    )  # fmt: skip
    assert not shadows(tmp_path, ("scipy.stats",))
    (tmp_path / "scipy").mkdir()
    assert shadows(tmp_path, ("scipy.stats",))


PAGE = """\
---
file_format: mystnb
---

```{code-cell}
from scipy import stats
from sklearn.linear_model import (
    LinearRegression,
)
```
"""


def write_book(folder: Path, conf: str = "") -> None:
    folder.mkdir()
    (folder / "conf.py").write_text(conf)
    (folder / "one.md").write_text(PAGE)
    two = [new_code_cell("import pandas as pd\nimport plotly"), new_code_cell("pd.DataFrame()")]
    nbformat.write(new_notebook(cells=two), folder / "two.ipynb")


@pytest.mark.long
def test_the_parent_of_kernels_begins_while_sphinx_loads(tmp_path):
    write_book(tmp_path / "book")
    book = tmp_path / "book"
    early = begin_early(book, book, book / "_build/html", {})
    warm, modules = early.warm, {"scipy", "scipy.stats", "sklearn.linear_model", "numpy", "pandas"}
    assert modules <= {*warm.modules} and "plotly" not in warm.modules
    given = notebook("import pandas, sys, os\nprint('sklearn' in sys.modules, os.getppid())")
    jobs = [Job(f"c{n}", book / "one.md", given, Limits(60)) for n in range(2)]
    with LocalExecutor(2, jobs, warm) as executor:
        ended = [outcome for _, outcome in run_chapters(jobs, executor, lambda _: None)]
    said = [outcome.notebook.cells[0].outputs[0].text for outcome in ended]
    assert said == [f"True {warm.process.pid}\n"] * 2
    assert warm.process.poll() is None
    early.close()
    assert warm.process.poll() is not None and not Path(warm.address).parent.exists()


def test_a_pipe_a_device_and_a_link_among_the_pages_are_not_read_early(tmp_path):
    os.mkfifo(tmp_path / "pipe.md")
    (tmp_path / "zero.md").symlink_to("/dev/zero")
    (tmp_path / "link.ipynb").symlink_to(tmp_path.parent / "other.ipynb")
    (tmp_path / "conf.py").write_text('extensions = ["sphinx_mmbook"]')
    assert begin_early(tmp_path, tmp_path, tmp_path / "_build/html", {}).warm is None


@pytest.mark.parametrize("why", ["cache", "off", "told", "cluster", "one"])
def test_no_parent_of_kernels_begins_early_where_none_may_be_needed(tmp_path, why):
    conf = {"off": "nb_execution_mode = 'off'", "cluster": "mmbook_scheduler = 'tcp://host:1'"}
    book = tmp_path / "book"
    write_book(book, conf.get(why, ""))
    if why == "cache":
        (book / "_build/.jupyter_cache").mkdir(parents=True)
    if why == "one":
        (book / "two.ipynb").unlink()
    told = {"nb_execution_mode": "off"} if why == "told" else {}
    assert begin_early(book, book, book / "_build/html", told).warm is None


@pytest.mark.long
def test_kernels_end_with_a_build_that_is_killed(tmp_path):
    script = f"""
from pathlib import Path
from nbformat.v4 import new_code_cell, new_notebook
from sphinx_mmbook.notebooks.early import begin_early
from sphinx_mmbook.notebooks.job import Job, Limits
from sphinx_mmbook.notebooks.pool import LocalExecutor, run_chapters
code = "import os, pathlib, time; pathlib.Path(f'pid{{0}}').write_text(f'{{os.getpid()}} {{os.getppid()}}'); time.sleep(600)"
folder = Path({str(tmp_path)!r})
jobs = [
    Job(str(n), folder / "index.md", new_notebook(cells=[new_code_cell(code.replace("{{0}}", str(n)))]), Limits(0))
    for n in (0, 1)
]
with LocalExecutor(2, jobs) as executor:
    list(run_chapters(jobs, executor, print))
"""
    process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.DEVNULL)
    files = [tmp_path / "pid0", tmp_path / "pid1"]
    wait_for(lambda: all(file.exists() and file.read_text() for file in files), process)
    pids = [int(word) for file in files for word in file.read_text().split()]
    process.send_signal(signal.SIGKILL)
    process.wait()
    wait_for(lambda: all(has_ended(pid) for pid in pids))
