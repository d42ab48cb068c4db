"""Pages whose outputs are frozen: they get them from files of the book, and nothing is run.

MyST-NB finds them in its cache, as it finds those of a run. A mark in the page's kernel, which is
part of the cache's key, keeps them apart from what a run of the same code puts out.
"""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes
from nbformat import NotebookNode, from_dict

from sphinx_mmbook.core.pages.source import read_source
from sphinx_mmbook.core.pages.stub import page_text, with_fields
from sphinx_mmbook.core.provenance.frozen import frozen_page
from sphinx_mmbook.core.provenance.frozen_file import Frozen, frozen_files
from sphinx_mmbook.core.provenance.hashing import code_digest
from sphinx_mmbook.core.translations import word
from sphinx_mmbook.ext.adapters.myst_nb import cache_folder, metadata_key, read_notebook
from sphinx_mmbook.ext.domain import book_domain
from sphinx_mmbook.ext.guard import on_page
from sphinx_mmbook.ext.pages.check import PAGE_CHECKED
from sphinx_mmbook.notebooks.cache import RunCache
from sphinx_mmbook.notebooks.executed import FROZEN
from sphinx_mmbook.notebooks.job import Outcome

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

    from sphinx_mmbook.core.finding import Finding
    from sphinx_mmbook.core.pages.page import Page

#: After the check, which reads them, and before anything is run.
BEFORE_RUNS = 650
#: After the page's text has lost the front matter that is ours.
AFTER_CHECK = 650
#: After the notes on results, so that this one stands above them.
AFTER_RESULTS = 850

Stamp = tuple[tuple[str, int, int], ...]


class FrozenPages:
    """The pages of one build that are not run, from their check until they have been read."""

    def __init__(self) -> None:
        self.outputs: dict[str, Frozen] = {}
        self.findings: dict[str, tuple[Finding, ...]] = {}
        self.stamps: dict[str, Stamp] = {}

    def __contains__(self, docname: str) -> bool:
        return docname in self.outputs

    def outdated(self, app: Sphinx, env: BuildEnvironment, *_: object) -> list[str]:
        """Return the pages whose frozen outputs came, went, or changed since they were read."""
        known = book_domain(env).data["frozen"]
        return [name for name in env.found_docs if stamp_of(env, name) != known.get(name, ())]

    def checked(self, app: Sphinx, page: Page) -> None:
        """Note what a page shows if it is not run."""
        self.stamps[page.docname] = stamp_of(app.env, page.docname)
        frozen = frozen_page(Path(app.srcdir), page)
        if frozen.outputs is not None:
            self.outputs[page.docname] = frozen.outputs
            self.findings[page.docname] = frozen.findings

    def store(self, app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
        """Put the outputs where MyST-NB looks for them."""
        for docname in sorted({*docnames} & {*self.outputs}):
            with on_page(env, docname, "the reading of frozen outputs"):
                path = env.doc2path(docname, base=False).as_posix()
                source = read_source(Path(env.srcdir), path)
                frozen = self.outputs[docname]
                page = read_notebook(
                    env, docname, marked(env, path, page_text(source, source.text), frozen)
                )
                if page is None:  # a page without code
                    del self.outputs[docname]
                    continue
                done = with_outputs(page.notebook, frozen)
                RunCache(cache_folder(env)).store(Path(env.srcdir, path), Outcome(done, 0))

    def source_read(self, app: Sphinx, docname: str, content: list[str]) -> None:
        """Let MyST-NB look for what we have put there."""
        if docname in self.outputs:
            path = app.env.doc2path(docname, base=False).as_posix()
            content[0] = marked(app.env, path, content[0], self.outputs[docname])

    def note(self, app: Sphinx, tree: nodes.document) -> None:
        """Say on a page that its outputs are not those of its code."""
        docname = app.env.current_document.docname
        rules = {finding.rule for finding in self.findings.get(docname, ())}
        title = next(tree.findall(nodes.title), None)
        if docname in self.outputs and rules and title is not None:
            reason = "frozen-stale" if rules == {"frozen-stale"} else "frozen-none"
            note = nodes.admonition(classes=["warning", "mmbook-frozen-note"])
            note += nodes.title("", word("frozen-title", app.config.language))
            note += nodes.paragraph("", word(reason, app.config.language))
            title.parent.insert(title.parent.index(title) + 1, note)

    def remember(self, app: Sphinx, env: BuildEnvironment) -> None:
        """Remember the files that the pages have been read with."""
        for docname, stamp in self.stamps.items():
            if stamp:
                book_domain(env).note_frozen(docname, stamp)
        for table in (self.outputs, self.findings, self.stamps):
            table.clear()


def stamp_of(env: BuildEnvironment, docname: str) -> Stamp:
    """Return which files hold the frozen outputs of a page; others after a change."""
    files = frozen_files(Path(env.srcdir), env.doc2path(docname, base=False).as_posix())
    states = [(file.name, file.lstat()) for file in files]
    return tuple((name, state.st_mtime_ns, state.st_size) for name, state in states)


def marked(env: BuildEnvironment, path: str, text: str, frozen: Frozen) -> str:
    """Return a page's text with the settings by which MyST-NB finds its frozen outputs."""
    kernel = {FROZEN: frozen.sha256 or "none"}
    own = {"execution_mode": "cache", "execution_excludepatterns": []}
    return with_fields(path, text, kernelspec=kernel, **{metadata_key(env): own})


def with_outputs(notebook: NotebookNode, frozen: Frozen) -> NotebookNode:
    """Return a notebook with frozen outputs, as if it had been run."""
    done = deepcopy(notebook)
    cells = [cell for cell in done.cells if cell.cell_type == "code"]
    found = frozen.outputs_for([code_digest(cell.source) for cell in cells])
    for number, (cell, (stored, _)) in enumerate(zip(cells, found, strict=True), 1):
        cell.outputs = [from_dict(output) for output in stored.outputs] if stored else []
        cell.execution_count = number if stored else None
        for output in cell.outputs:
            if output.output_type == "execute_result":
                output.execution_count = number
    done.metadata["language_info"] = from_dict({"name": "text", **frozen.language})
    if frozen.widgets:
        done.metadata["widgets"] = from_dict(frozen.widgets)
    return done


def setup_frozen(app: Sphinx) -> FrozenPages:
    """Connect; return the pages that are not to be run."""
    pages = FrozenPages()
    app.connect("env-get-outdated", pages.outdated)
    app.connect(PAGE_CHECKED, pages.checked)
    app.connect("env-before-read-docs", pages.store, priority=BEFORE_RUNS)
    app.connect("source-read", pages.source_read, priority=AFTER_CHECK)
    app.connect("doctree-read", pages.note, priority=AFTER_RESULTS)
    app.connect("env-updated", pages.remember)
    return pages
