"""What MyST-NB never promised: how it reads a page as a notebook, and how it counts lines."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from myst_nb.core.nb_to_tokens import nb_node_to_dict
from myst_nb.core.read import create_nb_reader

from sphinx_mmbook.core.finding import Location
from sphinx_mmbook.core.pages.cell_options import body_line

if TYPE_CHECKING:
    from nbformat import NotebookNode
    from sphinx.environment import BuildEnvironment

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
    try:
        own.pop("output_folder", None)
        config = config.copy(**own)
    except Exception:  # MyST-NB reports it when it reads the page
        config = env.mystnb_config  # type: ignore[attr-defined]
    return PageNotebook(path.relative_to(env.srcdir).as_posix(), text, notebook, config)
