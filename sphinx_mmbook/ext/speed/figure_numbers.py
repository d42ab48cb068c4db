"""Figures, tables and equations are counted without a look at the trees of all pages.

On every build, also on one that changes nothing, Sphinx 9.0 loads all pages and walks their nodes
(``TocTreeCollector.assign_figure_numbers``): at 100 chapters 0.6 s, of which all but 0.2 s are for
pages that nobody has changed. Here each page notes what it has when it is read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from docutils import nodes
from sphinx import addnodes

from sphinx_mmbook.core.references.figure_counting import Countable, count_as_sphinx
from sphinx_mmbook.ext.adapters.sphinx import collect_numbers_with
from sphinx_mmbook.ext.domain import book_domain
from sphinx_mmbook.ext.guard import Guarded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sphinx.application import Sphinx
    from sphinx.domains.std import StandardDomain
    from sphinx.environment import BuildEnvironment

#: After all who add to a page.
LAST = 999
#: Names in a table of contents that are not pages of the book, though pages may be called so.
GENERATED = frozenset({"genindex", "modindex", "search", "self"})


def note_countables(app: Sphinx, doctree: nodes.document) -> None:
    """Remember what is numbered on a page."""
    found = tuple(countables(app.env, doctree))
    book_domain(app.env).note_countables(app.env.current_document.docname, found)


def countables(env: BuildEnvironment, doctree: nodes.document) -> Iterator[Countable]:
    """Yield what is numbered on a page, and the pages that it lists, in their order."""
    todo: list[tuple[nodes.Node, tuple[str, ...]]] = [(doctree, ())]
    while todo:
        node, sections = todo.pop()
        if isinstance(node, addnodes.toctree):
            for _, page in node["entries"]:
                if page not in GENERATED:
                    yield Countable(sections, "", page)
            continue
        if isinstance(node, nodes.section):
            sections = (*node["ids"][:1], *sections)
        elif isinstance(node, nodes.Element) and node["ids"] and (kind := kind_of(env, node)):
            yield Countable(sections, kind, node["ids"][0])
        todo += [(child, sections) for child in reversed(node.children)]


def kind_of(env: BuildEnvironment, node: nodes.Element) -> str:
    """Return the kind by which a node is counted, if it is; it needs a caption for that."""
    standard: StandardDomain = env.domains.standard_domain
    for domain in env.domains.sorted():
        kind = domain.get_enumerable_node_type(node)
        if kind and (domain is not standard or standard.get_numfig_title(node)):
            return kind
    return ""


def counted(env: BuildEnvironment, ask_sphinx: Callable[[], list[str]]) -> list[str]:
    """Number all figures; return the pages whose numbers changed. Sphinx does what we cannot."""
    noted = book_domain(env).data["countables"]
    if not env.all_docs.keys() <= noted.keys():
        return ask_sphinx()
    before, config = env.toc_fignumbers, env.config
    env.toc_fignumbers = {}
    if config.numfig:
        depth = config.numfig_secnum_depth
        env.toc_fignumbers = count_as_sphinx(noted, config.root_doc, env.toc_secnumbers, depth)
    return [page for page, numbers in env.toc_fignumbers.items() if numbers != before.get(page)]


def take_over(app: Sphinx) -> None:
    """Count in Sphinx's place."""
    if app.config.mmbook_speedups:
        collect_numbers_with(cast("Sphinx", Guarded(app)), counted)


def setup_figure_numbers(app: Sphinx) -> None:
    """Register what pages note, and the counting."""
    app.connect("doctree-read", note_countables, priority=LAST)
    app.connect("builder-inited", take_over)
