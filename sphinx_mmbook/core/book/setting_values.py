"""What values a setting of Sphinx or MyST can have, beyond what is asked of MyST itself."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sphinx_mmbook.core.suggestions import quoted_list

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def faults_of_value(
    book: Path, name: str, value: object, kind: str | list[str] | None
) -> Iterator[str]:
    """Yield what is wrong with a setting in a book's ``conf.py``; ``kind`` is what it can be."""
    if name == "language" or name.startswith(("myst_", "nb_")):
        return  # Sphinx dies of the first (see conf_file), MyST is asked of its own
    faults = faults_of_others({name: value})
    yield from faults or _other_type(name, value, kind)
    yield from () if faults else _not_there(book, name, value)


#: What values of a type look like.
_LOOKS = {
    "bool": "True or False", "str": "a text in quotes", "int": "a number", "NoneType": "None",
    "dict": "{…}", "list": "[…]", "tuple": "[…]", "set": "[…]", "frozenset": "[…]",
}  # fmt: skip


def _other_type(name: str, value: object, kind: str | list[str] | None) -> Iterator[str]:
    """Yield what is wrong with a setting whose value has not the type that it must have."""
    wanted = ""
    if isinstance(kind, str) and type(value).__name__ not in kind.split():
        wanted = " or ".join(dict.fromkeys(_LOOKS.get(one, one) for one in kind.split()))
    elif isinstance(kind, list) and isinstance(value, str) and value not in kind:
        wanted = f"one of {quoted_list(kind)}"
    if wanted:
        yield f"'{name}' cannot be {value!r:.60}; write {wanted}"


#: Settings that name files and folders, which Sphinx looks for.
_FILES = ("html_static_path", "html_extra_path", "html_logo", "html_favicon")


def _not_there(book: Path, name: str, value: object) -> Iterator[str]:
    """Yield what a setting names in the book, and is not there."""
    paths = value if isinstance(value, list | tuple) else [value]
    for path in paths if name in _FILES else ():
        is_own = isinstance(path, str) and path and "://" not in path and path[0] not in "/."
        if is_own and not Path(book, str(path)).exists():
            yield f"'{path}', which '{name}' names, is not there; correct the path, or take it out"


def faults_of_others(config: Any) -> list[str]:
    """Return which settings of Sphinx and MyST, by name, have a type of which a build would die."""
    return [
        f"{name} cannot be {config[name]!r:.60}; write, for example, {name} = {example}"
        for name, example, is_right in OF_OTHERS
        if name in config and not is_right(config[name])
    ]


def is_language(value: object) -> bool:
    """Return whether a value can be a language; Sphinx takes ``None`` for English.

    On a value that is not text, Sphinx itself has failed before, unless it is an empty one.
    """
    return value is None or (isinstance(value, str) and bool(re.fullmatch(r"[\w-]{2,40}", value)))


def is_list_of_texts(value: object) -> bool:
    """Return whether a value is a list of texts."""
    return isinstance(value, list | tuple | set | frozenset) and all(
        isinstance(item, str) for item in value
    )


#: Settings of Sphinx and MyST, an example, and what tells whether a value can be one.
OF_OTHERS: tuple[tuple[str, str, Callable[[object], bool]], ...] = (
    ("language", "'de'", is_language),
    ("suppress_warnings", "['mmbook.label-unused']", is_list_of_texts),
    ("exclude_patterns", "['drafts']", is_list_of_texts),
    ("templates_path", "['_templates']", is_list_of_texts),
    ("html_static_path", "['_static']", is_list_of_texts),
    ("html_extra_path", "['extra']", is_list_of_texts),
    ("myst_enable_extensions", "['substitution']", is_list_of_texts),
    ("nb_execution_timeout", "300", lambda value: isinstance(value, int)),
    ("myst_heading_anchors", "2", lambda value: isinstance(value, int)),
)
