"""``mmbook run``: a build that runs chapters, or says why they would run, and reads no page.

The command starts it, since only a build knows how MyST-NB reads a page, and what conf.py says.
"""

from __future__ import annotations

import json
import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx_mmbook.core.finding import Finding
from sphinx_mmbook.core.provenance.frozen_file import frozen_files
from sphinx_mmbook.ext.adapters.myst_nb import cache_folder
from sphinx_mmbook.ext.pages.execution import Chapter, ChapterRuns, chapters_of
from sphinx_mmbook.ext.pages.frozen import FrozenPages
from sphinx_mmbook.ext.report import report
from sphinx_mmbook.notebooks.cache import RunCache

if TYPE_CHECKING:
    from nbformat import NotebookNode
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

    from sphinx_mmbook.notebooks.early import EarlyParent

#: In the environment: a JSON object with ``pages``, relative to the book (none named: all),
#: ``why`` (say why they would run, and run nothing), ``again`` (run also what is up to date),
#: ``twice`` (and compare) and ``jobs`` (0: as the book sets it).
RUN = "MMBOOK_RUN"
DIFFER = (
    "this cell puts out something else each time it is run; set a seed, sort what has no order, "
    "and print no times or addresses"
)
#: Before the check of the whole book, which has nothing to do with it.
FIRST = 50


def run_pages(app: Sphinx, env: BuildEnvironment, docnames: list[str], early: EarlyParent) -> None:
    """Run the chapters that the command names, and end the build.

    :raises SystemExit: with status 1 if one of them failed, or, asked why, would run.
    """
    if RUN not in os.environ:
        return
    order = json.loads(os.environ[RUN])
    named = [env.path2doc(path) or "" for path in order["pages"]]
    chapters = list(chapters_of(env, named or sorted(env.found_docs)))
    for docname in sorted({*named} - {chapter.docname for chapter in chapters}):
        print(f"{env.doc2path(docname, base=False).as_posix()}: no code that is run")
    if not named:
        # A frozen chapter needs not run; the packages or data may not be here.
        chapters = [chapter for chapter in chapters if not is_frozen(env, chapter)]
    if order["why"]:
        raise SystemExit(say_why(env, chapters))
    if order["jobs"]:
        env.config.mmbook_execution_jobs = order["jobs"]
    if order["twice"]:
        raise SystemExit(compare_runs(env, chapters))
    runs = ChapterRuns(FrozenPages(), partial(print, flush=True), early)
    runs.run(env, chapters, again=order["again"])
    count = len(runs.ran)
    said = f"{count} chapter{'s' * (count != 1)} run" if count else "Nothing to do"
    print(f"{said}; {len(chapters) - count} up to date, {len(runs.failed)} failed")
    raise SystemExit(int(bool(runs.failed)))


def compare_runs(env: BuildEnvironment, chapters: list[Chapter]) -> int:
    """Run chapters twice and report the cells whose outputs differ; 1 if one does, or fails."""
    runs = ChapterRuns(FrozenPages(), say=partial(print, flush=True))
    seen: list[dict[str, list[str]]] = []
    for _ in range(2):
        runs.run(env, chapters, again=True)
        if runs.failed:
            return 1
        cache = RunCache(cache_folder(env))
        done = {chapter.docname: cache.outputs(chapter.job()) for chapter in chapters}
        seen.append({name: outputs_of(notebook) for name, notebook in done.items() if notebook})
    found = 0
    for chapter in chapters:
        first, second = (run.get(chapter.docname, []) for run in seen)
        pairs = enumerate(zip(first, second, strict=False))
        cells = [index for index, (one, other) in pairs if one != other]
        for index in cells:
            found += 1
            report(env, Finding(chapter.page.location(index), "outputs-differ", DIFFER, "warning"))
    said = f"{found} cell{'s' * (found != 1)} put out" if found else "no cell puts out"
    print(f"{len(chapters)} chapters run twice; {said} something else the second time")
    return int(bool(found))


def outputs_of(notebook: NotebookNode) -> list[str]:
    """Return what each cell puts out, in a form that can be compared."""
    return [json.dumps(cell.get("outputs", []), sort_keys=True) for cell in notebook.cells]


def is_frozen(env: BuildEnvironment, chapter: Chapter) -> bool:
    """Return whether a chapter has frozen outputs."""
    return any(True for _ in frozen_files(Path(env.srcdir), chapter.page.path))


def say_why(env: BuildEnvironment, chapters: list[Chapter]) -> int:
    """Print for each chapter why it would run; return 1 if one would."""
    cache = RunCache(cache_folder(env))
    times = cache.times()
    found = 0
    for chapter in chapters:
        why = cache.reuse(chapter.job(times))
        found = max(found, int(bool(why)))
        print(f"{chapter.page.path}: " + ("; ".join(why) if why else "up to date"))
    return found


def setup_running(app: Sphinx, early: EarlyParent) -> None:
    """Connect."""
    app.connect("env-before-read-docs", partial(run_pages, early=early), priority=FIRST)
