"""``mmbook freeze``: a build that runs some pages, writes what they put out, and reads no page.

The command starts it, since only a build knows how MyST-NB reads a page, and what conf.py says.
"""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx_mmbook.core.files.staging import replace_files
from sphinx_mmbook.core.finding import BookError, Finding, Location
from sphinx_mmbook.core.pages.run_limits import depends_in
from sphinx_mmbook.core.pages.source import read_source
from sphinx_mmbook.core.pages.stub import page_text
from sphinx_mmbook.core.provenance.frozen_file import RunCell, files_of, frozen_files, frozen_path
from sphinx_mmbook.ext.adapters.myst_nb import cache_folder, read_notebook
from sphinx_mmbook.ext.pages.execution import Chapter, file_of, finding_of, limits_of, root_of
from sphinx_mmbook.ext.report import report
from sphinx_mmbook.notebooks.cache import RunCache

if TYPE_CHECKING:
    from nbformat import NotebookNode
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

#: In the environment: a JSON list of the pages to freeze, relative to the book.
FREEZE = "MMBOOK_FREEZE"
#: Set beside it: run also what has been run as it is.
AGAIN = "MMBOOK_FREEZE_AGAIN"
#: Before the check of the whole book, which has nothing to do with it.
FIRST = 50


def freeze_pages(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Freeze the pages that the command names, and end the build.

    :raises SystemExit: with status 1 if one of them failed.
    """
    if FREEZE not in os.environ:
        return
    failed = False
    for path in json.loads(os.environ[FREEZE]):
        try:
            freeze_page(env, path)
        except BookError as error:
            report(env, error.finding)
            failed = True
    raise SystemExit(int(failed))


def freeze_page(env: BuildEnvironment, path: str) -> None:
    """Write the outputs of a page, those in the cache or those of a run.

    :raises BookError: if its code fails, or puts out too much.
    """
    source = read_source(Path(env.srcdir), path)
    docname = env.path2doc(path)
    page = read_notebook(env, docname, page_text(source, source.text)) if docname else None
    if page is None or not any(cell.cell_type == "code" for cell in page.notebook.cells):
        message = "this page has no code cells, so it has no outputs to freeze; name another"
        raise BookError(Finding(Location(path, 1), "frozen-missing", message))
    cache = RunCache(cache_folder(env))
    limits = limits_of(env.config, page, source.front.fields)
    depends = depends_in(source.front.fields)
    job = Chapter(str(docname), file_of(env, path), page, limits, root_of(env), depends).job()
    done = None if AGAIN in os.environ else cache.outputs(job)
    if done is None:
        from sphinx_mmbook.notebooks.run import run  # noqa: PLC0415 -- most builds run nothing

        outcome = run(job)
        if outcome.failure:
            raise BookError(replace(finding_of(page, outcome.failure), level="error"))
        done = outcome.notebook
        cache.store(job.file, outcome)
    write(Path(env.srcdir), path, done)


def write(book: Path, path: str, notebook: NotebookNode) -> None:
    """Write a page's outputs beside it, all or none; those of before go."""
    cells = [
        RunCell(cell.source, cell.outputs) for cell in notebook.cells if cell.cell_type == "code"
    ]
    metadata = notebook.metadata
    files = files_of(path, cells, metadata.get("language_info", {}), metadata.get("widgets", {}))
    main = book / frozen_path(path)
    old = {file.name: file.read_bytes() for file in frozen_files(book, path)}
    if old != files:
        replace_files(main.parent, main.name, files, [name for name in old if name not in files])


def setup_freezing(app: Sphinx) -> None:
    """Connect."""
    app.connect("env-before-read-docs", freeze_pages, priority=FIRST)
