"""The form of a notebook, as far as a build stops at what does not have it.

It is that of nbformat's schema, 4.5: https://nbformat.readthedocs.io/en/latest/format_description.html.
A file of JSON is read though it lacks some of it; of a page in Markdown MyST-NB makes a notebook,
which nbformat holds against all of it. ``nbformat.validate`` costs 0.1 s to start.
"""

from __future__ import annotations

import json
from binascii import a2b_base64
from typing import TYPE_CHECKING, Any

from sphinx_mmbook.core import expressions as re

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

#: The newest minor version that jupyter-cache reads (1.0).
NEWEST = 5
#: MIME types whose value may be any JSON.
_JSON = re.compile(r"[/+]json$")
_BYTES = ("image/png", "image/jpeg", "image/gif", "application/pdf")


def is_notebook_form(notebook: Any) -> bool:
    """Return whether the JSON of a file has what nbformat and MyST-NB die without."""
    versions = (notebook["nbformat"], notebook.get("nbformat_minor", 0))
    return (
        all(type(number) is int for number in versions)
        and versions[0] == 4
        and versions[1] <= NEWEST
        and all(map(_is_cell, notebook["cells"]))
        and _is_metadata(notebook.get("metadata", {}))
    )


def _is_cell(cell: Any) -> bool:
    """Return whether a cell has what is needed; other faults of its form do no harm."""
    metadata, pasted = cell["metadata"], cell.get("attachments", {})
    if not (_is_map(metadata) and _is_map(pasted) and all(map(_is_map, pasted.values()))):
        return False
    if cell["cell_type"] not in ("markdown", "raw", "code") or not _is_text(cell["source"]):
        return False
    if cell["cell_type"] == "raw" and isinstance(metadata.get("format"), list | dict):
        return False
    if not _are_texts(metadata.get("tags", [])) or not _is_map(metadata.get("mystnb") or {}):
        return False
    return cell["cell_type"] != "code" or (
        type(cell.get("execution_count")) in (int, type(None))
        and all(map(_is_output, cell["outputs"]))
    )


def _is_metadata(metadata: Any) -> bool:
    """Return whether kernel and language are named by texts, or not at all."""
    parts = [metadata.get("kernelspec", {}), metadata.get("language_info") or {}]
    if not all(map(_is_map, (*parts, metadata.get("mystnb", {})))):
        return False
    names = [part.get(key) for part in parts for key in ("name", "language", "pygments_lexer")]
    return all(name is None or isinstance(name, str) for name in names)


def _is_output(output: Any) -> bool:
    match output:
        case {"output_type": "stream", "name": str(), "text": text}:
            return _is_text(text)
        case {"output_type": "display_data" | "execute_result", "data": dict(data)}:
            return all(map(_is_shown, data, data.values())) and isinstance(
                output.get("metadata", {}), dict
            )
        case {"output_type": "error", "traceback": list(lines)}:
            return _is_text(lines)
    return False


def _is_shown(mime: str, value: Any) -> bool:
    """Return whether what an output shows is text, bytes as text, or JSON where that may be."""
    if not _JSON.search(mime) and not _is_text(value):
        return False
    try:
        return mime not in _BYTES or a2b_base64("".join(value)) is not None
    except ValueError:
        return False


def _is_text(value: Any) -> bool:
    """Return whether a value is text, as nbformat stores it: whole or as a list of lines."""
    return isinstance(value, str) or _are_texts(value)


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _is_map(value: Any) -> bool:
    return isinstance(value, dict)


def _is_json(value: Any) -> bool:
    try:
        return bool(json.dumps(value, sort_keys=True))
    except TypeError:
        return False


_Forms = tuple[tuple[str, "Callable[[Any], bool]", str], ...]
#: Options of a cell, what their values are, and what to write in place of another one.
_OF_CELL: _Forms = (
    ("tags", _are_texts, "the tags of a cell are a list; write, for example, 'tags: [hide-input]'"),
    ("tags", lambda tags: len({*tags}) == len(tags), "this cell has a tag twice; delete one"),
    (
        "tags",
        lambda tags: all(tag and "," not in tag for tag in tags),
        "a tag of this cell is empty or has a comma in it; write 'tags: [one, two]'",
    ),
    (
        "mystnb",
        _is_map,
        "'mystnb' holds options; for example 'mystnb: {number_source_lines: true}'",
    ),
    ("jupyter", _is_map, "'jupyter' holds options; for example 'jupyter: {source_hidden: true}'"),
    (
        "execution",
        lambda times: _is_map(times) and _are_texts([*times.values()]),
        "'execution' holds the times that Jupyter notes; delete it",
    ),
    ("name", lambda name: isinstance(name, str) and bool(name), "the name of a cell is text"),
    ("collapsed", lambda value: isinstance(value, bool), "'collapsed' is 'true' or 'false'"),
    (
        "scrolled",
        lambda value: isinstance(value, bool) or value == "auto",
        "'scrolled' is 'true', 'false' or 'auto'",
    ),
)
#: Which of them cells of text have, too.
_OF_TEXT = ("tags", "name", "jupyter")
#: The same of the front matter of a notebook in Markdown: each begins with what is wrong.
_OF_PAGE: _Forms = (
    (  # asked for to know whether the page is one
        "jupytext",
        lambda made: _is_map(made) and _is_map(made.get("text_representation", {})),
        "its 'jupytext' holds no options); delete it",
    ),
    (
        "kernelspec",
        lambda kernel: _is_map(kernel) and isinstance(kernel.get("name"), str),
        "its 'kernelspec' names no kernel); write 'kernelspec: {name: python3}'",
    ),
    (
        "kernelspec",
        lambda kernel: isinstance(kernel.get("display_name", ""), str),
        "the 'display_name' of its kernel is not text); write it in quotes, or delete it",
    ),
    (
        "language_info",
        lambda language: _is_map(language) and isinstance(language.get("name"), str),
        "its 'language_info' has no name); delete it",
    ),
    (
        "mystnb",
        _is_map,
        "its 'mystnb' holds no options); write, for example, 'mystnb: {execution_mode: off}'",
    ),
)


def cell_fault(fields: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return which option of a cell in Markdown has a value that no notebook can hold, and why."""
    is_date = "the value of '{}' is a date for YAML, or of a type of its own; put it in quotes"
    others = ((name, _is_json, is_date.format(name)) for name in fields)
    return _first(fields, (*_OF_CELL, *others))


def break_fault(text: str) -> str:
    """Return what is wrong with what is after the ``+++`` between two cells, if any is."""
    try:
        options = json.loads(text)
    except ValueError:
        options = None
    if not isinstance(options, dict):
        return f"'{text}' after '+++' is not a JSON object of options; write '+++' alone"
    wrong = cell_fault({name: options[name] for name in _OF_TEXT if name in options})
    return wrong[1] if wrong else ""


def page_fault(fields: Mapping[str, Any], *, is_made: bool) -> tuple[str, str] | None:
    """Return the same of the front matter of a page in Markdown, be it made a notebook or not."""
    wrong = _first(fields, _OF_PAGE if is_made else _OF_PAGE[:1])
    return (wrong[0], f"this notebook cannot be read ({wrong[1]}") if wrong else None


def _first(fields: Mapping[str, Any], forms: _Forms) -> tuple[str, str] | None:
    wrong: Iterable[tuple[str, str]] = (
        (name, fault) for name, fits, fault in forms if name in fields and not fits(fields[name])
    )
    return next(iter(wrong), None)
