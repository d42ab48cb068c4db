"""A Sphinx or Jupyter Book 1 project taken over into a new book: what is copied, changed, left."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.book.conf_file import plain_values
from sphinx_mmbook.core.changing.chapter_folder import ChangeRefused
from sphinx_mmbook.core.changing.jupyter_book import (
    OURS,
    conf_text,
    contents_of,
    settings_of,
    with_toctrees,
)
from sphinx_mmbook.core.changing.slug import slug_of
from sphinx_mmbook.core.people.people import PEOPLE_FOLDER

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

#: What is not copied: made by builds and programs, or replaced.
NOT_COPIED = ("_build", ".*", "__pycache__", "_toc.yml", "_config.yml", "venv", "node_modules")
MOST_BYTES = 16 * 1024 * 1024
_BETWEEN = re.compile(r"(?<!\s)\s*+(?:,|;|&|\band\b|\bund\b)\s*+")


@dataclass(frozen=True)
class TakenOver:
    """Files to write over the copies, by path in the book; what was said of it; what is left."""

    texts: Mapping[str, str]
    title: str
    author: str
    language: str
    left: tuple[str, ...]


def take_over(old: Path, files: Mapping[str, object]) -> TakenOver:
    """Return how a project in ``old`` becomes a book; ``files`` are its files, by path.

    :raises ChangeRefused: if there is none, or it cannot be read.
    """
    if "_toc.yml" in files or "_config.yml" in files:
        return _of_jupyter_book(old, files)
    if "conf.py" in files:
        return _of_sphinx(old, files)
    if any(path.lower().endswith((".rmd", ".qmd")) for path in files):
        raise ChangeRefused(
            f"'{old}' is a book of R Markdown or Quarto, which is taken over chapter by chapter; "
            "docs/from-bookdown.md of sphinx-mmbook says how"
        )
    if "myst.yml" in files:
        raise ChangeRefused(
            f"'{old}' is a project of mystmd or Jupyter Book 2, without conf.py; "
            "docs/existing-book.md of sphinx-mmbook says how its pages are copied into a new book"
        )
    raise ChangeRefused(f"'{old}' has neither conf.py nor _toc.yml; name the folder that has one")


def _of_jupyter_book(old: Path, files: Mapping[str, object]) -> TakenOver:
    config = _yaml(old, "_config.yml") if "_config.yml" in files else {}
    if not isinstance(config, dict):
        raise ChangeRefused("_config.yml is not a mapping of settings")
    contents = contents_of(_yaml(old, "_toc.yml") if "_toc.yml" in files else None, files)
    values, left = settings_of(config)
    author = _author(values.get("author"))
    values = {"project": str(values.get("project") or old.resolve().name), **values}
    values |= {"author": author, "root_doc": contents.root.rpartition(".")[0]}
    if year := config.get("copyright"):
        values["copyright"] = ", ".join(filter(None, (str(year), author)))
    texts = {
        path: with_toctrees(path, _text(old, path), toctrees)
        for path, toctrees in contents.toctrees.items()
    }
    texts["conf.py"] = conf_text(values)
    return _whole(values, texts, [*contents.left, *left], files)


def _of_sphinx(old: Path, files: Mapping[str, object]) -> TakenOver:
    text = _text(old, "conf.py")
    try:
        values = plain_values(text)
        texts = {"conf.py": with_extension(text)}
    except SyntaxError as error:
        raise ChangeRefused(f"conf.py is not valid Python: {error.msg}") from None
    left = ["what conf.py computes or imports is as it was; see that it still finds its files"]
    return _whole(values, texts, left, files)


def _whole(
    values: Mapping[str, Any], texts: dict[str, str], left: list[str], files: Mapping[str, object]
) -> TakenOver:
    author = _author(values.get("author"))
    people = {slug_of(name): name for name in people_in(author)}
    for person, name in people.items():
        path = f"{PEOPLE_FOLDER}/{person}.yml"
        if person and path not in files:
            texts[path] = yaml.safe_dump({"name": name}, allow_unicode=True)
    if people:
        ids = ", ".join(filter(None, people))
        left.append(f"say in the front matter of each chapter who wrote it: 'authors: [{ids}]'")
    if "requirements.txt" in files:
        left.append("name what requirements.txt has in pyproject.toml, with exact versions")
    language = "de" if str(values.get("language", "")).startswith("de") else "en"
    return TakenOver(texts, str(values.get("project", "")), author, language, tuple(left))


def _author(value: object) -> str:
    """Return authors in a line; Jupyter Book takes a list as well."""
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value or "")


def people_in(author: str) -> Iterator[str]:
    """Yield the names of people: words that begin with capitals, without articles."""
    for name in _BETWEEN.split(author):
        words = name.split()
        is_name = len(words) > 1 and all(word[:1].isupper() for word in (words[0], words[-1]))
        if is_name and words[0] not in ("The", "Das", "Die", "Der"):
            yield " ".join(words)


def with_extension(text: str) -> str:
    """Return a ``conf.py`` whose first extension is ours, without those that ours brings.

    :raises SyntaxError: if it is not Python.
    """
    for node in ast.parse(text).body:
        match node:
            case ast.Assign([ast.Name("extensions")], ast.List(items)) if all(
                isinstance(item, ast.Constant) for item in items
            ):
                names = [item.value for item in items if isinstance(item, ast.Constant)]
                kept = ["sphinx_mmbook", *(name for name in names if name not in OURS)]
                listed = "".join(
                    f"    {name!r},\n".replace("'", '"') for name in dict.fromkeys(kept)
                )
                old = ast.get_source_segment(text, node.value) or ""
                start = text.index(old, _offset(text, node.value))
                return f"{text[:start]}[\n{listed}]{text[start + len(old) :]}"
    if re.search(r"^extensions\b", text, re.MULTILINE):
        return f'{text.rstrip()}\n\nextensions.insert(0, "sphinx_mmbook")\n'
    return f'{text.rstrip()}\n\nextensions = ["sphinx_mmbook"]\n'


def _offset(text: str, node: ast.expr) -> int:
    lines = text.splitlines(keepends=True)
    return sum(map(len, lines[: node.lineno - 1]))


def _text(old: Path, name: str) -> str:
    """Return a file's text.

    :raises ChangeRefused: if it cannot be read.
    """
    try:
        if (old / name).stat().st_size > MOST_BYTES:
            raise ChangeRefused(f"'{name}' is larger than 16 MiB")
        return (old / name).read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise ChangeRefused(f"'{name}' is not UTF-8; save it as UTF-8") from None


def _yaml(old: Path, name: str) -> Any:
    try:
        return yaml.safe_load(_text(old, name))
    except yaml.YAMLError as error:
        raise ChangeRefused(f"{name} is not valid YAML: {' '.join(str(error).split())}") from None
