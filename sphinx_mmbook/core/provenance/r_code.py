"""What can be seen of a program in R without running it: its words, and the files that it reads."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_WORD = re.compile(
    r"""(?P<raw>[rR](["'])(?P<dash>-*)(?:\(.{0,500}?\)|\[.{0,500}?\]|\{.{0,500}?\})(?P=dash)\2)
    |(?P<string>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')|`[^`]*`
    |(?P<comment>\#[^\n]*)|(?P<end>\n)|(?P<blank>[^\S\n]+)
    |<<-|->>|<-|->|<=|>=|==|!=|&&|\|\||\|>|:::|::|:=|%[^%\n]*%|[\w.]+|.""",
    re.VERBOSE | re.DOTALL,
)
_READS = re.compile(r"source|sys\.source|load|scan|fread|vroom|file|read[\w.]*")
_PATHS = ("file.path", "here")
_OPEN, _CLOSE = "([{", ")]}"


def r_words(text: str) -> list[str]:
    """Return the words of a program: without comments, blanks, and line ends that mean nothing."""
    words: list[str] = []
    depth: list[str] = []
    for match in _WORD.finditer(text):
        word, kind = match[0], match.lastgroup
        if kind in ("comment", "blank"):
            continue
        if word == "\n":
            # Inside of parentheses an expression goes on.
            if depth[-1:] in (["("], ["["]) or words[-1:] in ([], ["\n"]):
                continue
        elif kind == "string" and '"' not in word and "\\" not in word:
            word = f'"{word[1:-1]}"'
        elif word in _OPEN:
            depth.append(word)
        elif word in _CLOSE and depth:
            depth.pop()
        words.append(word)
    return words[:-1] if words[-1:] == ["\n"] else words


def files_read(script: Path, folders: Sequence[Path]) -> list[Path]:
    """Return the files that a program in R, which runs in the first of ``folders``, reads.

    These are files in one of the folders whose name is spelt out in a call of ``source()``,
    ``load()``, ``readRDS()``, ``read.csv()`` or another function whose name begins with ``read``,
    also with ``file.path()`` or ``here()``; programs that it sources are looked through as well.
    """
    found: dict[Path, None] = {}
    todo = [script]
    while todo:
        program = todo.pop()
        try:
            words = r_words(program.read_bytes().decode("utf-8-sig", "replace"))
        except OSError:
            continue
        for name in _names(words):
            file = next((file for f in folders if (file := (f / name).resolve()).is_file()), None)
            if file and file != script and file not in found:
                found[file] = None
                todo += [file] if file.suffix in (".R", ".r") else []
    return list(found)


def packages_of(text: str) -> list[str]:
    """Return the packages that a program in R loads or calls by name."""
    words = r_words(text)
    found = {
        words[place + 2].strip("\"'")
        for place, word in enumerate(words[:-2])
        if word in ("library", "require", "requireNamespace") and words[place + 1] == "("
    }
    found |= {words[place - 1] for place, word in enumerate(words) if word in ("::", ":::")}
    return sorted(name for name in found if re.fullmatch(r"[A-Za-z][\w.]*", name))


def _names(words: Sequence[str]) -> Iterator[str]:
    """Yield the strings in the arguments of calls that read."""
    for place, word in enumerate(words[:-1]):
        if words[place + 1] == "(" and _READS.fullmatch(word):
            end = _end(words, place + 1)
            inner = list(words[place + 2 : end])
            yield from (_plain(item) for item in inner if _is_string(item))
            for start, name in enumerate(inner[:-1]):
                if name in _PATHS and inner[start + 1] == "(":
                    parts = inner[start + 2 : _end(inner, start + 1)]
                    yield "/".join(_plain(item) for item in parts if _is_string(item))


def _end(words: Sequence[str], start: int) -> int:
    """Return where the parenthesis that opens at ``start`` is closed."""
    depth = 0
    for place in range(start, len(words)):
        depth += (words[place] == "(") - (words[place] == ")")
        if depth == 0:
            return place
    return len(words)


def _is_string(word: str) -> bool:
    return len(word) > 1 and word[0] in "\"'" and "\0" not in word


def _plain(word: str) -> str:
    return word[1:-1]
