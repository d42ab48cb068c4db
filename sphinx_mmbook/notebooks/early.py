"""The parent of warm kernels, begun while Sphinx still imports what builds a book.

Both take about a second, on a processor each. Only a build without a cache is known to run its
chapters: any other would mostly begin the process for nothing.
"""

from __future__ import annotations

import atexit
import os
import re
from contextlib import ExitStack
from pathlib import Path
from stat import S_ISREG
from typing import TYPE_CHECKING

from sphinx_mmbook.core.book.conf_file import settings_of_conf
from sphinx_mmbook.notebooks.kernel import warm_parent
from sphinx_mmbook.notebooks.warm import WarmParent, can_fork, modules_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

#: An import in a page, or in a notebook's JSON. It may be one of an example, which costs no more
#: than a moment of a processor that has nothing else to do.
_IMPORT = re.compile(r'^[ \t"]*((?:from|import) [^"\\\n]+)', re.MULTILINE)
#: In bytes; a build refuses larger pages, or runs them in a kernel that is not warm yet.
LARGEST = 20_000_000
#: Words of a Markdown page that is a notebook.
_NOTEBOOK = ("mystnb", "jupytext")


class EarlyParent:
    """A parent of warm kernels, until it is closed or this process ends; perhaps there is none."""

    def __init__(self) -> None:
        self.warm: WarmParent | None = None
        self._stack = ExitStack()

    def begin(self, modules: tuple[str, ...]) -> None:
        """Start the process, which imports some modules."""
        self.warm = self._stack.enter_context(warm_parent(modules))
        atexit.register(self.close)

    def close(self) -> None:
        """End the process, and all its kernels."""
        self.warm = None
        self._stack.close()
        atexit.unregister(self.close)


def begin_early(
    conf: Path, source: Path, output: Path, overrides: Mapping[str, object]
) -> EarlyParent:
    """Begin the parent if several chapters of a book will be run.

    ``conf`` is the folder of ``conf.py``, whose settings ``overrides`` go before.
    """
    early = EarlyParent()
    if not can_fork() or (output.parent / ".jupyter_cache").exists():
        return early
    settings = settings_of_conf(conf)
    runs = settings.runs_notebooks and overrides.get("nb_execution_mode") != "off"
    if runs and "mmbook_scheduler" not in {*settings.own, *overrides}:
        notebooks = list(_notebooks(source))
        if len(notebooks) > 1:
            early.begin(modules_in(line for text in notebooks for line in _imports(text)))
    return early


def _notebooks(source: Path) -> Iterator[str]:
    """Yield the texts of the pages that look like notebooks."""
    for folder, inside, files in os.walk(source):
        inside[:] = [name for name in inside if not name.startswith((".", "_"))]
        for name in files:
            if name.endswith((".md", ".ipynb")):
                text = _text(Path(folder, name))
                if text and (name.endswith(".ipynb") or any(word in text for word in _NOTEBOOK)):
                    yield text


def _text(file: Path) -> str:
    """Return the text of a page; none of a pipe, a device, a link, or what is too large to read."""
    try:
        about = file.lstat()
        is_page = S_ISREG(about.st_mode) and about.st_size <= LARGEST
        return file.read_text("utf-8", "replace") if is_page else ""
    except OSError:
        return ""


def _imports(text: str) -> Iterator[str]:
    """Yield the lines that import something; of a list in brackets, all that its module has."""
    for line in _IMPORT.findall(text):
        yield line.partition("(")[0] + "*" if "(" in line else line
