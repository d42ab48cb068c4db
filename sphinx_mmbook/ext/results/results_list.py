"""The ``{results}`` directive: all stored results of the book, and their state."""

from __future__ import annotations

from hashlib import blake2b
from itertools import groupby
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx import addnodes
from sphinx.util.docutils import SphinxDirective

from sphinx_mmbook.core.book.book import stored_results
from sphinx_mmbook.core.translations import word
from sphinx_mmbook.ext.domain import book_domain
from sphinx_mmbook.ext.results.source_notes import SHORT, program_nodes, stale_inline, within
from sphinx_mmbook.ext.table_building import make_entry, make_table

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.environment import BuildEnvironment

    from sphinx_mmbook.core.provenance.state import Stored
    from sphinx_mmbook.ext.results.stored_directive import Options

COLUMNS = ("result", "state", "program", "date")
WIDTHS = (34, 22, 29, 15)


class ResultsList(SphinxDirective):
    """Lists all stored results of the book: state, program, commit and date.

    Example::

        ```{results}
        ```
    """

    described: ClassVar[Options] = {
        "class": (directives.class_option, "class of the table, for a style sheet")
    }
    option_spec: ClassVar = {name: read for name, (read, _) in described.items()}

    def run(self) -> list[nodes.Node]:
        """Return the table, or a sentence if there are no results."""
        results = stored_results(Path(self.env.srcdir))
        book_domain(self.env).note_listing(self.env.docname, digest_of(results))
        language = self.config.language
        if not results:
            return [nodes.paragraph("", word("no-results", language))]
        head: list[list[nodes.Node]] = [[nodes.Text(word(name, language))] for name in COLUMNS]
        rows = []
        for chapter, made in groupby(results, key=lambda stored: stored.chapter):
            rows.append([self.chapter_cell(chapter)])
            rows += [entries(self.cells(stored)) for stored in made]
        columns = "".join(rf"\X{{{width}}}{{100}}" for width in WIDTHS)
        classes = ["mmbook-results", "colwidths-auto", *self.options.get("class", [])]
        return list(make_table([entries(head)], rows, WIDTHS, columns, classes))

    def cells(self, stored: Stored) -> list[list[nodes.Node]]:
        """Return the cells of one result."""
        return [
            [nodes.literal("", within(stored.chapter, stored.path))],
            self.state_nodes(stored),
            program_cell(self.config, stored),
            [
                nodes.inline(
                    "",
                    stored.provenance.time[:10] if stored.provenance else "",
                    classes=["mmbook-date"],
                )
            ],
        ]

    def chapter_cell(self, chapter: str) -> nodes.entry:
        """Return a cell over all columns: the chapter's title, linked, or its folder."""
        page = str(PurePosixPath(chapter) / "index")
        name: nodes.Node = nodes.literal("", chapter)
        if page in self.env.found_docs:
            link = addnodes.pending_xref(
                "", nodes.inline("", chapter), refdomain="std", reftype="doc",
                reftarget=f"/{page}", refexplicit=False, refdoc=self.env.docname, refwarn=True,
            )  # fmt: skip
            name = link
        line = nodes.paragraph("", "", nodes.strong("", "", name))
        return make_entry(line, width=len(COLUMNS))

    def state_nodes(self, stored: Stored) -> list[nodes.Node]:
        """Return a result's state: one word, or what is wrong."""
        if stored.provenance and stored.faults:
            return [stale_inline(self.config, stored.faults[0])]
        text = word(f"is-{stored.state}", self.config.language)
        return [nodes.inline("", text, classes=[f"mmbook-{stored.state}"])]


def program_cell(config: Config, stored: Stored) -> list[nodes.Node]:
    """Return a result's program and commit."""
    if not stored.script:
        return []
    read = stored.provenance
    commit = read.commit if read and not read.dirty else ""
    inner = within(stored.chapter, stored.script)
    found = program_nodes(config, stored.script, commit, inner)
    if read and read.commit:
        changed = f", {word('changed', config.language)}" if read.dirty else ""
        found.append(nodes.Text(f" ({read.commit[:SHORT]}{changed})"))
    return found


def entries(cells: list[list[nodes.Node]]) -> list[nodes.entry]:
    """Return the cells of a row."""
    return [make_entry(nodes.paragraph("", "", *cell)) for cell in cells]


def digest_of(results: list[Stored]) -> str:
    """Return a digest of all that the list shows."""
    shown = [
        (stored.path, stored.script, stored.faults, stored.provenance and stored.provenance.text())
        for stored in results
    ]
    return blake2b(repr(shown).encode(), digest_size=16).hexdigest()


def changed_lists(app: Sphinx, env: BuildEnvironment, *_: object) -> list[str]:
    """Return the pages whose list is no longer that of the book."""
    listings = book_domain(env).data["listings"]
    if not listings:
        return []
    now = digest_of(stored_results(Path(env.srcdir)))
    return sorted(docname for docname, shown in listings.items() if shown != now)


def setup_results_list(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("results", ResultsList)
    app.connect("env-get-outdated", changed_lists)
