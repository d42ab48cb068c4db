"""Mending what has one right repair. Nothing but the edits of findings is changed."""

from __future__ import annotations

import json
import os
import re
import tempfile
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from sphinx_mmbook.core.source import cell_text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from sphinx_mmbook.core.finding import Edit, Finding


def mended(book: Path, findings: Iterable[Finding]) -> dict[str, tuple[str, str]]:
    """Return old and new text of each file that the findings' fixes change, by path."""
    edits: dict[str, set[Edit]] = {}
    for finding in findings:
        for edit in finding.fix:
            edits.setdefault(edit.at.path, set()).add(edit)
    changed: dict[str, tuple[str, str]] = {}
    for path, some in sorted(edits.items()):
        try:
            old = (book / path).read_bytes().decode("utf-8")
        except (OSError, UnicodeDecodeError):
            continue
        new = edit_notebook(old, some) if path.endswith(".ipynb") else edit_text(old, some)
        if new != old:
            changed[path] = (old, new)
    return changed


def edit_text(text: str, edits: Iterable[Edit]) -> str:
    """Return the text after the edits; those that overlap or do not fit are left out."""
    whole = [edit for edit in edits if not edit.at.line]
    starts = _line_starts(text)
    mark = text.startswith("\ufeff")
    places: list[tuple[int, Edit]] = []
    for edit in set(edits) - set(whole):
        if edit.at.line <= len(starts):
            offset = starts[edit.at.line - 1] + max(edit.at.column, 1) - 1
            places.append((offset + (mark and edit.at.line == 1), edit))
    end = len(text)
    for offset, edit in sorted(places, reverse=True):
        stop = offset + len(edit.old)
        if stop <= end and text[offset:stop] == edit.old:
            text = text[:offset] + edit.new + text[stop:]
            end = offset
    for edit in whole:
        text = text.replace(edit.old, edit.new)
    return text


def _line_starts(text: str) -> list[int]:
    lines = re.split(r"(?<=\n)|(?<=\r)(?!\n)", text)
    return [0, *accumulate(map(len, lines))][: len(lines)]


def edit_notebook(text: str, edits: Iterable[Edit]) -> str:
    """Return a notebook after the edits of its cells, in the layout that it has.

    A notebook in a layout that no known program writes is left alone: the difference would be all
    of the file.
    """
    try:
        notebook = json.loads(text)
    except ValueError:
        return text
    layout = next((style for style in _LAYOUTS if _dump(notebook, style) == text), None)
    if layout is None:
        return text
    by_cell: dict[int, set[Edit]] = {}
    for edit in edits:
        by_cell.setdefault(edit.at.cell, set()).add(edit)
    for number, some in by_cell.items():
        cell = notebook["cells"][number - 1]
        source = edit_text(cell_text(cell), some)
        is_list = isinstance(cell["source"], list)
        cell["source"] = source.splitlines(keepends=True) if is_list else source
    return _dump(notebook, layout)


#: Indentation and what follows the last brace: Jupyter, Colab, Visual Studio Code, formatters.
_LAYOUTS = tuple((indent, end) for indent in (1, 2, 4, None, 0) for end in ("\n", ""))


def _dump(notebook: Any, layout: tuple[int | None, str]) -> str:
    return json.dumps(notebook, indent=layout[0], ensure_ascii=False) + layout[1]


def write_whole(file: Path, text: str) -> None:
    """Replace a file's text; after a crash the old or the new one is there, whole."""
    mode = file.stat().st_mode
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(text.encode("utf-8"))
        os.chmod(name, mode)  # noqa: PTH101
        os.replace(name, file)  # noqa: PTH105
    except BaseException:
        os.unlink(name)  # noqa: PTH108
        raise
