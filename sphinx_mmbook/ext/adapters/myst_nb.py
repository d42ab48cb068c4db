"""What MyST-NB never promised: how it reads a page as a notebook, counts lines, and shows cells.

Read in MyST-NB 1.3 and 1.4. Of a cell it makes ``container[cell_code]`` with a
``container[cell_code_source]`` and a ``container[cell_code_output]``; in the latter, each displayed
object is a ``container[mime_bundle]`` with a container for each of its formats.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from myst_nb.core.config import NbParserConfig
from myst_nb.core.nb_to_tokens import nb_node_to_dict
from myst_nb.core.read import create_nb_reader, is_myst_markdown_notebook
from myst_nb.sphinx_ import Parser
from myst_parser.config.main import MdParserConfig

from sphinx_mmbook.core.finding import Location
from sphinx_mmbook.core.pages.cell_options import body_line

if TYPE_CHECKING:
    import logging

    from nbformat import NotebookNode
    from sphinx.environment import BuildEnvironment

#: MyST-NB's parser of pages, which is to be extended: a renderer can only be exchanged in whole.
NotebookParser = Parser
#: MyST-NB counts a line of an .ipynb file as 10,000 * cell + line + 1.
CELL_LINES, EXTRA_LINE = 10_000, 1

#: For each cell in order the line that MyST-NB gives its beginning, and the one in the file.
Starts = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class PageNotebook:
    """A page that MyST-NB takes for a notebook, with the configuration that its metadata makes."""

    path: str
    text: str
    notebook: NotebookNode
    config: Any

    def location(self, index: int, line: int = 1) -> Location:
        """Return the location of a line (from 1) of the cell with that index."""
        if self.path.endswith(".ipynb"):
            return Location(self.path, line, cell=index + 1)
        starts = self.notebook.metadata.get("source_map", [])
        start = starts[index] + 1 if index < len(starts) else 1
        first = body_line(self.text.splitlines(), start, self.notebook.cells[index].source)
        return Location(self.path, first + line - 1)

    def starts(self) -> Starts:
        """Return where the cells of a Markdown page begin.

        MyST-NB counts from the line after the cell before, which can be blank, and one too many.
        """
        lines = self.text.split("\n")
        found = []
        for start in self.notebook.metadata.get("source_map", []):
            first = start
            while first < len(lines) and not lines[first].strip():
                first += 1
            found.append((start + 2, first + 1))
        return tuple(found)


def read_notebook(env: BuildEnvironment, docname: str, text: str) -> PageNotebook | None:
    """Read a page as MyST-NB's parser will, so that both find the same in the cache.

    Returns ``None`` if the page is not a notebook. Faults in the text raise what MyST-NB raises.
    """
    path = env.doc2path(docname)
    config: Any = env.mystnb_config  # type: ignore[attr-defined]
    reader = create_nb_reader(str(path), env.myst_config, config, text)  # type: ignore[attr-defined]
    if reader is None:
        return None
    notebook = reader.read(text)
    kernel = notebook.metadata.get("kernelspec", {})
    for pattern, alias in config.kernel_rgx_aliases.items():
        if kernel.get("name") is not None and re.fullmatch(pattern, kernel["name"]):
            kernel["name"] = alias
            break
    own = nb_node_to_dict(notebook.metadata.get(config.metadata_key, {}))
    if not isinstance(own, dict):
        raise TypeError(f"'{config.metadata_key}' is not a mapping of options")
    try:
        own.pop("output_folder", None)
        config = config.copy(**own)
    except Exception:  # MyST-NB reports it when it reads the page
        config = env.mystnb_config  # type: ignore[attr-defined]
    return PageNotebook(path.relative_to(env.srcdir).as_posix(), text, notebook, config)


def is_markdown_notebook(text: str) -> bool:
    """Return whether MyST-NB takes a Markdown page for a notebook: its own reading decides."""
    return bool(is_myst_markdown_notebook(text))


def cell_and_line(line: int) -> tuple[int, int]:
    """Return the number of the cell (from 1) and the line in it for which a node's line stands."""
    cell, line = divmod(line, CELL_LINES)
    return cell, max(line - EXTRA_LINE, 0)


def cache_folder(env: BuildEnvironment) -> Path:
    """Return the folder of the cache: MyST-NB computes it and tells nobody."""
    return Path(env.mystnb_config.execution_cache_path)  # type: ignore[attr-defined]


def metadata_key(env: BuildEnvironment) -> str:
    """Return the field of a page's metadata that holds its settings for MyST-NB."""
    return str(env.mystnb_config.metadata_key)  # type: ignore[attr-defined]


def refuse_language(document: nodes.document) -> None:
    """Refuse a page whose kernel names its language by no text: its writer would die of it.

    :raises TypeError: naming the language.
    """
    for block in document.findall(nodes.literal_block):
        if not isinstance(block.get("language", ""), str):
            raise TypeError(f"the language of its code, {block['language']!r}, is not text")


def forget_renderer(document: nodes.document) -> None:
    """Take the renderer off a page whose parsing failed: it cannot be pickled with the page."""
    document.attributes.pop("nb_renderer", None)


def is_part(node: nodes.Node, part: str) -> bool:
    """Return whether a node is the container of that part of a cell: ``code``, ``code_source``."""
    return isinstance(node, nodes.container) and node.get("nb_element") == f"cell_{part}"


def part_of(cell: nodes.Element, part: str) -> nodes.Element | None:
    """Return a part of a cell, if it has it."""
    return next((node for node in elements(cell) if is_part(node, part)), None)


def elements(parent: nodes.Element) -> list[nodes.Element]:
    """Return the children of a node that are not text."""
    return [node for node in parent.children if isinstance(node, nodes.Element)]


def bundles(output: nodes.Element) -> list[nodes.Element]:
    """Return the displayed objects among a cell's outputs, each in all its formats."""
    return [node for node in elements(output) if node.get("nb_element") == "mime_bundle"]


def format_of(bundle: nodes.Element, mime: str) -> nodes.Element | None:
    """Return an object in one of its formats."""
    return next((node for node in elements(bundle) if node.get("mime_type") == mime), None)


def says_settings(record: logging.LogRecord) -> bool:
    """Whether a message is a line of a thousand characters with all settings of MyST."""
    # Both extensions print their settings as one argument of a message of level info.
    values = record.args if isinstance(record.args, tuple) else ()
    return any(isinstance(value, MdParserConfig | NbParserConfig) for value in values)
