"""Which directives and roles a book has, and what each takes: known without starting Sphinx.

A table that comes with the package (``docs/make_vocabulary.py`` makes it) holds those of Sphinx, of
what we bring along, and of the extensions that books use. For all others a build leaves a table
beside its pickled pages.
"""

from __future__ import annotations

import codecs
import json
import re
from collections import ChainMap
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sphinx_mmbook.core.suggestions import quoted_list

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sphinx_mmbook.core.book.settings import BookSettings

FILE = Path(__file__).with_name("vocabulary.json")
#: What a build leaves, and where ``mmbook`` and ``sphinx-build`` keep pickled pages.
NAME = "vocabulary.json"
FOLDERS = ("_build/doctrees", "_build/.doctrees", "_build/html/.doctrees")
MAX_BYTES = 1_000_000
#: Stands for what a ``conf.py`` registers itself.
CONF = "conf.py"
#: Stands for all options of a directive that takes whatever it is given.
ANY = "*"
_LENGTH = r"(?:\d+(?:\.\d*)?|\.\d+) *(?:em|ex|ch|rem|vw|vh|vmin|vmax|cm|mm|Q|in|pc|pt|px)?"
_COUNT = r"\+?0*[1-9]\d*"
_COUNTS = rf"{_COUNT}(?:\s+{_COUNT})*|\s*{_COUNT}\s*(?:,\s*{_COUNT}\s*)+"
_LINES = r"\s*(?:\d+\s*(?:-\s*(?:\d+\s*)?)?|-\s*\d+\s*)"
#: What an option's value can be: what it looks like, and what to write; else it is a list of words.
#: Where two are alike, the first is meant.
KINDS = {
    "any": ("(?s).*", ""),
    "flag": (r"\s*", "nothing after the colon"),
    "text": (r"(?s).*\S.*", "something after the colon"),
    "number": (r" *\+?\d+ *", "a number such as 2"),
    "integer": (r" *[+-]?\d+ *", "a number such as 2"),
    "count": (f" *{_COUNT} *", "a number such as 2"),
    "number or nothing": (r"| *\+?\d+ *", "a number such as 2"),
    "integer or nothing": (r"| *[+-]?\d+ *", "a number such as 2"),
    "percent": (r" *\+?\d+[ %]*", "for example 80"),
    "length": (_LENGTH, "for example 8cm or 200px"),
    "length or percent": (rf"{_LENGTH}|[\d.]+ *%", "for example 80%, 8cm or 200px"),
    "width of a figure": (rf"image|{_LENGTH}|[\d.]+ *%", "for example 80%, 8cm or 200px"),
    "class": (r"(?s)(?!.*(?<!\S)[^\sA-Za-z]+(?!\S)).*\S.*", "a name that begins with a letter"),
    "widths": (f"auto|{_COUNTS}", "a number for each column: 1 2 1"),
    "widths or grid": (f"auto|grid|{_COUNTS}", "a number for each column: 1 2 1"),
    "sign": (r"(?s).|\d{1,6}|(?:0x|x|\\x|[uU]\+?|\\u|&#x)[0-9A-Fa-f]{1,5};?", "one character"),
    "sign or space": (
        r"(?s)tab|space|.|\d{1,6}|(?:0x|x|\\x|[uU]\+?|\\u|&#x)[0-9A-Fa-f]{1,5};?",
        "one character, tab or space",
    ),
    "encoding": ("", "the name of an encoding such as utf-8"),
    "parser": (
        "(?i:null|rst|restructuredtext|rest|restx|rtxt|docutils_xml|xml|myst|myst_parser[.]\\w+)",
        "rst or myst",
    ),
    # Of sphinx-design
    "spaces": (r"[0-5]|[0-5](?:\s+[0-5]){3}", "a number from 0 to 5"),
    "margins": (r"(?:auto|[0-5])(?:(?:\s+(?:auto|[0-5])){3})?", "a number from 0 to 5, or auto"),
    "columns": (
        r"\s*(?:auto|[1-9]|1[0-2])(?:(?:\s+(?:auto|[1-9]|1[0-2])){3})?\s*",
        "a number from 1 to 12",
    ),
    # Which no function reads: Sphinx does so later.
    "lines": (rf"{_LINES}(?:,{_LINES})*", "for example 1-5, 8"),
}  # fmt: skip


def misfit(text: str, kind: str | list[str]) -> str:
    """Say what to write if a value is not of that kind."""
    if isinstance(kind, list):
        fits = text.strip().lower() in {word.lower() for word in kind}
        return "" if fits else f"one of {quoted_list([word for word in kind if word])}"
    pattern, wanted = KINDS.get(kind, KINDS["any"])
    fits = _is_encoding(text) if kind == "encoding" else bool(re.fullmatch(pattern, text))
    return "" if fits else wanted


