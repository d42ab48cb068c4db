"""What values a setting of Sphinx or MyST can have, beyond what is asked of MyST itself."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sphinx_mmbook.core.book.vocabulary import misfit
from sphinx_mmbook.core.suggestions import quoted_list

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def faults_of_value(
    book: Path, name: str, value: object, kind: str | list[str] | None
) -> Iterator[str]:
    """Yield what is wrong with a setting in a book's ``conf.py``; ``kind`` is what it can be."""
    if name == "language" or name.startswith(("myst_", "nb_")):
        return  # Sphinx dies of the first (see conf_file), MyST is asked of its own
    faults = [*faults_of_others({name: value}), *_without_effect(name, value)]
    yield from faults or _other_type(name, value, kind)
    yield from () if faults else _not_there(book, name, value)


#: Settings that have no effect in a book, and the value that says what we do anyway.
WITHOUT_EFFECT = {"bibtex_default_style": "mmbook", "bibtex_reference_style": "author_year"}


def _without_effect(name: str, value: object) -> Iterator[str]:
    """Yield that a setting has no effect: a build lists and cites works in a style of its own."""
    if value != WITHOUT_EFFECT.get(name, value):
        how = "works are cited by author and year and listed in one style"
        yield f"'{name}' has no effect in a book: {how}; take it out"


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
    elif isinstance(kind, list) and str(value) not in kind:
        wanted = f"one of {quoted_list(one for one in kind if one not in ('', 'None'))}"
    if wanted:
        yield f"'{name}' cannot be {value!r:.60}; write {wanted}"


#: Settings that name files and folders, which Sphinx looks for; .bib files are looked for as such.
_FILES = ("html_static_path", "html_extra_path", "html_logo", "html_favicon", "bibtex_bibfiles")


def _not_there(book: Path, name: str, value: object) -> Iterator[str]:
    """Yield what a setting names in the book, and is not there."""
    paths = value if isinstance(value, list | tuple) else [value]
    for path in paths if name in _FILES else ():
        is_own = isinstance(path, str) and path and "://" not in path and path[0] not in "/."
        is_own = is_own and str(path)[-4:].lower() != ".bib"
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


def _is_style(value: object) -> bool:
    """Return whether Pygments has a style; one of a module's is the module's affair."""
    from pygments.styles import get_all_styles  # noqa: PLC0415 -- which few books need

    own = (None, "", "sphinx", "none")  # of Sphinx, not of Pygments
    return value in own or "." in str(value) or value in get_all_styles()


def _is_old_enough(value: object) -> bool:
    """Return whether the version that a book needs at least is here."""
    from importlib.metadata import version  # noqa: PLC0415 -- 20 ms, which few books need

    numbers = [re.findall(r"\d+", str(one))[:2] for one in (value, version("sphinx"))]
    wanted, there = ([*map(int, one)] for one in numbers)
    return value is None or [0] < wanted <= there


def _has_lists(value: object) -> bool:
    """Return whether a value is a dictionary of lists of texts."""
    return isinstance(value, dict) and all(map(is_list_of_texts, value.values()))


def _has_suffixes(value: object) -> bool:
    """Return whether a value is the end of names of files, or several."""
    some = [value] if isinstance(value, str) else value
    return isinstance(some, list | tuple | dict) and all(str(one)[:1] == "." for one in some)


#: Settings of Sphinx and MyST, an example, and what tells whether a value can be one.
OF_OTHERS: tuple[tuple[str, str, Callable[[object], bool]], ...] = (
    ("language", "'de'", is_language),
    ("suppress_warnings", "['mmbook.label-unused']", is_list_of_texts),
    ("exclude_patterns", "['drafts']", is_list_of_texts),
    ("templates_path", "['_templates']", is_list_of_texts),
    ("html_static_path", "['_static']", is_list_of_texts),
    ("html_extra_path", "['extra']", is_list_of_texts),
    ("myst_enable_extensions", "['substitution']", is_list_of_texts),
    ("bibtex_bibfiles", "['references.bib']", lambda value: not value or is_list_of_texts(value)),
    ("html_sidebars", "{'**': ['searchbox.html']}", _has_lists),
    ("source_suffix", "['.md', '.rst']", _has_suffixes),
    ("pygments_style", "'sphinx'", _is_style),
    ("pygments_dark_style", "'monokai'", _is_style),
    ("needs_sphinx", "'8.1'", _is_old_enough),
    ("html_output_encoding", "'utf-8'", lambda value: not misfit(str(value), "encoding")),
    ("nb_execution_timeout", "300", lambda value: isinstance(value, int)),
    ("myst_heading_anchors", "2", lambda value: isinstance(value, int)),
)
