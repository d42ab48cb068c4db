"""The text that Sphinx reads in place of a page's own."""

from __future__ import annotations

import json
from datetime import date
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.pages.source import Source, notebook_text
from sphinx_mmbook.core.translations import word

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sphinx_mmbook.core.finding import Finding

#: Front matter that is ours alone, and what each field is for, in a line of the manual. docutils
#: would print an abstract of its own, in the wrong place.
OURS = {
    "authors": "who wrote it: ids of people, names, or mappings with the fields of a person",
    "author": "the same, for one person",
    "supervisors": "who supervised it, as for `authors`",
    "supervisor": "the same, for one person",
    "reviewers": "who reviewed it, as for `authors`",
    "reviewer": "the same, for one person",
    "status": "`draft`, `review` or `final`; a final chapter is judged more strictly",
    "degree": "the degree it counts towards, such as `M.Sc. Statistics`; it changes no page",
    "abstract": "a summary in plain text, which stands below the byline",
    "keywords": "a list of keywords, for search engines",
    "label": "label of the whole chapter, by which other pages refer to it",
    "mmbook": "settings: `depends` lists patterns of files, from the page's folder, whose change "
    "makes the code run again; `freeze: true` shows what `mmbook freeze` wrote, and runs nothing; "
    "`auto` does so until the code changes; `false` runs in any case. `limits` are "
    "those of `mmbook_limits` in `conf.py`, for this chapter: `limits: {chapter_seconds: 600}`. "
    "`resources: {gpu: 1}` is what its code needs of a worker of a cluster",
    **dict.fromkeys(
        ("affiliations", "date", "doi", "license", "subtitle"),
        "for other MyST tools and for later; it changes no page",
    ),
}


#: What programs write into notebooks, and MyST-NB itself makes anew.
_MADE = ("orig_nbformat", "source_map")
#: What YAML does not read as it stands.
_NOT_IN_YAML = re.compile(
    "[^ -~\\xa0-\\u2027\\u202a-\\ufefe\\uff00-\\ufffd\\U00010000-\\U0010ffff]"
)


#: What marks something up, in either syntax.
_MARK = re.compile(r"[$*\[<{|]|\\(?![\w\s])|_(?!\w)")


def stub(path: str, fault: Finding, language: str) -> str:
    """Return a page that only says why the real one is missing; the rest of the book builds."""
    message = _MARK.sub(r"\\\g<0>", fault.message.replace("`", "'"))
    text = f"{word('no-page', language)}{message}"
    if path.endswith(".rst"):
        return f"{_title(path)}\n{'=' * len(path)}\n\n.. error:: {text}\n"
    text = f"# {_title(path)}\n\n:::{{error}}\n{text}\n:::\n"
    if not path.endswith(".ipynb"):
        return text
    cell = {"cell_type": "markdown", "metadata": {}, "source": text}
    metadata = {"mystnb": {"execution_mode": "off"}}
    return json.dumps({"cells": [cell], "metadata": metadata, "nbformat": 4, "nbformat_minor": 4})


def page_text(source: Source, text: str) -> str:
    """Return a page's text with only that front matter which is for Sphinx and MyST.

    All lines and cells keep their numbers.
    """
    if source.path.endswith(".ipynb"):
        return notebook_text(source.path, text, fields_for_sphinx)
    end = source.blocks[0].first_line - 1
    if not end:
        return text
    fields = fields_for_sphinx(source.front.fields)
    if source.front.findings:
        # One finding is enough: no parser needs to see the broken front matter again.
        fields = _least_fields(source, text)
    lines = text.split("\n")
    inner = [_one_line(fields), *[""] * end][: end - 2]
    return "\n".join(["---", *inner, "---", *lines[end:]])


def with_fields(path: str, text: str, **fields: Mapping[str, Any]) -> str:
    """Return a notebook's text, as ``page_text`` makes it, with values added to fields of it.

    ``mystnb={"execution_mode": "off"}`` adds to what the page has in its metadata's field.
    """
    is_json = path.endswith(".ipynb")
    lines = text.split("\n")
    notebook = json.loads(text if is_json else lines[1])
    metadata = notebook["metadata"] if is_json else notebook
    for name, added in fields.items():
        own = metadata.get(name)
        metadata[name] = {**(own if isinstance(own, dict) else {}), **added}
    if is_json:
        return json.dumps(notebook)
    return "\n".join([lines[0], _one_line(metadata), *lines[2:]])


def _one_line(fields: Mapping[str, Any]) -> str:
    """Return fields as JSON that YAML reads alike.

    It takes an escaped letter of two halves, such as an emoji, for two letters; signs that mean
    something to it, such as U+2028, are escaped.
    """
    text = json.dumps(fields, default=str, ensure_ascii=False)
    return _NOT_IN_YAML.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def fields_for_sphinx(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields that are not ours, and those of a blog, in which ablog looks for posts.

    A kernel for Python gets its language, without which MyST-NB colours no code that is not run.
    """
    of_blog = {name for name in ("author", "date") if isinstance(fields.get(name), str | date)}
    own = {*OURS, *_MADE} - of_blog
    kept = {name: value for name, value in fields.items() if name not in own}
    if "title" in kept:  # of a notebook, a year is none
        kept["title"] = "" if kept["title"] is None else str(kept["title"])
    kernel = kept.get("kernelspec")
    if isinstance(kernel, dict) and str(kernel.get("name")).startswith("python"):
        kept["kernelspec"] = {"language": "python", **kernel}
    return kept


def _least_fields(source: Source, text: str) -> dict[str, str]:
    """Return what a page with broken front matter needs to be shown all the same."""
    fields = {"file_format": "mystnb"} if "file_format: mystnb" in text[:4096] else {}
    if not any(line.startswith("# ") for line in source.blocks[0].text.split("\n")):
        fields["title"] = _title(source.path)
    return fields


def _title(path: str) -> str:
    """Make a title of a page's folder or file name."""
    page = PurePosixPath(path)
    name = page.parent.name if page.stem == "index" and page.parent.name else page.stem
    return name.replace("-", " ").replace("_", " ").capitalize()