def _is_encoding(name: str) -> bool:
    try:
        return bool(name and codecs.lookup(name))
    except (LookupError, ValueError):
        return False


@dataclass(frozen=True)
class Vocabulary:
    """Directives with what they take, by name, roles, and settings of ``conf.py``.

    ``unknown`` are extensions whose directives and roles nobody knows.
    """

    directives: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    roles: Mapping[str, None] = field(default_factory=dict)
    settings: Mapping[str, str | list[str] | None] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()

    def with_registered(self, other: Vocabulary) -> Vocabulary:
        """Return this vocabulary with all that a build has registered; then nothing is unknown."""
        directives: Any = ChainMap(*(dict(one.directives) for one in (other, self)))
        return Vocabulary(directives, {**self.roles, **other.roles}, self.settings)

    def directive(self, name: str) -> Directive | None:
        """Return what a directive takes, ``None`` if there is none of that name."""
        one = self.directives.get(name.lower())
        if one is None:
            return None
        least, most = one["arguments"]
        return Directive(least, most, one["content"], one["options"])


class Directive(NamedTuple):
    """What a directive takes: from ``least`` to ``most`` arguments (-1: as many words as one
    likes), whether it may have a body, and its options with what their values are."""

    least: int
    most: int
    content: bool
    options: Mapping[str, str | list[str]]

    def reads(self, option: str) -> str | list[str] | None:
        """Return what the value of an option is; ``label`` and ``name`` mean the same."""
        other = {"label": "name", "name": "label"}.get(option, option)
        named = self.options.get(option, self.options.get(other))
        return self.options.get(ANY) if named is None else named


def vocabulary_for(folder: Path, settings: BookSettings) -> Vocabulary:
    """Return the vocabulary of a book, as far as it is known."""
    table = _shipped()
    languages = table["languages"].items()
    own = (part for name, part in languages if settings.language.startswith(name))
    parts = [table["book"], *own]
    missing = []
    if settings.theme in table["extensions"]:
        parts.append(table["extensions"][settings.theme])
    for name in settings.extensions:
        if name in table["extensions"]:
            parts.append(table["extensions"][name])
        elif name != "sphinx_mmbook":
            missing.append(name)
    if missing and (built := _of_build(folder, settings.extensions)):
        parts, missing = [*parts, built], []
    return vocabulary_from(parts, missing)


def vocabulary_from(parts: Iterable[Mapping[str, Any]], unknown: Iterable[str] = ()) -> Vocabulary:
    """Put tables of directives and roles together; of the same name the last counts."""
    tables = list(parts)[::-1]
    directives: Any = ChainMap(*(table["directives"] for table in tables))
    roles: Any = ChainMap(*(table["roles"] for table in tables))
    settings: Any = ChainMap(*(table["settings"] for table in tables))
    return Vocabulary(directives, roles, settings, tuple(unknown))


def is_shipped(extension: str) -> bool:
    """Whether the table that comes with the package has an extension."""
    return extension in shipped_extensions()


def shipped_extensions() -> tuple[str, ...]:
    """Return the extensions that the table has which comes with the package."""
    return ("sphinx_mmbook", *_shipped()["extensions"])


@cache
def _shipped() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(FILE.read_text("utf-8"))
    return found


def _of_build(folder: Path, extensions: tuple[str, ...]) -> dict[str, Any] | None:
    """Return the table that a build left for these extensions, if there is one in order.

    It may come with a pull request like any file, so nothing in it is taken on trust.
    """
    for place in FOLDERS:
        try:
            file = folder / place / NAME
            if file.stat().st_size > MAX_BYTES or not file.is_file():
                continue
            table = json.loads(file.read_text("utf-8"))
        except (OSError, ValueError, RecursionError):
            continue
        if is_table(table) and {*extensions} <= {*table["extensions"]}:
            roles, settings = map(dict.fromkeys, (table["roles"], _settings(table)))
            return {"directives": table["directives"], "roles": roles, "settings": settings}
    return None


def is_table(table: object) -> bool:
    """Whether a table read from a file has the form of one."""
    match table:
        case {"extensions": list(names), "directives": dict(directives), "roles": list(roles)}:
            words = [*names, *roles, *directives, *_settings(table)]
            return all(isinstance(word, str) for word in words) and all(
                map(_is_directive, directives.values())
            )
    return False


def _settings(table: Any) -> list[Any]:
    """Return the settings in a table, of which an older one has none."""
    settings = table.get("settings")
    return settings if isinstance(settings, list) else []


def _is_directive(one: object) -> bool:
    match one:
        case {"arguments": [int(), int()], "content": bool(), "options": dict(options)}:
            return all(isinstance(name, str) and _is_kind(kind) for name, kind in options.items())
    return False


def _is_kind(kind: object) -> bool:
    words = kind if isinstance(kind, list) else [kind]
    return all(isinstance(word, str) for word in words) and (words is kind or kind in KINDS)
